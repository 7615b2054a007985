"""Which snapshots belong to a run, and in which order they were written (the library's file formats, D15)."""

from collections.abc import Sequence
from typing import TypeAlias

from pai_report.run.model import Recording, SnapshotKind

_RANK: dict[SnapshotKind, int] = {"lr-trial": 0, "lr-picked": 1, "no-improvement": 2}
_LAST: dict[SnapshotKind, int] = {"before-switch": 1, "before-final": 2, "user": 3, "canonical": 4}
SURE = 5  # epochs that no two runs share by chance
Opening: TypeAlias = tuple[tuple[float | None, ...], tuple[int, ...] | None]  # validation scores, switch rows


def same_opening(opening: Opening, other: Opening) -> bool:
    """Whether two series of validation scores are equal up to the first switch of either.

    Every snapshot of a run repeats its first neuron phase; an earlier run under the same save name began otherwise. An epoch
    that was no number in one of them proves nothing, so that at least one epoch must be a number in both. Where only the last
    of several shared epochs differs it is the switch row that is one off: two runs part by chance much sooner.
    """
    shared = min(len(opening[0]), len(other[0]), *(rows[0] + 1 for rows in (opening[1], other[1]) if rows))
    both = [(a, b) for a, b in zip(opening[0][:shared], other[0][:shared], strict=True) if a is not None and b is not None]
    sure = both[:-1] if (opening[1] or other[1]) and len(both) > SURE else both
    return bool(sure) and all(a == b for a, b in sure)


def belongs(snapshot: Recording, canonical: Recording) -> bool:
    """Whether a snapshot was written by the run of the canonical files.

    The number of `_beforeSwitch_N` counts the switch rows before it: one more than the canonical files hold is the most
    that a rejected set leaves behind (the switch back, in PB mode).
    """
    if snapshot.kind == "before-switch" and canonical.switch_epochs is not None:
        beyond = (snapshot.number or 0) > len(canonical.switch_epochs) + 1
    else:
        beyond = False
    return not beyond and same_opening(opening(snapshot), opening(canonical))


def opening(recording: Recording) -> Opening:
    """What tells whose a recording is."""
    return recording.validation.values if recording.validation else (), recording.switch_epochs


def stand_in(snapshots: Sequence[Recording], rows: tuple[int, ...] | None) -> Recording | None:
    """The snapshot that stands in for missing canonical files: the newest, of those with the same switch `rows` if any.

    Only the library's time stamps tell what is newest. Snapshots without one count by their place in a run's order.
    """
    scored = [snapshot for snapshot in snapshots if snapshot.epochs]
    pool = [snapshot for snapshot in scored if rows is not None and snapshot.switch_epochs == rows] or scored
    stamped = [snapshot for snapshot in pool if snapshot.stamp]
    if stamped:
        newest = max(stamped, key=lambda snapshot: (snapshot.stamp or "", _RANK.get(snapshot.kind, 0)))
        pool = [snapshot for snapshot in pool if same_opening(opening(snapshot), opening(newest))] or [newest]
    return in_order(pool)[-1] if pool else None


def level(recording: Recording) -> int:
    """Switch rows at the time of writing; from the file's name or the parameter counts where their own file is missing."""
    if recording.switch_epochs is not None:
        return len(recording.switch_epochs)
    if recording.number is not None and recording.kind != "no-improvement":
        return recording.number if recording.kind == "before-switch" else 2 * recording.number
    return max(0, len(recording.parameter_counts or ()) - 1)


def in_order(snapshots: Sequence[Recording]) -> tuple[Recording, ...]:
    """Snapshots as written: by switch rows, then time, PICKED after its trials, `_beforeSwitch_K` last of its level."""
    return tuple(
        sorted(
            snapshots,
            key=lambda recording: (
                level(recording),
                _LAST.get(recording.kind, 0),
                recording.stamp or "",
                _RANK.get(recording.kind, 0),
                recording.infix,
            ),
        )
    )
