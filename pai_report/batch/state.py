"""What the nightly mode remembers, in the hidden folder of the output: the last whole night, and how far this one came.

`state.json` is the last whole night, put in place as the last act of a night. `journal.jsonl` takes a line for every run as
soon as its reports are written, so that a night that was killed goes on where it stopped.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from pai_report.batch.model import Record
from pai_report.errors import ExpectedError
from pai_report.report.rendition import Rendered
from pai_report.report.write import explained, write
from pai_report.values import value

HIDDEN = ".pai-report"
STATE, JOURNAL = "state.json", "journal.jsonl"
_SCHEMA = 1


@value
class Looked:
    """A folder whose runs are known: `digest` of its content, `runs` the names of its records."""

    folder: str
    digest: str
    runs: tuple[str, ...]


@value
class State:
    """A whole night. `quiet` are the findings that were known (name of the run, code), `index` is the digest of the index."""

    schema: int = _SCHEMA
    records: tuple[Record, ...] = ()
    looked: tuple[Looked, ...] = ()
    quiet: tuple[tuple[str, str], ...] = ()
    index: str = ""


class Store:
    """The remembered nights of one output folder. Only for the process that holds its lock."""

    def __init__(self, output: Path) -> None:
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

    def commit(self, records: Iterable[Record], looked: Iterable[Looked], quiet: Iterable[tuple[str, str]], index: str) -> None:
        """Make this night the last whole one."""
        state = State(
            records=tuple(sorted(records, key=lambda held: held.row.name)),
            looked=tuple(sorted(looked, key=lambda held: held.folder)),
            quiet=tuple(sorted(quiet)),
            index=index,
        )
        self.close()
        if state != self.last:
            write(Rendered(main=msgspec.json.encode(state) + b"\n"), self._path(STATE))
        self._path(JOURNAL).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _read_state(self) -> State | None:
        """The last whole night; None where there was none, or none that this version can read."""
        data = self._bytes(STATE)
        if data is None:
            return None
        try:
            held = msgspec.json.decode(data, type=State)
        except msgspec.MsgspecError:
            return None
        return held if held.schema == _SCHEMA else None

    def _read_journal(self) -> tuple[Record, ...]:
        """The runs of an unfinished night; a last line that was cut off is left out."""
        lines = (self._bytes(JOURNAL) or b"").split(b"\n")[:-1]
        try:
            return tuple(msgspec.json.decode(held, type=Record) for held in lines)
        except msgspec.MsgspecError:
            return ()

    def _bytes(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ExpectedError("unreadable-file", f"{path} cannot be read: {error.strerror}.") from error


def line(record: Record) -> bytes:
    """A record as a line of the journal."""
    return msgspec.json.encode(record) + b"\n"
