"""What ISO 19005-3 (PDF/A-3, level A) asks of the file, as far as it can be read off its objects.

No validator of PDF/A is among the packages of this project: veraPDF comes from none of the registries it installs from. Each
check names the clause it stands for; they are necessary conditions, not a proof of conformance.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from conftest import SAMPLES
from document_fixture import assets, run_document
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from run_reports import report_of

from pai_report.report.pdf import pdf_bytes

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"


@pytest.fixture(scope="module", params=["by hand", pytest.param("sample", marks=pytest.mark.slow)])
def file(request: pytest.FixtureRequest) -> bytes:
    """A report made by hand, with attachments, and one of a real run."""
    return pdf_bytes(run_document(), assets()) if request.param == "by hand" else report_of(SAMPLES / "improved").pdf


@pytest.fixture(scope="module")
def reader(file: bytes) -> PdfReader:
    """The file, read back."""
    return PdfReader(BytesIO(file))


def objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that is a dictionary or a stream."""
    for number in range(1, int(reader.trailer["/Size"])):  # type: ignore[call-overload]
        held = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(held, DictionaryObject | StreamObject):
            yield held


def dictionaries(held: Any) -> Iterator[DictionaryObject]:
    """`held` and every dictionary written directly inside it."""
    if isinstance(held, DictionaryObject):
        yield held
        for inner in held.values():
            yield from dictionaries(inner)
    elif isinstance(held, ArrayObject):
        for inner in held:
            yield from dictionaries(inner)


def root(reader: PdfReader) -> Any:
    """The catalog."""
    return reader.trailer["/Root"].get_object()


def fonts(reader: PdfReader) -> list[Any]:
    """Every composite font of the file."""
    return [held for held in objects(reader) if held.get("/Type") == "/Font" and held.get("/Subtype") == "/Type0"]


def test_file_structure(file: bytes, reader: PdfReader) -> None:
    """6.1.2 and 6.1.3: a header with a binary comment, an identifier, no encryption."""
    header, comment = file.split(b"\n", 2)[:2]

    assert header == b"%PDF-1.7"
    assert comment[:1] == b"%"
    assert all(byte > 127 for byte in comment[1:5])
    assert len(reader.trailer["/ID"]) == 2  # type: ignore[arg-type]
    assert "/Encrypt" not in reader.trailer


def test_filters_and_outside_streams(reader: PdfReader) -> None:
    """6.1.7: no stream lies in another file or is compressed by LZW."""
    streams = [held for held in objects(reader) if isinstance(held, StreamObject)]

    assert streams
    assert not any({"/F", "/FFilter", "/FDecodeParms"} & set(held) for held in streams)
    assert not any("LZW" in str(held.get("/Filter")) for held in streams)


def test_colours_are_those_of_the_output_intent(reader: PdfReader) -> None:
    """6.2.3: one output intent for PDF/A with its profile inside."""
    (intent,) = (held.get_object() for held in root(reader)["/OutputIntents"])

    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object()["/N"] == 3
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"


def test_fonts(reader: PdfReader) -> None:
    """6.2.11: every font is embedded, has its widths, and leads every glyph back to Unicode."""
    held = fonts(reader)
    descendants = [font["/DescendantFonts"][0].get_object() for font in held]

    assert held
    assert all("/ToUnicode" in font for font in held)
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in descendants)
    assert all("/W" in font and font["/CIDToGIDMap"] == "/Identity" for font in descendants)


def test_nothing_acts(reader: PdfReader) -> None:
    """6.3 and 6.5: no script, no launched program, no action but going to a place in the file; links are printed."""
    every = [inner for held in objects(reader) for inner in dictionaries(held)]
    kinds = {str(held["/S"]) for held in every if held.get("/Type") == "/Action" or "/JS" in held}
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", ())]

    assert kinds <= {"/GoTo"}
    assert not any("/AA" in held for held in every)
    assert "/JavaScript" not in root(reader).get("/Names", {})
    assert {str(note["/Subtype"]) for note in notes} == {"/Link"}
    assert all(note["/F"] & 4 and "/Contents" in note for note in notes)


def test_metadata(reader: PdfReader) -> None:
    """6.6.2: the metadata call the file PDF/A-3a and agree with its information on the title."""
    packet = ET.fromstring(root(reader)["/Metadata"].get_object().get_data())  # noqa: S314 our own file
    said = {name: held for element in packet.iter() for name, held in element.attrib.items() if name.startswith(PDFA)}
    title = "".join(next(packet.iter("{http://purl.org/dc/elements/1.1/}title")).itertext()).strip()

    assert said == {f"{PDFA}part": "3", f"{PDFA}conformance": "A"}
    assert reader.metadata is not None
    assert reader.metadata.title == title


def test_structure(reader: PdfReader) -> None:
    """6.7: the file is tagged, says its language, tabs through its structure, and describes every picture."""
    elements = [held for held in objects(reader) if held.get("/Type") == "/StructElem"]

    assert root(reader)["/MarkInfo"]["/Marked"]
    assert root(reader)["/Lang"] == "en"
    assert all(str(page["/Tabs"]) == "/S" and "/StructParents" in page for page in reader.pages)
    assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= {str(held["/S"]) for held in elements}
    assert all(held.get("/Alt") for held in elements if held["/S"] == "/Figure")


def test_attached_files(reader: PdfReader) -> None:
    """6.8: every attached file says how it belongs to the report, what it is and when it was changed, and is listed."""
    names = [held for held in objects(reader) if held.get("/Type") == "/Filespec"]
    listed = [held.idnum for held in root(reader)["/AF"]]

    assert names
    assert all(held["/AFRelationship"] in {"/Data", "/Source"} and held["/F"] and held["/UF"] for held in names)
    assert len(set(listed)) == len(listed) == len(names)
    for held in names:
        stream = held["/EF"]["/F"].get_object()
        assert str(stream["/Subtype"]).startswith("/")
        assert "/ModDate" in stream["/Params"]
