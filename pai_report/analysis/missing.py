"""What could not be judged, and what was not there: a closed vocabulary, so that advice can name the remedy."""

from collections.abc import Iterator

from pai_report.analysis.model import Analysis, Lifecycle, Missing, Need, Phase
from pai_report.run.model import Kind

DIRECTED: tuple[Need, ...] = ("direction", "right-direction")  # what tells better from worse

# Topic -> what it can need. A topic appears at most once for each need.
VOCABULARY: dict[str, tuple[Need, ...]] = {
    "direction": ("direction", "right-direction"),
    "gain": (*DIRECTED, "validation-scores", "dendrites", "first-epoch-with-set", "scores-with-dendrites"),
    "noise": (*DIRECTED, "more-epochs", "snapshots"),  # snapshots: the test stands, but is optimistic
    "premature": (*DIRECTED, "more-epochs", "snapshots"),
    "plateau": (*DIRECTED, "more-epochs", "snapshots"),
    "stability": (*DIRECTED, "more-epochs"),
    "convergence": (*DIRECTED, "more-epochs", "snapshots"),
    "epochs-trained": ("epoch-count",),
    "generalization": (*DIRECTED, "train-column", "aligned-train-column", "comparable-train-column", "scores-at-best"),
    "test-scores": ("test-column",),  # also where the test column is a copy of validation
    "learning-rate": ("learning-rate-file", "phase-rates", "more-epochs", *DIRECTED),
    "times": ("times-file",),
    "parameters": ("parameter-counts",),
    "modules": ("pb-scores",),  # not even the names of the perforated modules
    "module-scores": ("pb-mode", "pb-scores", "pb-rows"),
    "best-scores": ("best-scores",),  # rebuilt from Scores and switches
    "epochs": ("scores-file",),  # phases, and everything that is judged on them
    "switch-epochs": ("switch-file",),
    "settings": ("config",),
    "picture": ("picture",),
}

# The kind of file that tells what is needed, where it is one.
_KINDS: dict[Need, Kind] = {
    "learning-rate-file": "learning-rate",
    "times-file": "times",
    "parameter-counts": "parameter-counts",
    "pb-scores": "pb-scores",
    "scores-file": "scores",
    "switch-file": "switch-epochs",
    "best-scores": "best-scores",
    "config": "config",
    "picture": "picture",
}


def missing(analysis: Analysis) -> tuple[Missing, ...]:
    """Everything that `analysis` could not judge, in the order of the vocabulary."""
    found = {(topic, needs) for topic, needs in _found(analysis)}
    unused: dict[str, str | None] = dict(analysis.files)
    unused |= {note.kind: note.file for note in analysis.notes if note.kind is not None}
    return tuple(
        Missing(topic=topic, needs=need, unused=unused.get(_KINDS[need]) if need in _KINDS else None)
        for topic, needs in VOCABULARY.items()
        for need in needs
        if (topic, need) in found
    )


def _found(analysis: Analysis) -> Iterator[tuple[str, Need]]:
    yield from _of_files(analysis)
    yield from _of_columns(analysis)
    if analysis.identity.direction == "undecided":
        yield from ((topic, "direction") for topic, needs in VOCABULARY.items() if "direction" in needs)
    elif analysis.wrong_direction:
        yield from ((topic, "right-direction") for topic, needs in VOCABULARY.items() if "right-direction" in needs)
    else:
        yield from _of_gain(analysis)
        yield from _of_phases(analysis)


def _of_files(analysis: Analysis) -> Iterator[tuple[str, Need]]:
    absent: tuple[tuple[bool, str, Need], ...] = (
        (analysis.schedule is None, "learning-rate", _no_schedule(analysis)),
        (analysis.track.epoch_seconds is None, "times", "times-file"),
        (analysis.efficiency.baseline is None, "parameters", "parameter-counts"),
        (analysis.modules is None, "modules", "pb-scores"),
        (analysis.modules is None or not analysis.modules.scored, "module-scores", _no_scores(analysis)),
        (analysis.gains.best_scores_rebuilt, "best-scores", "best-scores"),
        (not analysis.track.file, "epochs", "scores-file"),
        (analysis.lifecycle.switch_epochs is None, "switch-epochs", "switch-file"),
        (analysis.lifecycle.budget.trained is None, "epochs-trained", "epoch-count"),
        (analysis.identity.config is None, "settings", "config"),
        (analysis.picture is None, "picture", "picture"),
    )
    yield from ((topic, needs) for yes, topic, needs in absent if yes)


def _no_schedule(analysis: Analysis) -> Need:
    """Why the schedule is not known: no learning rates at all, none beside the scores of a phase, or too few of them."""
    if analysis.track.learning_rate is None:
        return "learning-rate-file"
    rated = any(phase.kind == "neuron" and phase.learning_rate is not None for phase in analysis.phases)
    return "more-epochs" if rated else "phase-rates"


def _no_scores(analysis: Analysis) -> Need:
    """Perforated Backpropagation writes scores; where its file holds none, no dendrite phase has left a row yet."""
    if analysis.identity.mode == "gd":
        return "pb-mode"
    return "pb-rows" if analysis.modules is not None and analysis.modules.file else "pb-scores"


def _of_columns(analysis: Analysis) -> Iterator[tuple[str, Need]]:
    generalization = analysis.generalization
    roles = {role for _, role, _ in analysis.track.extras}
    if "train" not in roles:
        yield "generalization", "train-column"
    elif generalization is not None and generalization.not_comparable == "misaligned":
        yield "generalization", "aligned-train-column"
    elif generalization is not None and not generalization.comparable:
        yield "generalization", "comparable-train-column"
    elif generalization is not None and generalization.level is None:
        yield "generalization", "scores-at-best"
    if not any(e.role == "test" and not e.copy_of_validation for a in analysis.gains.architectures for e in a.extras):
        yield "test-scores", "test-column"


def _of_gain(analysis: Analysis) -> Iterator[tuple[str, Need]]:
    gains = analysis.gains
    if gains.baseline is None:
        yield "gain", "validation-scores"
    elif gains.gain is None:
        yield "gain", _no_gain(analysis.lifecycle)
    elif gains.test is None:
        return
    elif gains.test.sigma is None:
        yield "noise", "more-epochs"
    elif gains.test.optimistic:
        yield "noise", "snapshots"


def _no_gain(lifecycle: Lifecycle) -> Need:
    """Why there is a score without dendrites and none with them."""
    if lifecycle.kept == 0:
        return "dendrites"
    return "first-epoch-with-set" if lifecycle.unscored_set == lifecycle.kept == 1 else "scores-with-dendrites"


def _of_phases(analysis: Analysis) -> Iterator[tuple[str, Need]]:
    neuron = [phase for phase in analysis.phases if phase.kind == "neuron"]
    for phase in neuron:
        yield from _of_premature(phase)
        if phase.plateau.flat is None:
            yield "plateau", "snapshots" if phase.truncated else "more-epochs"
        if phase.stability is None:
            yield "stability", "more-epochs"
    if analysis.convergence is not None and analysis.convergence.converged is None:
        yield "convergence", "snapshots" if neuron and neuron[-1].truncated else "more-epochs"


def _of_premature(phase: Phase) -> Iterator[tuple[str, Need]]:
    reason = None if phase.premature is None else phase.premature.untestable
    if reason is not None:
        yield "premature", "more-epochs" if reason == "too-short" else "snapshots"
