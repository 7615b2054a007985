"""Gradient-descent dendrites or Perforated Backpropagation, as the files show it (formats section 8)."""

from collections.abc import Iterator
from typing import Literal

from pai_report.analysis.model import Mode
from pai_report.run.model import Recording, Run

ModeFrom = Literal["pb-scores", "switch-rows", "parameter-counts", "config", "nothing"]


def training_mode(run: Run) -> tuple[Mode, ModeFrom]:
    """The kind of dendrites and what decided it; a PB scores file with a header alone proves nothing.

    A config stands above pairs of equal rows, since Perforated Backpropagation without extra neuron phases writes those too,
    and above an odd number of rows, which a torn file shows as well.
    """
    recordings = (run.canonical, *run.snapshots)
    if any(_scored(recording) for recording in recordings):
        return "pb", "pb-scores"
    if any(a != b for recording in recordings for a, b in _pairs(recording)):
        return "pb", "switch-rows"
    if run.config is not None and run.config.perforated_backpropagation is not None:
        return ("pb" if run.config.perforated_backpropagation else "gd"), "config"
    if any(len(recording.switch_epochs or ()) % 2 for recording in recordings):
        return "pb", "switch-rows"
    sizes = run.canonical.parameter_counts or ()
    if len(sizes) > 1 and sizes[0] == sizes[1]:
        return "pb", "parameter-counts"
    if any(len(recording.switch_epochs or ()) > 1 for recording in recordings):
        return "gd", "switch-rows"
    return "undecided", "nothing"


def _scored(recording: Recording) -> bool:
    return any(score is not None for module in recording.pb_scores or () for score in module.best_ever)


def _pairs(recording: Recording) -> Iterator[tuple[int, int]]:
    rows = recording.switch_epochs or ()
    return zip(rows[::2], rows[1::2], strict=False)
