"""Three formats, one report: what one says, all say; and the numbers are those of report.json."""

import json
from io import BytesIO
from typing import Any, get_args

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from document_fixture import assets, every_block, run_document
from pypdf import PdfReader
from run_reports import Report, html_words, titles, told  # noqa: F401 a fixture

from pai_report.advice.phrases import Quantity
from pai_report.report.document import Block, FindingCard, KeyFigures, KeyValues, Overview, Section, Span, Table, Text
from pai_report.report.render import render
from pai_report.report.text import quantity_text


def readable(text: str) -> str:
    """`text` without the marks and breaks of any format, in lower case: print sets section names in capitals."""
    return "".join(character for character in text.lower() if character.isalnum() or character in "+%→≥−.,")


def words(text: Text) -> str:
    """The words of `text`."""
    return readable("".join(span.text for span in text))


@pytest.fixture(scope="module")
def formats() -> dict[str, str]:
    """The realistic report's text in each format."""
    made = {name: render(run_document(), name, assets()).main for name in ("md", "html", "pdf")}
    pdf = " ".join(page.extract_text() for page in PdfReader(BytesIO(made["pdf"])).pages)
    return {"md": readable(made["md"].decode()), "html": readable(html_words(made["html"])), "pdf": readable(pdf)}


def blocks(sections: tuple[Section, ...]) -> list[Block]:
    """All blocks of `sections` and of those inside them."""
    return [block for section in sections for block in (*section.blocks, *blocks(section.sections))]


def statements(block: Block) -> list[str]:
    """What `block` claims, in pieces that no line break of a table may tear apart."""
    match block:
        case FindingCard():
            return [
                block.code.lower(),
                words(block.title),
                *map(words, (*block.why, *block.evidence, block.limit, block.effect)),
            ]
        case KeyFigures():
            return [readable(figure.value) for figure in block.figures]
        case Overview():
            return [part for noted in block.findings for part in (words(noted.title), noted.severity)]
        case KeyValues():
            return [part for row in block.rows for part in (readable(row.label), words(row.text), readable(row.id or ""))]
        case Table():
            return [words(cell) for row in block.rows for cell in row]
        case _:
            return []


@pytest.mark.parametrize("name", ["md", "html", "pdf"])
def test_every_format_tells_all(formats: dict[str, str], name: str) -> None:
    """Headings, statements, findings with codes and evidence, and every number of every table are in each format."""
    document = run_document()
    wanted = [words(document.headline), *map(readable, titles(document.sections))]
    for block in (*document.front, *blocks(document.sections)):
        wanted += statements(block)

    assert [statement for statement in wanted if statement not in formats[name]] == []


@pytest.mark.parametrize("name", ["md", "html", "pdf"])
def test_findings_say_their_severity(formats: dict[str, str], name: str) -> None:
    """The severity follows a finding's title as a word, so that nothing depends on a colour."""
    findings = [block for block in blocks(run_document().sections) if isinstance(block, FindingCard)]

    assert findings
    assert [card.code for card in findings if words(card.title) + card.severity not in formats[name]] == []


def test_the_fixture_holds_every_block() -> None:
    """The documents made by hand use every type of block, so that no renderer is forgotten."""
    assert set(get_args(Block)) == {type(block) for block in every_block("x")}


def test_spans_have_every_style() -> None:
    """And every style of text."""
    used = {span.style for block in every_block("x") for span in getattr(block, "text", ()) if isinstance(span, Span)}

    assert used == {"plain", "strong", "emphasis", "code", "name"}


def formats_of(report: Report) -> dict[str, str]:
    """The text of a run's report in each format; the PDF without the foot of its pages, which parts sentences."""
    pages = report.pages
    feet = [readable(f"{report.document.footer} {number} / {len(pages)}") for number in range(1, len(pages) + 1)]
    sides = [readable(page).replace(foot, "") for page, foot in zip(pages, feet, strict=True)]
    return {"md": readable(report.md.decode()), "html": readable(html_words(report.html)), "pdf": "".join(sides)}


def numbers(report: Report) -> list[str]:
    """Every number of report.json that the report shows: key figures, and each finding's evidence under the one formatter."""
    held: list[dict[str, Any]] = json.loads(report.json)["findings"]
    shown = []
    for finding, contract in zip(report.studied.judgement.findings, held, strict=True):
        for evidence, entry in zip(finding.evidence, contract["evidence"], strict=True):
            number = tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]
            own = evidence.value
            quantity = Quantity(value=number, unit=own.unit, signed=own.signed, noun=own.noun)
            shown.append(readable(f"{entry['label']} {quantity_text(quantity)}"))
    figures = [block for block in report.document.front if isinstance(block, KeyFigures)]
    return [*shown, *(readable(figure.value + figure.unit) for block in figures for figure in block.figures)]


@pytest.mark.slow
def test_every_report_says_the_same_in_every_format(told: Report) -> None:  # noqa: F811
    """Headings, codes, titles and numbers of the real reports: in Markdown, HTML and PDF, each as report.json has it."""
    codes = [finding["code"] for finding in json.loads(told.json)["findings"]]
    wanted = [*map(readable, titles(told.document.sections)), *map(str.lower, codes), *numbers(told)]

    for name, text in formats_of(told).items():
        assert (name, [statement for statement in wanted if statement not in text]) == (name, [])


@pytest.mark.slow
def test_every_report_has_the_same_headings_in_the_same_order(told: Report) -> None:  # noqa: F811
    """Markdown, HTML and the outline of the PDF name the same sections, in the same order."""
    page = tinyhtml5.parse(told.html.decode(), namespace_html_elements=False)
    html = [" ".join("".join(heading.itertext()).split()) for heading in page.iter("h2")]
    md = [line.removeprefix("## ").replace("\\", "") for line in told.md.decode().splitlines() if line.startswith("## ")]

    assert md == html
    assert [title for title in told.bookmarks if title in html] == html
    assert [title for title in html if title in titles(told.document.sections)] == [s.title for s in told.document.sections]
