"""Whatever an analysis holds within its types, judging it never fails: no exception, no broken rule, no empty advice."""

import types
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from advice_firing import BRANCHES, FIRES
from hypothesis import given, settings
from hypothesis import strategies as st

from pai_report.advice import judge
from pai_report.analysis.model import Analysis
from pai_report.library import Setting
from pai_report.report.text import plain_text
from pai_report.settings import Settings

STARTS = (*FIRES.values(), *(case.analysis for _code, case in BRANCHES.values()))
NUMBERS = (0.0, 1.0, -1.0, 1e-12, -1e-300, 1e300, -1e300, 99.99)
COUNTS = (0, 1, 2, 7, 10**9)
SOURCES = ("0", "-1", "1e400", "'text'", "[]", "[0.1]", "None", "True", "nonsense(", "[1, 'a']")
SERIES = {"series", "validation", "learning_rate", "train", "marginal"}
KEPT_WHOLE = {"settings"}  # always all of them
# a run without an epoch is refused before it is analysed, and without a name of a module there is no analysis of modules
NEVER_EMPTY = {"phases", "modules"}


@st.composite
def _changed(draw: st.DrawFn, held: Any) -> Any:
    """`held` with one field, here or further down, set to another value that its type allows."""
    field = draw(st.sampled_from([field.name for field in fields(held)]))
    return replace(held, **{field: draw(_another(getattr(held, field), get_type_hints(type(held))[field], field))})


def _another(held: Any, hint: Any, field: str) -> st.SearchStrategy[Any]:
    """Another value for a field of type `hint` that holds `held`."""
    offers: list[st.SearchStrategy[Any]] = [st.just(held)]
    optional = get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint)
    if optional:
        offers.append(st.none())
    if isinstance(held, Setting):
        return st.sampled_from(SOURCES).map(lambda source: replace(held, value=source))
    if is_dataclass(held):
        offers.append(_changed(held))
    elif isinstance(held, tuple) and held and is_dataclass(held[0]):
        offers += _inside(held, field)
    elif isinstance(held, tuple) and field in SERIES:
        offers += [st.just(()), st.just((None,) * len(held)), st.just((*held[:1], *NUMBERS, None))]
    elif isinstance(held, bool):
        offers.append(st.booleans())
    elif isinstance(held, int):
        offers.append(st.sampled_from(COUNTS))
    elif isinstance(held, float):
        offers.append(st.sampled_from(NUMBERS))
    elif get_origin(hint) is Literal:
        offers.append(st.sampled_from(get_args(hint)))
    return st.one_of(offers)


def _inside(held: tuple[Any, ...], field: str) -> list[st.SearchStrategy[Any]]:
    """One member changed, or, where the list may be shorter, some left out."""
    one = st.integers(0, len(held) - 1).flatmap(
        lambda place: _another(held[place], type(held[place]), field).map(lambda new: (*held[:place], new, *held[place + 1 :]))
    )
    fewest = 1 if field in NEVER_EMPTY else 0
    return [one] if field in KEPT_WHOLE else [one, st.integers(fewest, len(held)).map(lambda end: held[:end])]


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    """A built analysis with up to six changes."""
    held = draw(st.sampled_from(STARTS))
    for _change in range(draw(st.integers(1, 6))):
        held = draw(_changed(held))
    return held


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(analysis=analyses())
def test_judging_never_fails(analysis: Analysis) -> None:
    """No exception, no broken rule; every sentence can be formatted and every step of a setting changes it."""
    judgement = judge(analysis, Settings(original_params=1000))
    assert judgement.checks.broken == ()
    for finding in judgement.findings:
        assert finding.evidence
        told = (finding.title, *finding.why, *finding.considered, *(step.text for step in finding.steps))
        assert all(plain_text(phrase) for phrase in told)
        assert all(step.old != step.new for step in finding.steps if step.setting is not None)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(analysis=analyses())
def test_one_value_per_setting(analysis: Analysis) -> None:
    """Whatever was found, no two steps give one setting different values."""
    values: dict[str, set[str | None]] = {}
    for finding in judge(analysis, Settings()).findings:
        for step in finding.steps:
            if step.setting is not None:
                values.setdefault(step.setting, set()).add(step.new)
    assert {setting: new for setting, new in values.items() if len(new) > 1} == {}
