"""Hostile names in a whole report: save name, folder, files, columns, modules and settings show as text and do nothing."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any, TypeVar
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from conftest import SAMPLES
from document_fixture import PNG
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from pai_report.advice.judge import judge
from pai_report.analysis.model import Analysis
from pai_report.pipeline import study
from pai_report.report.clean import clean
from pai_report.report.compose import compose
from pai_report.report.document import Document
from pai_report.report.fonts import spelled
from pai_report.report.render import render
from pai_report.report.rendition import Assets
from pai_report.report.sources import attachment_name
from pai_report.settings import Settings

SAVE_NAME = "synthetic-pb"
COLUMNS = {"Train", "Test", "Validation Scores"}
HOSTILE = (
    "<script>alert(1)</script>", "]]>", "a|b|c", "`x` ``y``", "one\ntwo\n# three", "[l](javascript:alert(1))",
    'x"onload="alert(1)', "</style><b>", "url(http://example.org/x)", "a\x00\x07\x1b[31mb", "abc\u202eevil\u2066x",
    "</title><p>",
    "--><svg onload=alert(1)>", "{{ 7*7 }}{% raw %}", "![i](http://example.org/i.png)", "<details><summary>", "&lt;&#60;", "\\",
)  # fmt: skip
ON_PAPER = (  # what could end a string, a name, a line or an element of a PDF, of its metadata or of the page it is made from
    "<script>alert(1)</script>", "]]>", "one\ntwo\n# three", 'x"onload="alert(1)', "a\x00\x07\x1b[31mb", "abc\u202eevil\u2066x",
    "</title><p>",
)  # fmt: skip
PIECES = ("<", ">", "&", '"', "'", "|", "`", "\n", "](", "javascript:", "--", "\u202e", "\x00", "</style>", "é", "你", ".", " ")
ANY_NAME = (
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=8).map("".join).filter(str.strip)
)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # a whole report per example: shrinking would take five minutes
GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066\u2067]")  # the isolates 2068 and 2069 are our own
T = TypeVar("T")


@cache
def plain_analysis() -> Analysis:
    """A synthetic run with modules, snapshots, a configuration and findings."""
    return study(SAMPLES / SAVE_NAME, Settings()).analysis


def named(held: T, word: str) -> T:
    """`held` with `word` in the place of the save name, of every module, of columns and of settings that are lists."""
    modules = {module.name for module in plain_analysis().modules.modules}  # type: ignore[union-attr]
    return _swapped(held, word, modules)  # type: ignore[no-any-return]


def _swapped(held: Any, word: str, modules: set[str]) -> Any:
    if isinstance(held, str):
        return f".{word}" if held in modules else word if held in COLUMNS or held[:1] == "[" else held.replace(SAVE_NAME, word)
    if isinstance(held, tuple):
        return tuple(_swapped(part, word, modules) for part in held)
    if is_dataclass(held) and not isinstance(held, type):
        return replace(held, **{part.name: _swapped(getattr(held, part.name), word, modules) for part in fields(held)})
    return held


def told(word: str) -> Document:
    """The report of the run under that name."""
    analysis = named(plain_analysis(), word)
    return compose(analysis, judge(analysis, Settings()))


def assets(word: str) -> Assets:
    """What the report carries; files that are attached bear the name too."""
    return Assets(report_json=b"{}", picture=(f"{word}.png", PNG), attachments=((f"{word}Scores.csv", b"Epochs\n"),))


def html_shape(page: Element) -> list[tuple[str, list[str]]]:
    """Every element outside of drawings with the names of its attributes; places where a line may break do not count."""
    inside = {id(inner) for inner in drawn(page)}
    return [
        (element.tag, sorted(element.keys())) for element in page.iter() if id(element) not in inside and element.tag != "wbr"
    ]


def drawn(page: Element) -> Iterator[Element]:
    """Every element inside of a drawing: how many there are depends on the length of names, their kinds do not."""
    for drawing in page.iter("{http://www.w3.org/2000/svg}svg"):
        yield from list(drawing.iter())[1:]


def kinds(page: Element) -> set[tuple[str, tuple[str, ...]]]:
    """The kinds of elements in drawings: tag and names of attributes; where a label is anchored depends on its length."""
    return {(element.tag, tuple(sorted(set(element.keys()) - {"text-anchor"}))) for element in drawn(page)}


def html_page(document: Document, word: str) -> Element:
    """The page as a browser parses it."""
    source = render(document, "html", assets(word)).main.decode()
    assert not FORBIDDEN.search(source)
    page: Element = tinyhtml5.parse(source, namespace_html_elements=False)
    return page


def md_shape(source: str) -> list[str]:
    """What GitHub makes of Markdown: every block, and every inline part but words, code spans and emphasis of ours."""
    tokens = GFM.parse(source)
    parts = [part for part in _inline(tokens) if part.type not in {"text", "code_inline", "softbreak"}]
    return [token.type for token in tokens] + [part.content if part.type == "html_inline" else part.type for part in parts]


def _inline(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield from token.children or ()


@cache
def harmless() -> tuple[Element, list[str]]:
    """The HTML page and the shape of the Markdown of a harmless name."""
    document = told("harmless")
    return html_page(document, "harmless"), md_shape(render(document, "md", assets("harmless")).main.decode())


def words(text: str) -> str:
    """`text` without spaces, which formats set as they need."""
    return "".join(text.replace("\u2068", "").replace("\u2069", "").split())


def assert_harmless(word: str) -> None:
    """The report under that name has the elements and blocks of any other, and shows the name."""
    document = told(word)
    page, md = html_page(document, word), render(document, "md", assets(word)).main.decode()
    shown_md = "".join(child.content for child in _inline(GFM.parse(md)))

    assert html_shape(page) == html_shape(harmless()[0])
    assert kinds(page) <= kinds(harmless()[0])
    assert md_shape(md) == harmless()[1]
    assert words(clean(word)) in words("".join(page.itertext()))
    assert words(clean(word)) in words(shown_md)
    assert not FORBIDDEN.search(md)


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_names_are_text(word: str) -> None:
    """No element, attribute, link or block comes from a name, in HTML or in Markdown; the name is on the page."""
    assert_harmless(word)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=UNSHRUNK)
@given(word=ANY_NAME)
@example(word="<<<<javascript:javascript:\x000M\U0001bad2\U000d94b4")  # so long that a label in a drawing is set elsewhere
def test_any_name_is_text(word: str) -> None:
    """The same for whatever else a name may be."""
    assert_harmless(word)


@pytest.mark.slow
@pytest.mark.parametrize("word", ON_PAPER)
def test_hostile_names_on_paper(word: str) -> None:
    """The PDF shows the name, keeps it in title, outline and attachments, and has no action, script or outside link."""
    data = render(told(word), "pdf", assets(word)).main
    reader = PdfReader(BytesIO(data))
    text = words("".join(page.extract_text() for page in reader.pages))
    actions = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", ())]

    assert words(spelled(clean(word).replace("<", "\0"))).replace("\0", "<") in text
    assert reader.metadata is not None
    assert words(clean(word)) in words(reader.metadata.title or "")
    attached = {attachment_name(f"{word}Scores.csv"), attachment_name(f"{word}.png"), "report.json"}
    assert {held.alternative_name for held in reader.attachment_list} == attached
    assert not any(mark in data for mark in (b"/JavaScript", b"/JS", b"/Launch", b"/SubmitForm"))
    assert all(action.get("/S") != "/URI" for action in actions)
