"""Findings that the user knows of: they stay quiet until their day is over."""

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from pai_report.batch.model import Row
from pai_report.settings import Known


def quiet_findings(rows: Iterable[Row], known: Sequence[Known], today: date) -> frozenset[tuple[str, str]]:
    """Name of the run and code of every finding that is known on the day `today`; the day it expires still counts."""
    valid = [held for held in known if today <= held.until]
    return frozenset(
        (row.name, flaw.code)
        for row in rows
        for flaw in row.flaws
        if any(held.code == flaw.code and matches(row, held) for held in valid)
    )


def matches(row: Row, held: Known) -> bool:
    """Whether the pattern of a known finding is for that run; brackets in it are brackets."""
    return fnmatchcase(row.run, held.run.replace("[", "[[]"))
