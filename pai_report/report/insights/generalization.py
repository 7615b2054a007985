"""I4: training against validation and test."""

from pai_report.advice.phrases import Phrase, percent, points, say, score
from pai_report.analysis.model import Analysis, GapPoint, Generalization
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import missing, not_available
from pai_report.report.rows import bare, cell, column, missing_row, row
from pai_report.report.text import text

LEVELS = {
    "ok": "no: the gap is within the limit",
    "notice": "beginning: the gap is above the first limit",
    "overfitting": "yes: training is far ahead of validation",
}
REGULARIZE = {
    "ok": "not needed",
    "notice": "worth watching; see the finding on the gap",
    "overfitting": "recommended; see the finding on the gap",
}
REASONS = {
    "misaligned": "aligned-train-column",
    "different-scale": "train-column on the scale of validation",
    "train-looks-like-a-loss": "train-column on the scale of validation (the recorded one looks like a loss)",
}


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I4.1 to I4.3."""
    held = analysis.generalization
    if held is None or not held.comparable or not held.points or held.level is None:
        why = _why_not(analysis, held)
        return tuple(
            missing_row(f"I4.{place}", label, why) for place, label in enumerate(("Gap", "Overfitting", "Regularization"), 1)
        )
    overfitting = say(LEVELS[held.level] + ("; and the two move apart" if held.diverging else ""))
    return (
        row("I4.1", "Gap", _gap(held.points[-1])),
        row("I4.2", "Overfitting", overfitting),
        row("I4.3", "Regularization", say(REGULARIZE[held.level])),
    )


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """The gap at each network size."""
    held = analysis.generalization
    if held is None or not held.comparable or len(held.points) < 2:
        return ()
    tested = any(point.test is not None for point in held.points)
    bounded = held.points[0].points is not None
    columns = (
        column("Sets", "left"),
        column("Training"),
        column("Validation"),
        *((column("Test"),) if tested else ()),
        column("Gap, points" if bounded else "Gap"),
    )
    body = tuple(_gap_row(point, tested=tested) for point in held.points)
    return (
        Table(
            id="gap-by-set",
            caption=text("Scores at the best epoch of each network size (A13 to A15)"),
            columns=columns,
            rows=body,
            first_is_header=True,
        ),
    )


def _gap_row(point: GapPoint, *, tested: bool) -> tuple[Text, ...]:
    gap = cell(score(point.gap, signed=True)) if point.points is None else bare(points(point.points, signed=True))
    return (
        text(str(point.sets)),
        cell(score(point.train)),
        cell(score(point.validation)),
        *((cell(score(point.test)),) if tested else ()),
        gap,
    )


def _gap(point: GapPoint) -> Phrase:
    if point.points is not None:
        return say(
            "training {t}, validation {v}: {g} apart", t=score(point.train), v=score(point.validation), g=points(point.points)
        )
    share = percent(point.gap / abs(point.validation)) if point.validation else score(point.gap)
    return say(
        "training {t}, validation {v}: {g} of the validation score apart",
        t=score(point.train),
        v=score(point.validation),
        g=share,
    )


def _why_not(analysis: Analysis, held: Generalization | None) -> Text:
    if held is not None and held.not_comparable is not None:
        return not_available(REASONS[held.not_comparable])
    return missing(analysis, "generalization", "train-column")
