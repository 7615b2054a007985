"""Every requirement is fulfilled somewhere: `docs/requirements.md` against the catalogue, the report and the package."""

import re

import pytest
from advice_cases import case, improved_run
from advice_firing import FIRES
from conftest import PROJECT

from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.report.compose import compose
from pai_report.report.document import KeyValues, Section
from pai_report.report.insights import insights
from pai_report.settings import Settings


def _numbered(stem: str, last: int, first: int = 1) -> tuple[str, ...]:
    return tuple(f"{stem}{number}" for number in range(first, last + 1))


INSIGHTS = (
    *_numbered("I1.", 4),
    *_numbered("I2.", 3),
    *_numbered("I3.", 6),
    *_numbered("I4.", 3),
    *_numbered("I5.", 3),
    *_numbered("I6.", 3),
)
REQUIREMENTS = (
    *_numbered("L", 12, first=0),
    *_numbered("A", 29),
    *INSIGHTS,
    *_numbered("G", 5),
    *_numbered("N", 3),
    *("T1", *_numbered("T1.", 9), *(f"T1.10{letter}" for letter in "abcd")),
    *("T2", *_numbered("T2.", 4)),
    *("T3", *_numbered("T3.", 5)),
    "O0",
    *_numbered("O1.", 5),
    *_numbered("O2.", 12),
    *_numbered("O3.", 9),
    *_numbered("O4.", 10),
    *_numbered("O5.", 5),
    *_numbered("O6.", 4),
    *_numbered("O7.", 5),
    *_numbered("O8.", 14),
    *(*_numbered("O9.", 10), *(f"O9.11{letter}" for letter in "abcdefg"), *_numbered("O9.", 14, first=12)),
    *_numbered("P", 4),
    *_numbered("X", 4),
)
ROW = re.compile(r"^\| (\S+) \| (.+?) \| (.*?) \|$", re.MULTILINE)
CODE = re.compile(r"PAI\d{3}")
CLAIMS = {rule.code: set(rule.identity.ids) for rule in CATALOGUE}


def _table() -> dict[str, str]:
    """Where each requirement is fulfilled, by its id, in the order of the document."""
    rows = ROW.findall((PROJECT / "docs" / "requirements.md").read_text("utf-8"))
    return {identity: where for identity, _words, where in rows if identity not in {"id", "---"}}


def _titles(sections: tuple[Section, ...]) -> set[str]:
    return {section.title for section in sections} | {title for section in sections for title in _titles(section.sections)}


def test_every_requirement_has_a_row_and_no_row_is_made_up() -> None:
    """The table lists the requirements, each once, in their order."""
    text = (PROJECT / "docs" / "requirements.md").read_text("utf-8")
    assert list(REQUIREMENTS) == [identity for identity, *_rest in ROW.findall(text) if identity not in {"id", "---"}]


def test_every_requirement_is_claimed() -> None:
    """No row is empty: a rule, a section of the report or a module of the package fulfils it."""
    assert [identity for identity, where in _table().items() if not where.strip()] == []


@pytest.mark.parametrize("code", sorted(CLAIMS))
def test_table_and_rules_agree(code: str) -> None:
    """A rule stands in the rows of exactly the requirements that it claims."""
    named = {identity for identity, where in _table().items() if code in CODE.findall(where)}
    assert CLAIMS[code] & set(REQUIREMENTS) == named


def test_every_code_in_the_table_exists() -> None:
    """No row names a rule that is not in the catalogue."""
    named = set(CODE.findall((PROJECT / "docs" / "requirements.md").read_text("utf-8")))
    assert set(CLAIMS) == named


def test_rules_cite_only_ids_that_are_listed() -> None:
    """Every id of a rule is a requirement or one of the definitions page."""
    listed = set(re.findall(r"\b[A-Z]\d+[a-z]?\b", (PROJECT / "docs" / "definitions.md").read_text("utf-8")))
    resolved = {f"C{number}" for number in range(1, 26)}  # the page lists them in running text, the last three as a range
    cited = {identity for claims in CLAIMS.values() for identity in claims}
    assert set() == cited - set(REQUIREMENTS) - listed - resolved


def test_every_other_place_exists() -> None:
    """What is no rule is a section of the report or a module of the package."""
    told = (compose(analysis, judge(analysis, Settings())) for analysis in (FIRES["PAI050"], FIRES["PAI101"]))
    titles = {title for document in told for title in _titles(document.sections)}
    places = {place.strip() for where in _table().values() for place in where.split(",")} - set(CLAIMS)
    modules = {place for place in places if place.startswith("`")}
    assert [place for place in modules if not (PROJECT / "pai_report" / place.strip("`")).is_file()] == []
    assert set() == places - modules - titles


def test_every_insight_has_its_row_in_the_report() -> None:
    """The six insight sections answer each of their items by its id, even where the answer is that something is missing."""
    rows = {
        row.id
        for section in insights(improved_run(), {})
        for block in section.blocks
        if isinstance(block, KeyValues)
        for row in block.rows
    }
    assert set() == set(INSIGHTS) - rows


def test_optimization_that_builds_on_a_gain_needs_one() -> None:
    """O0: without an established gain, rules that build on one are not asked."""
    run = FIRES["PAI061"]
    asked = {rule.code: rule.apply(case(run)) for rule in CATALOGUE if rule.identity.needs == "gain"}
    assert asked
    assert {"NotApplicable"} == {type(outcome).__name__ for outcome in asked.values()}
