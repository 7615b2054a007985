"""What a picture shows, read back for tests."""

from xml.etree import ElementTree as ET

from pai_report.analysis.model import Analysis
from pai_report.limits import Limits
from pai_report.report.document import Figure, Text
from pai_report.report.figures import figures_for, front_figure
from pai_report.report.undrawn import Undrawn

SVG = "{http://www.w3.org/2000/svg}"


def every(analysis: Analysis) -> tuple[Figure, ...]:
    """All pictures of a report, page one's included."""
    front = front_figure(analysis)
    return tuple(drawn(figure) for figure in (*((front,) if front else ()), *figures_for(analysis, Limits())))


def plain(text: Text) -> str:
    """The words of a text."""
    return "".join(span.text for span in text).replace("\u00a0", " ")


def parsed(figure: Figure) -> ET.Element:
    """The picture as XML."""
    return ET.fromstring(figure.svg)  # noqa: S314 our own drawing


def cells(figure: Figure) -> list[list[str]]:
    """The table behind a picture as plain words."""
    assert figure.table
    return [[plain(cell) for cell in row] for row in figure.table.rows]


def titles(figure: Figure) -> list[str]:
    """The column titles of the table behind a picture."""
    assert figure.table
    return [plain(column.title) for column in figure.table.columns]


def labels(figure: Figure) -> list[str]:
    """Every label in a picture."""
    return [(element.text or "").replace("\u00a0", " ") for element in parsed(figure).iter(f"{SVG}text")]


def drawn(figure: Figure | Undrawn | None) -> Figure:
    """The picture, which has to be there."""
    assert isinstance(figure, Figure), figure
    return figure
