"""Every phase of a structure, judged: plateau, premature addition, stability, learning rate."""

from pai_report.analysis.additions import committed
from pai_report.analysis.learning_rate import RatedPhase, change_places, dropped_too_quickly, lr_changes, still_high
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Phase, Plateau, Premature, Scores
from pai_report.analysis.plateau import plateau, plateau_tolerance, premature
from pai_report.analysis.stability import noise_level, stability
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.values import value


@value
class Switching:
    """When the library switches: every so many epochs (first phase, later phases), or None in history mode."""

    first_interval: int | None
    interval: int | None

    def of(self, sets: int) -> int | None:
        """Interval in force while the network has `sets` sets."""
        return self.interval if sets else self.first_interval


def judged_phases(structure: Structure, measure: Measure | None, switching: Switching) -> tuple[Phase, ...]:
    """The phases of a structure in order, each with what its full series says."""
    previous: PhaseSeries | None = None
    judged = []
    for phase in structure.phases:
        judged.append(_judged(phase, previous, structure, measure, switching))
        previous = phase
    return tuple(judged)


def _judged(
    phase: PhaseSeries, previous: PhaseSeries | None, structure: Structure, measure: Measure | None, switching: Switching
) -> Phase:
    goodness = () if measure is None else measure.goodness(phase.series)
    sigma = None if measure is None else noise_level(goodness, measure)
    rated = None if measure is None else rated_phase(phase, previous, sigma, measure)
    changes = () if rated is None or measure is None else lr_changes(rated, measure)
    return Phase(
        sets=phase.sets,
        kind=phase.kind,
        first=phase.first,
        last=phase.last,
        real_first=phase.real_first,
        real_last=phase.real_last,
        best=phase.best,
        best_epoch=phase.best_epoch,
        series=phase.series,
        learning_rate=phase.learning_rate,
        train=phase.train,
        test=phase.test,
        file=phase.file,
        truncated=phase.truncated,
        plateau=_plateau(phase, goodness, sigma, measure),
        premature=_premature(phase, structure, measure, switching),
        stability=None if measure is None else stability(goodness, phase.first, phase.sets, sigma, measure),
        lr_changes=changes,
        lr_still_high=rated is not None and measure is not None and still_high(rated, measure),
        lr_dropped_too_quickly=rated is not None
        and measure is not None
        and dropped_too_quickly(rated, changes, measure.limits),
        learning_rate_file=phase.learning_rate_file,
    )


def _plateau(phase: PhaseSeries, goodness: Scores, sigma: float | None, measure: Measure | None) -> Plateau:
    """A truncated phase ends at its best epoch by construction, so that its end says nothing (F1)."""
    if measure is None or phase.truncated:
        return Plateau(flat=None, trend=None, tolerance=None)
    return plateau(goodness, phase.first, plateau_tolerance(goodness, phase.sets, sigma, measure), measure)


def _premature(phase: PhaseSeries, structure: Structure, measure: Measure | None, switching: Switching) -> Premature | None:
    if measure is None or phase.kind != "neuron" or not set_followed(phase, structure):
        return None
    return premature(
        measure.goodness(phase.series),
        phase.first,
        measure,
        truncated=phase.truncated,
        interval=switching.of(phase.sets),
    )


def set_followed(phase: PhaseSeries, structure: Structure) -> bool:
    """Whether a set was added after this neuron phase, kept or not."""
    later = [p.sets for p in structure.phases if p.kind == "neuron"]
    tried = [trial.sets for trial in structure.trials]
    dendrites = [p.sets for p in structure.phases if p.kind == "dendrite"]
    return any(sets > phase.sets for sets in (*later, *tried)) or any(sets >= phase.sets for sets in dendrites)


def rated_phase(phase: PhaseSeries, previous: PhaseSeries | None, sigma: float | None, measure: Measure) -> RatedPhase | None:
    """The phase with its learning rates and its noise `sigma`; None where the rates were not recorded."""
    if phase.learning_rate is None:
        return None
    before = () if previous is None else committed(previous, previous.series)[-measure.limits.neighbours :]
    rates = () if previous is None else previous.learning_rate or ()
    goodness = measure.goodness(phase.series)
    return RatedPhase(
        goodness=goodness,
        rates=phase.learning_rate,
        places=change_places(phase.learning_rate),
        first=phase.first,
        sigma=sigma,
        tolerance=plateau_tolerance(goodness, phase.sets, sigma, measure),
        before=measure.goodness(before),
        rate_before=rates[-1] if rates else None,
    )
