"""One run folder through reading, judging and telling: what must hold whatever was done to it."""

import json
import re
import resource
import time
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from grammar import Truth

from pai_report import pipeline
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.pipeline import Study, Target, study
from pai_report.report.compose import compose
from pai_report.report.document import Code, Document, Figure, Prose, Span
from pai_report.report.rendition import Rendered
from pai_report.settings import Settings

LONGEST = 20.0  # seconds for one folder
MOST = 1024 * 1024  # KiB of memory for one folder
# "None of the 2 sets" is English; a name from the run may be any word and is not looked at.
NO_NUMBER = re.compile(r"\b(?:None(?! of )|NaN|nan|[Ii]nf(?:inity)?|undefined)\b")
NO_VERDICT = {"invalid", "incomplete", "capacity-test"}


def problems(folder: Path, truth: Truth, damaged: Collection[str], formats: tuple[str, ...]) -> list[str]:
    """What is wrong with the reports on `folder`, which holds the files of `truth` but for the `damaged` ones; [] for nothing.

    `formats` are told of "md", "json", "html" and "pdf".
    """
    started = time.monotonic()
    settings = replace(Settings(), direction=None if truth.told or not _camel(truth) else truth.direction)
    try:
        studied = study(folder, settings, save_name=truth.save_name)
    except ExpectedError:
        return _bounds(started)
    held = list(_said(studied, formats))
    if len(damaged) <= 1:
        wrong = list(untrue(studied.analysis, truth))
        if wrong and not any(named(studied, name) for name in damaged) and studied.judgement.verdict.code not in NO_VERDICT:
            held.append(f"silent: {'; '.join(wrong)}")
    return held + _bounds(started)


def untrue(analysis: Analysis, truth: Truth) -> Iterator[str]:
    """Facts of `analysis` that are not those of the run. What is not known is not wrong."""
    if analysis.lifecycle.kept != truth.sets:
        yield f"{analysis.lifecycle.kept} sets, not {truth.sets}"
    if analysis.identity.direction not in {truth.direction, "undecided"}:
        yield f"direction {analysis.identity.direction}"
    for row in analysis.gains.architectures:
        if row.outcome == "rejected" or row.sets > truth.sets:
            continue
        if row.parameters not in {None, truth.sizes[row.sets]}:
            yield f"{row.parameters} parameters with {row.sets} sets, not {truth.sizes[row.sets]}"
        best = truth.bests[row.sets]
        if row.best is not None and best is not None and abs(row.best - best) > 1e-4 * max(abs(best), 1e-3):
            yield f"best {row.best} with {row.sets} sets, not {best}"


def named(studied: Study, file: str) -> bool:
    """Whether the report says of `file` that it was repaired, ignored, missing, or contradicts another."""
    analysis = studied.analysis
    if analysis.identity.partial:  # page one says that the main files are missing and what stands in for them
        return True
    if any(note.file == file or file in note.text for note in analysis.notes) or file in analysis.ignored:
        return True
    trust = [finding for finding in studied.judgement.findings if finding.part == "trust"]
    return any(evidence.file == file for finding in trust for evidence in finding.evidence)


def _camel(truth: Truth) -> bool:
    """Whether the files cannot tell the direction: those of before 2.0 hold the largest score whatever was better."""
    return truth.tables.get("switches", "").endswith("switchEpochs.csv")


def _said(studied: Study, formats: tuple[str, ...]) -> Iterator[str]:
    """Broken rules, undrawn pictures, formats that failed, and words for numbers that are none."""
    yield from (f"broken rule {held.code}: {held.error}" for held in studied.judgement.checks.broken)
    document = compose(studied.analysis, studied.judgement)
    yield from document.undrawn
    yield from words_for_no_number(document)
    assets = pipeline._assets(studied, with_files="pdf" in formats)
    for fmt in formats:
        try:
            made = pipeline._rendered(document, Target(name=f"report.{fmt}", format=fmt), assets)  # type: ignore[arg-type]
        except ExpectedError as error:
            yield f"{fmt}: {error.sentence}"
            continue
        yield from _unreadable(fmt, made)


def _unreadable(fmt: str, made: Rendered) -> Iterator[str]:
    if fmt == "json":
        json.loads(made.main, parse_constant=_refused)
    if fmt == "md":
        drawings = [data.decode() for name, data in made.files if name.endswith(".svg")]
        words = [re.sub(r"<[^>]*>", " ", drawing) for drawing in drawings]
        yield from (f"word {found[0]!r} in a drawing: {text[:200]}" for text in words if (found := NO_NUMBER.search(text)))


def words_for_no_number(document: Document) -> Iterator[str]:
    """Sentences of ours with a word for a number that is none."""
    for text in texts(document):
        if NO_NUMBER.search(text):
            yield f"word {NO_NUMBER.search(text)[0]!r}: {text[:300]}"  # type: ignore[index]


def texts(part: Any) -> Iterator[str]:
    """Every text of ours in `part` of a document: names and code from the run are left out."""
    if isinstance(part, tuple) and part and all(isinstance(held, Span) for held in part):
        yield "".join(span.text if span.style not in {"name", "code"} else "\0" for span in part)
    elif isinstance(part, Prose):
        yield part.markdown
    elif isinstance(part, Figure):
        yield from (part.alt, *texts(part.caption), *texts(part.table))
    elif isinstance(part, tuple):
        for held in part:
            yield from texts(held)
    elif is_dataclass(part) and not isinstance(part, Code):
        for field in fields(part):
            yield from texts(getattr(part, field.name))


def _refused(constant: str) -> None:
    raise ValueError(f"report.json holds {constant}")


def _bounds(started: float) -> list[str]:
    seconds, memory = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slow = [f"took {seconds:.0f} s"] if seconds > LONGEST else []
    return slow + ([f"took {memory // 1024} MB"] if memory > MOST else [])
