"""The learning rate and its scheduler: what a report asks the training script to change."""

from dataclasses import replace
from typing import Any

import pytest
from advice_cases import case, improved_run, phase, stability, with_settings

from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.model import Finding, Step
from pai_report.analysis.model import Analysis

UNSTABLE = "PAI070"


def _found(code: str, analysis: Analysis) -> Finding:
    outcome = next(rule for rule in CATALOGUE if rule.code == code).apply(case(analysis))
    assert isinstance(outcome, Finding), outcome
    return outcome


def _swinging(direction: Any = "maximize", **settings: str) -> Analysis:
    """Late scores swing by 5 % of the best; the schedule could not be read."""
    run = improved_run(phases=(phase(0, stability=stability("unstable")), phase(1), phase(2)), schedule=None)
    run = with_settings(run, **settings)
    return replace(run, identity=replace(run.identity, direction=direction))


def _on_plateaus(analysis: Analysis) -> Step:
    return next(step for step in _found(UNSTABLE, analysis).steps if "ReduceLROnPlateau" in (step.code or ""))


@pytest.mark.parametrize(("direction", "mode"), [("maximize", "max"), ("minimize", "min")])
def test_a_plateau_is_one_in_the_direction_of_the_run(direction: Any, mode: str) -> None:
    """Torch's own mode is 'min': of an accuracy it would take every rise for a plateau (O4.3).

    A patience of 4 fits twice into the library's wait of 10: 2 · (4 + 1) = 10.
    """
    lines = (_on_plateaus(_swinging(direction)).code or "").splitlines()
    assert lines[0].endswith("set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)")
    assert lines[1:] == [f"schedArgs = {{'mode': '{mode}', 'patience': 4}}"]


@pytest.mark.parametrize(
    ("settings", "patience"),
    [
        ({"n_epochs_to_switch": "15"}, 6),
        ({"n_epochs_to_switch": "100"}, 10),
        ({"switch_mode": "2", "fixed_switch_num": "8"}, 3),
    ],
    ids=("history", "at most the checklist's", "fixed"),
)
def test_patience_fits_twice_into_the_wait_of_the_library(settings: dict[str, str], patience: int) -> None:
    """2 · (6 + 1) = 14 of 15 epochs, 2 · (3 + 1) = 8 of a fixed interval of 8; never more than 10 (O4.3, C11)."""
    assert f"'patience': {patience}}}" in (_on_plateaus(_swinging(**settings)).code or "")


def test_patience_fits_a_wait_that_is_lowered() -> None:
    """Where another finding lowers the wait from 10 to 8 epochs, patience is 3: 2 · (3 + 1) = 8."""
    run = _swinging()
    assert run.convergence is not None
    run = replace(run, convergence=replace(run.convergence, converged_early=True, largest_wait=5, could_lower_to=8))
    assert "'patience': 3}" in (_on_plateaus(run).code or "")


def test_a_wait_too_short_for_any_patience_is_raised() -> None:
    """A wait of 2 epochs leaves no room for a patience of 1, which needs 2 · (1 + 1) = 4."""
    steps = _found(UNSTABLE, _swinging(n_epochs_to_switch="2")).steps
    assert [step.new for step in steps if step.setting == "n_epochs_to_switch"] == ["4"]
