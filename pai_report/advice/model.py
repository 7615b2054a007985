"""Findings, verdict and checks: the judgement of one analysis."""

from typing import Literal

from pai_report.advice.phrases import Phrase, Quantity
from pai_report.settings import Settings
from pai_report.values import value

Severity = Literal["invalid", "critical", "high", "medium", "low"]
Confidence = Literal["high", "medium", "low"]
VerdictCode = Literal[
    "invalid",
    "capacity-test",
    "never-attempted",
    "tried-none-kept",
    "incomplete",
    "confounded",
    "worse",
    "within-noise",
    "unstable",
    "improved",
]
Part = Literal["trust", "troubleshooting", "optimization"]


@value
class Evidence:
    """One number behind a finding and where it stands. `epochs` are committed unless `real` says otherwise."""

    label: str
    value: Quantity
    file: str | None
    column: str | None = None
    epochs: tuple[int, int] | None = None
    real: bool = False


@value
class Step:
    """One change to make. `old` and `new` are Python source; `code` runs as it stands.

    `setting` is the library's own name, or `lr` and `schedArgs` for what the training script gives optimizer and scheduler.
    """

    text: Phrase
    setting: str | None = None
    old: str | None = None
    old_origin: str | None = None  # "config", "script", "default"
    new: str | None = None
    code: str | None = None


@value
class Finding:
    """One observed pattern, why it matters, and what to do.

    `title` states the observation with its number. `limit` names the threshold used and its source. `differs` is the one
    line on what the original checklist says, where the library makes it wrong. `effect` is None unless it was computed;
    `saves` is the same as a number of epochs, for the reading order.
    """

    code: str
    slug: str
    section: str  # "T1".."T3", "O1".."O9", "X": the section of the requirements
    part: Part
    severity: Severity
    confidence: Confidence
    title: Phrase
    why: tuple[Phrase, ...]
    evidence: tuple[Evidence, ...]
    limit: Phrase | None = None
    action: Phrase | None = None  # the remedy as one line for page one
    steps: tuple[Step, ...] = ()
    effect: Phrase | None = None
    saves: int | None = None
    next_check: Phrase | None = None
    differs: Phrase | None = None
    considered: tuple[Phrase, ...] = ()  # advice that lost a conflict, with the reason
    ids: tuple[str, ...] = ()  # ids of the requirements it fulfils

    def __post_init__(self) -> None:
        """Refuse a finding without evidence: every claim names the number behind it."""
        if not self.evidence:
            raise ValueError(f"finding {self.code} has no evidence")


@value
class NotApplicable:
    """A rule that could not be judged: what is missing, and the line of code that would record it next time."""

    code: str
    slug: str
    reason: Phrase
    remedy: str | None = None


@value
class Clear:
    """A rule that looked and found nothing, with the number that shows it."""

    code: str
    slug: str
    section: str
    shown: Phrase


@value
class Off:
    """A rule that the user switched off."""

    code: str
    slug: str


@value
class Broken:
    """A rule that failed: the error is reported, the report is still written."""

    code: str
    slug: str
    error: str


@value
class Checks:
    """Every rule's outcome, each list sorted by code."""

    fired: tuple[str, ...]
    clear: tuple[Clear, ...]
    not_applicable: tuple[NotApplicable, ...]
    broken: tuple[Broken, ...]
    off: tuple[Off, ...] = ()


@value
class Verdict:
    """The answer. `sentence` is N1 or N3 of the requirements, word for word, or None where no verdict is given."""

    code: VerdictCode
    sentence: str
    answer: Phrase  # the headline: yes, no or cannot tell in at most 20 words
    context: tuple[Phrase, ...]  # one or two sentences under it


@value
class Judgement:
    """What the analysis means: verdict, findings in the order to read them, and what was checked."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    checks: Checks
    actions: tuple[Phrase, ...]  # at most three, the first is tomorrow's
    settings: Settings = Settings()  # the user's choices it was judged by
