"""The result of a run in six rows, as a reader of a ticket needs it; "not known" and why where it cannot be told."""

from pai_report.advice.phrases import count, percent, say, score, times
from pai_report.advice.words import best_with_sets, rejected
from pai_report.analysis.model import Analysis
from pai_report.report.document import Span, Table, Text
from pai_report.report.insights.impact import CLASSES
from pai_report.report.missing import NEEDS, reason
from pai_report.report.rows import column, in_metric, of_samples
from pai_report.report.text import NOT_KNOWN, phrase_text, quantity_text, text

BETTER = {
    "maximize": "Validation scores; higher is better.",
    "minimize": "Validation scores; lower is better.",
    "undecided": "Validation scores; nothing says whether higher or lower is better.",
}


def result(analysis: Analysis) -> Table:
    """Best score without and with dendrites, gain, remaining error removed, parameters, epochs."""
    rows = (
        ("Best score without dendrites", _without(analysis)),
        ("Best score with dendrites", _with(analysis)),
        ("Gain", _gain(analysis)),
        ("Remaining error removed", _error(analysis)),
        ("Parameters", _parameters(analysis)),
        ("Epochs", _epochs(analysis)),
    )
    return Table(
        id="result",
        caption=text(BETTER[analysis.identity.direction]),
        columns=(column("Result", "left"), column("Value", "left")),
        rows=tuple((text(label), held) for label, held in rows),
        first_is_header=True,
    )


def _unknown(why: str) -> Text:
    return text(f"{NOT_KNOWN}: {why}")


def _without(analysis: Analysis) -> Text:
    gains = analysis.gains
    if gains.baseline is None:
        return _no_score(analysis)
    if gains.baseline_epoch is None:
        return phrase_text(say("{b}", b=score(gains.baseline)))
    return phrase_text(say("{b} in epoch {e}", b=score(gains.baseline), e=count(gains.baseline_epoch)))


def _with(analysis: Analysis) -> Text:
    best = best_with_sets(analysis)
    if best is not None:
        words = "{b} in epoch {e} with {s}" if best.epoch is not None else "{b} with {s}"
        return phrase_text(say(words, b=score(best.best), e=count(best.epoch), s=count(best.sets, "set")))
    tried = rejected(analysis)
    if tried is not None and tried.best is not None:
        return phrase_text(say("{b}, rejected after {t}", b=score(tried.best), t=count(tried.tries, "try|tries")))
    return _no_score(analysis)


def _no_score(analysis: Analysis) -> Text:
    why = reason(analysis, "gain")
    return (Span(text=f"{NOT_KNOWN}: "), *why) if why else text(NOT_KNOWN)


def _gain(analysis: Analysis) -> Text:
    gain = analysis.gains.gain
    if gain is None:
        return text(NOT_KNOWN)
    judged = f"; {CLASSES[analysis.gains.gain_class]}" if analysis.gains.gain_class else ""
    return (*phrase_text(in_metric(analysis, gain)), *text(f"{of_samples(analysis, gain)}{judged}"))


def _error(analysis: Analysis) -> Text:
    gains = analysis.gains
    if gains.error_removed is not None:
        return text(quantity_text(percent(gains.error_removed)))
    if gains.gain is None:
        return text(NOT_KNOWN)
    if analysis.identity.points_per_unit is None:
        return _unknown("the score has no best possible value to measure from")
    return text(NOT_KNOWN)


def _parameters(analysis: Analysis) -> Text:
    held = analysis.efficiency
    if held.baseline is None:
        return _unknown(NEEDS["parameter-counts"].what)
    if held.doubled_base:
        words = "{n} as recorded; this library version counts the base network twice"
        return phrase_text(say(words, n=count(held.best or held.baseline)))
    if held.growth is None or held.best is None or held.best == held.baseline:
        return text(quantity_text(count(held.baseline)))
    growth = {"a": count(held.baseline), "b": count(held.best), "x": times(1 + held.growth)}
    return phrase_text(say("{a} → {b}, {x} as many", **growth))


def _epochs(analysis: Analysis) -> Text:
    budget = analysis.lifecycle.budget
    recorded = count(budget.recorded)
    if budget.trained is None:
        return phrase_text(
            say(
                "{r} recorded; at least {t} trained, how many exactly is {u}",
                r=recorded,
                t=count(budget.at_least),
                u=count(None),
            )
        )
    return phrase_text(say("{t} trained, {r} recorded", t=count(budget.trained), r=recorded))
