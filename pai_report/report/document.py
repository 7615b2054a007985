"""The document every format renders: sections of a closed set of blocks. All wording, numbers and order are decided in it.

Text is a tuple of spans, so that each format escapes it its own way. Only `Prose` holds Markdown, and only our own.
"""

from typing import Literal

from pai_report.values import value

Style = Literal["plain", "strong", "emphasis", "code", "name"]  # "name": untrusted text from the run
Severity = Literal["invalid", "critical", "high", "medium", "low"]


@value
class Span:
    """A run of text in one style."""

    text: str
    style: Style = "plain"


Text = tuple[Span, ...]


@value
class Paragraph:
    """Sentences. `role` "lead" is the line under the headline, "small" a remark."""

    text: Text
    role: Literal["body", "lead", "small", "missing"] = "body"


@value
class Prose:
    """A longer passage of our own, in Markdown."""

    markdown: str


@value
class KeyFigure:
    """One of the four figures on page one: the number, its unit, and what it means."""

    value: str
    unit: str
    caption: Text


@value
class KeyFigures:
    """The figures of page one."""

    figures: tuple[KeyFigure, ...]


@value
class Actions:
    """What to do next: an ordered list of at most three."""

    items: tuple[Text, ...]


@value
class Noted:
    """A finding in one line; `target` is the id of its card."""

    target: str
    severity: Severity
    title: Text


@value
class Overview:
    """What was found, for page one: the first findings in reading order, and how many `more` there are."""

    findings: tuple[Noted, ...]
    more: int = 0


@value
class Row:
    """Label and value; `id` is the requirement's id (I1.1), shown small."""

    label: str
    text: Text
    id: str | None = None
    missing: bool = False


@value
class KeyValues:
    """A list of labelled statements."""

    rows: tuple[Row, ...]


@value
class Column:
    """A table column; numbers align on the decimal point."""

    title: Text
    align: Literal["left", "right", "decimal"] = "left"


@value
class Table:
    """A table. `shown_of` is the full number of rows when print shows fewer; `first_is_header` makes row headers."""

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    shown_of: int | None = None
    first_is_header: bool = False


@value
class Figure:
    """A picture drawn by us. `svg` is a complete SVG element; `alt` and `caption` are computed from the data.

    `table` holds the numbers behind it: folded in HTML, in the attachment for PDF.
    """

    id: str
    alt: str
    caption: Text
    svg: str
    table: Table | None = None


@value
class Picture:
    """The library's own PNG, unmodified. Renderers take the bytes from the assets; a report told again from JSON has none."""

    id: str
    name: str
    alt: str
    caption: Text


@value
class Code:
    """Lines to paste, with the old value beside them where there is one."""

    code: str
    language: Literal["python", "toml", "shell"] = "python"


@value
class StepItem:
    """One step of a finding: what to do, from which value to which, and the line that does it."""

    text: Text
    setting: str | None = None
    old: str | None = None
    new: str | None = None
    code: str | None = None


@value
class FindingCard:
    """A finding: a rule in the colour of its severity, the observation, why, evidence, steps."""

    id: str
    code: str
    severity: Severity
    confidence: Literal["high", "medium", "low"]
    title: Text
    why: tuple[Text, ...]
    evidence: tuple[Text, ...]
    limit: Text = ()
    steps: tuple[StepItem, ...] = ()
    effect: Text = ()
    next_check: Text = ()
    folded: tuple[Text, ...] = ()  # deviation from the checklist, advice considered and not recommended


@value
class Remark:
    """A quiet remark set apart from the text."""

    text: Text
    tone: Literal["info", "caution"] = "info"


Block = Paragraph | Prose | KeyFigures | Actions | Overview | KeyValues | Table | Figure | Picture | Code | FindingCard | Remark


@value
class Section:
    """A part of the report. `appendix` sections follow the body."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = ()
    appendix: bool = False


@value
class Document:
    """A whole report: the first page, then sections in reading order.

    `kicker` is the small line above the headline, `headline` answers the question. `severity` colours nothing but a word.
    """

    title: str  # of the file: "PAI · PerforatedAI run report"
    kicker: Text
    headline: Text
    front: tuple[Block, ...]  # lead, key figures, picture, actions, overview of the findings
    sections: tuple[Section, ...]
    footer: str
    undrawn: tuple[str, ...] = ()  # sentences on pictures that failed
    language: str = "en"
