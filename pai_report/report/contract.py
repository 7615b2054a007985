"""The machine contract: `report.json`, versioned, with unrounded numbers and null where nothing is known.

Schema version 1: run, scores, verdict, findings, checks, actions and the whole analysis they rest on.
Schema version 2: the judgement as well, with the settings it was made by, so that a report can be told again as it was.
Schema version 3: the limits in those settings are called limits, not thresholds; a configuration is its settings, without typed
copies of some; more findings about the files.
"""

from inspect import cleandoc
from typing import Any, Literal

import msgspec

from pai_report import __version__
from pai_report.advice.model import Evidence, Finding, Judgement, Severity, Step, VerdictCode
from pai_report.advice.words import metric_change
from pai_report.analysis.model import Analysis, Direction, GainClass, Mode
from pai_report.report.clean import escaped_json
from pai_report.report.text import plain_text
from pai_report.values import value

SCHEMA_VERSION = 3


@value
class RunContract:
    """What kind of run, and how far it came. Null where the files cannot tell."""

    save_name: str
    direction: Direction
    mode: Mode
    finished: bool | None
    dendrites_kept: int
    last_set_proven: bool | None
    dendrites_tried: int | None
    attempts: int | None
    epochs_recorded: int
    epochs_trained: int | None


@value
class ScoresContract:
    """Best score without dendrites and best score; all null while the direction is undecided.

    `gain` is positive where the score got better, for every metric; `change` is the same in the metric's own sign.
    """

    baseline: float | None
    best: float | None
    gain: float | None
    gain_class: GainClass | None
    change: float | None = None


@value
class VerdictContract:
    """The verdict code, the requirement's sentence, and the answer as page one gives it."""

    code: VerdictCode
    sentence: str
    answer: str


@value
class EvidenceContract:
    """One number with its place; `epochs` is an inclusive range."""

    label: str
    value: float | int | str | tuple[int, int] | None
    file: str | None
    column: str | None
    epochs: tuple[int, int] | None


@value
class StepContract:
    """One change to make: the setting, its old and new value as Python source, and the lines that do it.

    A setting is one of the library, or `lr` and `schedArgs` for what the training script gives optimizer and scheduler.
    """

    setting: str | None
    old: str | None
    new: str | None
    code: str | None
    text: str


@value
class FindingContract:
    """One finding, in reading order."""

    code: str
    slug: str
    section: str
    severity: Severity
    confidence: Literal["high", "medium", "low"]
    title: str
    evidence: tuple[EvidenceContract, ...]
    steps: tuple[StepContract, ...]


@value
class ChecksContract:
    """Every rule of the catalogue in one of five lists of codes, sorted; those in `off` were switched off."""

    fired: tuple[str, ...]
    clear: tuple[str, ...]
    not_applicable: tuple[str, ...]
    broken: tuple[str, ...]
    off: tuple[str, ...]


@value
class Contract:
    """The whole of `report.json`. `judgement` holds what the parts before it are made from, unformatted."""

    schema_version: int
    generator: str
    run: RunContract
    scores: ScoresContract
    verdict: VerdictContract
    findings: tuple[FindingContract, ...]
    actions: tuple[str, ...]
    checks: ChecksContract
    analysis: Analysis
    judgement: Judgement


def contract(analysis: Analysis, judgement: Judgement) -> Contract:
    """The contract's view of an analysis and its judgement."""
    return Contract(
        schema_version=SCHEMA_VERSION,
        generator=f"pai-report {__version__}",
        run=_run(analysis),
        scores=_scores(analysis),
        verdict=_verdict(judgement),
        findings=tuple(_finding(finding) for finding in judgement.findings),
        actions=tuple(plain_text(action) for action in judgement.actions),
        checks=_checks(judgement),
        analysis=analysis,
        judgement=judgement,
    )


def report_json(analysis: Analysis, judgement: Judgement) -> bytes:
    """`report.json`: UTF-8, indented, ending in a newline; what a terminal would obey is escaped."""
    return escaped_json(msgspec.json.format(msgspec.json.encode(contract(analysis, judgement)), indent=1)) + b"\n"


def schema() -> bytes:
    """The JSON Schema (2020-12) of `report.json`, as the package holds it in `report.schema.json`."""
    held = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "report.json", **msgspec.json.schema(Contract)}
    return msgspec.json.format(msgspec.json.encode(_described(held)), indent=1) + b"\n"


def _described(node: Any) -> Any:
    """A part of a schema with its descriptions as people read a docstring: without indentation, as Python 3.13 keeps it."""
    if isinstance(node, dict):
        return {
            key: cleandoc(part) if key == "description" and isinstance(part, str) else _described(part)
            for key, part in node.items()
        }
    return [_described(part) for part in node] if isinstance(node, list | tuple) else node


def _run(analysis: Analysis) -> RunContract:
    identity, lifecycle = analysis.identity, analysis.lifecycle
    return RunContract(
        save_name=identity.save_name,
        direction=identity.direction,
        mode=identity.mode,
        finished=lifecycle.finished,
        dendrites_kept=lifecycle.kept,
        last_set_proven=lifecycle.last_set_proven,
        dendrites_tried=lifecycle.tried,
        attempts=lifecycle.attempts,
        epochs_recorded=lifecycle.budget.recorded,
        epochs_trained=lifecycle.budget.trained,
    )


def _scores(analysis: Analysis) -> ScoresContract:
    gains = analysis.gains
    if analysis.identity.direction == "undecided":
        return ScoresContract(baseline=None, best=None, gain=None, gain_class=None)
    gain = None if gains.gain is None else gains.gain.absolute
    change = None if gains.gain is None else metric_change(analysis, gains.gain).absolute
    return ScoresContract(baseline=gains.baseline, best=gains.best, gain=gain, gain_class=gains.gain_class, change=change)


def _verdict(judgement: Judgement) -> VerdictContract:
    verdict = judgement.verdict
    return VerdictContract(code=verdict.code, sentence=verdict.sentence, answer=plain_text(verdict.answer))


def _finding(finding: Finding) -> FindingContract:
    return FindingContract(
        code=finding.code,
        slug=finding.slug,
        section=finding.section,
        severity=finding.severity,
        confidence=finding.confidence,
        title=plain_text(finding.title),
        evidence=tuple(_evidence(held) for held in finding.evidence),
        steps=tuple(_step(held) for held in finding.steps),
    )


def _evidence(held: Evidence) -> EvidenceContract:
    return EvidenceContract(label=held.label, value=held.value.value, file=held.file, column=held.column, epochs=held.epochs)


def _step(held: Step) -> StepContract:
    return StepContract(setting=held.setting, old=held.old, new=held.new, code=held.code, text=plain_text(held.text))


def _checks(judgement: Judgement) -> ChecksContract:
    checks = judgement.checks
    return ChecksContract(
        fired=checks.fired,
        clear=tuple(held.code for held in checks.clear),
        not_applicable=tuple(held.code for held in checks.not_applicable),
        broken=tuple(held.code for held in checks.broken),
        off=tuple(held.code for held in checks.off),
    )
