"""T1.9, C7: intervals between additions as measured, and the earliest end of the first phase."""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.model import Identity, SwitchTiming
from pai_report.analysis.settings_in_force import InForce, in_force
from pai_report.analysis.structure_model import PhaseSeries

HISTORY, FIXED = 1, 2


def switch_timing(identity: Identity, phases: Sequence[PhaseSeries]) -> SwitchTiming:
    """Epochs from one addition of a set to the next, committed and real, the first from the start of the run."""
    neuron = [phase for phase in phases if phase.kind == "neuron"]
    followed = [before for before, after in pairwise(neuron) if after.sets == before.sets + 1]
    real = [phase.real_last for phase in followed]
    known = real[: real.index(None)] if None in real else real
    return SwitchTiming(
        intervals=_intervals([last for last in known if last is not None]),
        committed_intervals=_intervals([phase.last for phase in followed]),
        minimum_to_first_switch=_minimum(in_force(identity.settings), neuron[0] if neuron else None),
        patience_never_drops=None,
    )


def _intervals(lasts: Sequence[int]) -> tuple[int, ...]:
    return tuple(after - before for before, after in pairwise((-1, *lasts)))


def _minimum(library: InForce, first: PhaseSeries | None) -> int | None:
    """Epochs a loop must run to reach the first switch: the patience after the best epoch, or the fixed interval."""
    if library.switch_mode == FIXED:
        return max(library.first_fixed_switch_num, library.fixed_switch_num)
    if library.switch_mode != HISTORY or first is None or first.sets or first.best_epoch is None:
        return None
    return first.best_epoch + 1 + library.n_epochs_to_switch
