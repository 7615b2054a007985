"""D0: range of the score, and its smallest step where it counts correct samples."""

from collections.abc import Iterable, Sequence

from pai_report.analysis.model import Direction, Scale, Scores
from pai_report.limits import Limits
from pai_report.values import value

NEAR_WHOLE = 1e-3
DIGITS = 5  # shares of up to 10,000 samples that differ at all differ within these digits


@value
class Quantum:
    """A score that is `step` for each of `samples` validation samples."""

    step: float
    samples: int


def quantum(scores: Iterable[float], limits: Limits) -> Quantum | None:
    """The smallest number of samples, at least 2, of which every score is a share; in metric units (D0).

    None for too few distinct scores, for scores outside [0, 1] and [0, 100], and where no number fits. The score
    that ruled a number out is asked first the next time, so that the search takes about one look per number of samples.
    """
    known = sorted(set(scores))
    if not known or known[0] < 0 or known[-1] > 100:
        return None
    span = 1.0 if known[-1] <= 1 else 100.0
    shares = [score / span for score in known]
    if not limits.quantum_scores <= len({round(share, DIGITS) for share in shares}) <= limits.most_samples + 1:
        return None
    for samples in range(2, limits.most_samples + 1):
        if _all_whole(shares, samples) and len({round(share * samples) for share in shares}) >= limits.quantum_scores:
            return Quantum(step=span / samples, samples=samples)
    return None


def _all_whole(shares: list[float], samples: int) -> bool:
    """Whether every share is a whole number of samples; a share that is not moves to the front."""
    for place, share in enumerate(shares):
        counted = share * samples
        if abs(counted - round(counted)) > NEAR_WHOLE:
            shares[0], shares[place] = share, shares[0]
            return False
    return True


def scale(
    scores: Sequence[float], direction: Direction, train: Sequence[Scores], validation: Scores, counted: Quantum | None
) -> Scale:
    """Fraction, percent or free (D0). `train` holds the train columns of the same file as `validation`."""
    if direction != "maximize" or not scores or min(scores) < 0 or max(scores) > 100:
        return "free"
    if max(scores) <= 1:
        return "fraction"
    return "percent" if counted is not None or any(_percent_beside(column, validation) for column in train) else "free"


def _percent_beside(column: Scores, validation: Scores) -> bool:
    """Whether a train column runs in percent, epoch by epoch on the scale of the validation score (D10)."""
    known = [score for score in column if score is not None]
    if not known or min(known) < 0 or not 1 < max(known) <= 100 or len(column) != len(validation):
        return False
    pairs = [(a, b) for a, b in zip(column, validation, strict=True) if a is not None and b]
    ratios = sorted(a / b for a, b in pairs[:3] if b)
    return bool(ratios) and 0.2 <= ratios[len(ratios) // 2] <= 5
