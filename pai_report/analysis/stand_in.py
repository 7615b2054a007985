"""What the snapshots of a run tell where its canonical files are missing."""

from dataclasses import replace

from pai_report.run.model import EpochTimes, Recording, Run, Series


def without_rejected_set(run: Run) -> Run:
    """The run with the state before the rejected set as its canonical recording.

    Only where a snapshot of a rejected set stands in for missing canonical files, as its infix tells: the library took that
    set out again, so that the state before it is the surviving lineage. The snapshot itself stays one.
    """
    rows = run.canonical.switch_epochs or ()
    if "_noImprove_lr_" not in run.canonical.infix or len(rows) < 2:
        return run
    rejected = replace(run.canonical, kind="no-improvement")
    return replace(run, canonical=_cut(rejected, max(0, rows[-2] + 1)), snapshots=(*run.snapshots, rejected))


def with_switches(run: Run) -> Run:
    """The run with its switch rows from a snapshot, where their own file is missing.

    How many there were is told by the parameter counts, one more than rows. Every snapshot from after the last of them begins
    with the same rows, except a rejected try of the last kept set, which switched elsewhere.
    """
    canonical = run.canonical
    count = len(canonical.parameter_counts or ()) - 1
    if canonical.switch_epochs is not None or count < 1:
        return run
    rows = (held.switch_epochs or () for held in run.snapshots if held.kind != "no-improvement")
    longer = (held.switch_epochs or () for held in run.snapshots if len(held.switch_epochs or ()) > count)
    found = next((held[:count] for held in (*rows, *longer) if len(held) >= count and held[count - 1] < canonical.epochs), None)
    return replace(run, canonical=replace(canonical, switch_epochs=found))


def _cut(held: Recording, epochs: int) -> Recording:
    """A recording before its last set was added, `epochs` long."""
    times = held.times
    return replace(
        held,
        infix="",
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
