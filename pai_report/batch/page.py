"""The pages of the index for people: every word and number of them is decided here, the templates only loop."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from pai_report import __version__
from pai_report.batch.index import ORDERS
from pai_report.batch.model import Row, Sketch
from pai_report.batch.words import counted, verdict_words
from pai_report.report.assets import style
from pai_report.report.document import Span, Text
from pai_report.report.templates import rendered
from pai_report.report.text import named, text
from pai_report.values import value

_STYLES = ("tokens.css", "base.css", "screen.css", "print.css", "index.css")
_HEADS = {  # title of each column and the order that it leads to
    "Run": "run",
    "Course": None,
    "Verdict": None,
    "Best score": None,
    "Change": "gain",
    "Parameters": "parameters",
    "Epochs": "epochs",
    "Findings": "findings",
}
_NUMBERS = {"Change", "Parameters", "Epochs"}


@value
class Head:
    """A column: `href` leads to the page sorted by it, `sorted` says that this is the page."""

    title: str
    href: str | None
    sorted: bool
    numeric: bool


@value
class Line:
    """One run as it stands in the table. `tone` is the severity of its worst finding, "failed" or ""."""

    run: Text
    href: str | None
    others: tuple[tuple[str, str], ...]
    tone: str
    reason: Text
    verdict: str
    answer: str
    sketch: Sketch | None
    scores: str
    gain: str
    parameters: str
    epochs: str
    findings: tuple[tuple[str, int], ...]


def html_index(rows: Sequence[Row], order: str) -> bytes:
    """The index as one HTML page: no script, nothing fetched. `rows` are in the order named `order`."""
    page = rendered(
        "index.html.j2",
        headline=_headline(rows),
        lead=_lead(rows),
        heads=_heads(order),
        lines=[_line(row, "html") for row in rows],
        style=Markup("\n".join(style(name) for name in _STYLES)),  # noqa: S704 our own
        version=__version__,
    )
    return page.encode()


def markdown_index(rows: Sequence[Row]) -> bytes:
    """The index as GitHub-flavoured Markdown, in the order of `rows`."""
    page = rendered(
        "index.md.j2",
        headline=_headline(rows),
        lead=_lead(rows),
        heads=_heads(""),
        lines=[_line(row, "md") for row in rows],
        version=__version__,
    )
    return f"{page.strip()}\n".encode()


def _headline(rows: Sequence[Row]) -> str:
    improved = sum(row.told is not None and row.told.verdict == "improved" for row in rows)
    failed = sum(row.failure is not None for row in rows)
    told = f"Dendrites helped in {improved:,} of {counted(len(rows), 'run')}"
    return f"{told}; {failed:,} could not be reported." if failed else f"{told}."


def _lead(rows: Sequence[Row]) -> str:
    """How many runs have which verdict, most frequent first."""
    counts = Counter(row.told.verdict for row in rows if row.told)
    ordered = sorted(counts.items(), key=lambda held: (-held[1], held[0]))
    return ", ".join(f"{count:,} {verdict_words(code)}" for code, count in ordered)


def _heads(order: str) -> list[Head]:
    pages = {held.id: held.page for held in ORDERS}
    return [
        Head(
            title=title,
            href=pages[leads] if leads and leads != order else None,
            sorted=leads is not None and leads == order,
            numeric=title in _NUMBERS,
        )
        for title, leads in _HEADS.items()
    ]


def _line(row: Row, fmt: str) -> Line:
    told, reports = row.told, dict(row.reports)
    href = reports.get(fmt) or next(iter(reports.values()), None)
    return Line(
        run=named(row.run),
        href=href,
        others=tuple((name, path) for name, path in row.reports if path != href),
        tone="failed" if row.failure else row.flaws[0].severity if row.flaws else "",
        reason=(Span(text="Not reported. ", style="strong"), *text(row.failure.sentence)) if row.failure else (),
        verdict=verdict_words(told.verdict) if told else "",
        answer=told.answer if told else "",
        sketch=told.sketch if told else None,
        scores=told.scores_text if told else "",
        gain=told.gain_text if told else "",
        parameters=told.parameters_text if told else "",
        epochs=told.epochs_text if told else "",
        findings=row.severities,
    )
