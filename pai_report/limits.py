"""Every number that decides, with its unit, its source and where it decides.

What a user may change stands here and nowhere else: the configuration file, the appendix of a report and the pages of
`pai-report explain` read this table. Not here, because nobody's judgement changes them: facts of the library, the marks by
which a scheduler is recognised in its own rates, tolerances for numbers that were rounded, and bounds on work. Points are
hundredths of a bounded score's range.
"""

from dataclasses import field, fields
from typing import Any

from pai_report.values import value

OWN = "own choice"
GAINS = "gains and noise"
TIMING = "plateau and timing of sets"
SETS = "number of sets"
STABILITY = "stability"
RATE = "learning rate"
WAITING = "waiting and search"
GAP = "training against validation"
DIRECTION = "direction"
SIZE = "modules and parameters"
READING = "size of files"


def limit(topic: str, default: float, unit: str, source: str, where: str) -> Any:
    """A limit with its unit, where its default comes from, and which definitions and rules it decides (`where`)."""
    return field(default=default, metadata={"topic": topic, "unit": unit, "source": source, "where": where})


@value
class Limits:
    """The limits of one report, each above zero. A user's own stand in `pai-report.toml` under `[limits]`."""

    trend_level: float = limit(GAINS, 0.05, "probability", "customary: level of a Mann-Kendall test", "D5, D6, D10")
    real_level: float = limit(GAINS, 0.05, "probability", "customary: one-sided level", "D9")
    uncertain_level: float = limit(GAINS, 0.20, "probability", "own choice: four times the level of a real gain", "D9")
    samples_needed: int = limit(
        GAINS, 5, "validation samples", "statistics: 0.5**5 = 3 %, with fewer no sign test reaches 5 %", "D9, PAI060"
    )
    tail_lead: int = limit(GAINS, 4, "epochs", "own choice: before the best one, where the network no longer learns much", "D9")
    noise_epochs: int = limit(GAINS, 3, "epochs", "statistics: with fewer a side there is no spread", "D9")
    quantum_scores: int = limit(GAINS, 5, "different scores", "own choice: fewer fit too many numbers of samples", "D0")
    most_samples: int = limit(
        GAINS, 10_000, "validation samples", "own choice: beyond it every score is a share of some number", "D0"
    )

    plateau_window: int = limit(TIMING, 10, "epochs", "own choice: the library's default patience", "D5")
    trend_epochs: int = limit(TIMING, 5, "epochs", "statistics: with fewer no Mann-Kendall test reaches 5 %", "D5, D6")
    premature_rise: float = limit(TIMING, 0.02, "of the score", "requirements O2.5: +2 % in the last few epochs", "D6, PAI201")
    premature_epochs: int = limit(TIMING, 5, "epochs", "requirements O2.5: the last few epochs", "D6, PAI201")
    newest_epochs: int = limit(TIMING, 2, "epochs", "own choice: a best score so late is a new one", "D6, PAI201")
    early_epochs: int = limit(
        TIMING, 10, "epochs", "own choice: a fixed switch before this leaves no baseline to compare with", "D6, PAI201"
    )

    diminishing: float = limit(
        SETS, 0.10, "of the largest gain", "requirements O1.1: 2 % is not worth it, 40 % is", "D7, PAI101"
    )
    equal_gains: float = limit(SETS, 0.5, "of the largest gain", "own choice: for O1.4", "D7, PAI102")
    useless_sets: int = limit(SETS, 2, "sets", "own choice: one within noise is an accident", "D6b, PAI202")
    short_phase: int = limit(
        SETS, 3, "epochs beyond the patience", "own choice: hardly more than the wait itself", "D6b, PAI202"
    )
    short_share: float = limit(SETS, 0.5, "of the additions", "own choice", "D6b, PAI202")
    long_plateau: int = limit(SETS, 3, "times the patience", "own choice", "D6c, PAI203")
    every_epoch_sets: int = limit(SETS, 2, "sets", "own choice: one phase of one epoch is an accident", "D3, PAI003")

    unchanged_epochs: int = limit(STABILITY, 5, "epochs", "own choice: fewer may be equal by chance", "PAI021")
    later_epochs: int = limit(STABILITY, 10, "epochs", "own choice: the end of a phase, at least", "D8")
    later_share: float = limit(STABILITY, 0.2, "of the phase", "own choice: the end of a phase", "D8")
    early_share: float = limit(STABILITY, 0.2, "of the first phase", "own choice: there a network still learns fast", "D8")
    settling: int = limit(STABILITY, 5, "epochs", "own choice: after a switch", "D8")
    stable: float = limit(STABILITY, 0.005, "of the best score", "own choice: held against the real runs", "D8, PAI070")
    unstable: float = limit(STABILITY, 0.02, "of the best score", "own choice: held against the real runs", "D8, PAI070")
    spike_sigmas: float = limit(STABILITY, 5.0, "times the noise", OWN, "D8, PAI070")
    spike_share: float = limit(STABILITY, 0.02, "of the best score", OWN, "D8, PAI070")
    spike_samples: int = limit(STABILITY, 3, "validation samples", OWN, "D8, PAI070")
    smallest_noise: float = limit(STABILITY, 1e-6, "of the best score", "own choice: where the samples are not known", "D8")
    spread_epochs: int = limit(STABILITY, 10, "epochs", "own choice: a shorter stretch gives low confidence", "PAI070")
    dip_sigmas: float = limit(STABILITY, 5.0, "times the noise", OWN, "D8, PAI501, PAI502")
    spike: float = limit(STABILITY, 0.05, "of the best score", OWN, "D8, PAI501, PAI502")

    neighbours: int = limit(RATE, 5, "epochs", "requirements A7: before and after a change", "A7, A23, D8, D11")
    lr_restart: float = limit(RATE, 3.0, "times", "own choice: smaller changes are not a restart", "D8, PAI502, PAI503")
    lr_lost: float = limit(
        RATE, 0.001, "of the first learning rate", "library documentation: new dendrites hardly move", "PAI011"
    )
    stopped: float = limit(RATE, 0.25, "of the earlier rate of improvement", OWN, "D11, PAI401")
    exhausted: float = limit(RATE, 0.01, "of the phase's first learning rate", OWN, "D11, PAI401")
    exhausted_share: float = limit(RATE, 0.5, "of the phase's epochs", OWN, "D11, PAI401")
    sharp_drop: float = limit(
        RATE, 0.5, "of the old rate", "own choice: the small steps of a curve follow each other", "D11, PAI402, PAI403"
    )
    jump_epochs: int = limit(RATE, 3, "epochs", OWN, "D11, PAI402")
    jump_sigmas: float = limit(RATE, 2.0, "times the noise", OWN, "D11, PAI402")
    overdue_jump: float = limit(RATE, 0.01, "of the score", "own choice: one point, where the spread allows", "D11, PAI402")
    overdue_noise: float = limit(
        RATE, 0.01, "of the best score", "own choice: twice the spread that counts as stable", "D11, PAI402"
    )
    phases_alike: int = limit(RATE, 2, "phases", "own choice: one alone shows no habit of the schedule", "PAI403")
    most_changes: int = limit(RATE, 100, "changes in a phase", "own choice: more follow a curve", "D11")

    converged_early: float = limit(
        WAITING, 0.5, "of the phase", "own choice: a best epoch before it means waiting", "D13, PAI602"
    )
    wait_margin: int = limit(WAITING, 3, "epochs", "own choice: on top of the longest wait", "D13, PAI602")
    scheduler_margin: int = limit(
        WAITING, 2, "epochs", "library: the rate must be able to drop before the switch", "C11, D13, PAI602"
    )
    large_share: float = limit(
        WAITING, 0.2, "of all epochs trained", "own choice: below it there is little to save", "PAI603, PAI604"
    )

    gap_notice: float = limit(GAP, 5.0, "points", "requirements A16: recommend regularization above 5 to 10 %", "D10, PAI801")
    gap_overfitting: float = limit(GAP, 10.0, "points", "requirements A16", "D10, PAI801")
    loss_gap: float = limit(GAP, 0.5, "of the validation loss", "own choice: losses have no points", "D10, PAI801")
    growth_overfitting: float = limit(GAP, 5.0, "points", "requirements A16: applied to the growth of the gap", "O8.12, PAI802")
    diverging_sigmas: float = limit(GAP, 2.0, "times the noise", OWN, "D10, PAI801")
    about_as_far: float = limit(GAP, 0.5, "of the gap", OWN, "PAI801")
    scale_epochs: int = limit(GAP, 3, "epochs", "own choice: the first recorded ones", "D10")
    lowest_ratio: float = limit(GAP, 0.2, "of the validation score", "own choice: below it another scale", "D10")
    highest_ratio: float = limit(GAP, 5.0, "times the validation score", "own choice: above it another scale", "D10")
    opposed: float = limit(GAP, 0.5, "rank correlation", "own choice: columns that run against each other", "D10")
    opposed_pairs: int = limit(GAP, 5, "epochs", "own choice: fewer show no sense", "D10")

    falling_level: float = limit(DIRECTION, 0.01, "probability", "own choice: a fifth of the usual level", "X4, PAI001")
    same_metric: float = limit(
        DIRECTION, 0.2, "of the first score", "own choice: a train column that starts as near is the same metric", "X4, PAI001"
    )
    other_metric: float = limit(
        DIRECTION, 2.0, "times", "own choice: a train column that starts further away is another metric", "X4, PAI001"
    )
    neuron_epochs: int = limit(DIRECTION, 10, "epochs", "own choice: before a dendrite phase", "D3, PAI017")
    worse_sigmas: float = limit(DIRECTION, 3.0, "times the noise", OWN, "D3, PAI017")
    worse_share: float = limit(DIRECTION, 0.005, "of the score", "own choice: half a point", "D3, PAI017")

    pb_not_learning: float = limit(SIZE, 0.001, "correlation", "library documentation: less is noise", "D12, PAI302")
    pb_low: float = limit(SIZE, 0.01, "correlation", "requirements O3.3", "D12, PAI301")
    pb_good: float = limit(SIZE, 0.02, "correlation", "requirements O3.2", "D12, PAI301, PAI303")
    growth_unproven: float = limit(
        SIZE, 0.5, "of the parameters", "own choice: for a gain that is not established", "D14, PAI901"
    )
    poor_return: float = limit(SIZE, 0.1, "of the first set's gain per parameter", OWN, "D14, PAI901")

    table_size: int = limit(READING, 256, "MB", "own choice: the largest seen has 161 MB", "PAI020")
    small_size: int = limit(READING, 4, "MB", "own choice: of a configuration or script", "PAI020")
    picture_size: int = limit(READING, 32, "MB", OWN, "PAI020")
    run_size: int = limit(READING, 1024, "MB", "own choice: of all files of a run", "PAI020")
    report_size: int = limit(READING, 256, "MB", "own choice: of a report that is read back", "PAI020")

    def __post_init__(self) -> None:
        """Refuse what no limit can be, whatever it was read from."""
        if not all(getattr(self, entry.name) > 0 for entry in fields(self)):
            raise ValueError("a limit is not above zero")
