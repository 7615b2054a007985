"""D13: did the last training stretch converge, and was the patience longer than needed?"""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.measure import Measure, best_place
from pai_report.analysis.model import Convergence, Scores
from pai_report.analysis.plateau import plateau, plateau_tolerance
from pai_report.analysis.stability import noise_level
from pai_report.values import value


@value
class Stretch:
    """A full series in goodness: `first` is the epoch of its first value in `file`; `truncated`: its tail is not known."""

    goodness: Scores
    first: int
    sets: int
    file: str
    truncated: bool


@value
class Wait:
    """The longest stretch of one phase without an improvement: the improvements at its ends, numbering of `file`."""

    file: str
    epochs: tuple[int, int]


def improvements(stretch: Stretch, measure: Measure) -> list[int]:
    """Positions at which the library took the score as an improvement and started its patience anew (F5).

    The first recorded score always counts, because the best score is reset at every switch.
    """
    places: list[int] = []
    best: float | None = None
    for place, level in enumerate(stretch.goodness):
        if level is None or (best and level - best <= measure.library.improvement_threshold_raw):
            continue  # most epochs: told apart before the whole rule is asked
        if best is None or measure.improves(measure.sign * level, measure.sign * best, stretch.sets):
            best = level
            places.append(place)
    return places


def longest_wait(places: Sequence[int]) -> tuple[int, int]:
    """The two improvements in a row that are furthest apart; the only one twice where nothing followed it."""
    return max(pairwise(places), key=lambda pair: pair[1] - pair[0], default=(places[0], places[0]))


def stops_at(places: Sequence[int], patience: int) -> int:
    """Position of the last improvement that a run with this patience would still have seen."""
    for earlier, later in pairwise(places):
        if later - earlier > patience:
            return earlier
    return places[-1]


def convergence(
    last: Stretch, phases: Sequence[Stretch], measure: Measure, *, history: bool, scheduler_patience: int | None
) -> Convergence:
    """Judge the last stretch that was trained, and the patience over all `phases` (D13).

    A stretch that is cut at its best epoch cannot be judged: `converged` is None. Only in history mode is there a patience to
    lower; a lower one is proposed only after a replay lost no improvement.
    """
    sigma = noise_level(last.goodness, measure)
    tolerance = plateau_tolerance(last.goodness, last.sets, sigma, measure)
    last_plateau = None if last.truncated else plateau(last.goodness, last.first, tolerance, measure)
    flat = None if last_plateau is None else last_plateau.flat
    waits = [improvements(phase, measure) for phase in phases]
    waited = _longest_of(phases, waits)
    wait = None if waited is None else waited.epochs[1] - waited.epochs[0]
    early = bool(phases) and all(_best_early(phase, measure) for phase in phases)
    lower = _lower_patience(waits, wait, measure, scheduler_patience) if history and early else None
    return Convergence(
        converged=flat,
        still_improving=flat is False,
        file=last.file,
        epochs=None if last_plateau is None or last_plateau.trend is None else last_plateau.trend.epochs,
        converged_early=early and history and wait is not None and measure.patience > wait + measure.limits.wait_margin,
        largest_wait=wait,
        could_lower_to=lower,
        wait_file=None if waited is None else waited.file,
        wait_epochs=None if waited is None else waited.epochs,
    )


def _longest_of(phases: Sequence[Stretch], waits: Sequence[Sequence[int]]) -> Wait | None:
    """The longest wait over all phases, the earliest of equal ones; None where no phase has a score."""
    longest = [_wait_in(phase, places) for phase, places in zip(phases, waits, strict=True) if places]
    return max(longest, key=lambda wait: wait.epochs[1] - wait.epochs[0], default=None)


def _wait_in(phase: Stretch, places: Sequence[int]) -> Wait:
    before, after = longest_wait(places)
    return Wait(file=phase.file, epochs=(phase.first + before, phase.first + after))


def _best_early(phase: Stretch, measure: Measure) -> bool:
    place = best_place(phase.goodness)
    return not phase.truncated and place is not None and place < measure.limits.converged_early * len(phase.goodness)


def _lower_patience(
    waits: Sequence[Sequence[int]], wait: int | None, measure: Measure, scheduler_patience: int | None
) -> int | None:
    if wait is None:
        return None
    for_scheduler = 0 if scheduler_patience is None else scheduler_patience + measure.limits.scheduler_margin
    proposed = max(wait + measure.limits.wait_margin, for_scheduler)
    nothing_lost = all(stops_at(places, proposed) == places[-1] for places in waits if places)
    return proposed if proposed < measure.patience and nothing_lost else None
