"""Reports of whole runs: the samples of the project and, when they lie beside it, the real run folders."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from conftest import SAMPLES, real_run
from document_fixture import PNG
from pypdf import PdfReader

from pai_report.pipeline import Study, study
from pai_report.report.compose import compose
from pai_report.report.contract import report_json
from pai_report.report.document import Document, Picture, Section
from pai_report.report.render import render
from pai_report.report.rendition import Assets
from pai_report.settings import Settings

REAL = (
    "bank-lead-mixed-runs", "digits-204", "digits-329-capacity", "digits-329-comma-crash", "digits-329-first-failed",
    "digits-329-loop-exit", "digits-329-minimize", "digits-329-nan-loop-exit", "digits-329-odd-names", "digits-329-overfit",
    "digits-329-premature-fixed3", "digits-329-premature-once", "digits-329-two-kept", "efficientnet-pb-loss",
    "fire-every-epoch", "monai-renamed-folder", "resnet-pb-killed", "v2run", "yolo-dendrite-100",
)  # fmt: skip
SAMPLE_NAMES = ("improved", "minimizing", "none-tried", "overfitting", "premature", "rejected", "synthetic-pb")
RUNS = (*(f"samples/{name}" for name in SAMPLE_NAMES), *(f"real/{name}" for name in REAL))


@dataclass(frozen=True, kw_only=True)
class Report:
    """One run, told: `md`, `html` and `pdf` without attachments, with a tiny picture in the place of the library's.

    `complaints` is what WeasyPrint logged on the way. Reading a PDF back takes longer than writing it: it is done once.
    """

    studied: Study
    document: Document
    json: bytes
    md: bytes
    html: bytes
    pdf: bytes
    complaints: tuple[str, ...]

    @cached_property
    def reader(self) -> PdfReader:
        """The PDF, read back."""
        return PdfReader(BytesIO(self.pdf))

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The text of each page of the PDF."""
        return tuple(page.extract_text() for page in self.reader.pages)

    @cached_property
    def bookmarks(self) -> dict[str, int]:
        """Every bookmark of the PDF with its page, from 1; of equal ones the first."""
        return bookmarks(self.reader)


def run_folder(name: str) -> Path:
    """The folder of a run in `RUNS`; skips where the real runs are not beside the project."""
    kind, _, folder = name.partition("/")
    return SAMPLES / folder if kind == "samples" else real_run(folder, ".")


def report_of(folder: Path) -> Report:
    """The report of the run in `folder`, in every format."""
    studied = study(folder, Settings())
    document = compose(studied.analysis, studied.judgement)
    data = report_json(studied.analysis, studied.judgement)
    pictured = any(isinstance(block, Picture) for section in document.sections for block in section.blocks)
    assets = Assets(report_json=data, picture=("run.png", PNG) if pictured else None)
    with complaints() as heard:
        md, html, pdf = (render(document, fmt, assets).main for fmt in ("md", "html", "pdf"))
    return Report(studied=studied, document=document, json=data, md=md, html=html, pdf=pdf, complaints=tuple(heard))


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint logs from the level of a warning on."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    listener, logger = Listener(logging.WARNING), logging.getLogger("weasyprint")
    logger.addHandler(listener)
    yield heard
    logger.removeHandler(listener)


def titles(sections: tuple[Section, ...]) -> list[str]:
    """All headings of `sections`, in reading order."""
    return [title for section in sections for title in (section.title, *titles(section.sections))]


def bookmarks(reader: PdfReader) -> dict[str, int]:
    """Every bookmark with its page, from 1; of equal ones the first."""
    waiting: list[Any] = list(reader.outline)
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages, 1)}
    found: dict[str, int] = {}
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = item + waiting
            continue
        found.setdefault(" ".join(str(item.title).split()), numbers[item.page])
    return found


def html_words(html: bytes) -> str:
    """The text of an HTML page's body."""
    page = tinyhtml5.parse(html.decode(), namespace_html_elements=False)
    return "".join(page.find("body").itertext())


@cache
def report_of_run(name: str) -> Report:
    """The report of a run in `RUNS`, made once per process."""
    return report_of(run_folder(name))


@pytest.fixture(params=RUNS)
def told(request: pytest.FixtureRequest) -> Report:
    """The report of each run."""
    return report_of_run(request.param)
