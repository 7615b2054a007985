"""Tickets for the tests of the bundle: of the samples, of hostile text, and of far too much of it."""

from dataclasses import replace

from conftest import SAMPLES

from pai_report.pipeline import Study, study
from pai_report.report.document import (
    Actions,
    Block,
    Code,
    Column,
    Document,
    FindingCard,
    KeyFigure,
    KeyFigures,
    KeyValues,
    Noted,
    Overview,
    Paragraph,
    Picture,
    Prose,
    Remark,
    Row,
    Section,
    Span,
    StepItem,
    Style,
    Table,
    Text,
)
from pai_report.report.ticket.compose import ticket
from pai_report.report.ticket.flavours import Flavour, comment
from pai_report.settings import Settings

NAMES = ("improved", "minimizing", "none-tried", "overfitting", "premature", "rejected", "synthetic-pb")
FLAVOURS: tuple[Flavour, ...] = ("github", "gitlab", "jira", "plain")
STYLES: tuple[Style, ...] = ("plain", "strong", "emphasis", "code", "name")
MARKER = "pai-report:0123456789abcdef"
ALIVE = (
    "@someone",
    "@org/team",
    "fixes #123",
    "GH-7",
    "owner/repo#1",
    "!42 &3 %5 $6 ~bug",
    "https://example.org/x",
    "www.example.org",
    "javascript:alert(1)",
    "[a](javascript:alert(1))",
    ":smile:",
    "a|b",
    "{code}",
    "{{x}}",
    "]]>",
    "--> <b>x</b>",
    "`tick",
    "/close",
    "two\nlines",
)


def studied(name: str) -> Study:
    """A sample, analysed and judged."""
    return study(SAMPLES / name, Settings())


def sample_ticket(name: str) -> Document:
    """The ticket of a sample."""
    held = studied(name)
    return ticket(held.analysis, held.judgement)


def told(document: Document, flavour: Flavour) -> str:
    """The comment of `document`."""
    return comment(document, MARKER, flavour)


def hostile_ticket(word: str) -> Document:
    """A ticket with `word` in every place that takes text, in every block that a ticket may hold."""
    name, plain = (Span(text=word, style="name"),), (Span(text=word),)
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=(Span(text="a "), Span(text=word, style=style))) for style in STYLES),
        *(Paragraph(text=(Span(text=word, style=style),)) for style in STYLES),
        Prose(markdown="A passage of our own."),
        KeyFigures(figures=(KeyFigure(value="1", unit="epoch", caption=plain),)),
        KeyValues(rows=(Row(label=word, text=name, id="I1.1"), Row(label="Missing", text=plain, missing=True))),
        Table(id="t", caption=plain, columns=(Column(title=name), Column(title=plain)), rows=((name, plain), (plain, name))),
        Code(code=f"x = 1  # {word}"),
        FindingCard(
            id="pai001",
            code="PAI001",
            severity="low",
            confidence="low",
            title=plain,
            why=(plain, name),
            evidence=(name, plain),
            limit=plain,
            steps=(StepItem(text=name, setting=word, old=word, new=word, code=word), StepItem(text=plain)),
            effect=plain,
            next_check=name,
            folded=(name, plain),
        ),
        Remark(text=plain, tone="caution"),
        Overview(findings=(Noted(target="pai001", severity="low", title=plain),), more=2),
    )
    inner = Section(id="inner", title=word, blocks=blocks)
    return Document(
        title=word,
        kicker=name,
        headline=plain,
        front=(*blocks, Actions(items=(name, plain)), Picture(id="scores", name="scores.png", alt=word, caption=plain)),
        sections=(Section(id="all", title=word, blocks=blocks, sections=(inner,)),),
        footer="pai-report",
    )


def endless_ticket(cards: int) -> Document:
    """A ticket of a network of 2,000 modules, named in full in every action and finding (synthetic)."""
    names = ", ".join(f"'.encoder.layers.{place}.attention'" for place in range(2000))
    words: Text = (Span(text="Leave out "), Span(text=names, style="code"))
    sections = tuple(
        Section(id=f"o{place}", title=f"{place} · Part", blocks=(_card(f"PAI{place:03}", words, names),))
        for place in range(cards)
    )
    held = sample_ticket("improved")
    found = Section(id="optimization", title="Optimization", blocks=(), sections=sections)
    return replace(
        held, kicker=words, front=(*held.front, Actions(items=(words, words, words))), sections=(found, *held.sections)
    )


def _card(code: str, words: Text, names: str) -> FindingCard:
    return FindingCard(
        id=code.lower(),
        code=code,
        severity="medium",
        confidence="high",
        title=(Span(text=f"Finding {code}"),),
        why=((Span(text="Because. " * 40),),),
        evidence=((Span(text="1"),),),
        steps=(StepItem(text=(Span(text="Do it."),), code=f"exclude([{names[:2000]}])"),) if code > "PAI002" else
        (StepItem(text=words, code=names),),
    )  # fmt: skip
