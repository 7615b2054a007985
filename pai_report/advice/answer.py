"""The first words of a report: did the dendrites help, by how much, at what cost."""

from collections.abc import Callable
from typing import Literal

from pai_report.advice.model import VerdictCode
from pai_report.advice.phrases import Phrase, Quantity, count, percent, points, say, score, times
from pai_report.advice.rule import Case
from pai_report.advice.silence import told_nothing
from pai_report.advice.switching import fixed_mode
from pai_report.advice.words import (
    MEMORY,
    best_with_sets,
    gain_quantity,
    magnitude,
    minimizing,
    rejected,
    restart_ratio,
    unproven,
)
from pai_report.analysis.model import Architecture, Change

Told = Literal[
    "improved", "uncertain", "within-noise", "unstable", "confounded", "worse", "worse-so-far", "same", "same-so-far"
]
BETTER = "{better}"  # replaced by the gain in few words
GAIN = "[gain]"  # replaced by the gain in the metric's own terms
WITH_GAIN: dict[Told, str] = {
    # J4: a gain beyond noise is a fact; whose it is, one run without a control cannot tell.
    "improved": "Better: {better}, more than this run's noise; whether by the dendrites or by training on is open.",
    "uncertain": f"Cannot tell yet: {GAIN} is promising, not established.",
    "within-noise": f"Cannot tell: {GAIN} is within this run's noise.",
    "unstable": f"Cannot tell: {GAIN} is lost in scores that swing this much.",
    "confounded": f"Cannot tell: {GAIN} came while the network was still learning by itself.",
    "worse": "No: with dendrites the best score is {loss} worse than without.",
    "worse-so-far": "Cannot tell yet: so far the best score with dendrites is {loss} worse than without.",
    "same": "No: the best score with dendrites is the same as without.",
    "same-so-far": "Cannot tell yet: so far the best score with dendrites is the same as without.",
}


def answer(case: Case) -> Phrase:
    """Yes, no or cannot tell, in at most 20 words, with the gain in the metric's own terms."""
    gain = case.analysis.gains.gain
    if gain is None or case.verdict in {"invalid", "capacity-test", "never-attempted", "tried-none-kept", "incomplete"}:
        return told_nothing(case)
    words, quantities = _gain_words(case, gain)
    text = WITH_GAIN[_told(case, gain)].replace(GAIN, words).replace(BETTER, _better_words(case, gain))
    return say(text, loss=gain_quantity(magnitude(gain)), **quantities)


def _told(case: Case, gain: Change) -> Told:
    """Which sentence on a gain."""
    early = unproven(case.analysis)
    if not gain.absolute:
        return "same-so-far" if early else "same"
    match case.verdict:
        case "worse":
            return "worse-so-far" if early else "worse"
        case "within-noise":
            return "uncertain" if case.analysis.gains.gain_class == "uncertain" else "within-noise"
        case "improved" | "unstable" | "confounded":
            return case.verdict
        case verdict:
            raise ValueError(f"no sentence on a gain for the verdict {verdict}")


def context(case: Case) -> tuple[Phrase, ...]:
    """One or two sentences under the answer: from where to where, at what cost, and what else speaks for or against."""
    return CONTEXTS[case.verdict](case)


def _gain_words(case: Case, gain: Change) -> tuple[str, dict[str, Quantity]]:
    if gain.points is not None:
        return "a gain of {gain}", {"gain": points(gain.points)}
    gains = case.analysis.gains
    word = "lower" if minimizing(case.analysis) else "higher"
    pair = {"a": score(gains.baseline), "b": score(gains.best), "r": percent(gain.relative)}
    return f"validation {{a}} → {{b}}, {{r}} {word},", pair


def _better_words(case: Case, gain: Change) -> str:
    if gain.points is not None:
        return "{gain}"
    return "validation {r} " + ("lower" if minimizing(case.analysis) else "higher")


def _context_gain(case: Case) -> tuple[Phrase, ...]:
    return tuple(held for held in (_from_to(case), _second(case)) if held is not None)


def _from_to(case: Case) -> Phrase | None:
    """From where to where, in validation samples where known, for how many times the parameters."""
    gains, efficiency = case.analysis.gains, case.analysis.efficiency
    if gains.gain is None:
        return None
    best = best_with_sets(case.analysis)
    words = ["Validation went from {a} to {b}"]
    samples, validation = gains.gain.samples, case.analysis.identity.n_validation
    if samples is not None and validation is not None:
        words.append("a net {d} of {n}")
    if efficiency.growth is not None and not efficiency.doubled_base:
        words.append("for {x} the parameters")
    return say(
        ", ".join(words) + ".",
        a=score(gains.baseline),
        b=score(gains.best if best is None else best.best),
        d=count(None if samples is None else abs(samples)),
        n=count(validation, "sample"),
        x=times(1 + (efficiency.growth or 0)),
    )


def _second(case: Case) -> Phrase | None:
    """What else speaks for or against: the first phase, the test column, or what chance alone would show."""
    if case.verdict == "confounded":
        return _still_learning(case)
    test = case.analysis.gains.test
    if test is None:
        return None
    if test.test_change is not None:
        return _test_words(test.test_change, established=case.verdict == "improved")
    if test.expected is not None and test.expected > 0 and case.verdict != "improved":
        chance = _in_terms(case, test.expected)
        return say("Taking the best of so many epochs would show about {c} by chance alone.", c=chance)
    return _one_run(restart_ratio(case) if case.verdict == "improved" else None)


def _one_run(restart: float | None) -> Phrase:
    """What one run cannot show: another seed, and what the restarts of the learning rate would bring by themselves."""
    if restart is None:
        return say("This is one run with one seed; how much another seed would change is not measured.")
    return say(
        "This is one run, one seed, and the learning rate restarted {x} higher with the sets; that alone may have helped.",
        x=times(restart),
    )


def _in_terms(case: Case, absolute: float) -> Quantity:
    """A goodness difference in points, or in percent of the baseline."""
    factor, baseline = case.analysis.identity.points_per_unit, case.analysis.gains.baseline
    if factor is not None:
        return points(absolute * factor)
    return percent(absolute / abs(baseline)) if baseline else score(absolute)


def _test_words(change: Change, *, established: bool) -> Phrase:
    better, shown = change.absolute > 0, gain_quantity(magnitude(change))
    if change.absolute == 0:
        return say("The test score did not change.")
    if better and established:
        return say("The test score, which was not used to choose, improved by {t} as well.", t=shown)
    if better:
        return say("The test score improved by {t}, which points the same way but does not settle it.", t=shown)
    return say("The test score got worse by {t}, which speaks against it.", t=shown)


def _still_learning(case: Case) -> Phrase:
    first = case.analysis.phases[0]
    held = first.premature
    if held is None or held.before is None or held.after is None or held.epochs is None:
        return say(
            "The first set was added after only {n}, before there was a plateau to compare with.",
            n=count(first.last - first.first + 1, "epoch"),
        )
    way = "fallen" if minimizing(case.analysis) else "risen"
    return say(
        "In the last {n} before the first set validation still went from {a} to {b}; "
        f"without dendrites it would have {way} further.",
        n=count(held.epochs[1] - held.epochs[0] + 1, "epoch"),
        a=score(held.before),
        b=score(held.after),
    )


def _context_capacity(case: Case) -> tuple[Phrase, ...]:
    lifecycle = case.analysis.lifecycle
    return (
        say(
            "{sets} were added in {n}, one per epoch. The scores belong to networks that have hardly been trained.",
            sets=count(lifecycle.kept, "dendrite set"),
            n=count(lifecycle.budget.recorded, "epoch"),
        ),
    )


def _context_never(case: Case) -> tuple[Phrase, ...]:
    gains, recorded = case.analysis.gains, case.analysis.lifecycle.budget.recorded
    wait = case.library.n_epochs_to_switch
    fixed = fixed_mode(case)
    rule = (
        say("The first set comes after {n} in fixed mode.", n=count(case.library.fixed_switch_num, "epoch"))
        if fixed
        else say("The library adds the first set after {n} without improvement.", n=count(wait, "epoch"))
    )
    best = gains.best if gains.best is not None else gains.baseline
    return (say("It ended after {n}, with a best score of {b}.", n=count(recorded, "epoch"), b=score(best)), rule)


def _best_scores_alone(case: Case) -> tuple[Phrase, ...]:
    """The first and the last of the best scores, where nothing else is left."""
    rows = [row for row in case.analysis.gains.architectures if row.best is not None]
    if not rows:
        return (say("The files hold no score."),)
    first, last = rows[0], rows[-1]
    words = "The files hold best scores alone: {a} with {k}" + ", {b} with {l}" * (len(rows) > 1) + "."
    sets = (count(row.sets, "dendrite set") for row in (first, last))
    return (say(words, a=score(first.best), b=score(last.best), **dict(zip("kl", sets, strict=True))),)


def _context_incomplete(case: Case) -> tuple[Phrase, ...]:
    gains, recorded = case.analysis.gains, case.analysis.lifecycle.budget.recorded
    files = count(recorded, "epoch")
    if not case.analysis.track.file:
        return _best_scores_alone(case)
    if gains.baseline is None:
        return (say("The files hold {n}.", n=files),)
    known = say("The files hold {n}; the best score without dendrites is {b}.", n=files, b=score(gains.baseline))
    return (known, MEMORY) if case.analysis.lifecycle.unscored_set is not None else (known,)


def _context_rejected(case: Case) -> tuple[Phrase, ...]:
    gains, row = case.analysis.gains, rejected(case.analysis)
    if row is None or row.best is None:
        return (say("The best score without dendrites is {b}.", b=score(gains.baseline)),)
    if row.shortfall is not None:
        words = "The rejected set reached {r} against {b} without it, a smaller step than the improvement threshold asks for."
        return (say(words, r=score(row.best), b=score(gains.baseline)),)
    return (say(_beside(row), r=score(row.best), b=score(gains.baseline)),)


def _beside(row: Architecture) -> str:
    """How the rejected set compares with the best score before it, as far as that is known."""
    if row.gain is None:
        return "The rejected set reached {r}; the best score without it is {b}."
    if row.gain.absolute > 0:
        return "The rejected set reached {r}, better than the {b} without it."
    return f"The rejected set reached {{r}}, {'no better than' if row.gain.absolute else 'the same as'} the {{b}} without it."


def _context_invalid(case: Case) -> tuple[Phrase, ...]:
    recorded = case.analysis.lifecycle.budget.recorded
    return (say("The files hold {n}; the first finding says what is wrong with them.", n=count(recorded, "epoch")),)


CONTEXTS: dict[VerdictCode, Callable[[Case], tuple[Phrase, ...]]] = {
    "invalid": _context_invalid,
    "capacity-test": _context_capacity,
    "never-attempted": _context_never,
    "tried-none-kept": _context_rejected,
    "incomplete": _context_incomplete,
    "confounded": _context_gain,
    "worse": _context_gain,
    "within-noise": _context_gain,
    "unstable": _context_gain,
    "improved": _context_gain,
}
