"""The catalogue: identities, pages, and that every rule fires on one case and is silent on another."""

import inspect
import re
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
    noise_test,
    phase,
    premature,
    settings_with,
    stability,
    with_gain,
    with_settings,
)

from pai_report.advice.catalogue import CATALOGUE, listing, page
from pai_report.advice.library import SETTINGS
from pai_report.advice.model import Clear, Finding, NotApplicable
from pai_report.analysis.model import Analysis, Convergence
from pai_report.errors import ExpectedError
from pai_report.report.text import phrase_text, plain_text
from pai_report.run.model import ScriptFacts

HEADINGS = ("What it looks for:", "Why it matters:", "What to try:", "When it is wrong:", "Where it comes from:")
RANGES = {"trust": range(1, 50), "troubleshooting": range(50, 100), "optimization": range(101, 1000)}


def _identity(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, identity=replace(run.identity, **changed))


def _lifecycle(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, lifecycle=replace(run.lifecycle, **changed))


def _gains(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, gains=replace(run.gains, **changed))


def _budget(**changed: Any) -> Analysis:
    run = improved_run()
    budget = replace(run.lifecycle.budget, **changed)
    return replace(run, lifecycle=replace(run.lifecycle, budget=budget, ended_by="rejected", rejected_tries=2))


def _rejected(**changed: Any) -> Analysis:
    held = architecture(1, 80.4, 0.4, None, outcome="rejected", tries=2, shortfall=0.1)
    run = _lifecycle(kept=0, tried=1, attempts=2, rejected_tries=2, switch_epochs=(), ended_by="rejected", **changed)
    base = run.gains.architectures[0]
    return replace(
        run, gains=replace(run.gains, gain=None, gain_class=None, test=None, best=80.0, best_sets=0, architectures=(base, held))
    )


def _script(setter: str) -> ScriptFacts:
    return ScriptFacts(
        file="train.py", entry_point="perforate_model", save_name="runX", save_name_from="constant", setters=((setter, 12),)
    )


def _converging(**changed: Any) -> Convergence:
    held = improved_run().convergence
    assert held is not None
    return replace(held, **changed)


FIRES: dict[str, Analysis] = {
    "PAI001": improved_run(wrong_direction=True),
    "PAI002": _identity(capacity_test=True),
    "PAI003": _identity(script=_script("set_n_epochs_for_switch_history")),
    "PAI005": _lifecycle(leftovers=4),
    "PAI007": replace(improved_run(), track=replace(improved_run().track, recorded_gaps=(5,))),
    "PAI008": _gains(architectures=(architecture(0, -67.5, None), architecture(1, -60.0, 7.5, "real"))),
    "PAI009": _identity(direction="minimize", settings=settings_with(history_lookback="10")),
    "PAI010": replace(improved_run(), timing=replace(improved_run().timing, patience_never_drops=True)),
    "PAI011": improved_run(additions=(addition(1, lr_after=1e-8),)),
    "PAI012": _identity(direction="undecided"),
    "PAI014": replace(improved_run(), efficiency=replace(improved_run().efficiency, doubled_base=True)),
    "PAI015": _gains(test_is_copy=True),
    "PAI016": _identity(partial=True),
    "PAI050": _lifecycle(attempted="no", kept=0, tried=0, attempts=0, switch_epochs=()),
    "PAI051": _lifecycle(attempted="at-first-switch", kept=0, tried=0, attempts=0, switch_epochs=()),
    "PAI060": _rejected(),
    "PAI061": with_gain(improved_run(), 0.4, "within-noise"),
    "PAI062": _rejected(),
    "PAI063": with_gain(improved_run(), -2.0, None),
    "PAI070": improved_run(phases=(phase(0), phase(1), phase(2, stability=stability("unstable")))),
    "PAI101": _gains(optimal=1, course="diminishing"),
    "PAI102": with_settings(improved_run(), max_dendrites="2"),
    "PAI201": improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2))),
    "PAI202": _gains(
        too_frequent=True,
        architectures=(
            architecture(0, 80.0, None),
            architecture(1, 80.2, 0.2, "within-noise"),
            architecture(2, 85.0, 4.8, "real"),
        ),
    ),
    "PAI203": _gains(rare_but_helpful=True),
    "PAI301": improved_run(modules=modules(0.004, 0.03, 0.05)),
    "PAI302": improved_run(modules=modules(0.0, 0.03)),
    "PAI303": improved_run(modules=modules(0.025, 0.03)),
    "PAI401": improved_run(phases=(phase(0, lr_dropped_too_quickly=True), phase(1), phase(2))),
    "PAI402": improved_run(phases=(phase(0, lr_still_high=True), phase(1), phase(2))),
    "PAI501": improved_run(additions=(addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="initialisation"),)),
    "PAI502": improved_run(
        additions=(addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="learning-rate-restart", lr_ratio=10.0),)
    ),
    "PAI601": improved_run(convergence=_converging(converged=False, still_improving=True)),
    "PAI602": improved_run(convergence=_converging(converged_early=True, largest_wait=3, could_lower_to=6)),
    "PAI603": _budget(lr_search=40),
    "PAI604": _budget(rejected=40),
    "PAI701": with_settings(improved_run(), module_names_to_perforate="['Linear']"),
    "PAI702": with_settings(improved_run(), module_ids_to_track="['.conv1', '.conv2']"),
    "PAI801": improved_run(generalization=generalization(21.0)),
    "PAI802": improved_run(generalization=generalization(7.0)),
    "PAI901": with_gain(improved_run(), 0.4, "within-noise"),
    "PAI902": replace(improved_run(), efficiency=replace(improved_run().efficiency, original=1000)),
}


def test_codes_are_unique_and_sorted() -> None:
    """Each code stands once, in rising order."""
    codes = [rule.code for rule in CATALOGUE]
    assert sorted(set(codes)) == codes


def test_codes_lie_in_the_range_of_their_part() -> None:
    """PAI001-049 is trust, 050-099 troubleshooting, 1xx-9xx the section of the hundreds digit."""
    for rule in CATALOGUE:
        number = int(rule.code[3:])
        assert number in RANGES[rule.identity.part], rule.code
        if rule.identity.part == "optimization":
            assert f"O{number // 100}" == rule.identity.section


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_every_rule_has_its_page(rule: Any) -> None:
    """The docstring of each rule has the five headings, in order."""
    text = inspect.getdoc(rule.judge) or ""
    found = [text.find(heading) for heading in HEADINGS]
    assert -1 not in found
    assert sorted(found) == found


def test_every_rule_has_a_case_that_fires_it() -> None:
    """No rule is left without a test that it can fire."""
    assert {rule.code for rule in CATALOGUE} == set(FIRES)


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_rule_fires_on_its_case(rule: Any) -> None:
    """Each rule sees its pattern, with evidence, and says it in words that can be formatted."""
    outcome = rule.apply(case(FIRES[rule.code]))
    assert isinstance(outcome, Finding), outcome
    assert outcome.evidence
    assert "{" not in plain_text(outcome.title)
    for phrase in (*outcome.why, *(step.text for step in outcome.steps)):
        assert "{" not in plain_text(phrase)
    for held in (outcome.action, outcome.limit, outcome.effect, outcome.next_check, outcome.differs):
        assert held is None or phrase_text(held)


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_rule_is_silent_on_a_run_without_its_pattern(rule: Any) -> None:
    """A run with two real gains and nothing wrong fires no rule."""
    outcome = rule.apply(case(improved_run()))
    assert isinstance(outcome, Clear | NotApplicable), outcome
    shown = outcome.shown if isinstance(outcome, Clear) else outcome.reason
    assert "{" not in plain_text(shown)


@pytest.mark.parametrize("code", sorted(FIRES))
def test_rules_change_nothing_they_are_given(code: str) -> None:
    """Judging leaves the analysis as it was."""
    analysis = FIRES[code]
    before = repr(analysis)
    for rule in CATALOGUE:
        rule.apply(case(analysis))
    assert before == repr(analysis)


@pytest.mark.parametrize("code", sorted(FIRES))
def test_snippets_only_name_settings_of_the_library(code: str) -> None:
    """Every setter in a step is in the table of names checked against the library, and none repeats the old value."""
    for rule in CATALOGUE:
        outcome = rule.apply(case(FIRES[code]))
        for step in outcome.steps if isinstance(outcome, Finding) else ():
            for name in re.findall(r"GPA\.pc\.(?:set_)?(\w+)\(", step.code or ""):
                assert name in {*SETTINGS, "modules_to_perforate", "drawing_extra_graphs"}, name
            if step.setting is not None:
                assert step.old != step.new


def test_a_broken_rule_is_reported_not_raised() -> None:
    """An error inside a rule becomes BROKEN with its text."""

    def fails(_case: Any, _this: Any) -> Any:
        raise ValueError("boom")

    broken = replace(CATALOGUE[0], judge=fails)
    outcome = broken.apply(case(improved_run()))
    assert getattr(outcome, "error", None) == "ValueError: boom"


def test_listing_names_every_code() -> None:
    """`pai-report rules` has one line per rule."""
    lines = listing().splitlines()
    assert [rule.code for rule in CATALOGUE] == [line.split()[0] for line in lines]


def test_page_of_a_rule_and_of_none() -> None:
    """`pai-report explain` prints the page, in any case of letters, and refuses an unknown code in one sentence."""
    assert page("pai201").startswith("PAI201 added-before-plateau\n")
    with pytest.raises(ExpectedError, match="PAI999"):
        page("PAI999")


def test_noise_test_fixture_is_consistent() -> None:
    """The built gain of 0.4 points is two samples of 500, as its quantum of 0.2 says."""
    assert noise_test(0.4, "within-noise").gain.samples == pytest.approx(2)
