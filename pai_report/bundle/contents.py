"""What is in a bundle: every file with a plain name, made from one study."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Literal

from pai_report.errors import ExpectedError
from pai_report.pipeline import Study, Target, tell
from pai_report.report.figures import front_png
from pai_report.report.rendition import Rendered
from pai_report.report.ticket.compose import PICTURE, ticket
from pai_report.report.ticket.flavours import Flavour, comment
from pai_report.report.ticket.marker import marker
from pai_report.values import value

COMMENTS: dict[Flavour, str] = {
    "github": "comment.md",
    "gitlab": "comment.gitlab.md",
    "jira": "comment.jira.txt",
    "plain": "comment.txt",
}
SUMS = "SHA256SUMS"
ORIGINAL = "original.png"
_DRAWINGS = "figures"
_REPORTS: tuple[Literal["pdf", "html", "json"], ...] = ("pdf", "html", "json")
_MARKDOWN = Target(name="report.md", format="md")  # brings the drawings as files; the comment takes its own place


@value
class Bundle:
    """The files by name (`figures/…` for the drawings), `SHA256SUMS` last, and the stable id of the comment."""

    files: Mapping[str, bytes]
    marker: str
    undrawn: tuple[str, ...] = ()  # sentences on pictures that failed


def bundle_of(studied: Study) -> Bundle:
    """Everything that goes on a ticket about `studied`; the same run gives the same bytes.

    Raises ExpectedError where a report cannot be made, such as "pango-missing".
    """
    reports = tuple(_reports(studied))
    files = dict(_comments(studied)) | dict(_files(reports))
    picture = front_png(studied.analysis)
    if isinstance(picture, bytes):
        files[PICTURE] = picture
    return Bundle(files=files | {SUMS: _sums(files)}, marker=marker(studied.analysis), undrawn=reports[-1][1].undrawn)


def _comments(studied: Study) -> Iterator[tuple[str, bytes]]:
    told, own = ticket(studied.analysis, studied.judgement), marker(studied.analysis)
    for flavour, name in COMMENTS.items():
        yield name, comment(told, own, flavour).encode()


def _reports(studied: Study) -> Iterator[tuple[Target, Rendered]]:
    targets = (*(Target(name=f"report.{held}", format=held) for held in _REPORTS), _MARKDOWN)
    for target, made in tell(studied, targets):
        if isinstance(made, ExpectedError):
            raise made
        yield target, made


def _files(reports: tuple[tuple[Target, Rendered], ...]) -> Iterator[tuple[str, bytes]]:
    for target, made in reports:
        if target is _MARKDOWN:
            yield from _pictures(made)
        else:
            yield target.name, made.main


def _pictures(made: Rendered) -> Iterator[tuple[str, bytes]]:
    """Our drawings under their own names, the library's picture, byte for byte, under a name that no run chooses."""
    for name, data in made.files:
        drawing = PurePath(name)
        yield (f"{_DRAWINGS}/{drawing.name}" if drawing.suffix == ".svg" else ORIGINAL), data


def _sums(files: Mapping[str, bytes]) -> bytes:
    """Checksums as `sha256sum -c` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
