"""The learning rate and its scheduler: what a report asks the training script to change."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from advice_cases import case, improved_run, phase, stability, with_settings
from advice_firing import BRANCHES, FIRES
from conftest import real_run

from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.judge import judge
from pai_report.advice.model import Finding, Step
from pai_report.advice.phrases import say
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Settings

UNSTABLE, TOO_LONG, IN_VAIN = "PAI070", "PAI402", "PAI403"


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


def _numbers(found: Finding) -> dict[str, str]:
    return {held.label: plain_text(say("{v}", v=held.value)) for held in found.evidence}


def test_a_jump_after_a_drop_is_no_sign_that_it_was_late() -> None:
    """J5: the score of this run gains 1.51 points within three epochs of the drop to 0.001; annealing always jumps."""
    analysis = analyse(read_run(real_run("digits-204", "PAI")), Settings())
    assert any(change.immediate_jump for phase in analysis.phases for change in phase.lr_changes)
    assert TOO_LONG not in {finding.code for finding in judge(analysis, Settings()).findings}


@pytest.mark.parametrize("code", [TOO_LONG, IN_VAIN])
def test_what_nobody_tested_is_no_action_on_page_one(code: str) -> None:
    """J5: a plateau without a drop and drops that brought nothing are observations; the first asks for one run at most."""
    assert _found(code, FIRES[code]).action is None


def test_drops_in_vain_do_not_ask_for_sooner_ones() -> None:
    """J5: drops that bring nothing do not say that they should come sooner."""
    assert _found(IN_VAIN, FIRES[IN_VAIN]).steps == ()


def test_a_wait_is_told_with_its_length_and_its_limit() -> None:
    """Best at epoch 5 of 0 to 19: 14 epochs after it; the limits are the library's wait of 10 and a spread of 1 %."""
    found = _found(TOO_LONG, FIRES[TOO_LONG])
    assert _numbers(found) == {
        "epochs after the best score without dendrites, no drop": "14",
        "spread without dendrites": "0.96 points",
        "n_epochs_to_switch": "10",
    }
    assert "stood still for 14 epochs and swung by 1.2 %" in plain_text(found.why[0])
    assert found.limit is not None
    assert "at least 10 epochs (n_epochs_to_switch) after the best score" in plain_text(found.limit)
    assert "at least 1.0 % of it (own choice)" in plain_text(found.limit)


def _annealed(t_max: int, lengths: Sequence[int]) -> Analysis:
    """A run whose cosine schedule stays high too long, with phases of these lengths."""
    phases = tuple(phase(sets, series=(80.0,) * length) for sets, length in enumerate(lengths))
    run = improved_run(phases=(replace(phases[0], lr_still_high=True), *phases[1:]))
    assert run.schedule is not None
    return replace(run, schedule=replace(run.schedule, kind="cosine", patience=None, factor=None, t_max=t_max))


def test_a_cosine_ends_with_the_longest_phase() -> None:
    """T_max 40 for phases of 15, 21 and 13 epochs becomes 21: half of it, 20, would rise again in the second phase."""
    steps = _found(TOO_LONG, _annealed(40, (15, 21, 13))).steps
    assert [(step.old, step.new) for step in steps if step.setting == "schedArgs"] == [("{'T_max': 40}", "{'T_max': 21}")]
    assert not _rises(21, 21)
    assert _rises(20, 21)


def _rises(t_max: int, epochs: int) -> bool:
    """Whether the rate that torch's formula gives rises within the steps of that many epochs."""
    rates = [(1 + math.cos(math.pi * step / t_max)) / 2 for step in range(epochs + 1)]
    return any(after > before for before, after in pairwise(rates))


@pytest.mark.parametrize("t_max", [20, 21])
def test_a_cosine_that_rises_already_is_not_shortened(t_max: int) -> None:
    """With a phase of 21 epochs no smaller T_max than 21 anneals without a rise: the first rate is what is left."""
    steps = _found(TOO_LONG, _annealed(t_max, (15, 21, 13))).steps
    assert {step.setting for step in steps} == {"lr"}


def test_a_phase_without_its_end_tells_no_length() -> None:
    """Where no snapshot kept the end of a phase, how long it was is not known."""
    run = _annealed(40, (15, 21, 13))
    cut = replace(run, phases=(*run.phases[:2], replace(run.phases[2], truncated=True)))
    assert {step.setting for step in _found(TOO_LONG, cut).steps} == {"lr"}


def test_drops_in_vain_in_some_phases() -> None:
    """Where one phase of three found its best after the drop, it is the other ones that waited."""
    found = _found(IN_VAIN, BRANCHES["PAI403 some"][1].analysis)
    assert plain_text(found.why[0]).startswith("The other phases had")
