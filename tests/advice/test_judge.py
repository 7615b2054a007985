"""Verdict, order, conflicts and actions."""

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
    stability,
    with_gain,
    with_settings,
)

from pai_report.advice import judge
from pai_report.advice.judge import _actions, _reading_order
from pai_report.advice.model import Finding, Judgement
from pai_report.advice.phrases import say
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
    assert answer.startswith(("Better", "No", "Cannot tell"))
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


@pytest.mark.parametrize("code", ["PAI301", "PAI901"])
def test_excluding_modules_starts_from_those_that_are_out_already(code: str) -> None:
    """`append_module_ids_to_track` appends: two ids that are out stay out, and the low one of three joins them."""
    run = with_settings(with_gain(improved_run(), 0.4, "within-noise"), module_ids_to_track="['.fc0', '.fc9']")
    found = _finding(_judged(replace(run, modules=modules(0.004, 0.03, 0.05))), code)
    step = next(step for step in found.steps if step.setting == "module_ids_to_track")

    assert (step.old, step.old_origin) == ("['.fc0', '.fc9']", "config")
    assert step.new == "['.fc0', '.fc9', '.layer0']"
    assert step.code == "GPA.pc.append_module_ids_to_track(['.layer0'])"


def test_all_modules_low_is_no_advice_to_exclude_all() -> None:
    """Scores of 0.007 to 0.011 as in real runs never exclude every module; none good or marginal: no exclusion at all."""
    assert "PAI301" not in _codes(_judged(improved_run(modules=modules(0.004, 0.006, 0.009))))


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


def _acted_on(codes: tuple[str, ...], analysis: Analysis) -> list[str]:
    """The codes among `codes` whose actions reach page one, each finding asking for something of its own name."""
    judgement = _judged(improved_run(generalization=generalization(21.0)))
    one = judgement.findings[0]
    found = tuple(replace(one, code=code, steps=(), severity="medium", action=say(code)) for code in codes)
    return [action.template for action in _actions(case(analysis), found) if action.template in codes]


def test_no_tuning_within_noise() -> None:
    """While the gain is within the noise, page one proposes no other learning rate or multiplier; with a gain it does."""
    codes = ("PAI402", "PAI501", "PAI604")
    assert _acted_on(codes, with_gain(improved_run(), 0.4, "within-noise")) == ["PAI604"]
    assert _acted_on(codes, improved_run()) == ["PAI402", "PAI501", "PAI604"]


def test_the_learning_rate_is_one_remedy() -> None:
    """Findings that all ask for another learning rate are one action, that of the first."""
    assert _acted_on(("PAI070", "PAI402", "PAI502"), improved_run()) == ["PAI070"]


def test_a_gap_to_watch_comes_last() -> None:
    """A gap that is a notice asks for nothing tomorrow: what can be done comes before it."""
    assert _acted_on(("PAI801", "PAI101"), improved_run()) == ["PAI101", "PAI801"]


@pytest.mark.parametrize(("ratio", "control"), [(10.0, True), (1.0, False)])
def test_restarts_ask_for_a_control_run(ratio: float, control: bool) -> None:
    """A learning rate that restarted ten times higher with the sets may have brought the gain: page one says so."""
    judgement = _judged(improved_run(additions=(addition(lr_ratio=ratio),)))
    told = [plain_text(action) for action in judgement.actions]

    assert any("control run" in action for action in told) is control
    assert any("10.0 times higher" in plain_text(held) for held in judgement.verdict.context) is control


@pytest.mark.parametrize(("relative", "severity"), [(0.021, "medium"), (0.05, "high")])
def test_a_spread_at_its_limit_is_seen_with_low_confidence(relative: float, severity: str) -> None:
    """2.1 % from ten epochs is no further above 2 % than its standard error of a quarter; 5 % is."""
    held = replace(stability("unstable"), relative=relative, epochs=(30, 39))
    run = improved_run(phases=(phase(0), phase(1), phase(2, stability=held)))
    assert _finding(_judged(run), "PAI070").severity == severity


def test_a_gap_that_turned_over_is_seen_with_low_confidence() -> None:
    """Training 8 points behind validation with one set and 8 ahead with two is measured in some other way: low confidence."""
    held = generalization(8.0)
    turned = replace(held, points=(replace(held.points[0], sets=1, gap=-8.0, points=-8.0), held.points[1]))
    assert _finding(_judged(improved_run(generalization=held)), "PAI801").confidence == "high"
    assert _finding(_judged(improved_run(generalization=turned)), "PAI801").confidence == "low"


@pytest.mark.parametrize(
    ("gap", "sure", "unsure"),
    [
        (8.0, "more capacity will not help until it is smaller", "more capacity may not help until it is smaller"),
        (21.0, "Close the gap before adding capacity", "Check the gap before adding capacity"),
    ],
)
def test_a_gap_is_told_as_surely_as_it_is_known(gap: float, sure: str, unsure: str) -> None:
    """A gap that turned over may be an artefact: the action and its reason say "may", and the finding says what is odd."""
    held = generalization(gap)
    turned = replace(held, points=(replace(held.points[0], gap=-gap, points=-gap), held.points[1]))
    known, doubted = (_finding(_judged(improved_run(generalization=one)), "PAI801") for one in (held, turned))

    assert known.action is not None
    assert doubted.action is not None
    assert sure in plain_text(known.action)
    assert unsure in plain_text(doubted.action)
    assert " may " in plain_text(doubted.why[0])
    assert " may " not in plain_text(known.why[0])
    assert plain_text(doubted.why[1]).startswith("With fewer sets training was about as far behind validation")


def test_worse_names_the_network_with_dendrites() -> None:
    """Where dendrites made it worse, the context goes from the baseline to the best network that has any."""
    run = with_gain(improved_run(), -1.0, None)
    rows = (run.gains.architectures[0], architecture(1, 79.0, -1.0), architecture(2, 78.5, -0.5))
    worse = replace(run, gains=replace(run.gains, architectures=rows, best=80.0, best_sets=0, with_sets=1))
    assert plain_text(_judged(worse).verdict.context[0]).startswith("Validation went from 80.00 to 79.00")


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


def test_among_equals_the_larger_saving_comes_first() -> None:
    """Same tier, confidence and effort: 40 epochs saved come before 12, and 12 before a saving that is not known."""
    one = judge(improved_run(generalization=generalization(21.0)), Settings()).findings[0]
    held = [replace(one, code=code, saves=saves) for code, saves in (("PAI101", None), ("PAI602", 12), ("PAI604", 40))]
    assert [finding.code for finding in sorted(held, key=_reading_order)] == ["PAI604", "PAI602", "PAI101"]
