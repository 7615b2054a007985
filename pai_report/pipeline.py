"""The one way through: run folder → analysis → judgement → document → files."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from pai_report.advice.judge import TIER, judge
from pai_report.advice.model import Judgement, Severity
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.compose import compose
from pai_report.report.contract import report_json
from pai_report.report.document import Document, Figure, Picture, Section
from pai_report.report.render import render
from pai_report.report.rendition import Assets, Format, Rendered, format_of, source_date
from pai_report.run.locate import Ask
from pai_report.run.model import Run
from pai_report.run.read import read_run
from pai_report.settings import Settings
from pai_report.values import value

STDOUT = "-"


@value
class Target:
    """One output asked for: a file name or `STDOUT`, and its format."""

    name: str
    format: Format


@value
class Study:
    """A run with all that is known and concluded about it, before it is told."""

    run: Run
    analysis: Analysis
    judgement: Judgement

    def reaches(self, severity: Severity) -> bool:
        """Whether some finding is as severe as `severity` or worse."""
        return any(TIER[finding.severity] <= TIER[severity] for finding in self.judgement.findings)


def targets(names: Sequence[str], stdout_format: Format | None) -> tuple[Target, ...]:
    """What to write, checked before anything is read.

    Raises ExpectedError: "unknown-suffix" for a file, "stdout-format" for standard output without a format or the other way
    round, "same-output-twice".
    """
    if (STDOUT in names) != (stdout_format is not None):
        sentence = "Standard output needs a format." if STDOUT in names else "The option --format is for standard output."
        raise ExpectedError(
            "stdout-format", sentence, "For example: -o - --format md. A file takes its format from its suffix."
        )
    if len(set(names)) < len(names):
        raise ExpectedError("same-output-twice", "The same output was asked for twice.", "Give each -o another name.")
    return tuple(Target(name=name, format=(name == STDOUT and stdout_format) or format_of(name)) for name in names)


def study(path: Path, settings: Settings, *, save_name: str | None = None, ask: Ask | None = None) -> Study:
    """Read, analyse and judge the run in `path`; ExpectedError where there is none, or none can be chosen."""
    run = read_run(path, save_name=save_name, ask=ask)
    analysis = analyse(run, settings)
    return Study(run=run, analysis=analysis, judgement=judge(analysis, settings))


def tell(studied: Study, wanted: Sequence[Target]) -> Iterator[tuple[Target, Rendered | ExpectedError]]:
    """Each target with what to write there, or why it cannot be made; all from one document, composed once."""
    assets = _assets(studied)
    told = any(target.format != "json" for target in wanted)
    document = compose(studied.analysis, studied.judgement) if told else None
    for target in wanted:
        try:
            yield target, _rendered(document, target, assets)
        except ExpectedError as error:
            yield target, error


def _assets(studied: Study) -> Assets:
    picture = studied.run.picture
    return Assets(
        report_json=report_json(studied.analysis, studied.judgement),
        picture=None if picture is None else (picture.name, picture.data),
        created=source_date(os.environ),
    )


def _rendered(document: Document | None, target: Target, assets: Assets) -> Rendered:
    if document is None:
        return Rendered(main=assets.report_json)
    alone = target.name == STDOUT and target.format == "md"
    return render(_without_pictures(document) if alone else document, target.format, assets, PurePath(target.name).stem)


def _without_pictures(document: Document) -> Document:
    """`document` for where there is no place for pictures beside it: Markdown on standard output."""
    front = tuple(block for block in document.front if not isinstance(block, Figure | Picture))
    return replace(document, front=front, sections=tuple(_section_without_pictures(held) for held in document.sections))


def _section_without_pictures(section: Section) -> Section:
    blocks = tuple(block for block in section.blocks if not isinstance(block, Figure | Picture))
    return replace(section, blocks=blocks, sections=tuple(_section_without_pictures(held) for held in section.sections))
