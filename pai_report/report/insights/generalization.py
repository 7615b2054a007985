"""I4: training against validation and test."""

from pai_report.advice.phrases import Phrase, percent, points, say, score
from pai_report.analysis.model import Analysis, GapPoint, Generalization, Mismatch, Need
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import missing, not_available, without_remedy
from pai_report.report.rows import NONE, bare, column, missing_row, row
from pai_report.report.text import difference_text, text

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
REASONS: dict[Mismatch, Need] = {
    "misaligned": "aligned-train-column",
    "different-scale": "comparable-train-column",
    "train-looks-like-a-loss": "comparable-train-column",
}


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I4.1 to I4.3."""
    held = analysis.generalization
    if held is None or not held.comparable or not held.points or held.level is None:
        why = _why_not(analysis, held)
        first, *others = ("Gap", "Overfitting", "Regularization")
        rest = tuple(missing_row(f"I4.{place}", label, without_remedy(why)) for place, label in enumerate(others, 2))
        return (missing_row("I4.1", first, why), *rest)  # the line that records it next time is said once
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
    body = tuple(_gap_row(point, analysis.gains.baseline, tested=tested) for point in held.points)
    return (
        Table(
            id="gap-by-set",
            caption=text("Scores at the best epoch of each network size (A13 to A15)"),
            columns=columns,
            rows=body,
            first_is_header=True,
        ),
    )


def _gap_row(point: GapPoint, reference: float | None, *, tested: bool) -> tuple[Text, ...]:
    """A network's scores with the decimals of `reference`, the baseline, so that a column reads evenly."""
    scores = (point.train, point.validation, *((point.test,) if tested else ()))
    shown = (NONE if held is None else text(difference_text(held, reference, signed=False)) for held in scores)
    apart = text(difference_text(point.gap, reference)) if point.points is None else bare(points(point.points, signed=True))
    return (text(str(point.sets)), *shown, apart)


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
        return not_available(analysis, REASONS[held.not_comparable])
    return missing(analysis, "generalization")
