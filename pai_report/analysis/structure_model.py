"""The shape of a run before anything is judged: its identity, phases, trials and network sizes."""

from typing import Literal

from pai_report.analysis.model import (
    Architecture,
    Disagreement,
    Efficiency,
    Identity,
    Lifecycle,
    Modules,
    Scores,
    SwitchTiming,
    Track,
)
from pai_report.values import value


@value
class PhaseSeries:
    """The scores of one phase, in the metric's own units.

    `first`/`last` are committed epochs, inclusive; `series` starts at `first` and holds the discarded tail where a snapshot
    kept it (`truncated` false), read from `file`. `learning_rate`, `train` and `test` are of the same length or `None`.
    """

    sets: int
    kind: Literal["neuron", "dendrite"]
    first: int
    last: int
    real_first: int | None
    real_last: int | None
    best: float | None
    best_epoch: int | None  # committed
    series: Scores
    learning_rate: Scores | None
    train: Scores | None
    test: Scores | None
    file: str
    truncated: bool
    learning_rate_file: str | None = None  # where `learning_rate` stands


@value
class Trial:
    """A stretch of epochs trained with `sets` sets: the full series of a phase, a losing learning-rate trial, a rejected try.

    `first` is the epoch in `file` at which the stretch starts; `series` runs to its end. Copies (PICKED) are left out, so
    that the lengths of all trials with `sets` sets add up to the epochs trained at that count (D9, D15).
    """

    sets: int
    kind: Literal["phase", "lr-trial", "rejected"]
    file: str
    first: int
    series: Scores


@value
class Structure:
    """Everything the judging half of the analysis works on. `architectures` carry gains but no noise tests yet."""

    identity: Identity
    lifecycle: Lifecycle
    track: Track
    phases: tuple[PhaseSeries, ...]
    trials: tuple[Trial, ...]
    architectures: tuple[Architecture, ...]
    best_scores_rebuilt: bool
    test_is_copy: bool
    last_real: float | None
    efficiency: Efficiency
    modules: Modules | None
    timing: SwitchTiming  # `patience_never_drops` is filled in when the schedule is known
    disagreements: tuple[Disagreement, ...] = ()
