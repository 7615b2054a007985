"""Letters that the report's own fonts do not have: spelled out on paper, untouched everywhere else."""

from io import BytesIO

import pytest
from document_fixture import assets, hostile_document
from pypdf import PdfReader

from pai_report.report.fonts import font, labelled, spelled
from pai_report.report.pdf import pdf_bytes

WORLD = "实验 🧠 שלום مرحبا ∑ é"


def test_letters_without_a_font_become_code_points() -> None:
    """A character of no font is its code point in brackets; letters, signs and alternative texts stay."""
    assert spelled("<p>实 → 🧠 ∑ é שלום</p>") == "<p>[U+5B9E] → [U+1F9E0] ∑ é שלום</p>"
    assert spelled('<img alt="实">实') == '<img alt="实">[U+5B9E]'
    assert spelled("<p>plain</p>") == "<p>plain</p>"


def test_the_foot_of_the_pages_is_spelled_too() -> None:
    """The one attribute that is printed counts as text."""
    assert spelled('<header data-footer="实">') == '<header data-footer="[U+5B9E]">'


def test_what_nobody_sees_is_not_spelled() -> None:
    """Joiners and variation selectors have no picture of their own."""
    assert spelled("a\u200db\ufe0fc") == "a\u200db\ufe0fc"


def test_labels_of_drawings_get_boxes() -> None:
    """A label has no room for code points; only labels change, and words from right to left are turned round."""
    drawing = "<svg><title>实</title><text x='1'>.实 fc</text><text>.שלום</text></svg>"

    assert labelled(drawing) == "<svg><title>实</title><text x='1'>.□ fc</text><text>.םולש</text></svg>"


def test_a_name_from_anywhere_is_printed_and_no_other_font_used() -> None:
    """Code points stand on the page, the title keeps the name, and every font in the file is the report's own."""
    reader = PdfReader(BytesIO(pdf_bytes(hostile_document(WORLD), assets())))
    page = reader.pages[0]
    fonts = {str(held.get_object()["/BaseFont"]).partition("+")[2] for held in page["/Resources"]["/Font"].values()}  # type: ignore[index]

    assert "[U+5B9E][U+9A8C]" in "".join(page.extract_text().split())
    assert reader.metadata is not None
    assert reader.metadata.title == WORLD
    assert [name for name in fonts if not name.startswith(("STIX-General", "DejaVu-Sans"))] == []


@pytest.mark.parametrize("url", ["font:../../etc/passwd", "font:Other.ttf"])
def test_only_the_reports_fonts_are_handed_out(url: str) -> None:
    """No other file can be asked for by the name of a font."""
    with pytest.raises(ValueError, match="not one of the report's fonts"):
        font(url)
