"""A reason is chosen by a value that was tested: every value has its own words, and no fallback gives one."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from conftest import PROJECT

from pai_report import conclusions
from pai_report.advice import answer, silence
from pai_report.advice.model import VerdictCode
from pai_report.advice.optimization import generalization as gap_rule
from pai_report.analysis import missing as vocabulary
from pai_report.analysis.model import (
    Addition,
    Direction,
    GainClass,
    Gains,
    Generalization,
    Identity,
    Lifecycle,
    Mismatch,
    Mode,
    Module,
    Need,
    Scale,
)
from pai_report.batch import words
from pai_report.report import appendix, front, missing
from pai_report.report.insights import generalization, impact, modules, summary
from pai_report.report.ticket import result
from pai_report.run.model import Era


def field(owner: type, name: str) -> set[str]:
    """The words that a field of closed values can hold."""
    hint = get_type_hints(owner)[name]
    return set(flat(hint))


def flat(hint: Any) -> Iterator[str]:
    """The strings of a Literal, of a union of them, or of Literals inside."""
    for part in get_args(hint):
        if isinstance(part, str):
            yield part
        else:
            yield from flat(part)


CHOSEN: dict[str, tuple[Mapping[Any, Any], set[str]]] = {
    "answer without a gain": (silence.WITHOUT_GAIN, set(flat(silence.Silence))),
    "answer on a gain": (answer.WITH_GAIN, set(flat(answer.Told))),
    "context": (answer.CONTEXTS, set(flat(VerdictCode))),
    "what is missing": (missing.NEEDS, set(flat(Need))),
    "added": (impact.ADDED, field(Lifecycle, "attempted")),
    "classes": (impact.CLASSES, set(flat(GainClass))),
    "helped": (impact.HELPED, set(flat(GainClass))),
    "causes": (impact.CAUSES, field(Addition, "cause")),
    "courses": (impact.COURSES, field(Gains, "course")),
    "which is better": (impact.BETTER, set(flat(Direction))),
    "ended (summary)": (summary.ENDED, field(Lifecycle, "ended_by")),
    "ended (page one)": (front.ENDINGS, field(Lifecycle, "ended_by")),
    "ended (inspect)": (conclusions.ENDED, field(Lifecycle, "ended_by")),
    "direction (inspect)": (conclusions.DIRECTION, field(Identity, "direction_from")),
    "mode (inspect)": (conclusions.MODE, field(Identity, "mode_from")),
    "scale (inspect)": (conclusions.SCALE, set(flat(Scale))),
    "era (inspect)": (conclusions.ERA, set(flat(Era))),
    "mode (appendix)": (appendix.MODES, set(flat(Mode))),
    "scale (appendix)": (appendix.SCALES, set(flat(Scale))),
    "overfitting": (generalization.LEVELS, field(Generalization, "level")),
    "regularization": (generalization.REGULARIZE, field(Generalization, "level")),
    "not comparable (body)": (generalization.REASONS, set(flat(Mismatch))),
    "not comparable (rule)": (gap_rule.NOT_COMPARABLE, set(flat(Mismatch))),
    "tiers": (modules.TIERS, field(Module, "tier")),
    "ticket": (result.BETTER, set(flat(Direction))),
    "verdicts of the index": (words.VERDICTS, set(flat(VerdictCode))),
}


@pytest.mark.parametrize("place", CHOSEN)
def test_every_value_has_its_own_words(place: str) -> None:
    """As many sentences as values, no more and no fewer."""
    table, values = CHOSEN[place]
    assert set(table) == values


def test_every_need_of_the_vocabulary_is_worded() -> None:
    """What the analysis says was missing, the report can say."""
    assert {need for needs in vocabulary.VOCABULARY.values() for need in needs} <= set(missing.NEEDS)


WORDED = sorted(
    path
    for pattern in ("advice/**/*.py", "report/**/*.py", "batch/words.py", "batch/row.py", "batch/page.py", "conclusions.py")
    for path in (PROJECT / "pai_report").glob(pattern)
)


def fallbacks(source: str) -> list[int]:
    """Lines where `.get(key, words)` or `… or "words"` gives a sentence for whatever was not tested."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
        if call and len(node.args) == 2 and sentence(node.args[1]):  # type: ignore[attr-defined]
            lines.append(node.lineno)  # type: ignore[attr-defined]
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and sentence(node.values[-1]):
            lines.append(node.lineno)
    return lines


def sentence(node: ast.expr) -> bool:
    """More than one word, or a phrase."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value.strip() and node.value not in {"not known", "newest known"}
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"


@pytest.mark.parametrize("path", WORDED, ids=lambda path: str(Path(path).relative_to(PROJECT / "pai_report")))
def test_no_fallback_gives_a_reason(path: Path) -> None:
    """What is not in a table has no words; it is an error of ours, not a reason."""
    assert fallbacks(path.read_text("utf-8")) == []


def test_a_fallback_would_be_seen() -> None:
    """The check finds the kinds that it forbids."""
    assert fallbacks('x = TABLE.get(key, "no file tells")\n') == [1]
    assert fallbacks('x = held or "nothing says whether"\n') == [1]
    assert fallbacks('x = TABLE.get(key, say("no snapshot"))\n') == [1]
    assert fallbacks('x = TABLE.get(key)\ny = a or ""\nz = TABLE.get(key, "–")\n') == []
