"""D11: every schedule is found from what torch's scheduler would have written."""

import math

import pytest
from numpy.random import default_rng

from pai_report.analysis.model import Schedule
from pai_report.analysis.schedule import identify
from pai_report.analysis.schedule_replay import plateau_improvements


def found(rates: list[float], series: list[float | None] | None = None, sign: int | None = 1) -> Schedule:
    """The schedule of a phase; scores rise unless they matter."""
    scores = tuple(series) if series is not None else tuple(float(i) for i in range(len(rates)))
    schedule = identify(scores, tuple(rates), 0, "learning_rate.csv", sign)
    assert schedule is not None
    return schedule


def reduced(scores: list[float | None], patience: int, factor: float, sign: int, start: float = 0.01) -> list[float]:
    """The rates of torch.optim.lr_scheduler.ReduceLROnPlateau, epoch by epoch as its documentation and source tell."""
    best, bad, rate, rates = -sign * math.inf, 0, start, []
    for score in scores:
        rates.append(rate)
        limit = best * (1 + sign * 1e-4) if math.isfinite(best) else best
        if score is not None and sign * (score - limit) > 0:
            best, bad = score, 0
        else:
            bad += 1
        if bad > patience:
            rate, bad = (rate * factor if rate - rate * factor > 1e-8 else rate), 0
    return rates


@pytest.mark.parametrize("patience", [0, 1, 4, 10])
@pytest.mark.parametrize("sign", [1, -1])
def test_reduce_on_plateau_is_recovered(patience: int, sign: int) -> None:
    """On noisy scores that level off, the patience is the only one that replays the rates."""
    rng = default_rng(patience)
    scores = [sign * (90 - 60 * math.exp(-t / 8) + rng.normal(0, 0.3)) for t in range(80)]
    schedule = found(reduced(list(scores), patience, 0.1, sign), list(scores), sign)
    assert (schedule.kind, schedule.patience, schedule.candidates) == ("plateau", patience, (patience,))
    assert schedule.factor == pytest.approx(0.1)


def test_a_missing_score_is_a_bad_epoch() -> None:
    """Torch compares with nan, which is never better."""
    scores: list[float | None] = [1.0, 2.0, None, None, None, 3.0, *([2.5] * 20)]
    assert found(reduced(scores, 2, 0.5, 1), scores).patience == 2


def test_rates_below_torchs_smallest_step_stay() -> None:
    """After some drops the rate is too small for a further one; the replay stops there as torch does."""
    scores: list[float | None] = [5.0, 6.0, 7.0, 8.0, *([1.0] * 200)]
    schedule = found(reduced(scores, 3, 0.1, 1), scores)
    assert (schedule.kind, schedule.candidates) == ("plateau", (3,))


def test_improvements_must_pass_the_relative_threshold() -> None:
    """100.005 is less than 0.01 % above 100."""
    assert plateau_improvements((100.0, 100.005, 100.02), 1) == [0, 2]


def test_without_a_direction_a_plateau_schedule_is_step_like() -> None:
    """It cannot be replayed."""
    scores: list[float | None] = [1.0, 2.0, 3.0, *([2.0] * 9)]
    assert found(reduced(scores, 4, 0.1, 1), scores, None).kind == "step-like"


def test_constant() -> None:
    """A rate that never moves."""
    assert found([0.01] * 20).kind == "constant"


def test_step() -> None:
    """StepLR with step size 10 and gamma 0.5."""
    schedule = found([0.1 * 0.5 ** (t // 10) for t in range(45)])
    assert (schedule.kind, schedule.step_size, schedule.factor) == ("step", 10, 0.5)


def test_exponential() -> None:
    """ExponentialLR with gamma 0.9."""
    schedule = found([0.1 * 0.9**t for t in range(30)])
    assert schedule.kind == "exponential"
    assert schedule.factor == pytest.approx(0.9)


def test_linear() -> None:
    """LinearLR from 1 to one tenth in 20 epochs, constant afterwards."""
    assert found([0.1 * (1 - 0.9 * min(t, 20) / 20) for t in range(40)]).kind == "linear"


@pytest.mark.parametrize(
    ("period", "floor", "epochs"), [(50, 0.0, 50), (50, 0.001, 30), (200, 0.0, 40), (30, 0.0, 45), (3000, 0.0, 60)]
)
def test_cosine(period: int, floor: float, epochs: int) -> None:
    """CosineAnnealingLR: period and floor come back, from a part of the period too."""
    rates = [floor + (0.1 - floor) * (1 + math.cos(math.pi * t / period)) / 2 for t in range(epochs)]
    schedule = found(rates)
    assert (schedule.kind, schedule.t_max) == ("cosine", period)
    assert schedule.eta_min == pytest.approx(floor, abs=1e-6)


def test_rates_recorded_after_the_schedulers_step() -> None:
    """A script that steps before it reports the score writes every rate one epoch early."""
    cosine = [3e-5 * (1 + math.cos(math.pi * (t + 1) / 20)) / 2 for t in range(15)]
    steps = [0.1 * 0.5 ** ((t + 1) // 10) for t in range(45)]
    scores: list[float | None] = [1.0, 2.0, 3.0, *([2.0] * 12), 5.0, *([2.0] * 9)]
    early = [*reduced(scores, 4, 0.1, 1)[1:], 1e-05]
    assert (found(cosine).t_max, found(steps).step_size, found(early, scores).patience) == (20, 10, 4)


def test_warm_up() -> None:
    """Rates that rise first."""
    assert found([0.001 * (t + 1) for t in range(5)] + [0.005] * 20).kind == "warm-up"


def test_one_drop_without_a_rule_is_step_like() -> None:
    """One drop while the score rose every epoch is no plateau, and one drop has no spacing."""
    assert found([0.1] * 12 + [0.01] * 12).kind == "step-like"


def test_irregular_rates_are_unknown() -> None:
    """Up and down at random."""
    rng = default_rng(1)
    assert found([1.0, *(rng.random() for _ in range(20))]).kind == "unknown"


def test_a_missing_rate_makes_the_kind_unknown() -> None:
    """A replay needs every epoch."""
    schedule = identify((1.0, 2.0, 3.0), (0.1, None, 0.1), 0, "learning_rate.csv", 1)
    assert schedule is not None
    assert schedule.kind == "unknown"


def test_one_rate_is_no_schedule() -> None:
    """Nothing can be said about one epoch."""
    assert identify((1.0,), (0.1,), 0, "learning_rate.csv", 1) is None
