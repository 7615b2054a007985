"""Every number behind a finding stands where the finding says: in that file, in that column, at that epoch."""

import csv
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import PROJECT, run_folders

from pai_report.advice import judge
from pai_report.advice.model import Evidence
from pai_report.analysis.analyse import analyse
from pai_report.run.columns import Stack
from pai_report.run.ledger import Ledger
from pai_report.run.model import Run
from pai_report.run.read import read_run
from pai_report.run.table import read_table
from pai_report.run.tables import scores
from pai_report.settings import Settings

FOLDERS = [path for path in run_folders() if path.name != "gnn-hand-made"]
FOLDERS += sorted((PROJECT / "tests" / "broken").glob("*/"))
STACKED = {"scores"}  # tables that hold one value per epoch in each column


@cache
def found(folder: Path) -> tuple[Run, tuple[tuple[str, Evidence], ...]]:
    """The run in a folder and the evidence of its findings, each with the finding's code."""
    run = read_run(folder)
    findings = judge(analyse(run, Settings()), Settings()).findings
    return run, tuple((finding.code, held) for finding in findings for held in finding.evidence)


def header(data: bytes) -> list[str]:
    """Column names of a table."""
    return next(csv.reader(data.decode("utf-8-sig").splitlines()), [])


def stack(name: str, data: bytes) -> Stack:
    """The series of a stacked table."""
    table = read_table(name, data, Ledger())
    assert table is not None
    return scores(table)[0]


def wrong(run: Run, code: str, held: Evidence) -> Iterator[str]:
    """What does not hold about one piece of evidence."""
    contents = {content.name: content for content in run.contents}
    if held.file is None or held.file.endswith((".py", ".json", ".png")):
        return
    if held.file not in contents:
        yield f"{code}: {held.file} is no file of the run"
        return
    content = contents[held.file]
    columns = [part.strip() for part in (held.column or "").split(", ") if part.strip()]
    missing = [column for column in columns if column not in header(content.data) and held.column not in header(content.data)]
    if missing:
        yield f"{code}: {held.file} has no column {missing}, but {header(content.data)}"
    elif content.kind in STACKED and held.epochs and held.value.unit == "score":
        series = {one.name: one.values for one in stack(held.file, content.data).series.values()}
        values = series.get(held.column or "", ())[held.epochs[0] : held.epochs[1] + 1]
        if not any(value is not None and math.isclose(value, float(str(held.value.value))) for value in values):
            yield f"{code}: {held.label} {held.value.value} is not in {held.file}, {held.column}, epochs {held.epochs}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_evidence_stands_where_it_says(folder: Path) -> None:
    """File, column and, for a score at an epoch, the value itself."""
    run, evidence = found(folder)

    assert [problem for code, held in evidence for problem in wrong(run, code, held)] == []
