"""D11: which learning-rate schedule was it?"""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.learning_rate import change_places
from pai_report.analysis.model import Schedule, Scores
from pai_report.analysis.schedule_curves import exponential_factor, fit_cosine, is_linear
from pai_report.analysis.schedule_replay import plateau_patiences, step_size

SURE_DROPS = 3  # so many equal spacings are no accident of the scores
FEWEST_CURVE = 3  # changes in a row that make a curve

UNKNOWN = Schedule(
    kind="unknown",
    factor=None,
    patience=None,
    step_size=None,
    t_max=None,
    eta_min=None,
    candidates=(),
    epochs=None,
    file=None,
)


def identify(series: Scores, rates: Scores, first: int, file: str, sign: int | None) -> Schedule | None:
    """Schedule of one phase from its full score and rate series, which start at epoch `first` of `file`.

    `sign` is +1 when maximising, -1 when minimising, None when that is undecided: then a reduction on a plateau cannot be
    replayed. None for fewer than two recorded rates. A rate that was not recorded makes the kind unknown.
    """
    known = [rate for rate in rates if rate is not None]
    if len(known) < 2:
        return None
    span = (first, first + len(rates) - 1)
    plain = replace(UNKNOWN, epochs=span, file=file)
    if len(known) < len(rates) or min(known) < 0:
        return plain
    return _of_known(known, series, sign, plain)


def _of_known(rates: list[float], series: Scores, sign: int | None, plain: Schedule) -> Schedule:
    places = change_places(tuple(rates))
    if not places:
        return replace(plain, kind="constant")
    if rates[places[0]] > rates[places[0] - 1]:
        return replace(plain, kind="warm-up")
    on_time = _stepwise(rates, places, series, sign, plain)
    if on_time is not None:
        return on_time
    shifted = [place + 1 for place in places if place + 1 < len(rates)]  # recorded after the scheduler's step
    late = _stepwise([rates[0], *rates[:-1]], shifted, series, sign, plain)
    return late if late is not None else _curve(rates, places, plain)


def _stepwise(
    rates: Sequence[float], places: Sequence[int], series: Scores, sign: int | None, plain: Schedule
) -> Schedule | None:
    """StepLR or ReduceLROnPlateau by replay; a few drops that suit both are taken for the latter, the library's example."""
    if not places:
        return None
    candidates = plateau_patiences(rates, places, series, sign) if sign is not None else ()
    step = step_size(rates, places)
    factor = rates[places[0]] / rates[places[0] - 1]
    if step is not None and (not candidates or len(places) >= SURE_DROPS):
        return replace(plain, kind="step", factor=factor, step_size=step)
    if candidates:
        patience = candidates[0] if len(candidates) == 1 else None
        return replace(plain, kind="plateau", factor=factor, patience=patience, candidates=candidates)
    return None


def _curve(rates: Sequence[float], places: Sequence[int], plain: Schedule) -> Schedule:
    moving = len(places)
    if moving >= FEWEST_CURVE and places[-1] == moving:  # every epoch from the first on, then perhaps none
        factor = exponential_factor(rates, moving)
        if factor is not None:
            return replace(plain, kind="exponential", factor=factor)
        if is_linear(rates, moving):
            return replace(plain, kind="linear")
        cosine = fit_cosine(rates)
        if cosine is not None:
            return replace(plain, kind="cosine", t_max=cosine.period, eta_min=cosine.floor)
    if all(rates[place] < rates[place - 1] for place in places) and moving < len(rates) / 2:
        return replace(plain, kind="step-like", factor=rates[places[0]] / rates[places[0] - 1])
    return plain
