"""How often the noise test is wrong, by a reduced version of benchmarks/noise_simulation.py."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "noise_simulation.py"


@pytest.fixture(scope="module")
def called_real() -> Callable[..., float]:
    """Share of the simulated runs with a recorded gain that are called real."""
    script: dict[str, Any] = runpy.run_path(str(SCRIPT))

    def share(runs: int, **case: Any) -> float:
        return float(script["rates"](script["Case"](**case), runs, seed=7)[1])

    return share


@pytest.mark.slow
@pytest.mark.parametrize("scores", ["gaussian", "ramp", "binomial"])
@pytest.mark.parametrize("rho", [0.0, 0.5])
@pytest.mark.parametrize("tries", [1, 2, 4])
def test_pure_noise_is_rarely_called_real(called_real: Callable[..., float], scores: str, rho: float, tries: int) -> None:
    """Of runs without any effect that recorded a gain, at most 8 % are called real."""
    assert called_real(1500, scores=scores, rho=rho, tries=tries, shift=0.0) <= 0.08


@pytest.mark.slow
@pytest.mark.parametrize("scores", ["gaussian", "ramp", "binomial"])
@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_true_effect_of_four_sigma_is_found(called_real: Callable[..., float], scores: str, rho: float) -> None:
    """At least 80 % of such runs are called real."""
    assert called_real(200, scores=scores, rho=rho, tries=2, shift=4.0) >= 0.80
