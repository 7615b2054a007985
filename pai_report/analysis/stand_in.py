"""Partial runs: what a rejected set's snapshot tells of the network the library went back to."""

from dataclasses import replace

from pai_report.run.model import EpochTimes, Recording, Run, Series


def without_rejected_set(run: Run) -> Run:
    """The run with the state before the rejected set as its canonical recording.

    Only where a snapshot of a rejected set stands in for missing canonical files: the library took that set out again
    (formats section 6), so that the state before it is the surviving lineage. The snapshot itself stays one.
    """
    rows = run.canonical.switch_epochs or ()
    if run.canonical.kind != "no-improvement" or len(rows) < 2:
        return run
    others = tuple(snapshot for snapshot in run.snapshots if snapshot.infix != run.canonical.infix)
    return replace(run, canonical=_cut(run.canonical, max(0, rows[-2] + 1)), snapshots=(*others, run.canonical))


def _cut(held: Recording, epochs: int) -> Recording:
    """A recording before its last set was added, `epochs` long."""
    times = held.times
    return replace(
        held,
        kind="canonical",
        validation=_head(held.validation, epochs),
        running=_head(held.running, epochs),
        extras=tuple(replace(extra, values=extra.values[:epochs]) for extra in held.extras),
        learning_rate=_head(held.learning_rate, epochs),
        times=times and EpochTimes(file=times.file, neuron=times.neuron[:epochs], dendrite=times.dendrite[:epochs]),
        switch_epochs=(held.switch_epochs or ())[:-2],
        parameter_counts=held.parameter_counts and held.parameter_counts[:-2],
        best_rows=held.best_rows and held.best_rows[: len(held.switch_epochs or ()) // 2],
    )


def _head(series: Series | None, epochs: int) -> Series | None:
    return series and replace(series, values=series.values[:epochs])
