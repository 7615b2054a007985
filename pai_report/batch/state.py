"""What the nightly mode remembers, in the hidden folder of the output: the last whole night, and how far this one came.

`state.json` is the last whole night, put in place as the last act of a night. `journal.jsonl` takes a line for every run as
soon as its reports are written, so that a night that was killed goes on where it stopped.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from pai_report.batch.model import Record
from pai_report.errors import ExpectedError
from pai_report.report.rendition import Rendered
from pai_report.report.write import explained, write
from pai_report.values import value

HIDDEN = ".pai-report"
STATE, JOURNAL = "state.json", "journal.jsonl"
_SCHEMA = 1
T = TypeVar("T")


@value
class Looked:
    """A folder whose runs are known: `digest` of its content, `runs` the names of its records."""

    folder: str
    digest: str
    runs: tuple[str, ...]


@value
class State:
    """A whole night. `quiet` are the findings that were known (name of the run, code), `index` is the digest of the index.

    `pages` are the files of the index with their sizes in bytes.
    """

    schema: int = _SCHEMA
    records: tuple[Record, ...] = ()
    looked: tuple[Looked, ...] = ()
    quiet: tuple[tuple[str, str], ...] = ()
    index: str = ""
    pages: tuple[tuple[str, int], ...] = ()


class Store:
    """The remembered nights of one output folder. Only for the process that holds its lock.

    `forgotten`: there is a memory that this version cannot read.
    """

    def __init__(self, output: Path) -> None:
        self.forgotten = False
        self._folder = output / HIDDEN
        self._journal: BinaryIO | None = None
        self.last = self._read_state()
        self.unfinished = self._read_journal()

    @property
    def records(self) -> Mapping[str, Record]:
        """What is known of each run by its name: the last whole night, overlaid by what the unfinished one did."""
        return {record.row.name: record for record in (*(self.last.records if self.last else ()), *self.unfinished)}

    def note(self, record: Record) -> None:
        """Remember a run whose reports are written. ExpectedError as for every file that is written."""
        path = self._path(JOURNAL)
        try:
            if self._journal is None:
                self._journal = path.open("wb")
                self._journal.writelines(line(held) for held in self.unfinished)
            self._journal.write(line(record))
            self._journal.flush()
        except OSError as error:
            raise explained(error, path) from error

    def commit(self, state: State) -> None:
        """Make this night the last whole one."""
        self.close()
        if state != self.last:
            write(Rendered(main=msgspec.json.encode(state) + b"\n"), self._path(STATE))
        self._path(JOURNAL).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the journal. Every line is on disk already, but for one that did not fit, which is told of."""
        if self._journal is not None:
            with suppress(OSError):
                self._journal.close()
            self._journal = None

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _read_state(self) -> State | None:
        """The last whole night; None where there was none, or none that this version can read."""
        data = self._bytes(STATE)
        if data is None:
            return None
        held = _decoded(data, State)
        self.forgotten = held is None or held.schema != _SCHEMA
        return None if self.forgotten else held

    def _read_journal(self) -> tuple[Record, ...]:
        """The runs of an unfinished night; a line that was cut off or damaged is left out."""
        lines = (self._bytes(JOURNAL) or b"").split(b"\n")
        return tuple(record for held in lines if (record := _decoded(held, Record)) is not None)

    def _bytes(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ExpectedError("unreadable-file", f"{path} cannot be read: {error.strerror}.") from error


def _decoded(data: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        return None


def line(record: Record) -> bytes:
    """A record as a line of the journal."""
    return msgspec.json.encode(record) + b"\n"
