"""What a worker does where runs or reports lie in a store: the work itself stays on plain paths of this machine.

A folder is copied before it is read, and its reports are uploaded after they are written. The last copy stays at hand: to look
into a folder and to report its runs are tasks of their own, and a folder may hold many runs.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, TypeVar

from pai_report.batch import work
from pai_report.batch.address import Address, is_url, opened, reaching
from pai_report.batch.model import Failure, Job, Record, Search, Sighting
from pai_report.batch.outputs import is_ours, report_folder
from pai_report.batch.survey import is_read
from pai_report.run.config_file import STRAY
from pai_report.values import value

R = TypeVar("R")


@value
class _Copy:
    """A copied folder: whose (`url`), of which content as far as the store tells (`digest`), and where it is (`path`)."""

    url: str
    digest: str
    path: Path


_at_hand: list[_Copy] = []  # one at most


def look(search: Search) -> tuple[Sighting, ...] | Failure:
    """The runs in a folder, given by path or URL (`work.look`)."""
    folder = _here(search.folder)
    return _told(work.shielded(work.look, replace(search, folder=str(folder))), folder, search.folder)


def render(job: Job) -> Record | Failure:
    """Write the reports of one run, from and to a path or a URL (`work.render`)."""
    folder = _here(job.folder)
    with _desk(job.output) as desk:
        made = work.shielded(work.render, replace(job, folder=str(folder), output=str(desk)))
        if isinstance(made, Record) and is_url(job.output):
            _upload(made, desk, opened(job.output) / report_folder(made.row.name))
        return _told(_told(made, folder, job.folder), desk, job.output)


def _told(result: R | Failure, here: Path, called: str) -> R | Failure:
    """The result; a failure speaks of what the user called so, not of the copy."""
    if not isinstance(result, Failure):
        return result
    return replace(result, sentence=result.sentence.replace(f"{here}/", f"{called}/"))


@contextmanager
def _desk(output: str) -> Iterator[Path]:
    """Where to write the reports: a folder of our own if they go to a store."""
    if not is_url(output):
        yield Path(output)
        return
    with TemporaryDirectory(prefix="reports-") as folder:
        yield Path(folder)


def _here(folder: str) -> Path:
    """The folder on this machine: itself, or a copy that is as the store says it is now."""
    if not is_url(folder):
        return Path(folder)
    from pai_report.batch.store_survey import listing_digest, stray  # noqa: PLC0415 most nights stay on this machine

    at = opened(folder)
    listing, beside = at.listing(), stray(at)
    odd = beside.info()
    digest = listing_digest(listing, odd)
    if not _at_hand or (_at_hand[0].url, _at_hand[0].digest) != (folder, digest):
        _drop()
        _at_hand.append(_Copy(url=folder, digest=digest, path=_copied(at, listing, beside if odd else None)))
    return _at_hand[0].path


def _drop() -> None:
    while _at_hand:
        shutil.rmtree(_at_hand.pop().path.parent, ignore_errors=True)


def _copied(at: Address, listing: Mapping[str, Mapping[str, Any]], beside: Address | None) -> Path:
    """A copy under the folder's own name; of a file that no report shows only the name is there."""
    folder = Path(mkdtemp(prefix="run-")) / (at.name or "runs")
    with reaching(at.url):
        folder.mkdir()
        for name in listing:
            (folder / name).touch()
        if beside is not None:
            (folder.parent / "PAI").mkdir(exist_ok=True)
            (folder.parent / "PAI" / STRAY).write_bytes(beside.read() or b"")
    at.get({name: str(folder / name) for name in listing if is_read(name)})
    return folder


def _upload(record: Record, desk: Path, target: Address) -> None:
    """Upload the reports of a run, what they show before themselves; then remove what earlier ones left."""
    folder = report_folder(record.row.name)
    files = {name.removeprefix(f"{folder}/"): str(desk / name) for name, _ in record.outputs}
    target.put({name: path for name, path in files.items() if "/" in name})
    target.put({name: path for name, path in files.items() if "/" not in name})
    target.remove([name for name in target.files() if name not in files and is_ours(name)])
