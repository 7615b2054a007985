"""The appendix: evidence ledger, settings in force, limits used, where this differs from the checklist, provenance."""

from dataclasses import fields

from pai_report import __version__
from pai_report.advice.model import Finding, Judgement
from pai_report.advice.phrases import count, number, percent, say, word
from pai_report.analysis.model import Analysis
from pai_report.library import Setting
from pai_report.limits import Limits
from pai_report.report.advice_sections import checked, place_of
from pai_report.report.document import Block, KeyValues, Paragraph, Prose, Remark, Row, Section, Span, Table, Text
from pai_report.report.rows import cell, column, counted_table
from pai_report.report.text import NBSP, join, named, phrase_text, quantity_text, shortened, text
from pai_report.settings import Settings

LEDGER_ROWS = 40
SOURCE_ROWS = 8
NOTE_ROWS = 15
ORIGIN_LENGTH = 40  # characters of a file name that stands in every row; the files read are listed in full
MODES = {"gd": "gradient descent", "pb": "Perforated Backpropagation", "undecided": "undecided"}
SCALES = {"fraction": "from 0 to 1", "percent": "in percent", "free": "no fixed range"}
READ_FROM_FILES = {"maximizing_score", "perforated_backpropagation", "testing_dendrite_capacity"}  # defaults say nothing
METHOD = """\
A gain is the best score with dendrites minus the best without, counted so that positive is better. The library keeps the best
epoch of each phase and rolls back what came after it, so both are the best of several noisy epochs. The gain is compared with
what picking the best of as many epochs would show by chance, from the spread and the autocorrelation of the scores late in each
phase, given that only positive gains are ever recorded. It counts as real below {real} and with at least {samples}; below
{uncertain} it is promising; otherwise it is within the noise. A gain over a network that was still learning is credited
to nobody. Test scores that played no part in choosing move the class by one.
"""


def appendix(
    analysis: Analysis, judgement: Judgement, courses: tuple[Block, ...], undrawn: tuple[Remark, ...]
) -> tuple[Section, ...]:
    """All appendix sections, in reading order; `courses` are the pictures of every epoch, `undrawn` tells which failed."""
    return (
        checked(judgement, undrawn),
        _ledger(judgement),
        _limits(analysis, judgement.settings),
        *_differences(judgement),
        *((Section(id="courses", title="Epoch by epoch", blocks=courses, appendix=True),) if courses else ()),
        _provenance(analysis),
    )


def _ledger(judgement: Judgement) -> Section:
    columns = (column("Finding", "left"), column("What", "left"), column("Value", "left"), column("Where", "left"))
    rows = tuple(
        (text(finding.code), named(held.label), text(quantity_text(held.value)), place_of(held) or text("–"))
        for finding in judgement.findings
        for held in finding.evidence
    )
    table = Table(
        id="evidence", caption=text("Every number behind the findings"), columns=columns, rows=rows, first_is_header=True
    )
    blocks: tuple[Block, ...] = (
        (counted_table(table, LEDGER_ROWS),) if rows else (Paragraph(text=text("There are no findings.")),)
    )
    return Section(id="ledger", title="Evidence ledger", blocks=blocks, appendix=True)


def _limits(analysis: Analysis, chosen: Settings) -> Section:
    shown = tuple(held for held in analysis.identity.settings if held.origin != "default" or held.name not in READ_FROM_FILES)
    settings = tuple(
        ((Span(text=held.name, style="code"),), (Span(text=held.value, style="code"),), _origin(held.origin, held.file))
        if not _refuted(analysis, held)
        else ((Span(text=held.name, style="code"),), text("more than 1"), named(analysis.track.file))
        for held in shown
    )
    columns = (column("Setting", "left"), column("Value", "left"), column("From", "left"))
    table = Table(
        id="settings",
        caption=text("Library settings in force; “default” is the library's own, which no file confirms"),
        columns=columns,
        rows=settings,
        first_is_header=True,
    )
    return Section(
        id="method",
        title="How this was judged",
        blocks=(Prose(markdown=_method(chosen.limits)), _limit_rows(chosen), table),
        appendix=True,
    )


def _refuted(analysis: Analysis, held: Setting) -> bool:
    """The default of single epochs, where the running score that the library judged differs from validation (C19)."""
    return held.name == "history_lookback" and held.origin == "default" and analysis.identity.lookback_differs


def _origin(origin: str, file: str | None) -> Text:
    return named(shortened(file, ORIGIN_LENGTH)) if file else text(origin)


def _method(limits: Limits) -> str:
    """How a gain is judged, with the limits that were used."""
    return METHOD.format(
        real=quantity_text(percent(limits.real_level)),
        uncertain=quantity_text(percent(limits.uncertain_level)),
        samples=quantity_text(count(limits.samples_needed, "net validation sample")),
    ).replace(NBSP, " ")


def _limit_rows(chosen: Settings) -> KeyValues:
    """Every limit by topic, each with its value, unit and source."""
    topics = dict.fromkeys(str(limit.metadata["topic"]) for limit in fields(chosen.limits))
    return KeyValues(rows=tuple(Row(label=f"Limits: {topic}", text=_of_topic(chosen, topic)) for topic in topics))


def _of_topic(chosen: Settings, topic: str) -> Text:
    named_limits = [limit for limit in fields(chosen.limits) if limit.metadata["topic"] == topic]
    return join(tuple(_limit(chosen, limit.name, str(limit.metadata["unit"])) for limit in named_limits), "; ")


def _limit(chosen: Settings, name: str, unit: str) -> Text:
    value = quantity_text(number(getattr(chosen.limits, name)))
    source = chosen.source(name)
    if name in chosen.changed:
        source = f"{source}, default {quantity_text(number(getattr(Limits(), name)))}"
    return text(f"{name.replace('_', ' ')} {value} {unit} ({source})")


def _differences(judgement: Judgement) -> tuple[Section, ...]:
    differing: tuple[Finding, ...] = tuple(held for held in judgement.findings if held.differs is not None)
    if not differing:
        return ()
    columns = (column("Finding", "left"), column("What the checklist says, and why this report does not", "left"))
    rows = tuple((text(held.code), phrase_text(held.differs)) for held in differing if held.differs is not None)
    table = Table(
        id="deviations",
        caption=text("Deviations from the original checklist"),
        columns=columns,
        rows=rows,
        first_is_header=True,
    )
    return (Section(id="differences", title="Where this differs from the checklist", blocks=(table,), appendix=True),)


def _provenance(analysis: Analysis) -> Section:
    identity = analysis.identity
    first, last = identity.versions if identity.versions is not None else ("", "")
    newest = last or "newest known"
    versions = "not known" if identity.versions is None else f"{first} to {newest}"
    rows = (
        Row(label="Report", text=text(f"pai-report {__version__}")),
        Row(label="Run", text=(*named(identity.save_name), Span(text=" in folder "), *named(identity.folder))),
        Row(label="Written by", text=text(f"perforatedai {versions}, judged from the names and headers of the files")),
        Row(label="Direction", text=text(f"{identity.direction}, from {identity.direction_from.replace('-', ' ')}")),
        Row(label="Mode", text=text(f"{MODES[identity.mode]}, from {identity.mode_from.replace('-', ' ')}")),
        Row(label="Score scale", text=_scale(analysis)),
        Row(
            label="Snapshots",
            text=phrase_text(
                say(
                    "{n} of this run, {m} left over from earlier runs",
                    n=count(analysis.lifecycle.snapshots),
                    m=count(analysis.lifecycle.leftovers),
                )
            ),
        ),
    )
    return Section(
        id="provenance",
        title="Provenance",
        blocks=(KeyValues(rows=rows), *_sources(analysis), *_notes(analysis)),
        appendix=True,
    )


def _scale(analysis: Analysis) -> Text:
    identity = analysis.identity
    if identity.n_validation is None:
        return text(f"{SCALES[identity.scale]}; the number of validation samples cannot be read from the scores")
    return phrase_text(
        say(
            "{s}; steps of {q}: {n}",
            s=word(SCALES[identity.scale]),
            q=number(identity.quantum),
            n=count(identity.n_validation, "validation sample"),
        )
    )


def _sources(analysis: Analysis) -> tuple[Block, ...]:
    if not analysis.sources:
        return ()
    canonical = {name for _kind, name in analysis.files}
    ordered = sorted(analysis.sources, key=lambda held: (held.name not in canonical, held.name))
    columns = (column("File", "left"), column("Bytes"), column("SHA-256 (first 16 digits)", "left"))
    rows = tuple((named(held.name), cell(count(held.size)), (Span(text=held.sha256[:16], style="code"),)) for held in ordered)
    table = Table(id="sources", caption=text("Files read"), columns=columns, rows=rows, first_is_header=True)
    return (counted_table(table, SOURCE_ROWS),)


def _notes(analysis: Analysis) -> tuple[Block, ...]:
    held = tuple(
        (text(note.slug.replace("-", " ")), join(_note_place(note.file, note.row)), named(note.text)) for note in analysis.notes
    )
    ignored = tuple((text("ignored"), named(name), text("not a file of this run")) for name in analysis.ignored)
    if not held and not ignored:
        return ()
    columns = (column("What", "left"), column("File", "left"), column("Why", "left"))
    table = Table(id="notes", caption=text("Repairs, choices and files left out"), columns=columns, rows=held + ignored)
    return (counted_table(table, NOTE_ROWS),)


def _note_place(file: str | None, row: int | None) -> tuple[Text, ...]:
    parts: tuple[Text, ...] = (named(file),) if file else (text("–"),)
    return parts if row is None else (*parts, text(f"line {row}"))
