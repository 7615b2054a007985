"""What was concluded about a run before anything is judged, each with its reason in words."""

from collections.abc import Iterator

from pai_report.analysis.model import Analysis, EpochBudget, Identity, Lifecycle
from pai_report.run.model import Run
from pai_report.values import value

DIRECTION = {
    "flag": "given on the command line",
    "config": "maximizing_score in the configuration",
    "script": "maximizing_score in the training script",
    "best-rows": "each best row is the {extreme} score of its phase",
    "nothing": "neither configuration nor best rows tell; give --maximize or --minimize",
}
MODE = {
    "pb-scores": "Best PBScores hold scores",
    "switch-rows": "switch rows of a pair {pairs}",
    "parameter-counts": "the parameter counts repeat the base network",
    "config": "perforated_backpropagation in the configuration",
    "nothing": "no file tells",
}
SCALE = {
    "fraction": "maximised scores between 0 and 1",
    "percent": "maximised scores between 0 and 100 that count samples, or stand beside a train score in percent",
    "free": "no bounded score, or not known to be one",
}
ENDED = {
    "rejected": "the newest rejected set's snapshot has more epochs than the canonical files: the best model was loaded",
    "max-reached": "the before_final snapshot has more epochs than the canonical files: the best model was loaded",
    "stopped": "the canonical files end inside a phase or at a switch",
    "unknown": "no snapshot shows that the best model was loaded at the end",
}
ERA = {
    "camel-case": "names of the versions before 2.0",
    "best-test-scores": "best_test_scores: names of 2.0.0 to 3.0.7",
    "best-arch-scores": "best_arch_scores or a configuration file: names from 3.0.9 on",
}


@value
class Conclusion:
    """One thing that was concluded, its value as text, and what it was concluded from."""

    what: str
    value: str
    why: str


def conclusions(run: Run, analysis: Analysis) -> tuple[Conclusion, ...]:
    """Save name, files, identity and course of a run, in the order in which one follows from the other."""
    found = (
        *_choice(run),
        *_identity(analysis.identity, run),
        *_course(analysis.lifecycle),
        *_budget(analysis.lifecycle.budget),
    )
    return tuple(Conclusion(what=what, value=shown, why=why) for what, shown, why in found)


def _choice(run: Run) -> Iterator[tuple[str, str, str]]:
    yield "save name", run.save_name, "what the names of its files begin with"
    if run.script is not None:
        named = run.script.save_name or "not known"
        yield "script", named, f"save name by {run.script.save_name_from}, in a call of {run.script.entry_point or 'nothing'}"
    if run.config is None:
        yield "configuration", "none", "no file; settings are the library's defaults, not confirmed"
    else:
        source = "its file" if run.config.origin == "config" else "constants in the training script"
        yield "configuration", run.config.file, f"{len(run.config.settings)} settings from {source}"
    if run.era is None:
        yield "era", "not known", "no file name that only one era has"
    else:
        yield "era", run.era, ERA[run.era]


def _identity(identity: Identity, run: Run) -> Iterator[tuple[str, str, str]]:
    first, last = identity.versions or ("", "")
    version = f"{first} to {last or 'today'}" if identity.versions else "not known"
    yield "library version", version, "which files and columns are there"
    extreme = "largest" if identity.direction == "maximize" else "smallest"
    yield "direction", identity.direction, DIRECTION[identity.direction_from].format(extreme=extreme)
    pairs = "are equal" if identity.mode == "gd" else "differ, or one stands alone"
    yield "mode", identity.mode, MODE[identity.mode_from].format(pairs=pairs)
    yield "scale", identity.scale, SCALE[identity.scale]
    counted = identity.n_validation is not None
    samples = "every score is a share of that many" if counted else "no number was found of which every score is a share"
    yield "validation samples", str(identity.n_validation) if counted else "not known", samples
    if identity.capacity_test or identity.every_epoch:
        kind = "capacity test" if identity.capacity_test else "a set in every epoch"
        yield "kind of run", kind, "testing_dendrite_capacity, or phases of one epoch each"
    modules = len(run.modules)
    yield (
        "modules",
        str(modules) if modules else "not known",
        "columns of Best PBScores" if modules else "no Best PBScores header",
    )


def _course(life: Lifecycle) -> Iterator[tuple[str, str, str]]:
    rows = life.switch_epochs
    switches = (
        "parameter counts or best scores: no switch rows were read"
        if rows is None
        else f"{len(rows)} switch rows, two for each set"
    )
    yield "sets kept", str(life.kept), switches
    if life.kept:
        proven = {True: "yes", False: "no", None: "not known"}[life.last_set_proven]
        yield "last set proven", proven, "the run was ended by the library, or went on, or the set beat all before"
    yield "sets tried", _known(life.tried), "kept and rejected, each set once, by this run's snapshots"
    yield "tries", _known(life.attempts), "kept sets and every rejected try, by this run's snapshots"
    finished = {True: "yes", False: "no", None: "not known"}[life.finished]
    yield "finished", finished, ENDED[life.ended_by]
    yield "snapshots", f"{life.snapshots} own, {life.leftovers} left over", "by their opening scores"


def _budget(budget: EpochBudget) -> Iterator[tuple[str, str, str]]:
    yield "epochs recorded", str(budget.recorded), "rows of the canonical scores"
    trained = f"at least {budget.at_least}" if budget.trained is None else str(budget.trained)
    parts = (
        f"{budget.committed} committed + {budget.patience} patience + {budget.lr_search} search + {budget.rejected} rejected"
    )
    yield "epochs trained", trained, "what the snapshots add to those" if budget.trained is None else parts


def _known(number: int | None) -> str:
    return "not known" if number is None else str(number)
