"""I3: what the dendrites did: added at all, gain of each set, help or harm, best number, timing."""

from pai_report.advice.phrases import count, percent, points, rate, say, score, word
from pai_report.advice.words import gain_quantity, metric_change, minimizing, way
from pai_report.analysis.model import Addition, Analysis, Architecture, Change, Direction, GainClass
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import missing, not_available
from pai_report.report.rows import NONE, bare, cell, change_words, column, kept_words, missing_row, of_samples, row
from pai_report.report.text import NBSP, difference_text, quantity_text, text

CLASSES: dict[GainClass, str] = {
    "real": "beyond the noise",
    "uncertain": "promising",
    "within-noise": "within the noise",
    "confounded": "cannot be credited",
}
ADDED = {
    "yes": "yes: {k}, {t} tried",
    "at-first-switch": "no: the run stopped at its first switch, before a set was trained",
    "inside-first-phase": "not to an end: the run stopped inside its first dendrite phase",
    "no": "no: the library never attempted it (no switch rows, no snapshots)",
    "unknown": "not known: the files that would show it are missing",
}
HELPED: dict[GainClass, str] = {
    "real": "better with dendrites, by {g}, more than this run's noise; by them or by training on is open",
    "uncertain": "cannot be said: the gain of {g} is promising, not established",
    "within-noise": "cannot be said: the gain of {g} is within this run's noise",
    "confounded": "cannot be said: the network was still learning when dendrites came, so the gain of {g} may not be theirs",
}
NO_SETBACK = "no sharp setback"
UNKNOWN_CAUSE = "not known: no learning rate recorded"
BETTER: dict[Direction, str] = {
    "maximize": "; higher is better",
    "minimize": "; lower is better",
    "undecided": "",
}
CAUSES = {"learning-rate-restart": "learning rate restarted", "initialisation": "initialisation"}
COURSES = {
    "diminishing": "{n}: later sets add too little",
    "equal": "{n}: all sets gained about equally",
    "still-gaining": "{n}: the last set still gained",
}


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I3.1 to I3.6."""
    return (_added(analysis), _each(analysis), _most(analysis), _helped(analysis), _optimal(analysis), _timing(analysis))


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """Gain per set, and what happened around each addition."""
    held = []
    if len(analysis.gains.architectures) > 1:
        held.append(_gains_table(analysis))
    if analysis.additions:
        held.append(_additions_table(analysis))
    return tuple(held)


def _added(analysis: Analysis) -> Row:
    held = analysis.lifecycle
    words = ADDED[held.attempted] if held.tried is not None else ADDED[held.attempted].replace(", {t} tried", "")
    return row("I3.1", "Dendrites added", say(words, k=word(kept_words(held, "set")), t=count(held.tried)))


def _each(analysis: Analysis) -> Row:
    gained = [held for held in analysis.gains.architectures if held.gain is not None and held.outcome != "rejected"]
    if not gained:
        return missing_row("I3.2", "Gain of each set", _why_no_gain(analysis))
    shown = [(f"set {held.sets}: {_change(analysis, held.gain)}", way(analysis, held.gain)) for held in gained[:6] if held.gain]
    ways = {judged for _, judged in shown}
    if len(ways) == 1:  # what is the same of each is said once
        first, *others = (change for change, _ in shown)
        words = "; ".join([first, *(change.replace(" relative)", ")") for change in others)]) + f", {ways.pop()}"
    else:
        words = "; ".join(f"{change}, {judged}" for change, judged in shown)
    more = "" if len(gained) <= 6 else "; the table has all of them"
    return row("I3.2", "Gain of each set", say("{w}", w=word(words + more)))


def _most(analysis: Analysis) -> Row:
    most = analysis.gains.most_impactful
    held = next((part for part in analysis.gains.architectures if part.sets == most and part.gain is not None), None)
    if held is None or held.gain is None:
        return missing_row("I3.3", "Most impactful set", _why_no_gain(analysis))
    words = f"set {held.sets}: {_gained(analysis, held.gain)}{of_samples(analysis, held.gain)}"
    return row("I3.3", "Most impactful set", say("{w}", w=word(words)))


def _gained(analysis: Analysis, gain: Change) -> str:
    return f"{_change(analysis, gain)}, {way(analysis, gain)}"


def _change(analysis: Analysis, gain: Change) -> str:
    return change_words(metric_change(analysis, gain), analysis.gains.baseline)


def _helped(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.gain is None:
        return missing_row("I3.4", "Helped or hurt", _why_no_gain(analysis))
    if gains.gain.absolute < 0:
        words = say(
            "hurt: the best score with dendrites is worse than the best without ({g})",
            g=gain_quantity(metric_change(analysis, gains.gain), signed=True),
        )
        return row("I3.4", "Helped or hurt", words)
    if gains.gain_class is None:
        return row("I3.4", "Helped or hurt", say("neither: the best score is the same with and without dendrites"))
    return row("I3.4", "Helped or hurt", say(HELPED[gains.gain_class], g=gain_quantity(gains.gain)))


def _optimal(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.gain is None or gains.optimal is None:
        return missing_row("I3.5", "Best number of sets", _why_no_gain(analysis))
    if gains.optimal == 0:
        return row("I3.5", "Best number of sets", say("none is established: no gain stands out from noise and threshold"))
    if gains.course is None or analysis.lifecycle.kept == 1:
        return row("I3.5", "Best number of sets", say("{n}", n=count(gains.optimal)))
    return row("I3.5", "Best number of sets", say(COURSES[gains.course], n=count(gains.optimal)))


def _timing(analysis: Analysis) -> Row:
    found = [phase.premature for phase in analysis.phases if phase.premature is not None]
    if not found:
        return missing_row("I3.6", "Timing", _why_no_gain(analysis))
    early = sum(1 for held in found if held.fired or held.short_fixed)
    tested = sum(1 for held in found if held.fired is not None)
    if early:
        words = say("{e} of {n} came while the network was still improving", e=count(early), n=count(len(found), "addition"))
        only = say("the addition came while the network was still improving")
        return row("I3.6", "Timing", words if len(found) > 1 else only)
    if not tested:
        return missing_row("I3.6", "Timing", missing(analysis, "premature"))
    words = say("at a plateau before each of {n}", n=count(tested, "addition"))
    return row("I3.6", "Timing", words if tested > 1 else say("at a plateau before the addition"))


def _why_no_gain(analysis: Analysis) -> Text:
    if analysis.lifecycle.kept == 0:
        return not_available(analysis, "dendrites")
    return missing(analysis, "gain")


def _gains_table(analysis: Analysis) -> Table:
    bounded = analysis.identity.points_per_unit is not None
    tests = _test_column(analysis)
    columns = (
        column("Sets", "left"),
        column("Outcome", "left"),
        column("Best"),
        *((column("Change, points"),) if bounded else ()),
        column("Change, relative"),
        *((column("Samples"),) if analysis.identity.n_validation else ()),
        column("Judged", "left"),
        *((column(f"{tests}"),) if tests else ()),
        column("Parameters"),
    )
    body = tuple(_gain_row(analysis, held, tests, bounded=bounded) for held in analysis.gains.architectures)
    caption = text(
        "Best score per number of sets (I3.2, A17); changes from the row before, a rejected set's from the best"
        f"{BETTER[analysis.identity.direction]}"
    )
    return Table(id="gains-by-set", caption=caption, columns=columns, rows=body, first_is_header=True)


def _gain_row(analysis: Analysis, held: Architecture, tests: str | None, *, bounded: bool) -> tuple[Text, ...]:
    gain = None if held.gain is None else metric_change(analysis, held.gain)
    outcome = held.outcome if held.tries is None else f"{held.outcome} ({held.tries} tries)"
    test = next((extra.value for extra in held.extras if extra.name == tests), None)
    judged = _judged(analysis, held)
    return (
        text(str(held.sets)),
        text(outcome.replace("(1 tries)", "(1 try)")),
        cell(score(held.best)),
        *((bare(points(gain.points if gain else None, signed=True)),) if bounded else ()),
        cell(percent(gain.relative if gain else None, signed=True)),
        *((cell(count(gain.samples if gain else None, signed=True)),) if analysis.identity.n_validation else ()),
        text(judged),
        *((cell(score(test)),) if tests else ()),
        cell(count(held.parameters)),
    )


def _judged(analysis: Analysis, held: Architecture) -> str:
    if held.sets == analysis.lifecycle.unscored_set and held.outcome != "rejected":
        return "not scored yet"
    return "–" if held.test is None or held.test.gain_class is None else CLASSES[held.test.gain_class]


def _test_column(analysis: Analysis) -> str | None:
    for held in analysis.gains.architectures[:1]:
        for extra in held.extras:
            if extra.role == "test" and not extra.copy_of_validation:
                return extra.name
    return None


def _additions_table(analysis: Analysis) -> Table:
    """One row per addition; a column that knows nothing of any is left out."""
    bounded = analysis.identity.points_per_unit is not None
    columns = (
        column("Set", "left"),
        column("after epoch", "right"),
        column("trained", "right"),
        column("Best of 5 before"),
        column("Best of 5 after"),
        column("Change"),
        column("Deepest setback"),
        column("Learning rate", "left"),
        column("Cause", "left"),
    )
    rows = tuple(_addition_row(analysis, held) for held in analysis.additions)
    known = [place for place in range(len(columns)) if any(cells[place] != NONE for cells in rows)]
    unit = ", change and setback in points" if bounded else ""
    caption = text(f"Scores around each addition{unit} (A7); setback: best before to worst of the five epochs after")
    return Table(
        id="additions",
        caption=caption,
        columns=tuple(columns[place] for place in known),
        rows=tuple(tuple(cells[place] for place in known) for cells in rows),
        first_is_header=True,
    )


def _addition_row(analysis: Analysis, held: Addition) -> tuple[Text, ...]:
    jump = NONE
    if held.lr_before is not None and held.lr_after is not None:
        before, after = (quantity_text(rate(number)) for number in (held.lr_before, held.lr_after))
        jump = text(f"{before}{NBSP}→{NBSP}{after}" if before != after else f"stays{NBSP}{after}")
    cause = text(_cause(held)) if held.dip is not None else NONE
    return (
        text(str(held.set_number)),
        cell(count(held.epoch)),
        cell(count(held.real_epoch)),
        cell(score(held.best_before)),
        cell(score(held.best_after)),
        _difference(analysis, _own(analysis, held.change), signed=True),
        _difference(analysis, held.dip, signed=False),
        jump,
        cause,
    )


def _cause(held: Addition) -> str:
    """What caused a setback; only where there was one, and where the learning rates around it are recorded."""
    if not held.spike:
        return NO_SETBACK
    return UNKNOWN_CAUSE if held.cause is None else CAUSES[held.cause]


def _own(analysis: Analysis, gain: float | None) -> float | None:
    """A gain in the metric's own sign."""
    return -gain if gain is not None and minimizing(analysis) else gain


def _difference(analysis: Analysis, change: float | None, *, signed: bool) -> Text:
    """A difference of scores as a table cell: in points where the score has them."""
    if change is None:
        return NONE
    if analysis.identity.points_per_unit is not None:
        return bare(points(change * analysis.identity.points_per_unit, signed=signed))
    return text(difference_text(change, analysis.gains.baseline, signed=signed))
