"""What a worker does: look into a folder, report one run. Plain values go in and come out; what fails is a value as well.

The stages are imported when they are needed: the process that hands out the work imports this module too.
"""

import gc
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pai_report.batch.model import Failure, Job, Record, Row, Search, Sighting
from pai_report.batch.names import run_key, safe_name
from pai_report.batch.outputs import STEM, report_folder, sizes, tidy
from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.pipeline import Study
    from pai_report.run.runs import Unusable

A = TypeVar("A")
R = TypeVar("R")
# Problems of the machine: the same run may well be reported tomorrow.
_PASSING = {
    "store-failed",
    "disk-full",
    "not-writable",
    "not-written",
    "pango-missing",
    "renderer-complained",
    "assets-missing",
}


def shielded(function: Callable[[A], R], given: A) -> R | Failure:
    """`function(given)`, or why it failed: an exception need not survive the way back to the parent, a value does."""
    try:
        return function(given)
    except ExpectedError as error:
        return Failure(slug=error.slug, sentence=error.sentence, hint=error.hint, again=error.slug in _PASSING)
    except MemoryError:
        return Failure(slug="out-of-memory", sentence="It needs more memory than a worker may take.")
    except OSError as error:
        return Failure(slug="machine", sentence=_of_the_machine(error), again=True)
    except Exception as error:  # noqa: BLE001 whatever it is, one run must not end the night
        return Failure(slug="mistake", sentence=f"A mistake of ours: {type(error).__name__}: {error}")
    finally:
        gc.collect()


def _of_the_machine(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def look(search: Search) -> tuple[Sighting, ...]:
    """The runs in a folder and what only looks like one, each with the digest of its own files."""
    from pai_report.batch.survey import digests, stray  # noqa: PLC0415
    from pai_report.run.config_file import STRAY  # noqa: PLC0415
    from pai_report.run.folder import Folder  # noqa: PLC0415
    from pai_report.run.runs import runs_in  # noqa: PLC0415

    path = search.folder
    held = digests(path)
    shared = hashlib.sha256("\0".join(held).encode()).digest() + stray(path) + held.get(STRAY, b"")
    folder = Folder(Path(path), search.settings)
    runs = runs_in(folder)
    own = ((name, [file.name for file in runs.files(name, folder)]) for name in runs.names)
    seen = tuple(Sighting(save_name=name, content=_content(shared, held, files)) for name, files in own)
    return (*seen, *_refused(runs.unusable, {*runs.names, *runs.owners}, shared, held))


def render(job: Job) -> Record:
    """Write the reports of one run and say what the index needs to know. Raises ExpectedError, or whatever goes wrong."""
    from pai_report.batch.row import told  # noqa: PLC0415
    from pai_report.pipeline import study  # noqa: PLC0415
    from pai_report.report.assets import overriding  # noqa: PLC0415

    output, key = Path(job.output), run_key(job.shown, job.save_name)
    name = safe_name(key)
    studied = study(Path(job.folder), job.settings, save_name=job.save_name)
    with overriding(job.overrides):
        outputs = sizes(output, _write(studied, job.formats, output / report_folder(name)))
    tidy(output, name, outputs)
    reports = tuple((fmt, f"{report_folder(name)}/{STEM}.{fmt}") for fmt in job.formats)
    return Record(
        row=Row(name=name, run=key, told=told(studied), reports=reports),
        folder=job.shown,
        save_name=job.save_name,
        content=job.content,
        key=job.key,
        outputs=outputs,
    )


def _write(studied: "Study", formats: tuple[str, ...], folder: Path) -> Iterator[Path]:
    """Write one report per format into `folder`; the files written."""
    from pai_report.pipeline import targets, tell  # noqa: PLC0415
    from pai_report.report.write import write  # noqa: PLC0415

    _make(folder)
    for target, made in tell(studied, targets([f"{STEM}.{fmt}" for fmt in formats], None)):
        if isinstance(made, ExpectedError):
            raise made
        write(made, folder / target.name)
        yield folder / target.name
        yield from (folder / name for name, _ in made.files)


def _make(folder: Path) -> None:
    from pai_report.report.write import explained  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explained(error, folder) from error


def _content(shared: bytes, held: Mapping[str, bytes], files: Collection[str]) -> str:
    """Digest of a run's own files and of what all runs in its folder have in common."""
    own = b"".join(file.encode() + b"\0" + held.get(file, b"") for file in sorted(files))
    return hashlib.sha256(shared + own).hexdigest()


def _refused(
    unusable: "Collection[Unusable]", runs: Collection[str], shared: bytes, held: Mapping[str, bytes]
) -> Iterator[Sighting]:
    """Save names under which nothing is left that could be reported, with the sentence that a single report would give."""
    from pai_report.run.kinds import named_file  # noqa: PLC0415
    from pai_report.run.locate import refuse  # noqa: PLC0415

    told: set[str] = set()
    for problem in unusable:
        parts = named_file(problem.file)
        name = parts.stem if parts else ""
        if name in runs or name in told:
            continue
        told.add(name)
        failed = shielded(refuse, problem)
        yield Sighting(save_name=name, content=_content(shared, held, [problem.file]), failure=failed)
