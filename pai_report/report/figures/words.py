"""Words and numbers of the pictures: labels, captions, tables, formatted by the report's one formatter."""

from collections.abc import Sequence

from pai_report.advice.phrases import Quantity, Unit
from pai_report.analysis.model import Analysis, Change, Scores
from pai_report.report.document import Column, Span, Table, Text
from pai_report.report.figures.curves import Curve
from pai_report.report.figures.phases import sets_label
from pai_report.report.text import NBSP, difference_text, epochs_text, quantity_text, text

TABLE_ROWS = 60  # rows of a table behind a picture that a page carries; the files have all of them


def shown(number: float | None, unit: Unit = "score", *, signed: bool = False, noun: str = "") -> str:
    """A number as readers see it."""
    return quantity_text(Quantity(value=number, unit=unit, signed=signed, noun=noun))


def shown_change(change: Change, reference: float | None) -> str:
    """A gain in points where the score has them, else in the decimals of the score `reference`, with its share."""
    if change.points is not None:
        return shown(change.points, "points", signed=True)
    absolute = difference_text(change.absolute, reference)
    return absolute if change.relative is None else f"{absolute} ({shown(change.relative, 'percent', signed=True)})"


def finished(clauses: list[str]) -> str:
    """Clauses as sentences: each begins with a capital and ends with a full stop."""
    return " ".join(f"{clause[0].upper()}{clause[1:]}." for clause in clauses if clause)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def at_epoch(epoch: int | None) -> str:
    """Where a score stands, to follow it in a sentence; nothing where no epoch has it."""
    return "" if epoch is None else f" at {epochs_text((epoch, epoch))}"


def plain(words: str) -> str:
    """Words without typographic spaces, for alternative texts."""
    return words.replace(NBSP, " ")


def seen_words(analysis: Analysis) -> str:
    """What a picture of the scores shows: the best score with and without dendrites, or why there is none."""
    gains = analysis.gains
    if gains.best is None:
        reason = "; whether higher or lower is better is not known" if analysis.identity.direction == "undecided" else ""
        return f"validation over {shown(len(analysis.track.validation), 'count', noun='recorded epoch')}{reason}"
    if not analysis.lifecycle.kept:
        return f"validation reaches {shown(gains.best)}; the network has no dendrites"
    if not gains.best_sets or gains.baseline is None:
        return f"validation is best without dendrites, {shown(gains.best)}"
    without, best = shown(gains.baseline), shown(gains.best)
    return f"validation reaches {without} without dendrites and {best} with {sets_label(gains.best_sets)}"


def phase_words(analysis: Analysis) -> list[str]:
    """What the areas behind a picture over epochs mean, where their labels do not say it."""
    return ["blue areas: only the dendrites train"] if any(phase.kind == "dendrite" for phase in analysis.phases) else []


def drawn_words(analysis: Analysis, curves: tuple[Curve, ...]) -> list[str]:
    """What the lines of a picture over epochs mean; only those that are drawn."""
    words = ["; ".join(curve.words for curve in curves), *phase_words(analysis)]
    if any(curve.tails for curve in curves):
        words.append("faint: epochs that were trained and then rolled back")
    return words


def table(
    figure_id: str, caption: str, titles: tuple[str, ...], rows: Sequence[tuple[Text, ...]], of: int | None = None
) -> Table:
    """The numbers behind a picture; `of` is the number of rows where these are only some of them."""
    columns = tuple(Column(title=text(title), align="decimal" if index else "left") for index, title in enumerate(titles))
    return Table(
        id=f"{figure_id}-data", caption=text(caption), columns=columns, rows=tuple(rows), shown_of=of, first_is_header=True
    )


def epoch_table(figure_id: str, caption: str, columns: Sequence[tuple[str, Scores, Unit]]) -> Table:
    """One row per recorded epoch; of a long run evenly spaced rows, the first and the last among them."""
    epochs = len(columns[0][1])
    step = -(-epochs // TABLE_ROWS)
    kept = range(epochs) if step <= 1 else [*range(0, epochs - 1, step), epochs - 1]
    rows = [(cell(epoch, "count"), *(cell(held[epoch], unit) for _, held, unit in columns)) for epoch in kept]
    titles = ("Epoch", *(title for title, _, _ in columns))
    if step <= 1:
        return table(figure_id, f"{caption} per recorded epoch", titles, rows)
    return table(figure_id, f"{caption} at every {ordinal(step)} recorded epoch", titles, rows, of=epochs)


def cell(number: float | None, unit: Unit = "score", *, signed: bool = False) -> Text:
    """A table cell; an empty one where nothing was recorded."""
    return () if number is None else (Span(text=shown(number, unit, signed=signed)),)
