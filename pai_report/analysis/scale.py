"""Can another column be held against the validation score?"""

from itertools import islice
from statistics import median

from pai_report.analysis.columns import sense
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Mismatch, Scores
from pai_report.analysis.statistics import rank_correlation
from pai_report.limits import Limits

MOST_PAIRS = 1000  # more, evenly thinned, say the same


def mismatch(name: str, other: Scores, validation: Scores, learning: int, measure: Measure) -> Mismatch | None:
    """Why the column `name` cannot be compared with `validation`, epoch by epoch; None where it can (D10).

    A name that says which way is better, and not the run's, is another metric. The scale is judged on the first recorded
    epochs and the sense on the first `learning` epochs, in which the score improved: a later divergence is a finding, not a
    difference in kind.
    """
    if len(other) != len(validation):
        return "misaligned"
    if not same_scale(other, validation, measure.limits):
        return "different-scale"
    if sense(name) == ("lower" if measure.sign > 0 else "higher"):
        return "train-looks-like-a-loss" if measure.sign > 0 else "different-scale"
    if _opposed(other, validation, learning, measure.limits):
        return "train-looks-like-a-loss" if measure.sign > 0 else "different-scale"
    return None


def same_scale(other: Scores, validation: Scores, limits: Limits) -> bool:
    """Whether two columns of equal length start on the same scale, whichever way they run (D10)."""
    pairs = ((a, b) for a, b in zip(other, validation, strict=True) if a is not None and b is not None)
    ratios = [a / b for a, b in islice(pairs, limits.scale_epochs) if b != 0]
    return bool(ratios) and limits.lowest_ratio <= median(ratios) <= limits.highest_ratio


def _opposed(other: Scores, validation: Scores, learning: int, limits: Limits) -> bool:
    window = max(learning, limits.opposed_pairs)
    known = [(a, b) for a, b in zip(other[:window], validation[:window], strict=True) if a is not None and b is not None]
    pairs = known[:: max(1, len(known) // MOST_PAIRS)]
    correlation = rank_correlation(pairs) if len(pairs) >= limits.opposed_pairs else None
    return correlation is not None and correlation < -limits.opposed
