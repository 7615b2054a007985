"""The yardstick of a run from its identity."""

from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Identity
from pai_report.analysis.settings_in_force import in_force
from pai_report.settings import Settings


def measure_of(identity: Identity, settings: Settings) -> Measure | None:
    """How the scores of this run are measured; None where the direction is undecided."""
    if identity.direction == "undecided":
        return None
    library = in_force(identity.settings)
    return Measure(
        sign=1 if identity.direction == "maximize" else -1,
        points_per_unit=identity.points_per_unit,
        quantum=identity.quantum,
        patience=max(1, library.n_epochs_to_switch),
        improvement_thresholds=library.improvement_threshold,
        improvement_threshold_raw=library.improvement_threshold_raw,
        limits=settings.limits,
    )
