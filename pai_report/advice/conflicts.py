"""One final value per setting, no two pieces of advice that contradict each other.

The rules judge alone; here, and nowhere else, it is decided which of two findings stands. What loses stays visible: as a
remark of the winner ("considered, not recommended") and among the checks.
"""

from collections.abc import Callable
from dataclasses import replace

from pai_report.advice.model import Clear, Finding, Severity, Step
from pai_report.advice.phrases import Phrase, code, count, say
from pai_report.advice.rates import RATE
from pai_report.advice.rule import Case
from pai_report.advice.switching import FIXED_SETTINGS, HISTORY_SETTINGS, fixed_mode, mode_known
from pai_report.advice.words import sets_within_noise
from pai_report.values import value

EXPANSION = frozenset({"PAI303", "PAI701", "PAI702"})  # advice that converts more of the network
CAPACITY = EXPANSION | {"PAI102"}  # advice that makes the network larger
LONGER = frozenset({"PAI010", "PAI201", "PAI601"})  # advice that gives phases more epochs
SETS_COUNTED = frozenset({"PAI101", "PAI102", "PAI604"})  # advice on the number of sets
WEAKER: dict[Severity, Severity] = {"invalid": "invalid", "critical": "high", "high": "medium", "medium": "low", "low": "low"}


@value
class Contest:
    """`losers` are held back for `reason` where one of `winners` stands; without winners, in any case."""

    winners: frozenset[str]
    losers: frozenset[str]
    reason: Phrase


def resolve(findings: tuple[Finding, ...], case: Case) -> tuple[tuple[Finding, ...], tuple[Clear, ...]]:
    """The findings without contradictions, and the ones held back as clear checks with the reason."""
    kept, held_back = _both_fall(findings)
    for contest in (*_by_condition(case), *_by_winner(case)):
        kept, more = _hold_back(kept, contest)
        held_back += more
    return _one_value_each(_of_this_mode(_demoted(kept, case), case)), held_back


def _both_fall(findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], tuple[Clear, ...]]:
    """More and less scheduler patience, from opposite symptoms in different phases: neither is advised, by no rule."""
    opposed, fallen = {"PAI401", "PAI402"}, {"PAI401", "PAI402", "PAI403"}
    if not opposed <= {finding.code for finding in findings}:
        return findings, ()
    reason = say("phases disagree: the learning rate fell too early in some and too late in others")
    lost = tuple(finding for finding in findings if finding.code in fallen)
    return tuple(finding for finding in findings if finding not in lost), tuple(_as_clear(finding, reason) for finding in lost)


def _by_condition(case: Case) -> tuple[Contest, ...]:
    """What the run itself rules out, whatever else was found."""
    modules, nobody = case.analysis.modules, frozenset[str]()
    weak = modules is not None and modules.scored and any(module.tier != "good" for module in modules.modules)
    held: list[Contest] = []
    optimal, noise = case.analysis.gains.optimal, sets_within_noise(case)
    if optimal and noise and all(row.sets > optimal for row in noise):
        reason = say("with no more than {n} the threshold of later sets is never asked", n=count(optimal, "set"))
        held.append(Contest(winners=frozenset({"PAI101"}), losers=frozenset({"PAI202"}), reason=reason))
    if case.verdict == "confounded":
        reason = say("how many sets are worth having is open until the network without them has stopped improving")
        held.append(Contest(winners=nobody, losers=SETS_COUNTED, reason=reason))
    if case.settings.original_params is not None:
        reason = say("the goal is a network smaller than the original")
        held.append(Contest(winners=frozenset({"PAI902"}), losers=EXPANSION, reason=reason))
        held.append(Contest(winners=nobody, losers=EXPANSION, reason=reason))
    if weak:
        reason = say("not every converted module correlates well yet")
        held.append(Contest(winners=frozenset({"PAI301", "PAI302"}), losers=EXPANSION, reason=reason))
        held.append(Contest(winners=nobody, losers=EXPANSION, reason=reason))
    return tuple(held)


def _by_winner(case: Case) -> tuple[Contest, ...]:
    """Pairs that contradict each other whatever their values."""
    gap = case.analysis.generalization
    crowded = gap is not None and gap.level == "overfitting"
    pairs = (
        ({"PAI801"} if crowded else {""}, CAPACITY, "more capacity would only be memorised at this gap"),
        ({"PAI101"}, {"PAI102"}, "the later sets add too little to ask for more"),
        (LONGER, {"PAI602"}, "phases need more epochs, not fewer"),
        ({"PAI070", "PAI502"}, {"PAI401"}, "unstable training needs a smaller learning rate first"),
        ({"PAI401"}, {"PAI403"}, "the learning rate fell too early already"),
        ({"PAI501"}, {"PAI503"}, "scores get worse after additions already"),
    )
    return tuple(Contest(winners=frozenset(won), losers=frozenset(lost), reason=say(why)) for won, lost, why in pairs)


def _hold_back(findings: tuple[Finding, ...], contest: Contest) -> tuple[tuple[Finding, ...], tuple[Clear, ...]]:
    lost = tuple(finding for finding in findings if finding.code in contest.losers)
    winner = next((finding.code for finding in findings if finding.code in contest.winners), None)
    if not lost or (contest.winners and winner is None):
        return findings, ()
    noted = tuple(_considered(finding.title, contest.reason) for finding in lost)
    kept = tuple(
        replace(finding, considered=finding.considered + noted) if finding.code == winner else finding
        for finding in findings
        if finding not in lost
    )
    return kept, tuple(_as_clear(finding, contest.reason) for finding in lost)


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


def _of_this_mode(findings: tuple[Finding, ...], case: Case) -> tuple[Finding, ...]:
    """Only the settings that the run's switch mode reads; both, labelled by their rules, where the mode is not known."""
    if not mode_known(case):
        return findings
    unread = HISTORY_SETTINGS if fixed_mode(case) else FIXED_SETTINGS
    return tuple(
        replace(finding, steps=tuple(step for step in finding.steps if step.setting not in unread))
        if any(step.setting in unread for step in finding.steps)
        else finding
        for finding in findings
    )


def _one_value_each(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Where findings give one setting different values, the winner's stays and the others become remarks."""
    for setting in sorted({step.setting for finding in findings for step in finding.steps if step.setting}):
        offers = [(finding.code, step) for finding in findings for step in finding.steps if step.setting == setting]
        if len({step.new for _code, step in offers}) > 1:
            chosen = min(offers, key=_PREFERENCE.get(setting, _by_code))
            findings = tuple(_without(finding, setting, chosen) for finding in findings)
    return findings


def _without(finding: Finding, setting: str, chosen: "Offer") -> Finding:
    """`finding` without its other values for `setting`; its line for page one goes too, where it was about that value."""
    lost = tuple(step for step in finding.steps if step.setting == setting and step.new != chosen[1].new)
    if not lost:
        return finding
    noted = tuple(
        say(
            "Considered, not recommended: `{s}` = {n}; {c} from {w} is the value to use.",
            s=code(setting),
            n=code(step.new or ""),
            c=code(chosen[1].new or ""),
            w=code(chosen[0]),
        )
        for step in lost
    )
    first = next(step for step in finding.steps if step.setting)
    return replace(
        finding,
        steps=tuple(step for step in finding.steps if step not in lost),
        action=None if first in lost else finding.action,
        considered=finding.considered + noted,
    )


Offer = tuple[str, Step]


def _by_code(offer: Offer) -> tuple[float, str]:
    return (0.0, offer[0])


def _smallest(offer: Offer) -> tuple[float, str]:
    """max_dendrites: fewer wins, never up against down."""
    return (_numeric(offer[1]), offer[0])


def _largest(offer: Offer) -> tuple[float, str]:
    """n_epochs_to_switch: longer wins; up beats down."""
    return (-_numeric(offer[1]), offer[0])


def _tighter(offer: Offer) -> tuple[float, str]:
    """improvement_threshold: accepting noise is the worst mistake, then missing a near miss, then a short phase."""
    return ({"PAI202": 0.0, "PAI062": 1.0}.get(offer[0], 2.0), offer[0])


def _numeric(step: Step) -> float:
    try:
        return float(step.new or "nan")
    except ValueError:
        return 0.0


def _steadier(offer: Offer) -> tuple[float, str]:
    """The learning rate: unstable training first, then falls after additions, then the schedule (T3, O5, O4)."""
    return ({"PAI070": 0.0, "PAI502": 1.0}.get(offer[0], 2.0), offer[0])


_PREFERENCE: dict[str, Callable[[Offer], tuple[float, str]]] = {
    RATE: _steadier,
    "improvement_threshold": _tighter,
    "max_dendrites": _smallest,
    "n_epochs_to_switch": _largest,
}
