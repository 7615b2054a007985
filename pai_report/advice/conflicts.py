"""One final value per library setting, no two pieces of advice that contradict each other (rules.md section 5)."""

from collections.abc import Callable
from dataclasses import replace

from pai_report.advice.model import Clear, Finding, Severity, Step
from pai_report.advice.phrases import Phrase, code, say
from pai_report.advice.rule import Case

CAPACITY = {"PAI102", "PAI303", "PAI701", "PAI702"}  # advice that makes the network larger
EXPANSION = {"PAI303", "PAI701", "PAI702"}
WEAKER: dict[Severity, Severity] = {"invalid": "invalid", "critical": "high", "high": "medium", "medium": "low", "low": "low"}


def resolve(findings: tuple[Finding, ...], case: Case) -> tuple[tuple[Finding, ...], tuple[Clear, ...]]:
    """The findings without contradictions, and the ones held back as clear checks with the reason."""
    kept = findings
    held_back: tuple[Clear, ...] = ()
    for winner, losers, reason in _exclusions(case):
        kept, more = _hold_back(kept, winner, losers, reason)
        held_back += more
    return _one_value_each(_demoted(kept, case)), held_back


def _exclusions(case: Case) -> tuple[tuple[str, set[str], Phrase], ...]:
    """Winner, losers and why, for pairs that contradict each other whatever their values."""
    gap = case.analysis.generalization
    crowded: tuple[tuple[str, set[str], Phrase], ...] = ()
    if gap is not None and gap.level == "overfitting":
        crowded = (("PAI801", CAPACITY, say("more capacity would only be memorised at this gap")),)
    return (
        *crowded,
        ("PAI101", {"PAI102"}, say("the later sets add too little to ask for more")),
        ("PAI301", EXPANSION, say("modules are being left out; converting more would work against it")),
        ("PAI302", EXPANSION, say("some modules do not learn yet")),
        ("PAI070", {"PAI401"}, say("unstable training needs a smaller learning rate first")),
    )


def _hold_back(
    findings: tuple[Finding, ...], winner: str, losers: set[str], reason: Phrase
) -> tuple[tuple[Finding, ...], tuple[Clear, ...]]:
    lost = tuple(finding for finding in findings if finding.code in losers)
    if not lost or all(finding.code != winner for finding in findings):
        return findings, ()
    noted = tuple(_considered(finding.title, reason) for finding in lost)
    kept = tuple(
        replace(finding, considered=finding.considered + noted) if finding.code == winner else finding
        for finding in findings
        if finding not in lost
    )
    return kept, tuple(_as_clear(finding, reason) for finding in lost)


def _considered(what: Phrase, reason: Phrase) -> Phrase:
    """Considered, not recommended: what and why; the slots of both phrases are kept apart."""
    first = tuple((f"w_{slot}", held) for slot, held in what.quantities)
    second = tuple((f"r_{slot}", held) for slot, held in reason.quantities)
    template = what.template.replace("{", "{w_") + ": " + reason.template.replace("{", "{r_")
    return Phrase(template=f"Considered, not recommended: {template}.", quantities=first + second)


def _as_clear(finding: Finding, reason: Phrase) -> Clear:
    shown = Phrase(template=f"held back: {reason.template}", quantities=reason.quantities)
    return Clear(code=finding.code, slug=finding.slug, section=finding.section, shown=shown)


def _demoted(findings: tuple[Finding, ...], case: Case) -> tuple[Finding, ...]:
    """A gap of 5 to 10 points lowers capacity advice by one tier."""
    gap = case.analysis.generalization
    if gap is None or gap.level != "notice":
        return findings
    return tuple(
        replace(finding, severity=WEAKER[finding.severity]) if finding.code in CAPACITY else finding for finding in findings
    )


def _one_value_each(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Where findings give one setting different values, the winner's stays and the others become remarks."""
    for setting in sorted({step.setting for finding in findings for step in finding.steps if step.setting}):
        offers = [(finding.code, step) for finding in findings for step in finding.steps if step.setting == setting]
        if len({step.new for _code, step in offers}) > 1:
            chosen = min(offers, key=_PREFERENCE.get(setting, _by_code))
            findings = tuple(_without(finding, setting, chosen[1]) for finding in findings)
    return findings


def _without(finding: Finding, setting: str, chosen: Step) -> Finding:
    lost = tuple(step for step in finding.steps if step.setting == setting and step.new != chosen.new)
    if not lost:
        return finding
    noted = tuple(
        say(
            "Considered, not recommended: `{s}` = {n}; {c} serves another finding and wins.",
            s=code(setting),
            n=code(step.new or ""),
            c=code(chosen.new or ""),
        )
        for step in lost
    )
    return replace(
        finding, steps=tuple(step for step in finding.steps if step not in lost), considered=finding.considered + noted
    )


Offer = tuple[str, Step]


def _by_code(offer: Offer) -> tuple[float, str]:
    return (0.0, offer[0])


def _smallest(offer: Offer) -> tuple[float, str]:
    """max_dendrites: fewer wins, never up against down."""
    return (_numeric(offer[1]), offer[0])


def _largest(offer: Offer) -> tuple[float, str]:
    """n_epochs_to_switch and intervals: longer wins; up beats down."""
    return (-_numeric(offer[1]), offer[0])


def _tighter(offer: Offer) -> tuple[float, str]:
    """improvement_threshold: accepting noise is the worse mistake, so tightening wins over relaxing."""
    return (0.0 if offer[0] == "PAI202" else 1.0, offer[0])


def _numeric(step: Step) -> float:
    try:
        return float(step.new or "nan")
    except ValueError:
        return 0.0


_PREFERENCE: dict[str, Callable[[Offer], tuple[float, str]]] = {
    "max_dendrites": _smallest,
    "n_epochs_to_switch": _largest,
    "fixed_switch_num": _largest,
    "first_fixed_switch_num": _largest,
    "improvement_threshold": _tighter,
}
