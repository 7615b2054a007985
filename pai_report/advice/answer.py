"""The first words of a report: did the dendrites help, by how much, at what cost."""

from pai_report.advice.phrases import Phrase, Quantity, count, percent, points, say, score, times
from pai_report.advice.rule import Case
from pai_report.advice.words import (
    best_with_sets,
    gain_quantity,
    integer,
    magnitude,
    minimizing,
    rejected,
    restart_ratio,
    self_test,
    setting,
    unproven,
)
from pai_report.analysis.model import Change

GAIN = "[gain]"  # replaced by the gain in the metric's own terms
WITHOUT_GAIN = {
    "invalid": "Cannot tell: the recorded scores cannot be trusted.",
    "capacity-test": "Cannot tell: this is a test of the set-up, not an experiment.",
    "every-epoch": "Cannot tell: a dendrite set was added every epoch, before any network had been trained.",
    "never-attempted": "Cannot tell: training ended before any dendrites were added.",
    "tried-none-kept": "No: the network without dendrites was not beaten in {tries}.",
    "at-first-switch": "Cannot tell: the run stopped just as its first dendrites were due.",
    "inside-first-phase": "Cannot tell: the run stopped while its first dendrites were in training.",
    "unknown": "Cannot tell: the files that would show whether dendrites were tried are missing.",
    "no-direction": "Cannot tell: nothing says whether higher or lower scores are better.",
}
WITH_GAIN = {
    "improved": f"Yes: {GAIN} is more than this run's noise explains.",
    "uncertain": f"Cannot tell yet: {GAIN} is promising, not established.",
    "within-noise": f"Cannot tell: {GAIN} is within this run's noise.",
    "unstable": f"Cannot tell: {GAIN} is lost in scores that swing this much.",
    "confounded": f"Cannot tell: {GAIN} came while the network was still learning by itself.",
    "worse": "No: with dendrites the best score is {loss} worse than without.",
    "worse-so-far": "Cannot tell yet: the run stopped with the best score with dendrites {loss} worse than without.",
    "same": "No: the best score with dendrites is the same as without.",
}


def answer(case: Case) -> Phrase:
    """Yes, no or cannot tell, in at most 20 words, with the gain in the metric's own terms."""
    gain = case.analysis.gains.gain
    if case.verdict in WITHOUT_GAIN or case.verdict == "incomplete" or gain is None:
        return _answer_without_gain(case)
    key: str = case.verdict if gain.absolute else "same"
    if key == "within-noise" and case.analysis.gains.gain_class == "uncertain":
        key = "uncertain"
    if key == "worse" and unproven(case.analysis):
        key = "worse-so-far"
    words, quantities = _gain_words(case, gain)
    return say(WITH_GAIN[key].replace(GAIN, words), loss=gain_quantity(magnitude(gain)), **quantities)


def context(case: Case) -> tuple[Phrase, ...]:
    """One or two sentences under the answer: from where to where, at what cost, and what else speaks for or against."""
    told = {
        "capacity-test": _context_capacity,
        "never-attempted": _context_never,
        "incomplete": _context_incomplete,
        "tried-none-kept": _context_rejected,
        "invalid": _context_invalid,
    }.get(case.verdict, _context_gain)
    return told(case)


def _answer_without_gain(case: Case) -> Phrase:
    lifecycle = case.analysis.lifecycle
    key: str = case.verdict
    if key == "incomplete":
        key = lifecycle.attempted if lifecycle.attempted in WITHOUT_GAIN else "no-direction"
    if key == "capacity-test" and not self_test(case.analysis):
        key = "every-epoch"
    tries = lifecycle.rejected_tries or lifecycle.tried
    return say(WITHOUT_GAIN[key], tries=count(tries, "try|tries"))


def _gain_words(case: Case, gain: Change) -> tuple[str, dict[str, Quantity]]:
    if gain.points is not None:
        return "a gain of {gain}", {"gain": points(gain.points)}
    gains = case.analysis.gains
    word = "lower" if minimizing(case.analysis) else "higher"
    pair = {"a": score(gains.baseline), "b": score(gains.best), "r": percent(gain.relative)}
    return f"validation {{a}} → {{b}}, {{r}} {word},", pair


def _context_gain(case: Case) -> tuple[Phrase, ...]:
    return tuple(held for held in (_from_to(case), _second(case)) if held is not None)


def _from_to(case: Case) -> Phrase | None:
    """From where to where, in validation samples where known, for how many times the parameters."""
    gains, efficiency = case.analysis.gains, case.analysis.efficiency
    if gains.gain is None:
        return say(
            "The best score was {b} without dendrites; pass `--maximize` or `--minimize` to have it judged.",
            b=score(gains.baseline),
        )
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
        d=count(samples),
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
    wait = integer(case, "n_epochs_to_switch")
    fixed = setting(case, "switch_mode").value == "2"
    rule = (
        say("The first set comes after {n} in fixed mode.", n=count(integer(case, "fixed_switch_num"), "epoch"))
        if fixed
        else say("The library adds the first set after {n} without improvement.", n=count(wait, "epoch"))
    )
    best = gains.best if gains.best is not None else gains.baseline
    return (say("It ended after {n}, with a best score of {b}.", n=count(recorded, "epoch"), b=score(best)), rule)


def _context_incomplete(case: Case) -> tuple[Phrase, ...]:
    gains, recorded = case.analysis.gains, case.analysis.lifecycle.budget.recorded
    return (
        say(
            "The files hold {n}; the best score without dendrites is {b}.", n=count(recorded, "epoch"), b=score(gains.baseline)
        ),
    )


def _context_rejected(case: Case) -> tuple[Phrase, ...]:
    gains, row = case.analysis.gains, rejected(case.analysis)
    if row is None or row.best is None:
        return (say("The best score without dendrites is {b}.", b=score(gains.baseline)),)
    if row.shortfall is not None:
        words = "The rejected set reached {r} against {b} without it, a smaller step than the improvement threshold asks for."
        return (say(words, r=score(row.best), b=score(gains.baseline)),)
    words = "The rejected set reached {r}, no more than the {b} without it."
    return (say(words, r=score(row.best), b=score(gains.baseline)),)


def _context_invalid(case: Case) -> tuple[Phrase, ...]:
    recorded = case.analysis.lifecycle.budget.recorded
    return (say("The files hold {n}; the first finding says what is wrong with them.", n=count(recorded, "epoch")),)
