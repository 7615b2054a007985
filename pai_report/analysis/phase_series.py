"""D1, D3: the phases of a run, each with its full series from the snapshot that kept its tail."""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.columns import role
from pai_report.analysis.frame import Frame
from pai_report.analysis.lineage import ENDS, Attempt, rows_of
from pai_report.analysis.lr_search import starts_with, values_of
from pai_report.analysis.model import Scores
from pai_report.analysis.structure_model import PhaseSeries, Trial
from pai_report.analysis.windows import Window
from pai_report.run.model import Recording, Run, Series

ALIKE = 5  # epochs in a row that no other try of a phase shares by chance


def phase_series(frame: Frame) -> tuple[PhaseSeries, ...]:
    """The phases in order, each from the recording that holds most of it."""
    by_level = _by_level(frame.run)
    return tuple(
        _phase(window, _source(window, by_level.get(window.level, ()), frame.run.canonical), frame) for window in frame.windows
    )


def _by_level(run: Run) -> dict[int, list[Recording]]:
    """Snapshots by the number of switch rows behind them."""
    found: dict[int, list[Recording]] = {}
    for snapshot in run.snapshots:
        rows = rows_of(snapshot, run.canonical)
        if rows is not None and snapshot.kind != "user":
            found.setdefault(len(rows), []).append(snapshot)
    return found


def _source(window: Window, snapshots: Sequence[Recording], canonical: Recording) -> Recording:
    """The recording with the longest series of a phase that holds all of its committed epochs.

    One written at the end of the phase comes before a learning-rate trial; the canonical files serve where neither holds more.
    """
    fitting = [held for held in snapshots if held.epochs > window.last and _fits(held, canonical, window)]
    longer = [held for held in fitting if held.kind in ENDS or held.epochs > window.last + 1]
    return max(longer, key=lambda held: (held.kind in ENDS, held.epochs), default=canonical)


def _fits(held: Recording, canonical: Recording, window: Window) -> bool:
    """Whether a recording holds the committed epochs of a phase; all but the last where its switch row is one off."""
    if _holds(held, canonical, window.last + 1):
        return True
    long = window.last - window.first >= ALIKE
    return long and held.kind in ENDS and _holds(held, canonical, window.last)


def _holds(held: Recording, canonical: Recording, epochs: int) -> bool:
    """Whether a recording begins with that many canonical epochs; a trial with the same learning rates as well."""
    same = starts_with(values_of(held.validation), values_of(canonical.validation)[:epochs])
    if held.kind not in {"lr-trial", "lr-picked"} or held.learning_rate is None or canonical.learning_rate is None:
        return same
    return same and starts_with(held.learning_rate.values, canonical.learning_rate.values[:epochs])


def _phase(window: Window, source: Recording, frame: Frame) -> PhaseSeries:
    canonical = frame.run.canonical
    end = window.last + 1 if source is canonical else source.epochs
    real_first, real_last = frame.course.spans.get(window.level, (None, None))
    best, best_epoch = _best(values_of(canonical.validation)[window.first : window.last + 1], window.first, frame.sign)
    truncated = source is canonical and _truncated(window, frame)
    return PhaseSeries(
        sets=window.sets,
        kind=window.kind,
        first=window.first,
        last=window.last,
        real_first=real_first,
        real_last=None if truncated else real_last,
        best=best,
        best_epoch=best_epoch,
        series=values_of(source.validation)[window.first : end],
        learning_rate=_aligned(source.learning_rate, source, window.first, end),
        train=_aligned(_column(source, "train"), source, window.first, end),
        test=_aligned(_column(source, "test"), source, window.first, end),
        file=source.validation.file if source.validation else "",
        truncated=truncated,
        learning_rate_file=None if source.learning_rate is None else source.learning_rate.file,
    )


def _truncated(window: Window, frame: Frame) -> bool:
    """Whether the canonical files end a phase at its best epoch by construction (F1).

    Nothing is taken back at the end of a dendrite phase, where a set is added every epoch, and where the run was stopped.
    """
    if window.kind == "dendrite" or frame.identity.every_epoch:
        return False
    return frame.may_be_cut if window is frame.windows[-1] else True


def _best(scores: Scores, first: int, sign: int | None) -> tuple[float | None, int | None]:
    """Best committed score of a phase and its first epoch; neither without a direction or a score."""
    known = [(score, first + place) for place, score in enumerate(scores) if score is not None]
    return min(known, key=lambda held: -(sign or 1) * held[0]) if sign and known else (None, None)


def _column(recording: Recording, wanted: Literal["train", "test"]) -> Series | None:
    return next((extra for extra in recording.extras if role(extra.name) == wanted), None)


def _aligned(series: Series | None, source: Recording, first: int, end: int) -> Scores | None:
    """The same epochs of another column; only one of equal length is known to have the same epochs."""
    return series.values[first:end] if series is not None and len(series.values) == source.epochs else None


def trials(frame: Frame, phases: Sequence[PhaseSeries]) -> tuple[Trial, ...]:
    """Every stretch of epochs trained, in order; `phases` as `phase_series` gives them (D9, D15).

    Dendrite phases are left out: no best score is taken from them.
    """
    pairs = zip(frame.windows, phases, strict=True)
    series = {window.level: phase for window, phase in pairs if phase.kind == "neuron"}
    by_level: dict[int, list[Attempt]] = {level: [] for level in series}
    for attempt in frame.attempts:
        if attempt.level % 2 == 0:
            by_level.setdefault(attempt.level, []).append(attempt)
    return tuple(
        trial for level in sorted(by_level) for trial in _trials_at(level, by_level[level], series.get(level), frame.level)
    )


def _trials_at(level: int, found: Sequence[Attempt], phase: PhaseSeries | None, canonical_level: int) -> list[Trial]:
    made = []
    for attempt in found:
        rejected = attempt.outcome == "rejected" or (attempt.outcome == "open" and level > canonical_level)
        kind: Literal["rejected", "lr-trial"] = "rejected" if rejected else "lr-trial"
        made += [_trial(loser, attempt, kind) for loser in attempt.losers]
        if rejected and attempt.end is not None:
            made.append(_trial(attempt.end, attempt, "rejected"))
    if phase is not None:
        made.append(Trial(sets=phase.sets, kind="phase", file=phase.file, first=phase.first, series=phase.series))
    return [trial for trial in made if trial.series]


def _trial(recording: Recording, attempt: Attempt, kind: Literal["rejected", "lr-trial"]) -> Trial:
    file = recording.validation.file if recording.validation else ""
    return Trial(
        sets=attempt.sets, kind=kind, file=file, first=attempt.start, series=values_of(recording.validation)[attempt.start :]
    )
