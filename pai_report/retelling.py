"""A report as input: what a `report.json`, alone or inside a PDF, tells about its run."""

import logging
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from pai_report.advice.judge import judge
from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.contract import SCHEMA_VERSION, Contract
from pai_report.report.sources import MANIFEST, attachment_name, unpack
from pai_report.run.access import UnreadError, megabytes, read_file
from pai_report.settings import Settings
from pai_report.values import value

REPORT = "report.json"
AGAIN = "Write the report again from the run folder."


@value
class Retold:
    """A report read back: what was found and concluded, and the files that came with it in a PDF (name, bytes)."""

    generator: str  # "pai-report 0.1.0"
    analysis: Analysis
    judgement: Judgement
    content: Any  # report.json decoded as it stands, with keys that this version does not know
    attachments: tuple[tuple[str, bytes], ...] = ()


@value
class _Head:
    schema_version: int
    generator: str


@value
class _First:
    """What schema version 1 holds of what a report is told from."""

    analysis: Analysis


def is_report(path: Path, settings: Settings = Settings()) -> bool:  # noqa: B008 frozen
    """Whether `path` is a report rather than a run: a PDF, or a JSON file with a report's first two keys.

    Raises ExpectedError for a JSON file that is too large to look into.
    """
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return path.is_file()
    if suffix != ".json" or not path.is_file():
        return False
    try:
        msgspec.json.decode(_content(path, settings), type=_Head)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def read_report(path: Path, settings: Settings = Settings()) -> Retold:  # noqa: B008 frozen
    """The report in a PDF or JSON file.

    Raises ExpectedError: "unreadable-report", "no-report-inside" for a PDF of something else, "newer-report",
    "damaged-report".
    """
    data = _content(path, settings)
    if path.suffix.lower() != ".pdf":
        return _decoded(data, path.name, ())
    attachments = attached(data, path.name)
    held = dict(attachments)
    if REPORT not in held:
        sentence = f"{path.name} holds no {REPORT}: it is no report of pai-report, or its attachments were removed."
        raise ExpectedError("no-report-inside", sentence, AGAIN)
    return _decoded(held[REPORT], path.name, tuple((name, content) for name, content in attachments if name != REPORT))


def _content(path: Path, settings: Settings) -> bytes:
    """The bytes of a report; ExpectedError "unreadable-report" where they cannot be read or are too many."""
    try:
        return read_file(path, megabytes(settings.limits.report_size, "report_size"))
    except UnreadError as error:
        raise ExpectedError("unreadable-report", f"{path.name}: {error.sentence}", error.remedy or AGAIN) from error


def attached(data: bytes, name: str) -> tuple[tuple[str, bytes], ...]:
    """The files attached to the PDF `data`, each name once; ExpectedError "unreadable-report" where it is no PDF."""
    from pypdf import PdfReader  # noqa: PLC0415 only where a PDF is read
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file; what matters is raised
    try:
        held: dict[str, Any] = {}
        for one in PdfReader(BytesIO(data)).attachment_list:
            held.setdefault(one.name, one.content)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExpectedError("unreadable-report", f"{name} cannot be read as a PDF.", AGAIN) from error
    return tuple(held.items())


def sources(report: Retold) -> tuple[tuple[str, bytes], ...]:
    """The files of the run that came with the report, byte for byte; ExpectedError as `pai_report.report.sources.unpack`."""
    return unpack(dict(report.attachments))


def picture(report: Retold) -> tuple[str, bytes] | None:
    """The library's own picture, if it came with the report."""
    name = report.analysis.picture
    data = dict(report.attachments).get(attachment_name(name)) if name else None
    return (name, data) if name and data is not None else None


def carried(report: Retold) -> tuple[tuple[str, bytes], ...]:
    """The attachments that hold the run's files, to travel on in the next PDF."""
    name, held = report.analysis.picture, dict(report.attachments)
    shown = attachment_name(name) if name else None
    return tuple((other, data) for other, data in held.items() if other != shown) if MANIFEST in held else ()


def _decoded(data: bytes, name: str, attachments: tuple[tuple[str, bytes], ...]) -> Retold:
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.schema_version > SCHEMA_VERSION:
            sentence = f"{name} was written by {head.generator}, in a form newer than this version knows."
            raise ExpectedError("newer-report", sentence, "Install a newer pai-report.")
        analysis, judgement = _told(data, head.schema_version)
        content = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ExpectedError("damaged-report", f"{name} holds a damaged {REPORT}: {error}.", AGAIN) from error
    return Retold(generator=head.generator, analysis=analysis, judgement=judgement, content=content, attachments=attachments)


def _told(data: bytes, version: int) -> tuple[Analysis, Judgement]:
    """Analysis and judgement; version 1 kept no judgement, so that its analysis is judged anew."""
    if version == 1:
        analysis = msgspec.json.decode(data, type=_First).analysis
        return analysis, judge(analysis, Settings(original_params=analysis.efficiency.original))
    held = msgspec.json.decode(data, type=Contract)
    return held.analysis, held.judgement
