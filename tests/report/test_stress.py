"""Reports of synthetic runs that are larger, longer or stranger than real ones: everything is there, nothing sticks out."""

from collections.abc import Mapping
from typing import Any

import pytest
from run_reports import Report, html_words, report_of
from synthetic_runs import synthetic_run

from pai_report.report import pango
from pai_report.report.document import Document
from pai_report.report.pdf import pdf_bytes
from pai_report.report.rendition import Assets

LONG = "a_very_long_name_without_any_space_that_goes_on_and_on_until_it_has_eighty_chars"
CASES: Mapping[str, Mapping[str, Any]] = {
    "many": {"modules": [f".encoder.layer{place}.attention" for place in range(50)], "sets": 20, "epochs": 820},
    "long": {"save_name": LONG, "modules": [f".{LONG[:78]}{place}" for place in range(3)], "train": LONG, "test": LONG[::-1]},
    "world": {
        "save_name": "ניסוי-实验-😀", "modules": (".שלום_עולם", ".你好世界层", ".😀🧠模块", ".مرحبا"), "train": "训练 Train",
        "test": "בדיקה test",
    },
    "endless": {"sets": 3, "epochs": 20_000},
}  # fmt: skip
LARGEST = 1_000_000  # bytes
PIXEL = 25.4 / 96  # millimetres


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.slow) for name in CASES])
def stressed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report]:
    """The name of a case and the report of its run."""
    folder = tmp_path_factory.mktemp("synthetic") / "run"
    return request.param, report_of(synthetic_run(folder, **CASES[request.param]))


def test_every_format_is_made_and_small(stressed: tuple[str, Report]) -> None:
    """Markdown, HTML and PDF are made; HTML and PDF stay below a megabyte."""
    _, report = stressed

    assert report.md.startswith(b"# ")
    assert len(report.html) < LARGEST
    assert len(report.pdf) < LARGEST


def test_no_name_is_lost(stressed: tuple[str, Report]) -> None:
    """Save name and modules stand in Markdown and HTML as they are, and are the run's in report.json."""
    name, report = stressed
    wanted = [CASES[name].get("save_name", "synthetic"), *CASES[name].get("modules", ())]
    page = html_words(report.html)

    assert [word for word in wanted if word not in page] == []
    assert [word for word in wanted if word not in report.md.decode()] == []
    assert [word for word in wanted if word not in report.json.decode()] == []


def test_nothing_sticks_out_of_the_pages(stressed: tuple[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word on paper ends inside the margins, whatever the length of names."""
    _, report = stressed

    assert words_outside(report.document, monkeypatch) == []


def words_outside(document: Document, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Page and text of every line of print that begins left or ends right of the margins."""
    weasyprint = pango.import_weasyprint()
    laid_out = []

    def lay_out(page: Any, *, stylesheets: list[Any], font_config: Any, **_: Any) -> bytes:
        laid_out.append(page.render(stylesheets=stylesheets, font_config=font_config))
        return b""

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lay_out)
    pdf_bytes(document, Assets(report_json=b"{}", picture=("run.png", b"")))
    boxes = [
        (number, box)
        for number, page in enumerate(laid_out[0].pages, start=1)
        for box in page._page_box.descendants()
        if type(box).__name__ == "TextBox"
    ]
    assert boxes
    return [
        (number, box.text)
        for number, box in boxes
        if box.position_x * PIXEL < 20 - 0.5 or (box.position_x + box.width) * PIXEL > 190 + 0.5
    ]
