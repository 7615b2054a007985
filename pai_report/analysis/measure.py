"""How the scores of one run are measured: direction, scale, smallest step, and the library settings the judging needs."""

import math

from pai_report.analysis.model import Change, Identity, Scores
from pai_report.library import InForce, in_force
from pai_report.limits import Limits
from pai_report.settings import Settings
from pai_report.values import value

SMALLEST_REFERENCE = 1e-12  # D2: below it a relative change says nothing


@value
class Measure:
    """The yardstick of one run.

    `sign` is +1 when larger scores are better, -1 when smaller ones are; an undecided direction has no `Measure`.
    """

    sign: int
    points_per_unit: float | None
    quantum: float | None
    library: InForce
    limits: Limits

    @property
    def patience(self) -> int:
        """Epochs without improvement after which the library switches, at least one."""
        return max(1, self.library.n_epochs_to_switch)

    def goodness(self, series: Scores) -> Scores:
        """Scores with the sign changed where smaller is better, so that larger is always better."""
        return series if self.sign > 0 else tuple(None if score is None else -score for score in series)

    def share(self, gain: float, reference: float) -> float | None:
        """A gain as a share of the score: points / 100 on bounded scores, else relative to `reference` (C16)."""
        if self.points_per_unit is not None:
            return gain * self.points_per_unit / 100
        return gain / abs(reference) if abs(reference) >= SMALLEST_REFERENCE else None

    def change(self, start: float, end: float) -> Change:
        """The way from one score to another (D2)."""
        gain = self.sign * (end - start)
        return Change(
            absolute=gain,
            relative=gain / abs(start) if abs(start) >= SMALLEST_REFERENCE else None,
            points=None if self.points_per_unit is None else gain * self.points_per_unit,
            samples=None if self.quantum is None else gain / self.quantum,
        )

    def improves(self, score: float, best: float, sets: int) -> bool:
        """Whether the library takes `score` as an improvement on `best`: both thresholds must be passed (F5, C18).

        The tracker lowers the new score itself by the share (raises it, when minimising) and takes a best of 0 as unset.
        """
        if best == 0:
            return True
        shrunk = score * (1 - self.sign * self.library.threshold(sets))
        return self.sign * (shrunk - best) > 0 and self.sign * (score - best) > self.library.improvement_threshold_raw


def ratio(part: float | None, whole: float | None) -> float | None:
    """`part` as a multiple of the size of `whole`; None where either is unknown or the ratio is no number."""
    if part is None or whole is None or whole == 0:
        return None
    quotient = part / abs(whole)
    return quotient if math.isfinite(quotient) else None


def best_place(goodness: Scores) -> int | None:
    """Position of the first largest recorded value; None where nothing was recorded."""
    best = max(finite(goodness), default=None)
    return None if best is None else goodness.index(best)


def finite(series: Scores) -> list[float]:
    """The recorded values in order."""
    return [score for score in series if score is not None]


def points_of(series: Scores, first: int = 0) -> list[tuple[int, float]]:
    """Recorded values with their epochs, `first` being the epoch of the first value."""
    return [(first + place, score) for place, score in enumerate(series) if score is not None]


def measure_of(identity: Identity, settings: Settings) -> Measure | None:
    """How the scores of this run are measured; None where the direction is undecided."""
    if identity.direction == "undecided":
        return None
    return Measure(
        sign=1 if identity.direction == "maximize" else -1,
        points_per_unit=identity.points_per_unit,
        quantum=identity.quantum,
        library=in_force(identity.settings),
        limits=settings.limits,
    )
