"""Verdict, order, conflicts and actions."""

from dataclasses import replace
from typing import Any

import pytest
from advice_cases import (
    architecture,
    case,
    generalization,
    improved_run,
    modules,
    phase,
    premature,
    stability,
    with_gain,
    with_settings,
)

from pai_report.advice import judge
from pai_report.advice.model import Finding, Judgement
from pai_report.advice.verdict import ISSUES, SUCCESS, verdict_code
from pai_report.analysis.model import Analysis
from pai_report.report.text import plain_text
from pai_report.settings import Settings

N1 = "Your dendritic training was successful! Here's what I found worked well and recommendations for optimization."
N3 = "I see some issues in your training results. Let's troubleshoot:"


def _judged(analysis: Analysis) -> Judgement:
    return judge(analysis, Settings())


def _codes(judgement: Judgement) -> list[str]:
    return [finding.code for finding in judgement.findings]


def _finding(judgement: Judgement, code: str) -> Finding:
    return next(finding for finding in judgement.findings if finding.code == code)


def _lifecycle(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, lifecycle=replace(run.lifecycle, **changed))


def test_sentences_are_those_of_the_requirements() -> None:
    """N1 and N3 stand word for word."""
    assert (N1, N3) == (SUCCESS, ISSUES)


@pytest.mark.parametrize(
    ("analysis", "code"),
    [
        (improved_run(wrong_direction=True), "invalid"),
        (replace(improved_run(), track=replace(improved_run().track, validation=(None, None))), "invalid"),
        (replace(improved_run(), identity=replace(improved_run().identity, capacity_test=True)), "capacity-test"),
        (replace(improved_run(), identity=replace(improved_run().identity, every_epoch=True)), "capacity-test"),
        (_lifecycle(attempted="no", kept=0), "never-attempted"),
        (_lifecycle(attempted="at-first-switch", kept=0), "incomplete"),
        (_lifecycle(attempted="inside-first-phase", kept=0), "incomplete"),
        (_lifecycle(attempted="yes", kept=0), "tried-none-kept"),
        (with_gain(improved_run(), 5.0, "confounded"), "confounded"),
        (with_gain(improved_run(), -1.0, None), "worse"),
        (with_gain(improved_run(), 0.4, "within-noise"), "within-noise"),
        (with_gain(improved_run(), 0.9, "uncertain"), "within-noise"),
        (improved_run(), "improved"),
    ],
)
def test_verdict_is_the_first_that_matches(analysis: Analysis, code: str) -> None:
    """Each verdict in the order in which they are tried."""
    assert code == verdict_code(analysis)


def test_unstable_end_without_real_gain() -> None:
    """A last phase that swings by 5 % and a gain within the noise is unstable; with a real gain it is improved."""
    phases = (phase(0), phase(1), phase(2, stability=stability("unstable")))
    assert verdict_code(with_gain(improved_run(phases=phases), 0.4, "within-noise")) == "unstable"
    assert verdict_code(improved_run(phases=phases)) == "improved"


def test_n1_needs_improved_without_serious_findings() -> None:
    """An improved run with an overfitting gap gets N3: improved, yet its gap comes first."""
    assert _judged(improved_run()).verdict.sentence == N1
    overfit = _judged(improved_run(generalization=generalization(21.0)))
    assert (overfit.verdict.code, overfit.verdict.sentence) == ("improved", N3)


@pytest.mark.parametrize("gain_class", ["real", "uncertain", "within-noise", "confounded"])
def test_answer_has_at_most_twenty_words(gain_class: str) -> None:
    """The headline answers yes, no or cannot tell in at most 20 words, with the gain."""
    answer = plain_text(_judged(with_gain(improved_run(), 1.0, gain_class)).verdict.answer)
    assert len(answer.split()) <= 20
    assert answer.startswith(("Yes", "No", "Cannot tell"))
    assert "1.00 points" in answer


def test_findings_are_ordered_by_tier_first() -> None:
    """A critical premature addition comes before a high gap, a gap before low advice."""
    run = improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2)), generalization=generalization(21.0))
    severities = [finding.severity for finding in _judged(with_gain(run, 5.0, "confounded")).findings]
    order = ["invalid", "critical", "high", "medium", "low"]
    assert sorted(severities, key=order.index) == severities
    assert severities[:2] == ["critical", "high"]


def test_low_confidence_drops_one_tier() -> None:
    """A premature first addition seen with low confidence is high instead of critical."""
    phases = (phase(0, premature=premature(confidence="low")), phase(1), phase(2))
    found = _finding(_judged(with_gain(improved_run(phases=phases), 5.0, "confounded")), "PAI201")
    assert found.severity == "high"


def test_overfitting_holds_back_more_capacity() -> None:
    """With a gap above 10 points no advice asks for more sets; the gap's finding says so."""
    run = with_settings(improved_run(generalization=generalization(21.0)), max_dendrites="2")
    judgement = _judged(run)
    assert "PAI102" not in _codes(judgement)
    assert "PAI102" in [held.code for held in judgement.checks.clear]
    assert any("Considered, not recommended" in plain_text(held) for held in _finding(judgement, "PAI801").considered)


def test_gap_of_seven_points_demotes_more_capacity() -> None:
    """A gap between 5 and 10 points lowers the advice for more sets from medium to low."""
    run = with_settings(improved_run(), max_dendrites="2")
    crowded = with_settings(improved_run(generalization=generalization(7.0)), max_dendrites="2")
    assert _finding(_judged(run), "PAI102").severity == "medium"
    assert _finding(_judged(crowded), "PAI102").severity == "low"


def test_excluding_modules_holds_back_converting_more() -> None:
    """Low modules and a call for more layer types: exclusion wins."""
    run = with_settings(improved_run(modules=modules(0.004, 0.03, 0.05)), module_names_to_perforate="['Linear']")
    assert "PAI301" in _codes(_judged(run))
    assert "PAI701" not in _codes(_judged(run))


def test_all_modules_low_is_no_advice_to_exclude_all() -> None:
    """Scores of 0.007 to 0.011 as in real runs never exclude every module; none good or marginal: no exclusion at all."""
    assert "PAI301" not in _codes(_judged(improved_run(modules=modules(0.004, 0.006, 0.009))))


def test_unstable_training_wins_over_slower_decay() -> None:
    """T3.1 against O4.2: instability wins."""
    phases = (phase(0, lr_dropped_too_quickly=True), phase(1), phase(2, stability=stability("unstable")))
    codes = _codes(_judged(improved_run(phases=phases)))
    assert "PAI070" in codes
    assert "PAI401" not in codes


def test_opposite_learning_rate_symptoms_print_neither() -> None:
    """One phase too quick, another too long: no advice on the schedule."""
    phases = (phase(0, lr_dropped_too_quickly=True), phase(1, lr_still_high=True), phase(2))
    codes = _codes(_judged(improved_run(phases=phases)))
    assert not {"PAI401", "PAI402"} & set(codes)


def test_fixed_mode_gets_fixed_names() -> None:
    """In FIXED mode with interval 8 the advice is 8 to 20 and 40, never n_epochs_to_switch (O2.7)."""
    run = with_settings(
        improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2))),
        switch_mode="2",
        fixed_switch_num="8",
        first_fixed_switch_num="8",
    )
    steps = {
        step.setting: step.new for step in _finding(_judged(with_gain(run, 5.0, "confounded")), "PAI201").steps if step.setting
    }
    assert steps == {"fixed_switch_num": "20", "first_fixed_switch_num": "40", "find_best_lr": "False"}


def test_history_mode_gets_more_patience() -> None:
    """In HISTORY mode patience 10 becomes 15: half as much again, and more than twice the scheduler's 4 plus two."""
    run = improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2)))
    steps = {step.setting: step.new for step in _finding(_judged(with_gain(run, 5.0, "confounded")), "PAI201").steps}
    assert steps["n_epochs_to_switch"] == "15"


def test_one_value_per_setting() -> None:
    """Two findings that set n_epochs_to_switch differently: the larger value stays, the other is named as considered."""
    run = improved_run(
        phases=(phase(0), phase(1, premature=premature()), phase(2)),
        timing=replace(improved_run().timing, patience_never_drops=True),
        schedule=replace(_schedule(), patience=9),
    )
    judgement = _judged(run)
    values = {step.new for finding in judgement.findings for step in finding.steps if step.setting == "n_epochs_to_switch"}
    assert values == {"20"}


def test_threshold_is_tightened_not_relaxed() -> None:
    """Noise was accepted and a set was narrowly rejected: tightening wins, relaxing is named as considered."""
    noise = architecture(2, 83.2, 0.2, "within-noise")
    rows = (*improved_run().gains.architectures[:2], noise, architecture(3, 85.4, 0.4, None, outcome="rejected", shortfall=0.1))
    gains = replace(improved_run().gains, too_frequent=True, architectures=rows)
    judgement = _judged(improved_run(gains=gains))
    values = {step.new for finding in judgement.findings for step in finding.steps if step.setting == "improvement_threshold"}
    assert len(values) == 1
    assert any(step.setting == "improvement_threshold" for step in _finding(judgement, "PAI202").steps)
    assert _finding(judgement, "PAI062").considered


def test_at_most_three_actions_and_the_same_remedy_once() -> None:
    """Page one has at most three actions; every one is different."""
    run = improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2)), generalization=generalization(21.0))
    judgement = _judged(with_gain(run, 0.4, "within-noise"))
    actions = [plain_text(action) for action in judgement.actions]
    assert len(actions) == 3
    assert len(set(actions)) == 3


def test_first_action_within_noise_is_to_repeat() -> None:
    """Within noise the first action is more seeds or samples.

    2 samples of 500 with 0.1 points expected by chance: 5 samples beyond chance need 5 * 0.2 * 500 / 0.3 = 1,667.
    """
    first = plain_text(_judged(with_gain(improved_run(), 0.4, "within-noise")).actions[0])
    assert first.startswith("Repeat with three seeds")
    assert "1,667 samples" in first


def test_self_test_fires_nothing_but_itself() -> None:
    """A capacity test is recognised and given no other finding."""
    run = improved_run(generalization=generalization(21.0), phases=(phase(0, premature=premature()), phase(1), phase(2)))
    judgement = _judged(replace(run, identity=replace(run.identity, capacity_test=True)))
    assert _codes(judgement) == ["PAI002"]


def test_every_rule_is_accounted_for() -> None:
    """Fired, clear, not applicable and broken add up to the catalogue."""
    from pai_report.advice.catalogue import CATALOGUE  # noqa: PLC0415

    checks = _judged(improved_run()).checks
    codes = [*checks.fired, *(held.code for part in (checks.clear, checks.not_applicable, checks.broken) for held in part)]
    assert sorted(codes) == [rule.code for rule in CATALOGUE]
    assert case(improved_run()).verdict == "improved"


def _schedule() -> Any:
    return improved_run().schedule
