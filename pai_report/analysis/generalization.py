"""D10: distance between training and validation."""

from typing import Literal

from pai_report.analysis.measure import Measure, best_place, ratio
from pai_report.analysis.model import Architecture, ExtraScore, GapPoint, Generalization, Mismatch, Scores
from pai_report.analysis.noise import tail
from pai_report.analysis.plateau import LONGEST_WINDOW, trend
from pai_report.analysis.scale import mismatch
from pai_report.analysis.statistics import pooled_deviation
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.limits import Limits

Level = Literal["ok", "notice", "overfitting"]


def generalization(structure: Structure, measure: Measure) -> Generalization | None:
    """Train against validation at the best epoch of each network size; None without a train column or any score."""
    column = next(((name, scores) for name, role, scores in structure.track.extras if role == "train"), None)
    if column is None:
        return None
    name, train = column
    reason = mismatch(name, train, structure.track.validation, learning_epochs(structure), measure)
    if reason is not None:
        return _incomparable(name, reason)
    return _judged(name, gap_points(structure, name, measure), structure, measure)


def learning_epochs(structure: Structure) -> int:
    """Epochs up to the best one without dendrites, in which the validation score improved by definition."""
    base = structure.phases[0].best_epoch if structure.phases else None
    return 0 if base is None else base + 1


def _incomparable(name: str, reason: Mismatch) -> Generalization:
    return Generalization(
        column=name,
        comparable=False,
        not_comparable=reason,
        points=(),
        level=None,
        relative=None,
        diverging=False,
        growth=None,
        test_level=None,
    )


def _judged(name: str, points: tuple[GapPoint, ...], structure: Structure, measure: Measure) -> Generalization:
    kept = [point for point in points if _is_final(point.sets, structure)]
    judged = kept[-1] if kept else None
    tail_diverges = diverging(_last_neuron_phase(structure), measure)
    relative = None if judged is None else ratio(judged.gap, judged.validation)
    base = next((point for point in points if point.sets == 0), None)
    return Generalization(
        column=name,
        comparable=True,
        not_comparable=None,
        points=points,
        level=None if judged is None else level(judged.points, relative, measure.limits, diverging=tail_diverges),
        relative=relative,
        diverging=tail_diverges,
        growth=_growth(base, judged),
        test_level=_test_level(judged, measure, diverging=tail_diverges),
    )


def _is_final(sets: int, structure: Structure) -> bool:
    """Whether the network with `sets` sets was kept for good: the gap is judged at the last of those."""
    return any(a.sets == sets and a.outcome in {"base", "kept"} for a in structure.architectures)


def _growth(base: GapPoint | None, judged: GapPoint | None) -> float | None:
    if base is None or judged is None or base.sets == judged.sets:
        return None
    if base.points is not None and judged.points is not None:
        return judged.points - base.points
    return judged.gap - base.gap


def _test_level(judged: GapPoint | None, measure: Measure, *, diverging: bool) -> Level | None:
    if judged is None or judged.test is None or judged.test_gap is None:
        return None
    scale = measure.points_per_unit
    points = None if scale is None else judged.test_gap * scale
    relative = ratio(judged.test_gap, judged.test)
    return level(points, relative, measure.limits, diverging=diverging)


def level(points: float | None, relative: float | None, limits: Limits, *, diverging: bool) -> Level | None:
    """How bad a gap is: in points on bounded scores, else relative to the validation loss, worse where the tail diverges."""
    if points is not None:
        if points > limits.gap_overfitting:
            return "overfitting"
        return "notice" if points > limits.gap_notice else "ok"
    if relative is None:
        return None
    if relative >= limits.loss_gap:
        return "overfitting" if diverging else "notice"
    return "ok"


def gap_points(structure: Structure, name: str, measure: Measure) -> tuple[GapPoint, ...]:
    """One point per network size whose train and validation score at its best epoch are known."""
    train = next(scores for column, role, scores in structure.track.extras if column == name and role == "train")
    networks = [a for a in structure.architectures if a.outcome != "rejected"]
    points = (_gap_point(a, name, train, structure, measure) for a in networks)
    return tuple(point for point in points if point is not None)


def _gap_point(network: Architecture, name: str, train: Scores, structure: Structure, measure: Measure) -> GapPoint | None:
    extra = next((e for e in network.extras if e.name == name), None)
    at_best = train[network.epoch] if network.epoch is not None and network.epoch < len(train) else None
    score = extra.value if extra is not None and extra.value is not None else at_best
    if score is None or network.best is None:
        return None
    gap = measure.sign * (score - network.best)
    test = None if structure.test_is_copy else test_score(network)
    return GapPoint(
        sets=network.sets,
        train=score,
        validation=network.best,
        test=test,
        gap=gap,
        points=None if measure.points_per_unit is None else gap * measure.points_per_unit,
        test_gap=None if test is None else measure.sign * (score - test),
        file=network.file if extra is not None and extra.value is not None else structure.track.file,
        epoch=network.epoch,
    )


def test_score(network: Architecture) -> float | None:
    """The genuine test score of a network at its best validation epoch."""
    column: ExtraScore | None = next((e for e in network.extras if e.role == "test" and not e.copy_of_validation), None)
    return None if column is None else column.value


def _last_neuron_phase(structure: Structure) -> PhaseSeries | None:
    proven = [p for p in structure.phases if p.kind == "neuron" and _is_final(p.sets, structure)]
    return proven[-1] if proven else None


def diverging(phase: PhaseSeries | None, measure: Measure) -> bool:
    """Whether after its best epoch the phase's training score still improved while validation got worse (D10).

    Mann-Kendall p below the level for training, a Theil-Sen fall beyond the noise for validation.
    """
    if phase is None or phase.train is None:
        return False
    goodness = measure.goodness(phase.series)
    best = best_place(goodness)
    if best is None:
        return False
    start = max(best, len(goodness) - LONGEST_WINDOW)
    training = trend(measure.goodness(phase.train)[start:], start, LONGEST_WINDOW, measure.limits)
    validation = trend(goodness[start:], start, LONGEST_WINDOW, measure.limits)
    sigma = pooled_deviation([tail(goodness, measure.limits)])
    if training is None or validation is None or training.p is None or sigma is None:
        return False
    return training.p < measure.limits.trend_level and validation.total < -measure.limits.diverging_sigmas * sigma
