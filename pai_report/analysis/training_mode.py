"""Gradient-descent dendrites or Perforated Backpropagation, as the files show it (the library's file formats)."""

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
    sizes = run.canonical.parameter_counts or ()
    config = None if run.config is None else run.config.value("perforated_backpropagation")
    evidence: tuple[tuple[bool, Mode, ModeFrom], ...] = (
        (any(_scored(held) for held in recordings), "pb", "pb-scores"),
        (any(a != b for held in recordings for a, b in _pairs(held)), "pb", "switch-rows"),
        (config is not None, "pb" if config else "gd", "config"),
        (any(len(held.switch_epochs or ()) % 2 for held in recordings), "pb", "switch-rows"),
        (len(sizes) > 1 and sizes[0] == sizes[1], "pb", "parameter-counts"),
        (any(len(held.switch_epochs or ()) > 1 for held in recordings), "gd", "switch-rows"),
    )
    return next(((mode, source) for holds, mode, source in evidence if holds), ("undecided", "nothing"))


def _scored(recording: Recording) -> bool:
    return any(score is not None for module in recording.pb_scores or () for score in module.best_ever)


def _pairs(recording: Recording) -> Iterator[tuple[int, int]]:
    rows = recording.switch_epochs or ()
    return zip(rows[::2], rows[1::2], strict=False)
