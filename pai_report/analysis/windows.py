"""Which epochs belong to which phase, from the switch rows alone (D3, the library's file formats)."""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.model import Mode
from pai_report.run.model import Recording
from pai_report.values import value


@value
class Window:
    """The epochs `first` to `last`, inclusive, of one phase; `level` is the number of switch rows before it.

    Neuron phase k trains the network with k sets; dendrite phase k follows it and trains set k + 1 while the network still
    scores with k.
    """

    sets: int
    kind: Literal["neuron", "dendrite"]
    first: int
    last: int
    level: int


def windows(switches: Sequence[int], epochs: int, mode: Mode) -> tuple[Window, ...]:
    """The phases of a recording of `epochs` epochs in order, empty ones left out.

    Without Perforated Backpropagation the two rows of a set are equal, so that no dendrite phase has epochs; a last single
    row is then the torn end of a file and counts for nothing.
    """
    rows = tidy(switches, epochs)
    if mode != "pb" and len(rows) % 2:
        rows = rows[:-1]
    edges = [-1, *rows, epochs - 1]
    spans = [
        Window(
            sets=level // 2,
            kind="dendrite" if level % 2 else "neuron",
            first=edges[level] + 1,
            last=edges[level + 1],
            level=level,
        )
        for level in range(len(rows) + 1)
    ]
    return tuple(span for span in spans if span.first <= span.last)


def windows_of(recording: Recording, mode: Mode) -> tuple[Window, ...]:
    """The phases of a recording; none where its switch rows are missing although its other tables show that it had some."""
    networks = max(len(recording.parameter_counts or ()), len(recording.best_rows or ()))
    if recording.switch_epochs is None and networks > 1:
        return ()
    return windows(recording.switch_epochs or (), recording.epochs, mode)


def tidy(switches: Sequence[int], epochs: int) -> tuple[int, ...]:
    """The switch rows as far as they rise and lie within the series; what follows a wrong row cannot be placed."""
    rows: list[int] = []
    for epoch in switches:
        if not max(rows[-1] if rows else 0, 0) <= epoch < epochs:
            break
        rows.append(epoch)
    return tuple(rows)
