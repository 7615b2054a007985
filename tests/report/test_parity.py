"""Three formats, one report: what one says, all say."""

from io import BytesIO
from typing import get_args

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from document_fixture import assets, every_block, run_document
from pypdf import PdfReader

from pai_report.report.document import Block, FindingCard, KeyFigures, KeyValues, Overview, Section, Span, Table, Text
from pai_report.report.render import render


def readable(text: str) -> str:
    """`text` without the marks and breaks of any format, in lower case: print sets section names in capitals."""
    return "".join(character for character in text.lower() if character.isalnum() or character in "+%→≥−.,")


def told(text: Text) -> str:
    """The words of `text`."""
    return readable("".join(span.text for span in text))


@pytest.fixture(scope="module")
def formats() -> dict[str, str]:
    """The realistic report's text in each format."""
    made = {name: render(run_document(), name, assets()).main for name in ("md", "html", "pdf")}
    page = tinyhtml5.parse(made["html"].decode(), namespace_html_elements=False)
    pdf = " ".join(page.extract_text() for page in PdfReader(BytesIO(made["pdf"])).pages)
    return {"md": readable(made["md"].decode()), "html": readable("".join(page.find("body").itertext())), "pdf": readable(pdf)}


def blocks(sections: tuple[Section, ...]) -> list[Block]:
    """All blocks of `sections` and of those inside them."""
    return [block for section in sections for block in (*section.blocks, *blocks(section.sections))]


def titles(sections: tuple[Section, ...]) -> list[str]:
    """All headings of sections, in reading order."""
    return [title for section in sections for title in (section.title, *titles(section.sections))]


def statements(block: Block) -> list[str]:
    """What `block` claims, in pieces that no line break of a table may tear apart."""
    match block:
        case FindingCard():
            return [block.code.lower(), told(block.title), *map(told, (*block.why, *block.evidence, block.limit, block.effect))]
        case KeyFigures():
            return [readable(figure.value) for figure in block.figures]
        case Overview():
            return [part for noted in block.findings for part in (told(noted.title), noted.severity)]
        case KeyValues():
            return [part for row in block.rows for part in (readable(row.label), told(row.text), readable(row.id or ""))]
        case Table():
            return [told(cell) for row in block.rows for cell in row]
        case _:
            return []


@pytest.mark.parametrize("name", ["md", "html", "pdf"])
def test_every_format_tells_all(formats: dict[str, str], name: str) -> None:
    """Headings, statements, findings with codes and evidence, and every number of every table are in each format."""
    document = run_document()
    wanted = [told(document.headline), *map(readable, titles(document.sections))]
    for block in (*document.front, *blocks(document.sections)):
        wanted += statements(block)

    assert [statement for statement in wanted if statement not in formats[name]] == []


@pytest.mark.parametrize("name", ["md", "html", "pdf"])
def test_findings_say_their_severity(formats: dict[str, str], name: str) -> None:
    """The severity follows a finding's title as a word, so that nothing depends on a colour."""
    findings = [block for block in blocks(run_document().sections) if isinstance(block, FindingCard)]

    assert findings
    assert [card.code for card in findings if told(card.title) + card.severity not in formats[name]] == []


def test_the_fixture_holds_every_block() -> None:
    """The documents made by hand use every type of block, so that no renderer is forgotten."""
    assert set(get_args(Block)) == {type(block) for block in every_block("x")}


def test_spans_have_every_style() -> None:
    """And every style of text."""
    used = {span.style for block in every_block("x") for span in getattr(block, "text", ()) if isinstance(span, Span)}

    assert used == {"plain", "strong", "emphasis", "code", "name"}
