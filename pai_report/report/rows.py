"""Small builders that the sections share: rows, table cells and change in the metric's own terms."""

from pai_report.advice.phrases import Phrase, Quantity, count, percent, points, say, word
from pai_report.advice.words import magnitude, metric_change, way
from pai_report.analysis.model import Analysis, Change, Lifecycle
from pai_report.report.document import Column, Row, Table, Text
from pai_report.report.text import NBSP, difference_text, phrase_text, quantity_text, text

NONE = text("–")


def row(identity: str, label: str, phrase: Phrase) -> Row:
    """A statement under its requirement's id."""
    return Row(label=label, text=phrase_text(phrase), id=identity)


def missing_row(identity: str, label: str, why: Text) -> Row:
    """A statement that could not be made, and why."""
    return Row(label=label, text=why, id=identity, missing=True)


def cell(quantity: Quantity) -> Text:
    """A table cell; a dash where nothing is known."""
    return NONE if quantity.value is None else text(quantity_text(quantity))


def bare(quantity: Quantity) -> Text:
    """A table cell without the unit, which then stands in the column's title."""
    return NONE if quantity.value is None else text(quantity_text(quantity).partition(NBSP)[0])


def column(title: str, align: str = "decimal") -> Column:
    """A table column; numbers align on the decimal point."""
    return Column(title=text(title), align=align)  # type: ignore[arg-type]


def change_words(change: Change, reference: float | None) -> str:
    """A change as "+0.50 points (+0.55 % relative)"; both wherever both are known (C16). `reference` is a score of the run."""
    relative = quantity_text(percent(change.relative, signed=True))
    if change.points is not None:
        shown = quantity_text(points(change.points, signed=True))
        return f"{shown} ({relative} relative)" if change.relative is not None else shown
    shown = difference_text(change.absolute, reference)
    return f"{shown} ({relative})" if change.relative is not None else shown


def kept_words(held: Lifecycle, noun: str = "") -> str:
    """As "2 kept, 1 unproven": the sets that stayed in the network, apart from a last one that the run stopped in."""
    unproven = held.last_set_proven is False
    kept = quantity_text(count(held.kept - unproven, noun))
    return f"{kept} kept, 1 unproven" if unproven else f"{kept} kept"


def in_metric(analysis: Analysis, change: Change) -> Phrase:
    """A gain in words, as the change of the metric: "lower by 0.0036 (1.1 %), better"."""
    if change.absolute == 0:
        return say("no change")
    shown = word(change_words(magnitude(change), analysis.gains.baseline).replace("+", ""))
    direction, judged = way(analysis, change).split(", ")
    return say(f"{direction} by {{shown}}, {judged}", shown=shown)


def counted_table(table: Table, limit: int) -> Table:
    """`table` cut to `limit` rows for print; the full number stays on it."""
    if len(table.rows) <= limit:
        return table
    return Table(
        id=table.id,
        caption=table.caption,
        columns=table.columns,
        rows=table.rows[:limit],
        shown_of=len(table.rows),
        first_is_header=table.first_is_header,
    )


def of_samples(analysis: Analysis, change: Change) -> str:
    """The change in validation samples (", +3 of 598 validation samples") where the score counts them, else nothing."""
    total = analysis.identity.n_validation
    if change.samples is None or total is None:
        return ""
    changed = quantity_text(count(metric_change(analysis, change).samples, signed=True))
    return f", {changed} of {quantity_text(count(total, 'validation sample'))}"
