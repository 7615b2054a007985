"""The Markdown report: what GitHub makes of it is what was meant."""

import re

import pytest
from document_fixture import HOSTILE_NAMES, PNG, assets, hostile_document, run_document
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pai_report.report.clean import clean
from pai_report.report.document import Span, Style
from pai_report.report.gfm import gfm_page
from pai_report.report.gfm_text import gfm_cell, gfm_fence, gfm_line, slugs

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
STYLES: tuple[Style, ...] = ("plain", "strong", "emphasis", "code", "name")
ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("|`*_[]<>#-+=.1)(!~$&\\\n\r\t ")), max_size=30)


def shown(tokens: list[Token]) -> str:
    """The words a reader sees, with single spaces and without direction marks."""
    inline = [child for token in tokens for child in token.children or ()]
    return normal("".join("\n" if child.type == "softbreak" else child.content for child in inline))


def normal(text: str) -> str:
    """`text` with single spaces, without the marks that isolate right-to-left names."""
    return " ".join(re.sub("[\u2068\u2069]", "", text).split())


def page() -> str:
    """The realistic report."""
    return gfm_page(run_document(), assets(), "report").main.decode()


@pytest.mark.parametrize("style", STYLES)
@given(text=ANY_TEXT)
def test_a_line_reads_as_written(style: Style, text: str) -> None:
    """Any text in any style becomes one paragraph that shows exactly that text."""
    tokens = GFM.parse(gfm_line((Span(text="a "), Span(text=text, style=style))))

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert normal("a " + clean(text)) == shown(tokens)


@given(text=ANY_TEXT)
def test_nothing_at_the_start_of_a_line_opens_a_block(text: str) -> None:
    """A paragraph that begins with any text is a paragraph, not a list, heading, rule, quote or code."""
    tokens = GFM.parse(gfm_line((Span(text=text),)))

    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert normal(clean(text)) == shown(tokens)


@pytest.mark.parametrize("style", ["plain", "name"])
@given(text=ANY_TEXT)
def test_a_cell_stays_one_cell(style: Style, text: str) -> None:
    """Any text in a table is one cell that shows exactly that text, bars included."""
    tokens = GFM.parse(f"| h | i |\n| --- | --- |\n| {gfm_cell((Span(text=text, style=style),))} | end |\n")
    cells = [shown([token]) for token in tokens if token.type == "inline"]

    assert cells == ["h", "i", normal(clean(text)), "end"]


@given(code=ANY_TEXT)
def test_a_fence_holds_its_code(code: str) -> None:
    """Code with any backticks in it stays one block of code."""
    tokens = GFM.parse(gfm_fence(f"x{code}x", "python"))

    assert [token.type for token in tokens] == ["fence"]


def test_anchors_are_those_of_github() -> None:
    """Lower case, punctuation dropped, spaces to hyphens, repeated headings numbered (github.com, "Section links")."""
    headings = ("Training summary", "1 · Dendrite count", "What's next?", "Training summary", "snake_case – dash")

    assert slugs(headings) == ("training-summary", "1--dendrite-count", "whats-next", "training-summary-1", "snake_case--dash")


def test_first_page_comes_first() -> None:
    """The report opens with the answer, and the actions come before the contents."""
    text = page()

    assert text.startswith("# Cannot tell: a gain of 0.67 points is within this run’s noise.\n")
    assert text.index("## What to do next") < text.index("## Contents") < text.index("## Training summary")


def test_contents_lead_to_headings() -> None:
    """Every line of the contents leads to the heading of a section."""
    text = page()
    anchors = re.findall(r"^- \[.*\]\(#(.*)\)$", text, re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)

    assert len(anchors) == len(run_document().sections)
    assert set(anchors) <= set(slugs(tuple(headings)))


def test_findings_name_their_severity_and_code() -> None:
    """A finding's heading ends with its severity in words; code, confidence and limit follow below."""
    text = page()

    assert "#### The gap between training and validation is 6.7 points — medium\n" in text
    assert "limit: 5 points, from the requirements (A16) — confidence: medium — PAI801" in text
    assert "(`max_dendrites`: `5` → `2`)\n\n   ```python\n   GPA.pc.set_max_dendrites(2)\n   ```" in text


def test_numbers_align_right() -> None:
    """Number columns are right-aligned, text columns left-aligned."""
    assert "| Dendrite sets | Parameters |" in page()
    assert "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |" in page()


def test_pictures_are_files_beside_the_report() -> None:
    """Every image is a relative file that comes with the report; the library's is the original."""
    made = gfm_page(run_document(), assets(), "my report")
    linked = re.findall(r"^!\[.*\]\((.*)\)$", made.main.decode(), re.MULTILINE)
    files = dict(made.files)

    assert linked == ["my%20report_files/scores.svg", "my%20report_files/train-validation.svg", "my%20report_files/PAI.png"]
    assert [name.replace(" ", "%20") for name in files] == linked
    assert files["my report_files/PAI.png"] == PNG
    assert files["my report_files/scores.svg"].startswith(b"<svg ")


def test_picture_names_are_plain() -> None:
    """A picture's file name holds nothing that a link would have to quote, whatever the run called it."""
    names = [name for name, _ in gfm_page(hostile_document(), assets(), "report").files]

    assert names == ["report_files/fig.svg", "report_files/odd-name-.png"]


@pytest.mark.parametrize("word", HOSTILE_NAMES)
def test_hostile_text_stays_text(word: str) -> None:
    """Whatever a run's names hold, the only markup in the report is the folding of details, and no link comes from it."""
    tokens = GFM.parse(gfm_page(hostile_document(word), assets(), "report").main.decode())
    children = [child for token in tokens for child in token.children or ()]
    markup = {line for token in tokens if token.type == "html_block" for line in token.content.split("\n") if line}

    assert not [child for child in children if child.type == "html_inline"]
    assert markup == {
        "<details>",
        "</details>",
        "<summary>The numbers behind this figure</summary>",
        "<summary>Also considered</summary>",
    }
    assert {str(child.attrs["href"])[0] for child in children if child.type == "link_open"} == {"#"}
    assert len([token for token in tokens if token.type == "heading_open"]) == 7


def test_one_empty_line_between_blocks() -> None:
    """Blocks are separated by one empty line, never more."""
    assert "\n\n\n" not in page()


@pytest.mark.parametrize("word", ["www.evil.example", "a@evil.example", "http://evil.example", "@someone", "fixes #123"])
def test_nothing_is_linked_by_itself(word: str) -> None:
    """GitHub links what looks like an address, a person or an issue wherever it stands in words: as in a comment, none does."""
    tokens = GFM.parse(gfm_page(hostile_document(word), assets(), "report").main.decode())
    texts = [child.content for token in tokens for child in token.children or () if child.type == "text"]

    assert word in shown(tokens).replace("\u200b", "")
    assert [text for text in texts if word in text] == []
