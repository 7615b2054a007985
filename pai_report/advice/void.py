"""What makes a run say nothing at all about dendrites, whatever its scores are."""

from typing import Literal

from pai_report.analysis.model import Analysis

Void = Literal["wrong-direction", "no-scores", "contradictory", "never-changes", "added-nothing"]


def void(analysis: Analysis) -> Void | None:
    """The first of these that is so; None where the scores can be judged."""
    if analysis.wrong_direction:
        return "wrong-direction"
    scores = analysis.track.validation or [row.best for row in analysis.gains.architectures]
    if all(score is None for score in scores):
        return "no-scores"
    if any(point.file is None for point in analysis.disagreements):
        return "contradictory"
    if analysis.never_changes:
        return "never-changes"
    kept = analysis.lifecycle.kept
    return "added-nothing" if kept and len(analysis.added_nothing) == kept else None
