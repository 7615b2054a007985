"""What goes into a renderer beside the document, and what comes out of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Literal

from pai_report.errors import ExpectedError
from pai_report.values import value

Format = Literal["pdf", "html", "md", "json"]

_SUFFIXES: dict[str, Format] = {".pdf": "pdf", ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".json": "json"}


@value
class Assets:
    """What a report carries beside its text, all of it bytes as they were read.

    `picture` is the library's own PNG (name, bytes), `report_json` the machine-readable report, `attachments` the files that
    travel inside the PDF (name, bytes). `created` dates the PDF and its attachments; None leaves the report undated.
    """

    report_json: bytes
    picture: tuple[str, bytes] | None = None
    attachments: tuple[tuple[str, bytes], ...] = ()
    created: datetime | None = None


@value
class Rendered:
    """One report in one format: the file itself and the files that belong beside it (relative name, bytes)."""

    main: bytes
    files: tuple[tuple[str, bytes], ...] = ()
    undrawn: tuple[str, ...] = ()  # sentences on pictures that failed


def format_of(name: str) -> Format:
    """The format that the suffix of the file `name` asks for; ExpectedError "unknown-suffix" for any other."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        why = f"{suffix} is not one of {known}" if suffix else f"it has none of the suffixes {known}"
        hint = f"For example: -o {PurePath(name).stem or 'report'}.pdf"
        raise ExpectedError("unknown-suffix", f"{name} does not say its format: {why}.", hint)
    return _SUFFIXES[suffix]


def source_date(environment: Mapping[str, str]) -> datetime | None:
    """The time in `SOURCE_DATE_EPOCH` (reproducible-builds.org: seconds since 1970, UTC), None where it is not set."""
    seconds = environment.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        sentence = f"SOURCE_DATE_EPOCH is {seconds!r}, which is not a time in seconds since 1970."
        raise ExpectedError("bad-source-date", sentence, "Unset it, or set it to a whole number.") from None
