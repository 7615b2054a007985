"""What a rule is: an identity, a condition to be asked at all, and a pure function from a case to an outcome."""

from collections.abc import Callable
from typing import Literal, TypedDict, Unpack

from pai_report.advice.model import (
    Broken,
    Clear,
    Confidence,
    Evidence,
    Finding,
    NotApplicable,
    Part,
    Severity,
    Step,
    VerdictCode,
)
from pai_report.advice.phrases import Phrase, say
from pai_report.analysis.model import Analysis
from pai_report.library import InForce, in_force
from pai_report.settings import Settings
from pai_report.values import value

Outcome = Finding | Clear | NotApplicable | Broken
Effort = Literal["setting", "script", "retrain"]
Needs = Literal["files", "experiment", "tried", "kept", "gain"]


@value
class Case:
    """What a rule looks at: the analysis, the user's settings, and the verdict already reached."""

    analysis: Analysis
    settings: Settings
    verdict: VerdictCode

    @property
    def library(self) -> InForce:
        """The library settings in force, typed."""
        return in_force(self.analysis.identity.settings)


class Told(TypedDict, total=False):
    """The optional parts of a finding, as `RuleIdentity.fired` takes them."""

    why: tuple[Phrase, ...]
    limit: Phrase | None
    action: Phrase | None
    steps: tuple[Step, ...]
    effect: Phrase | None
    saves: int | None
    next_check: Phrase | None
    differs: Phrase | None
    considered: tuple[Phrase, ...]


@value
class RuleIdentity:
    """Who a rule is: a code that is never reused, a slug that names the pattern seen, its section of the requirements.

    `needs` says how far the run must have come for the question to make sense: "files" always, "experiment" not in a
    self-test, "tried" at least one dendrite set was trained, "kept" at least one was kept, "gain" an established gain.
    """

    code: str
    slug: str
    section: str
    part: Part
    ids: tuple[str, ...]
    needs: Needs
    effort: Effort

    def fired(
        self,
        severity: Severity,
        confidence: Confidence,
        title: Phrase,
        evidence: tuple[Evidence, ...],
        **told: Unpack[Told],
    ) -> Finding:
        """The rule saw its pattern. `evidence` must not be empty."""
        return Finding(
            code=self.code,
            slug=self.slug,
            section=self.section,
            part=self.part,
            severity=severity,
            confidence=confidence,
            title=title,
            evidence=evidence,
            ids=self.ids,
            **{"why": (), **told},  # type: ignore[arg-type]
        )

    def clear(self, shown: Phrase) -> Clear:
        """The rule looked and saw nothing; `shown` is the number that shows it."""
        return Clear(code=self.code, slug=self.slug, section=self.section, shown=shown)

    def not_applicable(self, reason: Phrase, remedy: str | None = None) -> NotApplicable:
        """The rule could not be asked; `remedy` is the line of code that would record what is missing."""
        return NotApplicable(code=self.code, slug=self.slug, reason=reason, remedy=remedy)


Judge = Callable[[Case, RuleIdentity], Outcome]


@value
class Rule:
    """A rule of the catalogue: its identity and the function that judges."""

    identity: RuleIdentity
    judge: Judge

    @property
    def code(self) -> str:
        """The stable code, "PAI101"."""
        return self.identity.code

    def apply(self, case: Case) -> Outcome:
        """Judge `case`; a rule that fails becomes BROKEN, so that one bug never costs the report."""
        reason = _not_asked(self.identity.needs, case)
        if reason is not None:
            return self.identity.not_applicable(reason)
        try:
            return self.judge(case, self.identity)
        except Exception as error:  # noqa: BLE001 - the report is still written, with the rule named as broken
            return Broken(code=self.code, slug=self.identity.slug, error=f"{type(error).__name__}: {error}")


def rule(  # noqa: PLR0913 - one keyword per property of a rule
    code: str,
    slug: str,
    *,
    section: str,
    part: Part,
    ids: tuple[str, ...],
    needs: Needs = "experiment",
    effort: Effort = "setting",
) -> Callable[[Judge], Rule]:
    """Make a function a rule of the catalogue."""
    identity = RuleIdentity(code=code, slug=slug, section=section, part=part, ids=ids, needs=needs, effort=effort)
    return lambda judge: Rule(identity=identity, judge=judge)


def _not_asked(needs: Needs, case: Case) -> Phrase | None:
    """Why a rule with these needs makes no sense for this run, or None."""
    lifecycle = case.analysis.lifecycle
    if needs != "files" and case.verdict == "invalid":
        return say("the scores of this run show nothing")
    if needs != "files" and case.verdict == "capacity-test":
        return say("the run is no experiment")
    if needs in {"tried", "kept", "gain"} and lifecycle.attempted != "yes":
        return say("no dendrite set was trained")
    if needs in {"kept", "gain"} and lifecycle.kept == 0:
        return say("no dendrite set was kept")
    if needs == "gain" and case.verdict != "improved":
        return say("no gain from dendrites is established")
    return None
