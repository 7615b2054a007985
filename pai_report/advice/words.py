"""Words that several rules and the verdict share: how gains, settings and evidence are named."""

import math

from pai_report.advice.model import Confidence, Evidence, Step
from pai_report.advice.phrases import Phrase, Quantity, code, name, percent, points, say, score, word
from pai_report.advice.rule import Case
from pai_report.analysis.model import Analysis, Architecture, Change
from pai_report.library import SELF_TEST_SETS, Setting, setter

VALIDATION = "Validation Scores"
BEST = "Max Valid Scores"
SWITCHES = "Switch Epoch"
DEBUG = say("To have the set-up itself looked at, say “Debug my perforated model” to the PerforatedAI assistant.")
MEMORY = say(
    "In the first epoch with a new set the cause is usually memory: the network has just grown. Only the console output tells."
)
LOWER: dict[Confidence, Confidence] = {"high": "medium", "medium": "low", "low": "low"}


def rate_column(file: str | None) -> str:
    """Name of the column in a file of learning rates, which older library versions spell otherwise."""
    return "learningRate" if file is not None and file.endswith("learningRate.csv") else "learning_rate"


def size_column(file: str | None) -> str:
    """Name of the column of network sizes: the table of best scores has them under another name than their own table."""
    own = file is not None and file.endswith(("param_counts.csv", "paramCounts.csv"))
    return "Param Count" if own else "Param Counts"


def best_column(file: str | None) -> str:
    """Name of the column in which the best scores stand: in a table of all scores they are among those of the epochs."""
    stacked = file is not None and file.endswith("Scores.csv") and not file.endswith("bestTestScores.csv")
    return VALIDATION if stacked else BEST


def setting(case: Case, wanted: str) -> Setting:
    """The library setting in force under `wanted`. Raises KeyError when the analysis does not list it."""
    for held in case.analysis.identity.settings:
        if held.name == wanted:
            return held
    raise KeyError(wanted)


def change(case: Case, wanted: str, new: str, *, text: Phrase | None = None) -> Step | None:
    """The step from the run's own value of `wanted` to `new` (Python source); None when that is no change."""
    held = setting(case, wanted)
    if held.value == new:
        return None
    return Step(
        text=say("Set `{setting}` to {new}.", setting=code(wanted), new=code(new)) if text is None else text,
        setting=wanted,
        old=held.value,
        old_origin=held.origin,
        new=new,
        code=setter(case.analysis.identity.versions, wanted, new),
    )


def self_test(analysis: Analysis) -> bool:
    """Whether a run with one epoch per phase is the library's self-test, which adds no more than three sets (F4)."""
    return analysis.identity.capacity_test or analysis.lifecycle.kept <= SELF_TEST_SETS


def restart_ratio(case: Case) -> float | None:
    """How many times higher the learning rate restarted with the sets of the best network; None below a restart (C8b)."""
    best = case.analysis.gains.best_sets or 0
    ratios = [held.lr_ratio for held in case.analysis.additions if held.set_number <= best and held.lr_ratio is not None]
    highest = max(ratios, default=0.0)
    return highest if highest >= case.settings.limits.lr_restart else None


def best_with_sets(analysis: Analysis) -> Architecture | None:
    """The best of the networks that kept dendrites; None without one, or without a direction to choose by."""
    wanted = analysis.gains.with_sets
    rows = [row for row in analysis.gains.architectures if row.outcome != "rejected" and row.sets and row.sets == wanted]
    return rows[0] if rows else None


def unproven(analysis: Analysis) -> bool:
    """Whether the best network with dendrites is that of a set the run stopped on, so that it had no chance to finish."""
    return analysis.lifecycle.last_set_proven is False and analysis.gains.with_sets == analysis.lifecycle.kept


def source(case: Case, *names: str) -> Quantity:
    """Where the thresholds `names` come from, each source once and without its reasons."""
    told = dict.fromkeys(case.settings.source(name).partition(":")[0] for name in names)
    return word(" and ".join(told))


def steps(*candidates: Step | None) -> tuple[Step, ...]:
    """The steps that change something."""
    return tuple(step for step in candidates if step is not None)


def assured(case: Case, confidence: Confidence, *wanted: str) -> Confidence:
    """`confidence`, lowered once when one of the settings it rests on is only the library's default."""
    unsure = any(setting(case, held).origin == "default" for held in wanted)
    return LOWER[confidence] if unsure else confidence


def gain_quantity(gain: Change, *, signed: bool = False) -> Quantity:
    """A gain in the metric's own terms: points on a bounded score, else percent of the score before."""
    if gain.points is not None:
        return points(gain.points, signed=signed)
    if gain.relative is not None:
        return percent(gain.relative, signed=signed)
    return score(gain.absolute, signed=signed)


def metric_change(analysis: Analysis, gain: Change) -> Change:
    """A gain as the change of the metric itself, which every place shows: a loss that improved changed by less than 0."""
    if not minimizing(analysis):
        return gain
    return Change(
        absolute=-gain.absolute,
        relative=None if gain.relative is None else -gain.relative,
        points=None if gain.points is None else -gain.points,
        samples=None if gain.samples is None else -gain.samples,
    )


def way(analysis: Analysis, gain: Change) -> str:
    """Which way the metric went and whether that is good: "lower, better"; "no change" where it stayed."""
    if gain.absolute == 0:
        return "no change"
    better = gain.absolute > 0
    return f"{'lower' if better is minimizing(analysis) else 'higher'}, {'better' if better else 'worse'}"


def magnitude(gain: Change) -> Change:
    """The change without its sign."""
    return Change(
        absolute=abs(gain.absolute),
        relative=None if gain.relative is None else abs(gain.relative),
        points=None if gain.points is None else abs(gain.points),
        samples=None if gain.samples is None else abs(gain.samples),
    )


def difference(case: Case, absolute: float, reference: float | None) -> Quantity:
    """A difference of two scores in the metric's own terms: points on a bounded score, else percent of `reference`."""
    factor = case.analysis.identity.points_per_unit
    if factor is not None:
        return points(absolute * factor)
    return percent(absolute / abs(reference)) if reference else score(absolute)


def minimizing(analysis: Analysis) -> bool:
    """Lower scores are better."""
    return analysis.identity.direction == "minimize"


def kept(analysis: Analysis) -> tuple[Architecture, ...]:
    """The rows of networks with at least one dendrite set that are in the canonical files."""
    return tuple(row for row in analysis.gains.architectures if row.outcome in {"kept", "unproven"})


def rejected(analysis: Analysis) -> Architecture | None:
    """The set that was tried and rejected last, if its scores survive."""
    rows = [row for row in analysis.gains.architectures if row.outcome == "rejected"]
    return rows[-1] if rows else None


def scores_evidence(case: Case, label: str, held: float | None, epoch: int | None) -> Evidence:
    """A validation score of the canonical file."""
    span = None if epoch is None else (epoch, epoch)
    return Evidence(label=label, value=score(held), file=case.analysis.track.file, column=VALIDATION, epochs=span)


def best_evidence(row: Architecture, label: str) -> Evidence:
    """The best score of one network size."""
    span = None if row.epoch is None else (row.epoch, row.epoch)
    return Evidence(label=label, value=score(row.best), file=row.file, column=best_column(row.file), epochs=span)


def gain_evidence(case: Case, row: Architecture) -> Evidence:
    """The change from the network before a set to the one with it."""
    if row.gain is None:
        return best_evidence(row, f"best with {row.sets} sets")
    span = None if row.epoch is None else (row.epoch, row.epoch)
    shown = gain_quantity(metric_change(case.analysis, row.gain), signed=True)
    return Evidence(label=f"change with set {row.sets}", value=shown, file=row.file, column=best_column(row.file), epochs=span)


def threshold_with(case: Case, entries: dict[int, float]) -> str:
    """The run's improvement thresholds as Python source, with some entries replaced.

    Entry k decides about set k (executed with library 3.2.9: `[0.5, 0.0]` keeps a first set that gains 1.25 %, `[0.0, 0.5]`
    rejects it), and entry 0 about when the first phase ends.
    """
    present = list(case.library.improvement_threshold)
    present += [present[-1]] * (max(entries) + 1 - len(present))
    return str([entries.get(place, entry) for place, entry in enumerate(present)])


def often(times: int | None) -> Quantity:
    """How often: once, twice, or the number."""
    return word({1: "once", 2: "twice"}.get(times or 0, f"{times} times" if times else "in the end"))


def setting_evidence(held: Setting) -> Evidence:
    """A library setting in force."""
    label = held.name if held.origin != "default" else f"{held.name} (library default, not confirmed)"
    return Evidence(label=label, value=code(held.value), file=held.file, column=held.name if held.file else None)


def modules_named(ids: tuple[str, ...]) -> Phrase:
    """A list of module ids, each as untrusted text."""
    slots = {f"m{place}": name(held) for place, held in enumerate(ids)}
    return say(", ".join(f"{{{slot}}}" for slot in slots), **slots)


def round_up(number: float, digits: int = 1) -> float:
    """A positive `number` rounded up to so many significant digits: 0.0123 becomes 0.02, or 0.013 with two."""
    unit = 10.0 ** (math.floor(math.log10(number)) - digits + 1)
    return float(f"{math.ceil(round(number / unit, 9)) * unit:.{digits}g}")


def round_down(number: float) -> float:
    """A positive `number` rounded down to one significant digit: 0.0029 becomes 0.002."""
    unit = 10.0 ** math.floor(math.log10(number))
    return float(f"{math.floor(round(number / unit, 9)) * unit:.1g}")


def sets_within_noise(case: Case) -> tuple[Architecture, ...]:
    """Sets within the noise after the last one with a real gain: rejecting an earlier one ends the run before the later."""
    judged = [(row, row.test.gain_class) for row in kept(case.analysis) if row.test is not None]
    last_real = max((row.sets for row, held in judged if held == "real"), default=0)
    return tuple(row for row, held in judged if held == "within-noise" and row.sets > last_real)
