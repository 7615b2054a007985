"""From an analysis to a judgement: verdict, findings in the order to read them, checks, and the three actions."""

from dataclasses import replace

from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.conflicts import WEAKER, resolve
from pai_report.advice.model import Broken, Checks, Clear, Confidence, Finding, Judgement, NotApplicable, Off, Severity
from pai_report.advice.phrases import Phrase, say
from pai_report.advice.rule import Case, Effort, Outcome
from pai_report.advice.verdict import SERIOUS, deliver, verdict_code
from pai_report.advice.words import restart_ratio
from pai_report.analysis.model import Analysis
from pai_report.settings import Settings

TIER: dict[Severity, int] = {"invalid": 0, "critical": 1, "high": 2, "medium": 3, "low": 4}
DOUBT: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}
COST: dict[Effort, int] = {"setting": 0, "script": 1, "retrain": 2}
EFFORT: dict[str, Effort] = {rule.code: rule.identity.effort for rule in CATALOGUE}
CONFIRM = say("**Confirm it with two more seeds** before you rely on it: this is one run.")
CONTROL = say("**Confirm it with two more seeds and a control run**: no dendrites, the same epochs and rate restarts.")
RATE_RULES = frozenset({"PAI070", "PAI401", "PAI402", "PAI403", "PAI502"})  # all of them ask for another learning rate
TUNING = frozenset({"PAI401", "PAI402", "PAI403", "PAI501", "PAI502", "PAI503"})  # nothing to judge it by within noise
SHOWN_ACTIONS = 3


def judge(analysis: Analysis, settings: Settings) -> Judgement:
    """Judge `analysis` by every rule of the catalogue; never raises for what a rule does."""
    case = Case(analysis=analysis, settings=settings, verdict=verdict_code(analysis))
    asked = tuple(rule for rule in CATALOGUE if rule.code not in settings.off)
    off = tuple(Off(code=rule.code, slug=rule.identity.slug) for rule in CATALOGUE if rule not in asked)
    outcomes = tuple(rule.apply(case) for rule in asked)
    fired = tuple(_ranked(held) for held in outcomes if isinstance(held, Finding))
    resolved, held_back = resolve(fired, case)
    findings = tuple(sorted(resolved, key=_reading_order))
    return Judgement(
        verdict=deliver(case, findings),
        findings=findings,
        checks=replace(_checks(outcomes, findings, held_back), off=off),
        actions=_actions(case, findings),
        settings=replace(settings, known=()),  # they concern the digest of many runs
    )


def _ranked(finding: Finding) -> Finding:
    """Low confidence drops a finding by one tier, except in tier 0."""
    return replace(finding, severity=WEAKER[finding.severity]) if finding.confidence == "low" else finding


def _reading_order(finding: Finding) -> tuple[int, int, int, int, str]:
    """Tier, confidence, effort, expected effect in epochs saved, code."""
    effort = COST[EFFORT[finding.code]]
    return (TIER[finding.severity], DOUBT[finding.confidence], effort, -(finding.saves or 0), finding.code)


def _checks(outcomes: tuple[Outcome, ...], findings: tuple[Finding, ...], held_back: tuple[Clear, ...]) -> Checks:
    clear = tuple(held for held in outcomes if isinstance(held, Clear)) + held_back
    return Checks(
        fired=tuple(sorted(finding.code for finding in findings)),
        clear=tuple(sorted(clear, key=lambda held: held.code)),
        not_applicable=tuple(held for held in outcomes if isinstance(held, NotApplicable)),
        broken=tuple(held for held in outcomes if isinstance(held, Broken)),
    )


def _actions(case: Case, findings: tuple[Finding, ...]) -> tuple[Phrase, ...]:
    """The first three different remedies in reading order; the same remedy from several findings is one action.

    While the gain is within the noise no tuning is proposed here: the next run could not show whether it helped.
    """
    chosen: dict[object, Phrase] = {}
    for finding in sorted(findings, key=_only_to_watch):
        if finding.action is not None and not (case.verdict == "within-noise" and finding.code in TUNING):
            chosen.setdefault(_remedy(finding), finding.action)
    if case.verdict == "improved" and len(chosen) < SHOWN_ACTIONS:
        chosen["confirm"] = CONFIRM if restart_ratio(case) is None else CONTROL
    return tuple(chosen.values())[:SHOWN_ACTIONS]


def _only_to_watch(finding: Finding) -> bool:
    """A gap that is only to be watched asks for nothing tomorrow; it comes after what can be done."""
    return finding.code == "PAI801" and finding.severity not in SERIOUS


def _remedy(finding: Finding) -> object:
    """What a finding asks to change: a learning rate, else the first setting with its value, else something of its own."""
    if finding.code in RATE_RULES:
        return "learning rate"
    return next(((step.setting, step.new) for step in finding.steps if step.setting), finding.code)
