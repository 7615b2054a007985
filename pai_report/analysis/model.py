"""The analysis of one run: one frozen value, serialisable, equal on every machine.

Conventions: epochs are 0-based. A *committed* epoch is a row of the canonical files; a *real* epoch counts every epoch that
was trained, rolled-back ones included. Scores keep the metric's own units and sign; a *gain* is direction-corrected, so that
positive is better. `None` means "not recorded" or "cannot be judged"; what was missing is in `Analysis.missing`.
"""

from typing import Literal

from pai_report.library import Setting
from pai_report.run.model import Config, Note, ScriptFacts, SourceFile
from pai_report.values import value

Direction = Literal["maximize", "minimize", "undecided"]
Mode = Literal["gd", "pb", "undecided"]
Scale = Literal["fraction", "percent", "free"]
GainClass = Literal["real", "uncertain", "within-noise", "confounded"]
Mismatch = Literal["misaligned", "different-scale", "train-looks-like-a-loss"]
Scores = tuple[float | None, ...]
Need = Literal[  # what was not there; `pai_report.report.missing` words every one of them
    "aligned-train-column",
    "best-scores",
    "comparable-train-column",
    "config",
    "dendrites",  # no set was kept, so that only one network was scored
    "direction",  # neither flag, config, script nor best rows tell it
    "epoch-count",  # the snapshots do not account for every epoch trained
    "first-epoch-with-set",  # the run stopped before the last set was scored
    "more-epochs",
    "parameter-counts",
    "pb-mode",  # gradient-descent dendrites have no correlation scores
    "pb-rows",  # the file of a run that should have scores holds none
    "pb-scores",
    "phase-rates",  # learning rates are recorded, but not beside the scores of a phase
    "picture",
    "right-direction",  # the library followed the score the wrong way
    "scores-file",  # only the best scores are left
    "scores-at-best",  # no best epoch with both a training and a validation score
    "scores-with-dendrites",  # no epoch with sets holds a number
    "snapshots",  # a phase lost its rolled-back epochs
    "switch-file",
    "test-column",
    "times-file",
    "learning-rate-file",
    "train-column",
    "two-sets",
    "validation-scores",
]


@value
class Identity:
    """What kind of run this is, each with what decided it (D0, D3; the library's file formats)."""

    save_name: str
    folder: str
    direction: Direction
    direction_from: Literal["flag", "config", "script", "best-rows", "nothing"]
    mode: Mode
    mode_from: Literal["pb-scores", "switch-rows", "parameter-counts", "config", "nothing"]
    versions: tuple[str, str] | None  # first and last library version that writes such files; "" open end
    scale: Scale
    points_per_unit: float | None  # 100 for a fraction, 1 for a percentage, None on a free scale
    quantum: float | None  # smallest step of the score, when it counts correct samples
    n_validation: int | None  # validation samples, from the quantum
    lookback_differs: bool  # the running score differs from validation: the library decided on the running score
    capacity_test: bool
    every_epoch: bool  # a set was added every epoch (switch mode 0 or the self-test)
    partial: bool
    settings: tuple[Setting, ...]  # the settings the analysis reads, always all of them
    config: Config | None
    script: ScriptFacts | None
    rows_show: Direction = "undecided"  # what the best rows show, whatever flag, config and script say


@value
class EpochBudget:
    """Where the trained epochs went (D15). The four parts add up to `trained`; all `None` when that is unknown."""

    recorded: int  # rows of the canonical Scores file
    trained: int | None
    at_least: int  # lower bound of `trained`, from the files that are there
    committed: int | None
    patience: int | None
    lr_search: int | None
    rejected: int | None
    seconds: tuple[tuple[Literal["committed", "patience", "lr_search", "rejected"], float], ...] | None
    lr_search_by_set: tuple[tuple[int, int], ...]  # (set number, epochs of losing trials)
    end_if_stopped_at_kept: int | None  # epoch at which max_dendrites=kept would have ended the run


@value
class Lifecycle:
    """Sets kept, tried, and how the run ended (D3, D15, D16, C1)."""

    switch_epochs: tuple[int, ...] | None  # canonical rows
    kept: int
    last_set_proven: bool | None  # None: no set was kept
    tried: int | None  # distinct sets trained, kept or not
    attempts: int | None  # kept + rejected tries
    rejected_tries: int | None
    attempted: Literal["yes", "at-first-switch", "inside-first-phase", "no", "unknown"]
    finished: bool | None
    ended_by: Literal["rejected", "max-reached", "stopped", "unknown"]
    budget: EpochBudget
    snapshots: int
    leftovers: int
    unscored_set: int | None = None  # the set added after the last epoch recorded: no epoch with it was ever scored


@value
class Trend:
    """A window of a series tested for a trend: Theil-Sen slope and one-sided Mann-Kendall p (direction-corrected)."""

    epochs: tuple[int, int]  # inclusive, numbering of the phase's own file
    slope: float
    total: float  # slope * (window - 1), goodness
    p: float | None


@value
class Plateau:
    """D5: did the phase end on a plateau? `flat` is None when the series is too short to say."""

    flat: bool | None
    trend: Trend | None
    tolerance: float | None


@value
class Premature:
    """D6: was the network still improving when the next set was added?

    `rise` is the improvement over the last `epochs` (relative to the value before, or in points on bounded scores);
    `untestable`: why no answer could be given.
    """

    fired: bool | None
    confidence: Literal["high", "medium", "low"]
    by_trend: bool
    by_last_best: bool
    before: float | None  # score before the window, metric units
    after: float | None  # best score in the window
    rise_relative: float | None
    rise_points: float | None
    epochs: tuple[int, int] | None
    untestable: Literal["no-snapshot-history", "no-snapshot-fixed", "too-short"] | None
    short_fixed: bool  # a fixed switch with fewer than `early_epochs` epochs before it


@value
class LrChange:
    """One change of the learning rate inside a phase, or at its start (`restart`)."""

    epoch: int  # first epoch at the new rate, numbering of the phase's own file
    old: float
    new: float
    restart: bool
    best_before: float | None  # best score of the 5 epochs before
    best_after: float | None  # best score of the 5 epochs from the change on
    gain: float | None  # best_after - best_before, goodness
    improving_before: bool | None  # the 5 epochs before were still improving (D5 fails)
    gain_rate_ratio: float | None  # improvement rate after / before
    immediate_jump: bool  # to half the rate or less, and gain within 3 epochs >= max(2 sigma, 1 point)
    jump: float | None = None  # that gain: best of the 3 epochs from the change on - best_before, goodness


@value
class Schedule:
    """Learning-rate schedule, identified on the first phase by exact replay (D11)."""

    kind: Literal["constant", "exponential", "step", "linear", "cosine", "warm-up", "plateau", "step-like", "unknown"]
    factor: float | None  # plateau and step: new / old; exponential: gamma
    patience: int | None  # plateau
    step_size: int | None  # step
    t_max: int | None  # cosine
    eta_min: float | None
    candidates: tuple[int, ...]  # every patience that replays the series exactly
    epochs: tuple[int, int] | None
    file: str | None


@value
class Spike:
    """A single-epoch loss far outside the noise (D8), not within the first epochs after a switch."""

    epoch: int
    loss: float  # positive: how much worse than the epoch before, metric units


@value
class Stability:
    """D8: spread of the later epochs of a phase."""

    epochs: tuple[int, int]
    sigma: float | None  # from first differences, winsorised
    deviation: float | None  # standard deviation of those epochs (I2.2)
    variance: float | None
    relative: float | None  # sigma / |best|
    level: Literal["stable", "moderate", "unstable"] | None
    spikes: tuple[Spike, ...]


@value
class Addition:
    """What happened around one switch that added a set (A7, A8, D8)."""

    set_number: int
    epoch: int  # last committed epoch before the set was added
    real_epoch: int | None
    best_before: float | None  # best of the 5 epochs before
    best_after: float | None  # best of the 5 epochs after
    change: float | None  # best_after - best_before, goodness
    previous_best: float | None
    dip: float | None  # previous best - worst of the first 5 epochs after, goodness
    dip_relative: float | None
    recovered: bool | None
    spike: bool  # dip beyond max(5 sigma, 5 % of the previous best), or never recovered
    lr_ratio: float | None  # learning rate first epoch after / last epoch before
    lr_before: float | None
    lr_after: float | None
    cause: Literal["learning-rate-restart", "initialisation"] | None  # of the dip, if it is a spike


@value
class Phase:
    """One training phase (D3). Neuron phase k trains the network with k sets; dendrite phases exist in PB mode only.

    `first`/`last` are committed epochs, inclusive; `real_first`/`real_last` the same in epochs really trained. `series` is
    the full series of the phase from `first` on, discarded tail included, read from `file`; `truncated` says that no
    snapshot kept the tail, so that the series ends at its best epoch by construction (F1).
    """

    sets: int
    kind: Literal["neuron", "dendrite"]
    first: int
    last: int
    real_first: int | None
    real_last: int | None
    best: float | None
    best_epoch: int | None
    series: Scores
    learning_rate: Scores | None
    train: Scores | None  # same epochs as `series`, where a train column of equal length exists
    test: Scores | None
    file: str
    truncated: bool
    plateau: Plateau
    premature: Premature | None  # None: no set was added after this phase
    stability: Stability | None
    lr_changes: tuple[LrChange, ...]
    lr_still_high: bool  # plateau >= patience without a drop although noisy (D11 too high too long)
    lr_dropped_too_quickly: bool
    learning_rate_file: str | None = None  # where `learning_rate` stands


@value
class Change:
    """A difference between two scores: goodness-corrected, so that positive is better (D2)."""

    absolute: float
    relative: float | None  # absolute / |from|
    points: float | None
    samples: float | None  # absolute / quantum: net validation samples


@value
class NoiseTest:
    """D9: is a gain more than this run's own fluctuation?"""

    gain: Change
    sigma: float | None
    sigma_from: Literal["snapshots", "committed", "nothing"]
    autocorrelation: float | None
    epochs_before: int
    epochs_after: int
    expected: float | None  # mu: gain that selection of the best epoch alone would show
    deviation: float | None  # SD under the null
    p: float | None
    floor: float | None  # mu + 1.645 SD, never below 0: smallest gain that would stand out
    sign_p: float | None  # 0.5 ** net samples: best case of the assumption-free bound
    test_change: Change | None  # same comparison on a test column that was not used for selection
    gain_class: GainClass | None
    moved_by_test: Literal["up", "down"] | None
    optimistic: bool  # no snapshots: the number of epochs after is a lower bound


@value
class ExtraScore:
    """A further column of the best-scores table at one network size."""

    name: str
    role: Literal["train", "test", "other"]
    value: float | None
    copy_of_validation: bool


@value
class Architecture:
    """The network with `sets` dendrite sets: one row of the best-scores table, or a set that was tried and rejected."""

    sets: int
    outcome: Literal["base", "kept", "unproven", "rejected"]
    tries: int | None  # rejected sets: number of tries
    parameters: int | None
    best: float | None
    epoch: int | None  # committed epoch of the best score, None for rejected sets
    file: str
    extras: tuple[ExtraScore, ...]
    gain: Change | None  # against the row before; rejected sets: against the best kept score
    test: NoiseTest | None  # this step alone, class Holm-adjusted over all kept steps
    shortfall: float | None  # rejected: what the gain missed the improvement threshold by (goodness), if it was a gain


@value
class Gains:
    """D2, D4, D7, D9: what the dendrites brought."""

    initial: float | None  # epoch 0: an untrained network
    baseline: float | None  # best without dendrites
    baseline_epoch: int | None
    best: float | None
    best_epoch: int | None
    best_sets: int | None
    last_real: float | None  # last epoch really trained, from the newest snapshot
    overall: Change | None  # epoch 0 -> best: training as a whole, never credited to dendrites
    gain: Change | None  # baseline -> best: the dendrite effect
    error_removed: float | None  # (err_base - err_best) / err_base on bounded scores
    test: NoiseTest | None  # the one test behind gain_class and verdict
    gain_class: GainClass | None
    architectures: tuple[Architecture, ...]  # base, kept sets, then rejected sets
    most_impactful: int | None
    optimal: int | None  # N* of D7
    optimal_tolerance: float | None
    course: Literal["diminishing", "equal", "still-gaining"] | None
    too_frequent: bool  # D6b
    rare_but_helpful: bool  # D6c
    test_is_copy: bool  # the test column repeats validation: there is no test result
    best_scores_rebuilt: bool  # no best-scores file: rows rebuilt from Scores and switches
    with_sets: int | None = None  # sets of the best network that has any; `best_sets` where dendrites did not make it worse


@value
class GapPoint:
    """Train against validation at the best epoch with `sets` sets."""

    sets: int
    train: float
    validation: float
    test: float | None
    gap: float  # direction-corrected: positive means train is better
    points: float | None
    test_gap: float | None
    file: str
    epoch: int | None


@value
class Generalization:
    """D10: distance between training and validation."""

    column: str
    comparable: bool
    not_comparable: Mismatch | None
    points: tuple[GapPoint, ...]
    level: Literal["ok", "notice", "overfitting"] | None
    relative: float | None  # gap / |validation|
    diverging: bool  # loss: train improves while validation worsens in the tail
    growth: float | None  # gap at the best kept size - gap without dendrites, points or metric units
    test_level: Literal["ok", "notice", "overfitting"] | None


@value
class Module:
    """D12: correlation scores of one perforated module. `per_set` holds the last score of each dendrite phase."""

    name: str
    per_set: Scores
    score: float | None  # median over sets
    lowest: float | None
    highest: float | None
    tier: Literal["not-learning", "low", "marginal", "good"] | None
    position: int  # order in the header, about the order of definition


@value
class Modules:
    """Perforated modules; `scored` is false in GD runs, where only the list of names is known."""

    file: str
    scored: bool
    modules: tuple[Module, ...]
    phases: int
    below_checklist_limit: int  # how many the checklist's "< 0.3" would exclude


@value
class Efficiency:
    """D14, C12: parameters and what they bought."""

    baseline: int | None
    best: int | None
    final: int | None
    growth: float | None  # (best - baseline) / baseline
    doubled_base: bool | None  # old library versions count the base network twice; None: not certain
    gain_per_growth: float | None  # points (or % relative) per +100 % parameters
    marginal: tuple[float | None, ...]  # the same for each kept set
    perforated: int | None  # P of the parameter law
    neurons: int | None  # N of the parameter law
    tracked: int | None  # T of the parameter law
    next_set: int | None  # predicted parameter count with one more set (GD only)
    original: int | None  # --original-params


@value
class Convergence:
    """D13: the last trained phase."""

    converged: bool | None
    still_improving: bool
    file: str
    epochs: tuple[int, int] | None
    converged_early: bool
    largest_wait: int | None  # longest gap between two improvements over all phases, epochs
    could_lower_to: int | None  # n_epochs_to_switch that would have lost nothing
    wait_file: str | None = None  # where `largest_wait` stands: the phase may be another than the last one
    wait_epochs: tuple[int, int] | None = None  # the improvements before and after it, numbering of `wait_file`


@value
class SwitchTiming:
    """Measured against configured intervals (C7), and the patience check M1 (C11)."""

    intervals: tuple[int, ...]  # real epochs between additions, where known
    committed_intervals: tuple[int, ...]
    minimum_to_first_switch: int | None  # T1.9
    patience_never_drops: bool | None  # M1


@value
class Missing:
    """Something that could not be judged: which topic, and what file or column was not there."""

    topic: str  # "generalization", "learning-rate", "modules", "parameters", "gain", "premature", "epochs-trained", ...
    needs: Need
    unused: str | None = None  # the file that should tell it, where it is there but could not be used


@value
class Disagreement:
    """A point on which the tables of one run do not tell the same.

    `file` stands alone against `others`, whose word was taken; None: there is no majority, and `others` contradict each other.
    `expected` is what the majority tells (without one: what the first of them tells), `read` what stands in `file`: sets,
    epochs, parameters, or a score. `row` is the 1-based line in the file.
    """

    about: Literal["sets", "switch-epochs", "sizes", "best-scores", "epochs"]
    file: str | None
    others: tuple[str, ...]
    row: int | None
    expected: float
    read: float


@value
class Track:
    """The canonical series, for tables and pictures."""

    file: str
    validation: Scores
    running: Scores | None
    extras: tuple[tuple[str, Literal["train", "test", "other"], Scores], ...]
    learning_rate: Scores | None
    learning_rate_file: str | None
    epoch_seconds: Scores | None
    recorded_gaps: tuple[int, ...]  # epochs whose validation was no finite number


@value
class Analysis:
    """Everything the numbers of one run say. Reports and pictures take their data from here and from nothing else."""

    identity: Identity
    lifecycle: Lifecycle
    track: Track
    phases: tuple[Phase, ...]
    additions: tuple[Addition, ...]
    gains: Gains
    schedule: Schedule | None
    generalization: Generalization | None
    modules: Modules | None
    efficiency: Efficiency
    convergence: Convergence | None
    timing: SwitchTiming
    wrong_direction: bool  # X4
    wrong_direction_hint: bool  # the low-confidence version of X4
    flat_dendrite_phase_broken: bool  # PB: validation fell while only dendrites trained
    missing: tuple[Missing, ...]
    notes: tuple[Note, ...]
    ignored: tuple[str, ...]
    sources: tuple[SourceFile, ...]
    picture: str | None  # name of the library's own PNG
    never_changes: bool = False  # validation holds one value in every epoch recorded anywhere in the run
    added_nothing: tuple[int, ...] = ()  # sets whose network has as many parameters as the one before
    disagreements: tuple[Disagreement, ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # canonical file names by kind (`pai_report.run.model.Kind`), config included

    def file(self, kind: str) -> str | None:
        """Name of the canonical file of `kind`, if the run has it."""
        return dict(self.files).get(kind)
