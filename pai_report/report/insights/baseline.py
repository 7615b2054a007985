"""I5: the network without dendrites, what was added to it, and what that bought."""

from pai_report.advice.phrases import Quantity, count, percent, points, say, score
from pai_report.advice.words import gain_quantity
from pai_report.analysis.model import Analysis
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import NOT_AVAILABLE, missing, not_available
from pai_report.report.rows import bare, in_metric, missing_row, row
from pai_report.report.text import join, phrase_text, text

EXTRAPOLATED = 0.1  # growth below which "per +100 %" would say more than was seen
SETS = 6  # sets whose own efficiency is listed


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I5.1 to I5.3, and the size of the next set."""
    held = (_score(analysis), _growth(analysis), _efficiency(analysis))
    return (*held, _next(analysis)) if analysis.efficiency.next_set is not None else held


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """No table: scores and parameters per number of sets stand in the dendrite impact section."""
    del analysis
    return ()


def _score(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.baseline is None:
        return missing_row("I5.1", "Baseline", missing(analysis, "gain"))
    start = phrase_text(say("{b} without dendrites", b=score(gains.baseline)))
    if gains.gain is None:
        return Row(label="Baseline", text=start, id="I5.1")
    return Row(
        label="Baseline",
        text=(*start, *phrase_text(say("; with them ")), *phrase_text(in_metric(analysis, gains.gain))),
        id="I5.1",
    )


def _growth(analysis: Analysis) -> Row:
    held = analysis.efficiency
    if held.baseline is None:
        return missing_row("I5.2", "Parameters", missing(analysis, "parameters"))
    if held.doubled_base:
        words = say(
            "{a} → {b} as recorded; unreliable, this library version counts the base network twice",
            a=count(held.baseline),
            b=count(held.best),
        )
        return row("I5.2", "Parameters", words)
    if analysis.identity.direction == "undecided" and held.final is not None:
        return row(
            "I5.2", "Parameters", say("{a} without dendrites, {b} at the end", a=count(held.baseline), b=count(held.final))
        )
    if held.best == held.baseline:
        return row("I5.2", "Parameters", say("{a}; the best network has no more", a=count(held.baseline)))
    if held.best is None or held.growth is None:
        return row(
            "I5.2", "Parameters", say("{a} without dendrites; which network is best is not known", a=count(held.baseline))
        )
    sure = "" if held.doubled_base is False else "; whether this library version counts the base twice cannot be told"
    return row(
        "I5.2",
        "Parameters",
        say("{a} → {b}, {g} more" + sure, a=count(held.baseline), b=count(held.best), g=percent(held.growth)),
    )


def _efficiency(analysis: Analysis) -> Row:
    held, gain = analysis.efficiency, analysis.gains.gain
    if held.doubled_base:
        return missing_row("I5.3", "Efficiency", text("not available: this library version counts the base network twice"))
    if held.gain_per_growth is None or held.growth is None or gain is None:
        return missing_row("I5.3", "Efficiency", _no_efficiency(analysis))
    if held.growth < EXTRAPOLATED:
        words = say("{g} for {p} more parameters", g=gain_quantity(gain), p=percent(held.growth))
        return row("I5.3", "Efficiency", words)
    bounded = analysis.identity.points_per_unit is not None
    shown = phrase_text(say("{r} per +100 % parameters", r=_per_growth(held.gain_per_growth, bounded=bounded)))
    marginal = [bare(_per_growth(ratio, bounded=bounded)) for ratio in held.marginal if ratio is not None][:SETS]
    each = (*text("; set by set "), *join(tuple(marginal), ", ")) if len(marginal) > 1 else ()
    return Row(label="Efficiency", text=(*shown, *each), id="I5.3")


def _per_growth(ratio: float, *, bounded: bool) -> Quantity:
    """What +100 % parameters bring: points, or a share of the score where it has none."""
    return points(ratio) if bounded else percent(ratio / 100)


def _no_efficiency(analysis: Analysis) -> Text:
    """What keeps the gain from being held against the growth: the sizes, the gain, or that nothing grew."""
    held = analysis.efficiency
    if held.baseline is None:
        return not_available(analysis, "parameter-counts")
    if analysis.gains.gain is None:
        return missing(analysis, "gain")
    if held.best is None:
        return text("not available: the size of the best network was not recorded")
    return text("not available: the network with dendrites has no more parameters") if not held.growth else text(NOT_AVAILABLE)


def _next(analysis: Analysis) -> Row:
    held = analysis.efficiency
    return row(
        "C12", "One more set", say("would make {n}, by the law these counts follow", n=count(held.next_set, "parameter"))
    )
