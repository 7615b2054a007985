"""The catalogue: identities, pages, and that every rule fires on one case and is silent on another."""

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest
from advice_cases import case, improved_run, noise_test
from advice_firing import BRANCHES, FIRES

from pai_report.advice.catalogue import CATALOGUE, listing, page
from pai_report.advice.model import Clear, Finding, NotApplicable
from pai_report.advice.rule import Case, Outcome
from pai_report.errors import ExpectedError
from pai_report.library import NAMES
from pai_report.report.text import phrase_text, plain_text

HEADINGS = ("What it looks for:", "Why it matters:", "What to try:", "When it is wrong:", "Where it comes from:")
RANGES = {"trust": range(1, 50), "troubleshooting": range(50, 100), "optimization": range(101, 1000)}


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


def test_every_branch_belongs_to_a_rule() -> None:
    """The further cases are of rules that exist."""
    assert set() == {code for code, _case in BRANCHES.values()} - set(FIRES)


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_rule_fires_on_its_case(rule: Any) -> None:
    """Each rule sees its pattern, with evidence, and says it in words that can be formatted."""
    _assert_well_told(rule.apply(case(FIRES[rule.code])))


@pytest.mark.parametrize("branch", sorted(BRANCHES))
def test_rule_fires_on_its_branches(branch: str) -> None:
    """Each further branch of a rule fires too, and says it in words that can be formatted."""
    code, given = BRANCHES[branch]
    _assert_well_told(_outcome(code, given))


def _outcome(code: str, given: Case) -> Outcome:
    return next(rule for rule in CATALOGUE if rule.code == code).apply(given)


def _assert_well_told(outcome: Outcome) -> None:
    assert isinstance(outcome, Finding), outcome
    assert all(held.file or held.label for held in outcome.evidence)
    for held in (outcome.title, *outcome.why, *(step.text for step in outcome.steps)):
        assert "{" not in plain_text(held).replace("{'", "")
    for optional in (outcome.action, outcome.limit, outcome.effect, outcome.next_check, outcome.differs):
        assert optional is None or phrase_text(optional)
    assert outcome.next_check is not None
    assert all(step.old != step.new for step in outcome.steps if step.setting is not None)


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


@pytest.mark.parametrize("held", [*((code, case(held)) for code, held in FIRES.items()), *BRANCHES.values()])
def test_snippets_only_name_settings_of_the_library(held: tuple[str, Case]) -> None:
    """Every setter in a step is one of the library's names."""
    outcome = _outcome(*held)
    for step in outcome.steps if isinstance(outcome, Finding) else ():
        called = set(re.findall(r"GPA\.pc\.(?:set|append)_(\w+)\(", step.code or ""))
        assert set() == called - NAMES


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
