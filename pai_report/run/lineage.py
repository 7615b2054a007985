"""Which snapshots belong to a run, and in which order they were written (formats.md section 6, rules.md D15)."""

from collections.abc import Sequence

from pai_report.run.model import Recording, SnapshotKind

_RANK: dict[SnapshotKind, int] = {"lr-trial": 0, "lr-picked": 1, "no-improvement": 2}
_LAST: dict[SnapshotKind, int] = {"before-switch": 1, "before-final": 2, "user": 3, "canonical": 4}


def shares_opening(snapshot: Recording, canonical: Recording) -> bool:
    """Whether the validation scores are equal up to the first switch of either.

    Every snapshot of a run repeats its first neuron phase; an earlier run under the same save name began otherwise. An epoch
    that was no number in one of them proves nothing; at least one epoch must be a number in both.
    """
    if snapshot.validation is None or canonical.validation is None:
        return False
    ends = [rows[0] + 1 for rows in (snapshot.switch_epochs, canonical.switch_epochs) if rows]
    shared = min([*ends, snapshot.epochs, canonical.epochs])
    ours, theirs = canonical.validation.values[:shared], snapshot.validation.values[:shared]
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


def level(recording: Recording) -> int:
    """Switch rows when the recording was written; from its name where their file is missing."""
    if recording.switch_epochs is not None:
        return len(recording.switch_epochs)
    if recording.number is None or recording.kind == "no-improvement":
        return len(recording.parameter_counts or ()) - 1 if recording.parameter_counts else 0
    return recording.number if recording.kind == "before-switch" else 2 * recording.number


def in_order(snapshots: Sequence[Recording]) -> tuple[Recording, ...]:
    """Snapshots as they were written: by switch rows, then time, PICKED after its trials, `_beforeSwitch_K` last of its level."""
    return tuple(
        sorted(
            snapshots,
            key=lambda one: (level(one), _LAST.get(one.kind, 0), one.stamp or "", _RANK.get(one.kind, 0), one.infix),
        )
    )
