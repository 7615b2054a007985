"""The index of all runs: for people as HTML, in several orders, and Markdown; for programs as JSON."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pai_report import __version__
from pai_report.batch.conditions import digest_of, look_digest
from pai_report.batch.model import Row
from pai_report.report.rendition import Rendered
from pai_report.report.write import write
from pai_report.values import value

SCHEMA_VERSION = 1


@value
class Order:
    """One order of the rows, on a page of its own: no script is needed to sort."""

    id: str
    page: str
    key: Callable[[Row], Any]


def _greatest(number: float | None) -> tuple[bool, float]:
    """A sorting key: greatest first, what is not known last."""
    return number is None, -(number or 0.0)


def _worst(row: Row) -> tuple[Any, ...]:
    """Failed runs first, then by the worst finding, the number of those, and the least gain."""
    worst = row.worst
    relative = row.told.relative if row.told else None
    return worst, -sum(flaw.severity == row.flaws[0].severity for flaw in row.flaws), relative is None, relative or 0.0


ORDERS = (
    Order(id="findings", page="index.html", key=_worst),
    Order(id="run", page="index-run.html", key=lambda row: row.run.lower()),
    Order(id="gain", page="index-gain.html", key=lambda row: _greatest(row.told.relative if row.told else None)),
    Order(id="parameters", page="index-parameters.html", key=lambda row: _greatest(row.told.parameters if row.told else None)),
    Order(id="epochs", page="index-epochs.html", key=lambda row: _greatest(row.told.epochs if row.told else None)),
)
PAGES = ("index.json", "index.md", *(order.page for order in ORDERS))


@value
class FindingContract:
    """One finding of a run, in reading order."""

    code: str
    slug: str
    severity: str
    title: str


@value
class RunContract:
    """One run: what was said of it, or why it could not be reported. Null where nothing is known.

    `reports` names the file of each format, relative to the index.
    """

    run: str
    failure: str | None
    reason: str | None
    verdict: str | None
    answer: str | None
    direction: str | None
    baseline: float | None
    best: float | None
    gain: float | None
    gain_class: str | None
    relative: float | None
    parameters: int | None
    growth: float | None
    epochs: int | None
    findings: tuple[FindingContract, ...]
    reports: Mapping[str, str]


@value
class IndexContract:
    """The whole of `index.json`: the runs in the order of their keys."""

    schema_version: int
    generator: str
    runs: tuple[RunContract, ...]


def write_index(rows: Sequence[Row], output: Path, before: str) -> str:
    """Write the pages of the index unless those of the digest `before` are still right; the digest of what is there.

    `rows` are in the order of their keys. Raises ExpectedError as every writing of a file.
    """
    digest = digest_of(__version__, look_digest(), rows)
    if digest != before:
        for page, data in _made(rows).items():
            write(Rendered(main=data), output / page)
    return digest


def index_json(rows: Sequence[Row]) -> bytes:
    """`index.json`: UTF-8, indented, ending in a newline."""
    held = IndexContract(
        schema_version=SCHEMA_VERSION, generator=f"pai-report {__version__}", runs=tuple(_contract(row) for row in rows)
    )
    return msgspec.json.format(msgspec.json.encode(held), indent=1) + b"\n"


def _made(rows: Sequence[Row]) -> dict[str, bytes]:
    """Every page by its name."""
    from pai_report.batch.page import html_index, markdown_index  # noqa: PLC0415 a night without changes makes no page

    made = {order.page: html_index(sorted(rows, key=order.key), order.id) for order in ORDERS}
    return made | {"index.md": markdown_index(sorted(rows, key=_worst)), "index.json": index_json(rows)}


def _contract(row: Row) -> RunContract:
    told = row.told
    return RunContract(
        run=row.run,
        failure=row.failure.slug if row.failure else None,
        reason=row.failure.sentence if row.failure else None,
        verdict=told.verdict if told else None,
        answer=told.answer if told else None,
        direction=told.direction if told else None,
        baseline=told.baseline if told else None,
        best=told.best if told else None,
        gain=told.gain if told else None,
        gain_class=told.gain_class if told else None,
        relative=told.relative if told else None,
        parameters=told.parameters if told else None,
        growth=told.growth if told else None,
        epochs=told.epochs if told else None,
        findings=tuple(
            FindingContract(code=flaw.code, slug=flaw.slug, severity=flaw.severity, title=flaw.title) for flaw in row.flaws
        ),
        reports=dict(row.reports),
    )
