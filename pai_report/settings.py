"""Options and thresholds: what the user may change, with the source of every default."""

from dataclasses import field, fields
from datetime import date
from typing import Any, Literal

from pai_report.values import value


def threshold(default: float, unit: str, source: str) -> Any:
    """A threshold field that carries its unit and where its default comes from."""
    return field(default=default, metadata={"unit": unit, "source": source})


@value
class Thresholds:
    """Every limit the analysis and the rules use. Points are hundredths of a bounded score's range."""

    premature_rise: float = threshold(0.02, "of the score", "requirements O2.5: +2 % in the last few epochs")
    premature_epochs: int = threshold(5, "epochs", "requirements O2.5: the last few epochs")
    trend_level: float = threshold(0.05, "probability", "customary: level of a Mann-Kendall test")
    real_level: float = threshold(0.05, "probability", "customary: one-sided level")
    uncertain_level: float = threshold(0.20, "probability", "own choice: four times the level of a real gain")
    samples_needed: int = threshold(5, "validation samples", "statistics: 0.5**5 = 3 %, with fewer no sign test reaches 5 %")
    gap_notice: float = threshold(5.0, "points", "requirements A16: recommend regularization above 5 to 10 %")
    gap_overfitting: float = threshold(10.0, "points", "requirements A16")
    loss_gap: float = threshold(0.5, "of the validation loss", "own choice: losses have no points")
    growth_overfitting: float = threshold(5.0, "points", "requirements A16: applied to the growth of the gap")
    stable: float = threshold(0.005, "of the best score", "own choice: held against the real runs")
    unstable: float = threshold(0.02, "of the best score", "own choice: held against the real runs")
    spike: float = threshold(0.05, "of the best score", "own choice")
    lr_restart: float = threshold(3.0, "times", "own choice: smaller changes are not a restart")
    overdue_jump: float = threshold(0.01, "of the score", "own choice: one point, where the spread allows")
    overdue_noise: float = threshold(0.01, "of the best score", "own choice: twice the spread that counts as stable")
    diminishing: float = threshold(0.10, "of the largest gain", "requirements O1.1: 2 % is not worth it, 40 % is")
    equal_gains: float = threshold(0.5, "of the largest gain", "own choice: for O1.4")
    pb_not_learning: float = threshold(0.001, "correlation", "library documentation: less is noise")
    pb_low: float = threshold(0.01, "correlation", "requirements O3.3")
    pb_good: float = threshold(0.02, "correlation", "requirements O3.2")
    early_epochs: int = threshold(10, "epochs", "own choice: a fixed switch before this leaves no baseline to compare with")


@value
class Known:
    """A finding that is known and stays quiet in the nightly digest until the day `until`, that day included.

    `run` is a pattern for the run's key in the batch (`*` and `?` as in file names), `code` the finding's code.
    """

    run: str
    code: str
    until: date
    reason: str = ""


@value
class Settings:
    """The user's choices for one report. `file` is the name of the configuration file that made some of them, if one did."""

    direction: Literal["maximize", "minimize"] | None = None
    original_params: int | None = None
    thresholds: Thresholds = Thresholds()
    off: tuple[str, ...] = ()  # codes of the rules that are switched off, sorted
    known: tuple[Known, ...] = ()
    file: str | None = None

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the thresholds that differ from their defaults, in the order of `Thresholds`."""
        usual = Thresholds()
        return tuple(held.name for held in fields(usual) if getattr(usual, held.name) != getattr(self.thresholds, held.name))

    def source(self, name: str) -> str:
        """Where the value of the threshold `name` comes from: the source of its default, or the file that changed it."""
        if name in self.changed:
            return f"set in {self.file}" if self.file else "set by the user"
        return next(str(held.metadata["source"]) for held in fields(self.thresholds) if held.name == name)
