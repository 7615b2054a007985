"""What could not be judged, and what was not there: a closed vocabulary, so that advice can name the remedy."""

from collections.abc import Iterator

from pai_report.analysis.model import Analysis, Missing, Phase
from pai_report.run.model import Kind

# Topic -> what it can need. A topic appears at most once for each need.
VOCABULARY: dict[str, tuple[str, ...]] = {
    "direction": ("direction",),  # neither flag, config, script nor best rows tell it
    "gain": ("direction", "validation-scores", "dendrites"),  # dendrites: only one network was scored
    "noise": ("direction", "more-epochs", "snapshots"),  # snapshots: the test stands, but is optimistic
    "premature": ("direction", "more-epochs", "snapshots"),
    "plateau": ("direction", "more-epochs", "snapshots"),
    "stability": ("direction", "more-epochs"),
    "convergence": ("direction", "more-epochs", "snapshots"),
    "epochs-trained": ("snapshots",),
    "generalization": ("direction", "train-column", "aligned-train-column", "comparable-train-column", "validation-scores"),
    "test-scores": ("test-column",),  # also where the test column is a copy of validation
    "learning-rate": ("learning-rate-file", "direction"),
    "times": ("times-file",),
    "parameters": ("parameter-counts",),
    "modules": ("pb-scores",),  # not even the names of the perforated modules
    "module-scores": ("pb-scores", "pb-rows"),  # pb-rows: the file of a run that should have scores holds none
    "best-scores": ("best-scores",),  # rebuilt from Scores and switches
    "switch-epochs": ("switch-file",),
    "settings": ("config",),
    "picture": ("picture",),
}

# The kind of file that tells what is needed, where it is one.
_KINDS: dict[str, Kind] = {
    "learning-rate-file": "learning-rate",
    "times-file": "times",
    "parameter-counts": "parameter-counts",
    "pb-scores": "pb-scores",
    "switch-file": "switch-epochs",
    "best-scores": "best-scores",
    "config": "config",
    "picture": "picture",
}


def missing(analysis: Analysis) -> tuple[Missing, ...]:
    """Everything that `analysis` could not judge, in the order of the vocabulary."""
    found = {(topic, needs) for topic, needs in _found(analysis)}
    unused = {note.kind: note.file for note in analysis.notes if note.kind is not None}
    return tuple(
        Missing(topic=topic, needs=need, unused=unused.get(_KINDS[need]) if need in _KINDS else None)
        for topic, needs in VOCABULARY.items()
        for need in needs
        if (topic, need) in found
    )


def _found(analysis: Analysis) -> Iterator[tuple[str, str]]:
    yield from _of_files(analysis)
    yield from _of_columns(analysis)
    if analysis.identity.direction == "undecided":
        yield from ((topic, "direction") for topic, needs in VOCABULARY.items() if "direction" in needs)
    else:
        yield from _of_gain(analysis)
        yield from _of_phases(analysis)


def _of_files(analysis: Analysis) -> Iterator[tuple[str, str]]:
    absent = (
        (analysis.track.learning_rate is None, "learning-rate", "learning-rate-file"),
        (analysis.track.epoch_seconds is None, "times", "times-file"),
        (analysis.efficiency.baseline is None, "parameters", "parameter-counts"),
        (analysis.modules is None, "modules", "pb-scores"),
        (analysis.modules is None or not analysis.modules.scored, "module-scores", _no_scores(analysis)),
        (analysis.gains.best_scores_rebuilt, "best-scores", "best-scores"),
        (analysis.lifecycle.switch_epochs is None, "switch-epochs", "switch-file"),
        (analysis.lifecycle.budget.trained is None, "epochs-trained", "snapshots"),
        (analysis.identity.config is None, "settings", "config"),
        (analysis.picture is None, "picture", "picture"),
    )
    yield from ((topic, needs) for yes, topic, needs in absent if yes)


def _no_scores(analysis: Analysis) -> str:
    """Perforated Backpropagation writes scores; where its file holds none, no dendrite phase has left a row yet."""
    named = analysis.modules is not None and bool(analysis.modules.file)
    return "pb-rows" if named and analysis.identity.mode == "pb" else "pb-scores"


def _of_columns(analysis: Analysis) -> Iterator[tuple[str, str]]:
    generalization = analysis.generalization
    roles = {role for _, role, _ in analysis.track.extras}
    if "train" not in roles:
        yield "generalization", "train-column"
    elif generalization is not None and generalization.not_comparable == "misaligned":
        yield "generalization", "aligned-train-column"
    elif generalization is not None and not generalization.comparable:
        yield "generalization", "comparable-train-column"
    elif generalization is not None and generalization.level is None:
        yield "generalization", "validation-scores"
    if not any(e.role == "test" and not e.copy_of_validation for a in analysis.gains.architectures for e in a.extras):
        yield "test-scores", "test-column"


def _of_gain(analysis: Analysis) -> Iterator[tuple[str, str]]:
    gains = analysis.gains
    if gains.baseline is None:
        yield "gain", "validation-scores"
    elif gains.test is None:
        yield "gain", "dendrites"
    elif gains.test.sigma is None:
        yield "noise", "more-epochs"
    elif gains.test.optimistic:
        yield "noise", "snapshots"


def _of_phases(analysis: Analysis) -> Iterator[tuple[str, str]]:
    neuron = [phase for phase in analysis.phases if phase.kind == "neuron"]
    for phase in neuron:
        yield from _of_premature(phase)
        if phase.plateau.flat is None:
            yield "plateau", "snapshots" if phase.truncated else "more-epochs"
        if phase.stability is None:
            yield "stability", "more-epochs"
    if analysis.convergence is not None and analysis.convergence.converged is None:
        yield "convergence", "snapshots" if neuron and neuron[-1].truncated else "more-epochs"


def _of_premature(phase: Phase) -> Iterator[tuple[str, str]]:
    reason = None if phase.premature is None else phase.premature.untestable
    if reason is not None:
        yield "premature", "more-epochs" if reason == "too-short" else "snapshots"
