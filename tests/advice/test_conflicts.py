"""Advice that contradicts itself: both sides fire alone, a judgement shows one of them."""

from dataclasses import replace
from typing import Any

import pytest
from advice_cases import (
    addition,
    architecture,
    case,
    generalization,
    improved_run,
    modules,
    phase,
    premature,
    settings_with,
    stability,
    with_gain,
    with_settings,
)
from advice_firing import FIRES

from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.model import Finding, Judgement, Step
from pai_report.advice.verdict import ISSUES, SUCCESS
from pai_report.analysis.model import Analysis, Convergence
from pai_report.report.text import plain_text
from pai_report.settings import Settings

LINEAR_ONLY = "['Linear']"


def _alone(analysis: Analysis, settings: Settings | None = None) -> dict[str, Finding]:
    """What each rule says by itself, before anything is resolved."""
    outcomes = (rule.apply(case(analysis, settings)) for rule in CATALOGUE)
    return {held.code: held for held in outcomes if isinstance(held, Finding)}


def _together(analysis: Analysis, settings: Settings | None = None) -> dict[str, Finding]:
    return {held.code: held for held in judge(analysis, settings or Settings()).findings}


def _held_back(judgement: Judgement, code: str) -> str:
    return next(plain_text(held.shown) for held in judgement.checks.clear if held.code == code)


def _values(found: dict[str, Finding], setting: str) -> dict[str, str | None]:
    """The value that each finding gives `setting`."""
    return {code: step.new for code, held in found.items() for step in held.steps if step.setting == setting}


def _assert_wins(winner: str, loser: str, analysis: Analysis) -> None:
    """Both fire alone; together only the winner is told, and says what was considered."""
    assert {winner, loser} <= set(_alone(analysis))
    together = _together(analysis)
    assert winner in together
    assert loser not in together
    assert any("Considered, not recommended" in plain_text(held) for held in together[winner].considered)
    assert _held_back(judge(analysis, Settings()), loser).startswith("held back: ")


def _converging(**changed: Any) -> Convergence:
    held = improved_run().convergence
    assert held is not None
    return replace(held, **changed)


def _many_sets() -> Analysis:
    """The maximum of two sets was reached with a real last gain, though one set would do."""
    run = with_settings(improved_run(), max_dendrites="2")
    return replace(run, gains=replace(run.gains, optimal=1, course="equal"))


def _noisy_last_set(**changed: Any) -> Analysis:
    """Set 1 helped, set 2 is noise, and set 3 was narrowly rejected."""
    rows = (
        *improved_run().gains.architectures[:2],
        architecture(2, 83.2, 0.2, "within-noise"),
        architecture(3, 85.4, 0.4, None, outcome="rejected", shortfall=0.1),
    )
    return improved_run(gains=replace(improved_run().gains, too_frequent=True, architectures=rows), **changed)


def _early_second() -> tuple[Any, ...]:
    return (phase(0), phase(1, premature=premature()), phase(2))


def test_a_limit_on_sets_makes_their_threshold_moot() -> None:
    """Where one set is to be kept, no threshold is tightened for the second, which is then never tried."""
    run = _noisy_last_set()
    _assert_wins("PAI101", "PAI202", replace(run, gains=replace(run.gains, optimal=1, course="diminishing")))


def test_fewer_sets_win_over_more() -> None:
    """O1.2 against O1.4: where one set brought the gain, no advice asks for seven."""
    _assert_wins("PAI101", "PAI102", _many_sets())


def test_confounded_run_gets_no_number_of_sets() -> None:
    """The rejected tries cost 40 epochs, but a baseline that was still learning says nothing about the number of sets."""
    run = improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2)))
    budget = replace(run.lifecycle.budget, rejected=40)
    run = replace(run, lifecycle=replace(run.lifecycle, budget=budget, ended_by="rejected", rejected_tries=2))
    run = with_gain(run, 5.0, "confounded")
    assert "PAI604" in _alone(run)
    assert set() == {"PAI101", "PAI102", "PAI604"} & set(_together(run))


@pytest.mark.parametrize("gain_class", ["within-noise", "confounded"])
def test_without_an_established_gain_sets_are_neither_raised_nor_cut(gain_class: str) -> None:
    """Within noise or confounded, neither N* nor more sets is advised."""
    assert set() == {"PAI101", "PAI102"} & set(_alone(with_gain(_many_sets(), 0.4, gain_class)))


def test_smaller_number_of_sets_is_the_one_value() -> None:
    """One set less against memorising and two sets against rejected tries: one set, and no line on page one for two."""
    run = improved_run(generalization=replace(generalization(4.0), growth=6.0))
    budget = replace(run.lifecycle.budget, rejected=40)
    run = replace(run, lifecycle=replace(run.lifecycle, budget=budget, ended_by="rejected", rejected_tries=2))
    assert _values(_alone(run), "max_dendrites") == {"PAI604": "2", "PAI802": "1"}
    together = _together(run)
    assert _values(together, "max_dendrites") == {"PAI802": "1"}
    assert together["PAI604"].action is None
    assert "PAI802" in plain_text(together["PAI604"].considered[0])


def test_tighter_threshold_wins_over_relaxed() -> None:
    """O2.2 against T2.2: noise was accepted and a set narrowly rejected; only the tighter threshold is printed."""
    run = _noisy_last_set()
    assert set(_values(_alone(run), "improvement_threshold")) == {"PAI062", "PAI202"}
    together = _together(run)
    assert set(_values(together, "improvement_threshold")) == {"PAI202"}
    assert "Considered, not recommended" in plain_text(together["PAI062"].considered[0])


def test_premature_history_leaves_a_threshold_that_is_tightened() -> None:
    """O2.2 against C2a: with noise accepted too, a premature addition is answered by patience alone."""
    run = _noisy_last_set(phases=_early_second())
    assert {"PAI201", "PAI202"} <= set(_values(_alone(run), "improvement_threshold"))
    together = _together(run)
    assert set(_values(together, "improvement_threshold")) == {"PAI202"}
    assert _values(together, "n_epochs_to_switch")["PAI201"] == "15"


def test_near_miss_wins_over_threshold_for_longer_phases() -> None:
    """T2.2 against C2a: the entry of the rejected set is the one that changes."""
    rows = (*improved_run().gains.architectures, architecture(3, 85.4, 0.4, None, outcome="rejected", shortfall=0.1))
    run = improved_run(gains=replace(improved_run().gains, architectures=rows), phases=_early_second())
    assert set(_values(_alone(run), "improvement_threshold")) == {"PAI062", "PAI201"}
    assert set(_values(_together(run), "improvement_threshold")) == {"PAI062"}


@pytest.mark.parametrize("winner", ["PAI010", "PAI201", "PAI601"])
def test_more_patience_wins_over_less(winner: str) -> None:
    """O2.9, O6.1 and M1 against O6.4: phases that need more epochs are not shortened."""
    shorter = _converging(converged_early=True, largest_wait=3, could_lower_to=6, still_improving=winner == "PAI601")
    timing = replace(improved_run().timing, patience_never_drops=winner == "PAI010")
    phases = _early_second() if winner == "PAI201" else improved_run().phases
    _assert_wins(winner, "PAI602", improved_run(convergence=shorter, timing=timing, phases=phases))


def test_largest_patience_is_the_one_value() -> None:
    """A slower scheduler asks for 2 · (8 + 1) = 18 epochs, a premature addition for 15: 18 stays."""
    phases = (phase(0, lr_dropped_too_quickly=True), phase(1, premature=premature()), phase(2))
    run = improved_run(phases=phases)
    assert _values(_alone(run), "n_epochs_to_switch") == {"PAI201": "15", "PAI401": "18"}
    assert _values(_together(run), "n_epochs_to_switch") == {"PAI401": "18"}


def test_opposite_learning_rate_symptoms_print_neither() -> None:
    """O4.3 against O4.8: one phase too quick, another too long: no advice on the schedule, both named as checked."""
    run = improved_run(phases=(phase(0, lr_dropped_too_quickly=True), phase(1, lr_still_high=True), phase(2)))
    assert {"PAI401", "PAI402"} <= set(_alone(run))
    assert set() == {"PAI401", "PAI402"} & set(_together(run))
    assert "phases disagree" in _held_back(judge(run, Settings()), "PAI401")


def _drops_in_vain(**changed: Any) -> Analysis:
    """No phase found its best after its drop, and in the first the rate fell while the score still improved."""
    first, *others = FIRES["PAI403"].phases
    return improved_run(phases=(replace(first, lr_dropped_too_quickly=True), others[0], replace(others[1], **changed)))


def test_a_rate_that_fell_too_early_is_not_lowered_sooner() -> None:
    """O4.3 against a drop in vain: more patience for the scheduler, never less of it as well."""
    run = _drops_in_vain()
    _assert_wins("PAI401", "PAI403", run)
    assert _values(_together(run), "schedArgs") == {"PAI401": "{'mode': 'max', 'patience': 8}"}


def test_opposite_symptoms_leave_the_schedule_to_no_other_rule() -> None:
    """Where O4.3 and O4.8 both fall, drops in vain do not bring back less patience."""
    run = _drops_in_vain(lr_still_high=True)
    assert {"PAI401", "PAI402", "PAI403"} <= set(_alone(run))
    assert _values(_together(run), "schedArgs") == {}


def test_more_scheduler_patience_comes_with_more_patience_of_the_library() -> None:
    """O4.3 with C11: patience 4 to 8 needs n_epochs_to_switch of at least 2 · (8 + 1)."""
    found = _together(improved_run(phases=(phase(0, lr_dropped_too_quickly=True), phase(1), phase(2))))["PAI401"]
    assert any("'patience': 8" in (step.code or "") for step in found.steps)
    assert _values({"PAI401": found}, "n_epochs_to_switch") == {"PAI401": "18"}


def _premature_steps(**changed: str) -> dict[str | None, Step]:
    run = with_settings(improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2))), **changed)
    found = _together(with_gain(run, 5.0, "confounded"))["PAI201"]
    return {step.setting: step for step in found.steps}


def test_fixed_mode_gets_fixed_names() -> None:
    """O2.7: in FIXED mode with interval 8 the advice is 8 to 20 and 40, never n_epochs_to_switch."""
    held = _premature_steps(switch_mode="2", fixed_switch_num="8", first_fixed_switch_num="8")
    assert {name: step.new for name, step in held.items() if name} == {
        "fixed_switch_num": "20",
        "first_fixed_switch_num": "40",
        "find_best_lr": "False",
    }


def test_history_mode_gets_more_patience() -> None:
    """O2.9: patience 10 becomes 15, half as much again and more than twice the scheduler's 4 plus two; then 0.001 to 0.0001."""
    held = _premature_steps()
    assert {name: step.new for name, step in held.items() if name} == {
        "n_epochs_to_switch": "15",
        "improvement_threshold": "[0.0001, 0.0001, 0.0]",
    }


def test_unknown_mode_gets_both_names_labelled() -> None:
    """Without a file that tells the mode, both settings are printed, each with the mode it is for."""
    run = improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2)))
    run = replace(run, identity=replace(run.identity, settings=settings_with("default")))
    steps = {step.setting: plain_text(step.text) for step in _together(with_gain(run, 5.0, "confounded"))["PAI201"].steps}
    assert "in HISTORY mode" in steps["n_epochs_to_switch"]
    assert "in FIXED mode" in steps["fixed_switch_num"]


@pytest.mark.parametrize(
    ("winner", "scores"), [("PAI301", (0.004, 0.03, 0.05)), ("PAI302", (0.0, 0.03, 0.05))], ids=("low", "not learning")
)
def test_excluding_modules_wins_over_converting_more(winner: str, scores: tuple[float, ...]) -> None:
    """O3 against O7.2: where modules are left out or do not learn, no layer types are added."""
    _assert_wins(winner, "PAI701", with_settings(improved_run(modules=modules(*scores)), module_names_to_perforate=LINEAR_ONLY))


def test_expansion_needs_every_module_good() -> None:
    """O7.2 with correlation scores needs all of them above 0.02; one at 0.015 holds it back."""
    run = with_settings(improved_run(modules=modules(0.015, 0.05)), module_names_to_perforate=LINEAR_ONLY)
    good = with_settings(improved_run(modules=modules(0.03, 0.05)), module_names_to_perforate=LINEAR_ONLY)
    assert "PAI701" in _alone(run)
    assert "PAI701" not in _together(run)
    assert "PAI701" in _together(good)


@pytest.mark.parametrize(("original", "larger"), [(1000, True), (5000, False)])
def test_a_smaller_network_as_the_goal_wins_over_converting_more(original: int, larger: bool) -> None:
    """O9 against O7.3: with the original's size given, no further module is converted, whether it is exceeded or not."""
    run = with_settings(improved_run(), module_ids_to_track="['.conv1']")
    run = replace(run, efficiency=replace(run.efficiency, original=original))
    goal = Settings(original_params=original)
    assert "PAI702" in _alone(run, goal)
    together = _together(run, goal)
    assert ("PAI902" in together, "PAI702" in together) == (larger, False)


def test_regularisation_wins_over_more_capacity() -> None:
    """O8 against O1.4: with a gap above 10 points no advice asks for more sets."""
    _assert_wins("PAI801", "PAI102", with_settings(improved_run(generalization=generalization(21.0)), max_dendrites="2"))


def test_gap_of_seven_points_demotes_more_capacity() -> None:
    """O8 against O1.4: a gap between 5 and 10 points lowers the advice for more sets from medium to low."""
    run = with_settings(improved_run(), max_dendrites="2")
    crowded = with_settings(improved_run(generalization=generalization(7.0)), max_dendrites="2")
    assert (_together(run)["PAI102"].severity, _together(crowded)["PAI102"].severity) == ("medium", "low")


def test_smaller_initial_weights_win_over_larger() -> None:
    """O5.3 against O5.5: a spike after an addition, in a run that is smooth otherwise: only the smaller multiplier."""
    spike = addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="initialisation")
    _assert_wins("PAI501", "PAI503", with_gain(improved_run(additions=(spike, addition(2))), 0.4, "within-noise"))


@pytest.mark.parametrize("winner", ["PAI070", "PAI502"])
def test_lower_learning_rate_wins_over_slower_decay(winner: str) -> None:
    """T3.1 and O4.7 against O4.2: unstable training needs a smaller rate first."""
    last = phase(2, stability=stability("unstable")) if winner == "PAI070" else phase(2)
    first = phase(0, lr_dropped_too_quickly=True, learning_rate=(0.001,) * 20)
    fall = addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="learning-rate-restart", lr_ratio=10.0, lr_after=0.01)
    additions = (fall,) if winner == "PAI502" else improved_run().additions
    _assert_wins(winner, "PAI401", improved_run(phases=(first, phase(1), last), additions=additions))


def _three_rates(**changed: Any) -> Analysis:
    """A cosine schedule whose phases work down from 0.009 and find their best at 0.001; a restart at 0.009 loses 11 %."""
    rates = {"learning_rate": (0.009,) * 10 + (0.001,) * 10}
    phases = (phase(0, lr_still_high=True, **rates), phase(1, **rates), phase(2, stability=stability("unstable"), **rates))
    fall = addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="learning-rate-restart", lr_ratio=9.0, lr_after=0.009)
    run = improved_run(phases=phases, additions=(fall,))
    assert run.schedule is not None
    return replace(run, schedule=replace(run.schedule, kind="cosine", patience=None, factor=None, t_max=40), **changed)


def test_the_learning_rate_has_one_value() -> None:
    """T3.1 a third, O4.7 a half, and the rate of the previous best: unstable training wins, its rate is 0.009 / 3 = 0.003."""
    run = _three_rates()
    assert _values(_alone(run), "lr") == {"PAI070": "0.003", "PAI402": "0.0045", "PAI502": "0.001"}
    together = _together(run)
    assert _values(together, "lr") == {"PAI070": "0.003"}
    for loser, value in {"PAI402": "0.0045", "PAI502": "0.001"}.items():
        told = [plain_text(held) for held in together[loser].considered]
        assert any(f"lr = {value}; 0.003 from PAI070" in held.replace("`", "") for held in told)
        assert together[loser].action is None


def test_a_restart_wins_over_half_the_rate() -> None:
    """Where training is stable the rate of the previous best, 0.001, is the value and not half of 0.009."""
    run = _three_rates()
    calm = replace(run, phases=(*run.phases[:2], replace(run.phases[2], stability=stability("stable"))))
    assert _values(_together(calm), "lr") == {"PAI502": "0.001"}


def test_the_scheduler_has_one_value() -> None:
    """T3.3 against O4.10: another scheduler and other arguments of the present one; unstable training wins."""
    run = _three_rates()
    assert set(_values(_alone(run), "schedArgs")) == {"PAI070", "PAI402"}
    assert _values(_together(run), "schedArgs") == {"PAI070": "{'mode': 'max', 'patience': 4}"}


def test_weight_decay_comes_late_and_with_its_caveat() -> None:
    """O8.6 against the library's documentation: third or later among the remedies, and it says what speaks against it."""
    steps = _together(improved_run(generalization=generalization(21.0)))["PAI801"].steps
    place = next(place for place, step in enumerate(steps) if "weight_decay" in (step.code or ""))
    assert place >= 2
    assert "can hold dendrites back" in plain_text(steps[place].text)


def test_serious_findings_take_the_success_sentence_away() -> None:
    """N1 against N3: a real gain with an overfitting gap gets N3, and still its optimization advice."""
    good, overfit = judge(improved_run(), Settings()), judge(improved_run(generalization=generalization(21.0)), Settings())
    assert (good.verdict.sentence, overfit.verdict.sentence) == (SUCCESS, ISSUES)
    assert overfit.verdict.code == "improved"
