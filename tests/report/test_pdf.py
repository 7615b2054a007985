"""The PDF report: archivable, accessible, silent, the same bytes every time, and nothing read that was not given."""

import logging
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from document_fixture import EMOJI, HOSTILE, LONG, PNG, RTL, assets, hostile_document, png, run_document
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from pai_report.errors import ExpectedError
from pai_report.png import png_size
from pai_report.report import pango, pdf
from pai_report.report.document import Document
from pai_report.report.pdf import fetcher, pdf_bytes
from pai_report.report.pixels import reduced_jpeg
from pai_report.report.rendition import Assets

HERE = Path(__file__).parent
NO_FONTS = '<?xml version="1.0"?><fontconfig><dir>{0}/none</dir><cachedir>{0}/cache</cachedir></fontconfig>'


@pytest.fixture(scope="module")
def made() -> bytes:
    """The realistic report."""
    return pdf_bytes(run_document(), assets())


@pytest.fixture(scope="module")
def reader(made: bytes) -> PdfReader:
    """The realistic report, read back."""
    return PdfReader(BytesIO(made))


def words(text: str) -> str:
    """`text` with single spaces; page layout breaks lines anywhere."""
    return " ".join(text.split())


def outline(reader: PdfReader) -> Iterator[tuple[str, int]]:
    """Every bookmark with its page, from 1."""
    waiting: list[Any] = list(reader.outline)
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = item + waiting
        else:
            page = reader.get_destination_page_number(item)
            assert page is not None
            yield words(str(item.title)), page + 1


def test_page_one_answers(reader: PdfReader) -> None:
    """Page one holds the answer, the four figures and the three actions."""
    page = words(reader.pages[0].extract_text())

    assert "Cannot tell: a gain of 0.67 points is within this run’s noise." in page
    assert all(figure in page for figure in ("+0.67", "8.0", "1,616", "219"))
    assert all(action in page for action in ("Repeat with two more seeds", "Stop at two sets.", "Watch the gap."))
    assert "I1.1" not in page


def test_every_page_is_numbered_and_named(reader: PdfReader) -> None:
    """The foot of every page names the run, the version, the page and how many there are."""
    total = len(reader.pages)

    for number, page in enumerate(reader.pages, start=1):
        text = words(page.extract_text())
        assert "PAI · pai-report 0.1.0" in text
        assert f"{number} / {total}" in text


def test_contents_give_the_true_pages(reader: PdfReader) -> None:
    """The page numbers in the contents are those of the bookmarks, which are those of the headings."""
    contents = words(reader.pages[0].extract_text().partition("CONTENTS")[2])
    pages = dict(outline(reader))

    for section in run_document().sections:
        assert f"{section.title} {pages[section.title]}" in contents
        assert section.title.upper() in words(reader.pages[pages[section.title] - 1].extract_text())


def test_bookmarks_of_findings_tell_the_severity_apart(reader: PdfReader) -> None:
    """In the outline a finding's title ends before the word of its severity."""
    assert "The gap between training and validation is 6.7 points — medium" in dict(outline(reader))


def test_an_answer_alone_is_one_page() -> None:
    """A report without sections, and without actions that point to them, is one page: no empty one for an appendix after it."""
    whole = run_document()
    document = replace(whole, front=whole.front[:3], sections=())

    assert len(PdfReader(BytesIO(pdf_bytes(document, assets()))).pages) == 1


def test_tagged_archive(reader: PdfReader) -> None:
    """The file says PDF/A-3, conformance A: tagged, with its language, title and colour space."""
    root: Any = reader.trailer["/Root"].get_object()
    packet = root["/Metadata"].get_object().get_data().decode()

    assert 'part="3"' in packet
    assert 'conformance="A"' in packet
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert {"/StructTreeRoot", "/OutputIntents"} <= set(root)
    assert reader.metadata is not None
    assert reader.metadata.title == "PAI · PerforatedAI run report"


def test_pictures_have_alternatives(reader: PdfReader) -> None:
    """Both drawings and the library's picture are tagged as figures with their alt text."""
    root = reader.trailer["/Root"].get_object()["/StructTreeRoot"]  # type: ignore[index]
    alternatives = [str(element["/Alt"]) for element in elements(root) if element.get("/S") == "/Figure"]

    assert [text.split()[0] for text in alternatives] == ["Line", "Training", "The"]


def elements(element: DictionaryObject) -> Iterator[DictionaryObject]:
    """The structure elements below `element`, in reading order."""
    for held in element.get("/K", ()):
        child = held.get_object()
        if isinstance(child, DictionaryObject):
            yield child
            yield from elements(child)


def test_fonts_are_embedded_and_our_own(reader: PdfReader) -> None:
    """Every font in the file is embedded and is one of the report's three families."""
    fonts = {str(font["/BaseFont"]): font for page in reader.pages for font in _fonts(page)}

    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+Report-(STIX-General|DejaVu-Sans)", name) for name in fonts)
    assert all("/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values())  # type: ignore[index]


def _fonts(page: object) -> Iterator[dict[str, object]]:
    for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
        yield reference.get_object()


def test_data_travels_inside(reader: PdfReader) -> None:
    """The JSON, the files read and the original picture are attached, byte for byte."""
    held = {name: contents[0] for name, contents in reader.attachments.items()}

    assert held == {"report.json": assets().report_json, "PAI.png": PNG, **dict(assets().attachments)}


def test_same_bytes_every_time(made: bytes) -> None:
    """Rendering again gives the same file."""
    assert made == pdf_bytes(run_document(), assets())


TOLD_ELSEWHERE = """
import time
from document_fixture import *
from pai_report.report.pdf import pdf_bytes
now = time.time
time.time = lambda: now() + {seconds}
import sys; sys.stdout.buffer.write(pdf_bytes(run_document(), assets()))
"""


def test_same_bytes_in_another_process(made: bytes, tmp_path: Path) -> None:
    """On one machine neither process, clock, time zone, language, home nor order of sets changes a byte."""
    environment = {**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parents[1]}", "PYTHONHASHSEED": "7", "HOME": str(tmp_path)}
    code = TOLD_ELSEWHERE.format(seconds=400 * 86400)
    elsewhere = {**environment, "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"}
    done = subprocess.run([sys.executable, "-c", code], env=elsewhere, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == made


def test_source_date_dates_the_file() -> None:
    """A given date is that of the file and of its attachments; without one the file has no date."""
    given = assets()
    dated = Assets(
        report_json=given.report_json,
        picture=given.picture,
        attachments=given.attachments,
        created=datetime(2026, 11, 23, tzinfo=UTC),
    )
    made = pdf_bytes(run_document(), dated)
    information = PdfReader(BytesIO(made)).metadata

    assert information is not None
    assert information.creation_date == datetime(2026, 11, 23, tzinfo=UTC)
    assert made.count(b"D:20261123000000Z") >= 8  # created and modified of the file and of four attachments
    assert made == pdf_bytes(run_document(), dated)


@pytest.mark.parametrize("document", [run_document(), *(hostile_document(word) for word in (HOSTILE, LONG, RTL, EMOJI))])
def test_weasyprint_has_nothing_to_say(document: Document, caplog: pytest.LogCaptureFixture) -> None:
    """No style is unknown, no link dangles, no image is missing, and no letter without a font, whatever the names."""
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf_bytes(document, assets())

    said = [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")]
    assert said == []


def test_hostile_text_is_printed() -> None:
    """Markup in a name is on the page as it was written."""
    text = words(PdfReader(BytesIO(pdf_bytes(hostile_document(HOSTILE), assets()))).pages[0].extract_text())

    assert '<script>alert("x")</script>' in text


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "ftp://127.0.0.1/x", "font:../x.ttf"])
def test_nothing_else_is_read(url: str) -> None:
    """WeasyPrint is refused every address but data and the report's fonts, before anything is opened."""
    with pytest.raises(ValueError, match=r"disallowed protocol|not one of the report's fonts"):
        fetcher(pango.import_weasyprint()).fetch(url)


def test_without_any_font_installed(tmp_path: Path) -> None:
    """On a machine whose font configuration finds nothing, the report brings its own fonts."""
    (tmp_path / "fonts.conf").write_text(NO_FONTS.format(tmp_path), "utf-8")
    code = (
        "from document_fixture import *\nfrom pai_report.report.pdf import pdf_bytes\n"
        "import sys; sys.stdout.buffer.write(pdf_bytes(run_document(), assets()))"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert "Cannot tell" in PdfReader(BytesIO(done.stdout)).pages[0].extract_text()


def test_a_library_that_only_weasyprint_misses_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another library than those looked for cannot be loaded, the error has its name."""

    def fail(_: str) -> None:
        raise OSError("cannot load library 'libfontconfig-1': not there")

    monkeypatch.setattr(pango, "import_module", fail)
    with pytest.raises(ExpectedError) as caught:
        pdf_bytes(run_document(), assets())

    assert caught.value.slug == "pango-missing"
    assert "cannot load library 'libfontconfig-1'." in caught.value.sentence


def _logs(logger: str) -> None:
    logging.getLogger(logger).warning("the letter %s is lost", "x")


def _warns() -> None:
    warnings.warn("the letter x is lost", stacklevel=1)


@pytest.mark.parametrize(
    "complain",
    [partial(_logs, "weasyprint"), partial(_logs, "fontTools.subset"), partial(_logs, "PIL.PngImagePlugin"), _warns],
    ids=["weasyprint", "fontTools", "pillow", "python"],
)
def test_no_complaint_of_the_renderer_is_thrown_away(complain: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever complains while the PDF is drawn, there is no PDF but its words; the listeners are gone afterwards."""
    weasyprint = pango.import_weasyprint()
    before = {name: list(logging.getLogger(name).handlers) for name in ("weasyprint", "fontTools", "PIL")}
    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lambda *_, **__: complain())

    with pytest.raises(ExpectedError, match="its renderer complained: the letter x is lost\\.") as caught:
        pdf_bytes(run_document(), assets())

    assert caught.value.slug == "renderer-complained"
    assert before == {name: list(logging.getLogger(name).handlers) for name in before}


def test_a_picture_that_cannot_be_drawn_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that the renderer loses, as WeasyPrint 68.0 loses all: no PDF without it."""
    monkeypatch.setattr(pdf, "labelled", lambda _: "<svg")

    with pytest.raises(ExpectedError, match="Failed to load image"):
        pdf_bytes(run_document(), assets())


def test_transparency_has_colours_that_readers_know(reader: PdfReader) -> None:
    """The colour space of a group is one of the device or is spelled out (ISO 32000-1, 11.6.6); poppler refuses other names.

    WeasyPrint 69.0 writes the name that the space has among the resources of the page.
    """
    forms = [form.get_object() for page in reader.pages for form in page["/Resources"]["/XObject"].values()]  # type: ignore[index]
    spaces = [form["/Group"]["/CS"] for form in forms if "/Group" in form]

    assert spaces
    assert {space for space in spaces if not isinstance(space, ArrayObject)} <= {"/DeviceRGB", "/DeviceGray", "/DeviceCMYK"}


def test_every_picture_is_on_paper(reader: PdfReader) -> None:
    """The two drawings and the picture of the library are drawn where their tags say."""
    pictures = [image for page in reader.pages for image in page.images]
    drawn = b"".join(page.get_contents().get_data() for page in reader.pages)  # type: ignore[union-attr]

    assert pictures
    assert drawn.count(b"/Figure") == 3


def test_other_formats_need_no_pango() -> None:
    """Markdown, HTML and JSON are rendered without WeasyPrint being imported."""
    code = (
        "import sys; sys.modules['weasyprint'] = None\nfrom document_fixture import *\n"
        "from pai_report.report.render import render\n"
        "for name in ('md', 'html', 'json'): assert render(run_document(), name, assets()).main"
    )
    environment = {**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


def test_size_of_a_png() -> None:
    """Width and height come from the header; what is no PNG has none."""
    assert png_size(png(30, 20)) == (30, 20)
    assert png_size(b"GIF89a" + bytes(40)) is None
    assert png_size(png(30, 20)[:20]) is None


def test_large_picture_is_reduced_for_paper() -> None:
    """The library's 2800 pixels become a third as many; a small picture stays as it is."""
    large, small = reduced_jpeg(png(2800, 1400)), reduced_jpeg(png(300, 200))

    assert large is not None
    assert small is not None
    assert (large[1:], small[1:]) == ((934, 467), (300, 200))
    assert large[0].startswith(b"\xff\xd8\xff")  # JPEG


@pytest.mark.parametrize(
    "damage", [lambda data: data[:60], lambda data: data[:8] + b"\0" * 40 + data[48:], lambda _: b"x" * 90, lambda _: b""]
)
def test_damaged_picture_is_left_out(damage: object) -> None:
    """A truncated or overwritten picture is described in words; the report is written all the same."""
    broken = Assets(report_json=b"{}", picture=("PAI.png", damage(png(300, 200))))  # type: ignore[operator]

    pages = PdfReader(BytesIO(pdf_bytes(run_document(), broken))).pages
    assert any("four panels: scores" in words(page.extract_text()) for page in pages)


def test_a_picture_too_large_to_be_one_is_left_out() -> None:
    """A header that claims billions of pixels is not believed."""
    claimed = bytearray(png(8, 4))
    claimed[16:24] = (60_000).to_bytes(4, "big") * 2

    assert reduced_jpeg(bytes(claimed)) is None
