"""What a worker elsewhere must have in common with the process that hands out the work: the version, the runs, the reports.

Workers need not share a disk with that process. So before it works for a night, each shows that it stands on the same ground:
it has the same version, templates and styles, sees the runs by their names, reads a mark that was left beside the reports, and
can write there.
"""

import socket
from functools import lru_cache
from uuid import uuid4

from pai_report import __version__
from pai_report.batch.address import Address, opened
from pai_report.batch.conditions import look_digest
from pai_report.batch.state import HIDDEN
from pai_report.errors import ExpectedError
from pai_report.report.assets import Overrides, overriding
from pai_report.values import value

_NAMES = 100  # that are looked for: runs may come and go meanwhile
_MARK = f"{HIDDEN}/ground"


@value
class Ground:
    """The common ground of a night. `runs` and `reports` are paths or URLs, `names` some of what lies in `runs`.

    `look` is the digest of all templates and style sheets, with the user's own in `overrides` in their places.
    """

    version: str
    runs: str
    names: frozenset[str]
    reports: str
    mark: str
    overrides: Overrides
    look: str


def prepare(runs: str, reports: str, overrides: Overrides) -> Ground:
    """Leave a mark in the folder of reports. ExpectedError where a folder cannot be reached."""
    mark = uuid4().hex
    (opened(reports) / _MARK).write(mark.encode())
    return Ground(
        version=__version__,
        runs=runs,
        names=_names(runs),
        reports=reports,
        mark=mark,
        overrides=overrides,
        look=_look(overrides),
    )


def leave(ground: Ground) -> None:
    """Remove the mark. ExpectedError as for every folder."""
    (opened(ground.reports) / _MARK).remove_it()


@lru_cache(maxsize=1)
def check(ground: Ground) -> None:
    """Nothing where this process stands on the ground. ExpectedError: "other-version", "other-place"."""
    host = socket.gethostname()
    if ground.version != __version__:
        raise other_version(f"The worker on {host}", __version__, ground.version)
    if _look(ground.overrides) != ground.look:
        own = [str(folder) for folder in (ground.overrides.templates, ground.overrides.styles) if folder is not None]
        raise _elsewhere(host, " and ".join(own) or "templates and styles")
    if ground.names and not _names(ground.runs) & ground.names:
        raise _elsewhere(host, ground.runs)
    reports = opened(ground.reports)
    if (reports / _MARK).read() != ground.mark.encode():
        raise _elsewhere(host, ground.reports)
    _try_to_write(reports, host)


def other_version(who: str, found: str | None, expected: str) -> ExpectedError:
    """Why `who`, a worker or the scheduler, cannot be worked with: its version of pai-report, or that it has none."""
    has = f"has pai-report {found}" if found else "has no pai-report"
    return ExpectedError(
        "other-version",
        f"{who} {has}, this is {expected}.",
        "Use the same environment for scheduler, workers and this process.",
    )


def _elsewhere(host: str, place: str) -> ExpectedError:
    sentence = f"The worker on {host} does not see the same {place} as this process."
    return ExpectedError("other-place", sentence, "Use a shared disk under the same path, or a store such as s3://bucket/runs.")


def _look(overrides: Overrides) -> str:
    """Digest of templates and styles as they are here; "" where the user's own are not."""
    try:
        with overriding(overrides):
            return look_digest()
    except ExpectedError:
        return ""


def _names(runs: str) -> frozenset[str]:
    """Names of some folders and files right in `runs`; none where it cannot be listed."""
    at = opened(runs)
    try:
        found = at.fs.ls(at.path, detail=False)
    except Exception:  # noqa: BLE001 each store has errors of its own; whoever sees nothing does not see the runs
        return frozenset()
    return frozenset(name.rstrip("/").rpartition("/")[2] for name in sorted(found)[:_NAMES])


def _try_to_write(reports: Address, host: str) -> None:
    trial = reports / f"{_MARK}.{uuid4().hex}"
    try:
        trial.write(b"")
        trial.remove_it()
    except ExpectedError as error:
        raise ExpectedError(
            "other-place", f"The worker on {host} cannot write to {reports.url}.", "Let it, or run it as another user."
        ) from error
