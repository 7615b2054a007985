"""I5: the network without dendrites, what was added to it, and what that bought."""

from pai_report.advice.phrases import count, number, percent, say, score
from pai_report.analysis.model import Analysis
from pai_report.report.document import Row, Table
from pai_report.report.missing import missing, not_available
from pai_report.report.rows import in_metric, missing_row, row
from pai_report.report.text import phrase_text


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
        undecided = analysis.identity.direction == "undecided"
        why = not_available("direction") if undecided else missing(analysis, "best-scores", "best-scores")
        return missing_row("I5.1", "Baseline", why)
    start = phrase_text(say("{b}, the best score of this run without dendrites", b=score(gains.baseline)))
    if gains.gain is None:
        return row("I5.1", "Baseline", say("{b}, the best score of this run without dendrites", b=score(gains.baseline)))
    return Row(
        label="Baseline",
        text=(*start, *phrase_text(say("; with dendrites ")), *phrase_text(in_metric(analysis, gains.gain))),
        id="I5.1",
    )


def _growth(analysis: Analysis) -> Row:
    held = analysis.efficiency
    if held.baseline is None:
        return missing_row("I5.2", "Parameters", missing(analysis, "parameters", "parameter-counts"))
    if held.doubled_base:
        words = say(
            "{a} → {b} as recorded; unreliable, this library version counts the base network twice",
            a=count(held.baseline),
            b=count(held.best),
        )
        return row("I5.2", "Parameters", words)
    if held.best is None or held.growth is None or held.best == held.baseline:
        return row("I5.2", "Parameters", say("{a}; the best network has no more", a=count(held.baseline)))
    sure = "" if held.doubled_base is False else "; whether this library version counts the base twice cannot be told"
    return row(
        "I5.2",
        "Parameters",
        say("{a} → {b}, {g} more" + sure, a=count(held.baseline), b=count(held.best), g=percent(held.growth)),
    )


def _efficiency(analysis: Analysis) -> Row:
    held = analysis.efficiency
    if held.gain_per_growth is None:
        why = not_available("parameter-counts") if held.baseline is None else not_available("dendrites")
        return missing_row("I5.3", "Efficiency", why)
    unit = "points" if analysis.identity.points_per_unit is not None else "% of the score"
    marginal = [ratio for ratio in held.marginal if ratio is not None]
    words = f"{{r}} {unit} per +100 % parameters"
    if len(marginal) > 1:
        words += "; set by set " + ", ".join(f"{{m{place}}}" for place in range(min(len(marginal), 6)))
    slots = {f"m{place}": number(ratio) for place, ratio in enumerate(marginal[:6])}
    return row("I5.3", "Efficiency", say(words, r=number(held.gain_per_growth), **slots))


def _next(analysis: Analysis) -> Row:
    held = analysis.efficiency
    return row(
        "C12", "One more set", say("would make {n}, by the law these counts follow", n=count(held.next_set, "parameter"))
    )
