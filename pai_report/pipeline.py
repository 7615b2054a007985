"""The one way through: run folder → analysis → judgement → document → files."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from types import UnionType

from pai_report.advice.judge import TIER, judge
from pai_report.advice.model import Judgement, Severity
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.compose import compose
from pai_report.report.contract import report_json
from pai_report.report.document import Block, Document, Figure, Paragraph, Picture, Section, Span
from pai_report.report.render import render
from pai_report.report.rendition import Assets, Format, Rendered, format_of, source_date
from pai_report.report.sources import pack
from pai_report.retelling import carried, read_report
from pai_report.retelling import picture as picture_of
from pai_report.run.locate import Ask
from pai_report.run.model import Content, Run
from pai_report.run.read import read_run
from pai_report.settings import Settings
from pai_report.values import value

STDOUT = "-"
NO_PICTURE = Paragraph(
    text=(Span(text="It is not shown here: the report that this one was told from came without it."),), role="missing"
)


@value
class Target:
    """One output asked for: a file name or `STDOUT`, and its format."""

    name: str
    format: Format


@value
class Study:
    """A run with all that is known and concluded about it, before it is told.

    `contents` are the run's files for the PDF; a report that is told again carries them `packed` as they came. `inputs` is
    where all of it was read.
    """

    analysis: Analysis
    judgement: Judgement
    picture: tuple[str, bytes] | None = None
    contents: tuple[Content, ...] = ()
    packed: tuple[tuple[str, bytes], ...] = ()
    inputs: tuple[Path, ...] = ()

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
    if len({os.path.normpath(name) for name in names}) < len(names):
        raise ExpectedError("same-output-twice", "The same output was asked for twice.", "Give each -o another name.")
    return tuple(Target(name=name, format=(name == STDOUT and stdout_format) or format_of(name)) for name in names)


def study(path: Path, settings: Settings, *, save_name: str | None = None, ask: Ask | None = None) -> Study:
    """Read, analyse and judge the run in `path`; ExpectedError where there is none, or none can be chosen."""
    return concluded(read_run(path, save_name=save_name, ask=ask, settings=settings), settings)


def concluded(run: Run, settings: Settings) -> Study:
    """Analyse and judge `run`."""
    analysis = analyse(run, settings)
    picture = None if run.picture is None else (run.picture.name, run.picture.data)
    judgement = judge(analysis, settings)
    return Study(analysis=analysis, judgement=judgement, picture=picture, contents=run.contents, inputs=run.files)


def retold(path: Path, settings: Settings = Settings()) -> Study:  # noqa: B008 frozen
    """What the report in `path` (PDF or JSON) tells, to be told again; ExpectedError as `pai_report.retelling.read_report`."""
    report = read_report(path, settings)
    return Study(
        analysis=report.analysis,
        judgement=report.judgement,
        picture=picture_of(report),
        packed=carried(report),
        inputs=(path,),
    )


def tell(studied: Study, wanted: Sequence[Target]) -> Iterator[tuple[Target, Rendered | ExpectedError]]:
    """Each target with what to write there, or why it cannot be made; all from one document, composed once.

    Inside of `pai_report.report.assets.overriding` the user's own templates and styles are used.
    """
    assets = _assets(studied, with_files=any(target.format == "pdf" for target in wanted))
    told = any(target.format != "json" for target in wanted)
    document = compose(studied.analysis, studied.judgement) if told else None
    for target in wanted:
        try:
            yield target, _rendered(document, target, assets)
        except ExpectedError as error:
            yield target, error


def _assets(studied: Study, *, with_files: bool) -> Assets:
    return Assets(
        report_json=report_json(studied.analysis, studied.judgement),
        picture=studied.picture,
        attachments=studied.packed or (pack(studied.contents) if with_files else ()),
        created=source_date(os.environ),
    )


def _rendered(document: Document | None, target: Target, assets: Assets) -> Rendered:
    if document is None:
        return Rendered(main=assets.report_json)
    if target.name == STDOUT and target.format == "md":
        document = _without(document, Figure | Picture)  # there is no place for pictures beside it
    elif assets.picture is None:
        document = _without(document, Picture, instead=NO_PICTURE)
    return replace(render(document, target.format, assets, PurePath(target.name).stem), undrawn=document.undrawn)


def _without(document: Document, kinds: UnionType | type[Block], instead: Block | None = None) -> Document:
    """`document` without its blocks of `kinds`, or with the one block in their place."""

    def kept(blocks: Iterable[Block]) -> tuple[Block, ...]:
        swapped = (instead if isinstance(block, kinds) else block for block in blocks)
        return tuple(block for block in swapped if block is not None)

    def kept_in(section: Section) -> Section:
        return replace(section, blocks=kept(section.blocks), sections=tuple(kept_in(held) for held in section.sections))

    return replace(document, front=kept(document.front), sections=tuple(kept_in(held) for held in document.sections))
