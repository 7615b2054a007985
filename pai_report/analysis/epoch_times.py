"""Seconds per epoch, and what each part of a run cost."""

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from statistics import fmean
from typing import TypeVar

from pai_report.analysis.model import Scores
from pai_report.run.model import EpochTimes, Recording, Run
from pai_report.values import value

Key = TypeVar("Key", bound=str)


@value
class Part:
    """The epochs `first` to before `end` of a recording, trained with `sets` sets."""

    recording: Recording
    first: int
    end: int
    sets: int


def epoch_seconds(times: EpochTimes | None) -> Scores | None:
    """Seconds per epoch, whatever kind of phase the epoch belongs to; None where none was recorded."""
    if times is None:
        return None
    merged = _merged(times.neuron, times.dendrite)
    return merged if any(seconds is not None for seconds in merged) else None


def seconds_of(parts: Mapping[Key, Sequence[Part]], run: Run) -> tuple[tuple[Key, float], ...] | None:
    """Seconds per category: epochs times the mean of those recorded in the same stretch.

    Where a stretch has none, with as many sets elsewhere, else in the canonical files (D15). None where no time was
    recorded.
    """
    overall = _recorded(Part(recording=run.canonical, first=0, end=run.canonical.epochs, sets=0))
    if not overall:
        return None
    by_sets: dict[int, list[float]] = {}
    for part in (part for group in parts.values() for part in group):
        by_sets.setdefault(part.sets, []).extend(_recorded(part))
    usual = {sets: fmean(seconds or overall) for sets, seconds in by_sets.items()}
    return tuple((key, math.fsum(_seconds(part, usual[part.sets]) for part in group)) for key, group in parts.items())


def _seconds(part: Part, usual: float) -> float:
    recorded = _recorded(part)
    return max(0, part.end - part.first) * (fmean(recorded) if recorded else usual)


def _recorded(part: Part) -> list[float]:
    times = part.recording.times
    if times is None:
        return []
    columns = times.neuron[part.first : part.end], times.dendrite[part.first : part.end]
    return [second for second in _merged(*columns) if second is not None]


def _merged(neuron: Scores, dendrite: Scores) -> Scores:
    return tuple(a if a is not None else b for a, b in zip_longest(neuron, dendrite))
