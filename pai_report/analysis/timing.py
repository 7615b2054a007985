"""T1.9, C7: intervals between additions as measured, and the earliest end of the first phase."""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.frame import Frame
from pai_report.analysis.model import SwitchTiming
from pai_report.analysis.structure_model import PhaseSeries
from pai_report.library import FIXED, HISTORY, InForce, in_force


def switch_timing(frame: Frame, phases: Sequence[PhaseSeries]) -> SwitchTiming:
    """Epochs from one addition of a set to the next, committed and real, the first from the start of the run."""
    neuron = [phase for phase in phases if phase.kind == "neuron"]
    followed = [before for before, after in pairwise(neuron) if after.sets == before.sets + 1]
    real = [phase.real_last for phase in followed]
    known = real[: real.index(None)] if None in real else real
    return SwitchTiming(
        intervals=_intervals([last for last in known if last is not None]),
        committed_intervals=_intervals([phase.last for phase in followed]),
        minimum_to_first_switch=_minimum(in_force(frame.identity.settings), _last_improvement(frame, neuron)),
        patience_never_drops=None,
    )


def _intervals(lasts: Sequence[int]) -> tuple[int, ...]:
    return tuple(after - before for before, after in pairwise((-1, *lasts)))


def _last_improvement(frame: Frame, neuron: Sequence[PhaseSeries]) -> int | None:
    """Epoch of the first phase from which the library counts its patience.

    A phase the library went back on ends there; otherwise it is the best epoch.
    """
    if not neuron or neuron[0].sets or neuron[0].best_epoch is None:
        return None
    went_back = frame.level > 0 or frame.ending.finished
    return neuron[0].last if went_back else neuron[0].best_epoch


def _minimum(library: InForce, improved: int | None) -> int | None:
    """Epochs a loop must run to reach the first switch: the patience after the best epoch, or the fixed interval."""
    if library.switch_mode == FIXED:
        return max(library.first_fixed_switch_num, library.fixed_switch_num)
    if library.switch_mode != HISTORY or improved is None:
        return None
    return improved + 1 + library.n_epochs_to_switch
