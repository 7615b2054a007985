"""A report as input: what a `report.json`, alone or inside a PDF, tells about its run."""

import logging
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from pai_report.advice.judge import judge
from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.decode import DecodeError, json_value
from pai_report.errors import ExpectedError
from pai_report.report.contract import SCHEMA_VERSION, Contract
from pai_report.report.sources import MANIFEST, attachment_name, unpack
from pai_report.run.access import UnreadError, megabytes, read_file
from pai_report.settings import Settings
from pai_report.there import is_file
from pai_report.values import value

REPORT = "report.json"
AGAIN = "Write the report again from the run folder."
MOST = 2**30  # bytes of all attachments: as much as the files of a run may have
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, NotImplementedError)
_BEGINNING = 200  # bytes, in which a report names its form and what wrote it


@value
class Retold:
    """A report read back: what was found and concluded, and the files that came with it in a PDF (name, bytes)."""

    generator: str  # "pai-report 0.1.0"
    analysis: Analysis
    judgement: Judgement
    content: Any  # report.json decoded: keys that this version does not know stay, those that were renamed have today's names
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

    Raises ExpectedError for a JSON file that is too large to look into, and where nobody can tell what is there.
    """
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return is_file(path)
    if suffix != ".json" or not is_file(path):
        return False
    data = _content(path, settings)
    try:
        msgspec.json.decode(data, type=_Head)
    except (msgspec.MsgspecError, RecursionError):
        return all(key in data[:_BEGINNING] for key in (b'"schema_version"', b'"generator"'))  # of a damaged one
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
    files = dict(attachments)
    if REPORT not in files:
        sentence = f"{path.name} holds no {REPORT}: it is no report of pai-report, or its attachments were removed."
        raise ExpectedError("no-report-inside", sentence, AGAIN)
    return _decoded(files[REPORT], path.name, tuple((name, content) for name, content in attachments if name != REPORT))


def _content(path: Path, settings: Settings) -> bytes:
    """The bytes of a report; ExpectedError "unreadable-report" where they cannot be read or are too many."""
    try:
        return read_file(path, megabytes(settings.limits.report_size, "report_size"))
    except UnreadError as error:
        raise ExpectedError("unreadable-report", f"{path.name}: {error.sentence}", error.remedy or AGAIN) from error


def attached(data: bytes, name: str, most: int = MOST) -> tuple[tuple[str, bytes], ...]:
    """The files attached to the PDF `data`, each name once; ExpectedError "unreadable-report" where it is no PDF.

    `most` bounds what they may hold in all, in bytes; of one, pypdf unpacks a bounded part.
    """
    from pypdf import PdfReader  # noqa: PLC0415 only where a PDF is read
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file; what matters is raised
    files: dict[str, Any] = {}
    try:
        for attachment in PdfReader(BytesIO(data)).attachment_list:
            files.setdefault(attachment.name, attachment.content)
            if sum(map(len, files.values())) > most:
                sentence = f"{name} holds attachments of more than {most // 2**20:,} MB."
                raise ExpectedError("unreadable-report", sentence, AGAIN)
    except (PyPdfError, DependencyError, *_UNREADABLE) as error:
        reason = "is encrypted: it asks for a password." if b"/Encrypt" in data else "cannot be read as a PDF."
        raise ExpectedError("unreadable-report", f"{name} {reason}", AGAIN) from error
    return tuple(files.items())


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
    """The report in the JSON text `data`; an error says where it is damaged, and never what stands there."""
    try:
        content = json_value(data, strict=True)
        head = msgspec.convert(content, type=_Head)
        _check_version(head, name)
        if head.schema_version < SCHEMA_VERSION:
            _bring_up(content)
        analysis, judgement = _converted(content, head.schema_version)
        _check_settings(analysis)
    except DecodeError as error:
        raise _damaged(name, str(error)) from error
    except msgspec.ValidationError as error:
        raise _damaged(name, f"what stands at {_place(error)} is nothing that a report has there") from error
    return Retold(generator=head.generator, analysis=analysis, judgement=judgement, content=content, attachments=attachments)


def _damaged(name: str, reason: str) -> ExpectedError:
    return ExpectedError("damaged-report", f"{name} holds a damaged {REPORT}: {reason}.", AGAIN)


def _place(error: msgspec.ValidationError) -> str:
    """Where in a report an error lies, in names that are all ours."""
    return str(error).rpartition(" - at ")[2].strip("`") if " - at " in str(error) else "its top"


def _check_version(head: _Head, name: str) -> None:
    if head.schema_version > SCHEMA_VERSION:
        sentence = (
            f"{name} was written by a newer pai-report, in a form ({head.schema_version}) that this version does not know."
        )
        raise ExpectedError("newer-report", sentence, "Install a newer pai-report.")
    if head.schema_version < 1:
        raise _damaged(name, f"its schema_version is {head.schema_version}, and the known ones are 1 to {SCHEMA_VERSION}")


def _bring_up(content: Any) -> None:
    """Make of schema version 1 or 2 what version 3 calls it; to convert it says where it is damaged."""
    with suppress(KeyError, TypeError, AttributeError):
        config = content["analysis"]["identity"]["config"]
        for name in config.keys() - {"file", "origin", "settings"}:  # typed copies of what stands in the settings
            del config[name]
    with suppress(KeyError, TypeError, AttributeError):
        settings = content["judgement"]["settings"]
        settings["limits"] = settings.pop("thresholds")


def _check_settings(analysis: Analysis) -> None:
    """DecodeError where a setting of the configuration, kept as JSON text, is none."""
    config = analysis.identity.config
    for _, text in config.settings if config else ():
        json_value(text.encode())


def _converted(content: Any, version: int) -> tuple[Analysis, Judgement]:
    """Analysis and judgement; version 1 kept no judgement, so that its analysis is judged anew."""
    if version == 1:
        analysis = msgspec.convert(content, type=_First).analysis
        return analysis, judge(analysis, Settings(original_params=analysis.efficiency.original))
    whole = msgspec.convert(content, type=Contract)
    return whole.analysis, whole.judgement
