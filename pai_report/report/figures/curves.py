"""The score series of a run as lines: which to draw, how, and their discarded tails."""

import numpy as np

from pai_report.analysis.model import Analysis, Phase, Scores
from pai_report.report.figures.palette import (
    ACCENT,
    ACCENT_FAINT,
    DASH_DOTTED,
    DASHED,
    DOTTED,
    INK,
    SECONDARY,
    SECONDARY_FAINT,
    Pen,
)
from pai_report.report.figures.series import as_array
from pai_report.values import value


@value
class Tail:
    """Epochs from `start` on that were trained and rolled back; the first one is the last that was kept."""

    start: int
    values: Scores


@value
class Curve:
    """One series over the recorded epochs and how it is drawn. `words` describe the line in a caption."""

    name: str
    words: str
    values: Scores
    tails: tuple[Tail, ...] = ()
    pen: Pen
    faint: str = SECONDARY_FAINT
    bold: bool = False


def score_curves(analysis: Analysis) -> tuple[Curve, ...]:
    """Validation first, then the running score where it differs, train and test where they are on the same scale."""
    found = [_validation(analysis), _running(analysis), train_curve(analysis), _test(analysis)]
    return tuple(curve for curve in found if curve is not None)


def _validation(analysis: Analysis) -> Curve:
    tails = tuple(tail for phase in analysis.phases if (tail := _tail(phase, phase.series)))
    pen, values = Pen(colour=ACCENT, width=1.5), analysis.track.validation
    return Curve(
        name="validation", words="solid blue: validation", values=values, tails=tails, pen=pen, faint=ACCENT_FAINT, bold=True
    )


def _running(analysis: Analysis) -> Curve | None:
    running = analysis.track.running
    if running is None or not analysis.identity.lookback_differs or len(running) != len(analysis.track.validation):
        return None
    pen = Pen(colour=ACCENT, width=0.8, dash=DASH_DOTTED)
    return Curve(name="running", words="dash-dotted: the running mean by which the library decides", values=running, pen=pen)


def train_curve(analysis: Analysis) -> Curve | None:
    """The training score, where it is aligned with the validation score and on its scale (D10)."""
    general = analysis.generalization
    column = next((held for name, _, held in analysis.track.extras if general and name == general.column), None)
    if general is None or not general.comparable or column is None or len(column) != len(analysis.track.validation):
        return None
    tails = tuple(tail for phase in analysis.phases[-1:] if (tail := _tail(phase, phase.train)))
    pen = Pen(colour=SECONDARY, width=1.0, dash=DASHED)
    return Curve(name="train", words="dashed: training", values=column, tails=tails, pen=pen)


def _test(analysis: Analysis) -> Curve | None:
    validation = analysis.track.validation
    column = next((held for _, role, held in analysis.track.extras if role == "test"), None)
    if column is None or len(column) != len(validation) or analysis.gains.test_is_copy or not same_scale(column, validation):
        return None
    tails = tuple(tail for phase in analysis.phases[-1:] if (tail := _tail(phase, phase.test)))
    pen = Pen(colour=INK, width=1.0, dash=DOTTED)
    return Curve(name="test", words="dotted: test", values=column, tails=tails, pen=pen)


def _tail(phase: Phase, held: Scores | None) -> Tail | None:
    """What `held`, a series of `phase`, has after the last epoch that was kept."""
    kept = phase.last - phase.first
    if held is None or len(held) <= kept + 1:
        return None
    return Tail(start=phase.last, values=held[max(kept, 0) :])


def same_scale(one: Scores, other: Scores) -> bool:
    """Whether two series can share an axis: medians of one sign, at most five times apart (D10's ratio)."""
    medians = [np.nanmedian(as_array(held)) if any(score is not None for score in held) else np.nan for held in (one, other)]
    if not np.isfinite(medians).all():
        return False
    if medians[0] == medians[1]:
        return True
    return bool(medians[1] and 0.2 <= medians[0] / medians[1] <= 5)
