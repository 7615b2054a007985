"""The verdict: one code and one sentence of the requirements, N1 or N3, word for word."""

from pai_report.advice.answer import answer, context
from pai_report.advice.model import Finding, Verdict, VerdictCode
from pai_report.advice.rule import Case
from pai_report.advice.void import void
from pai_report.analysis.model import Analysis

SUCCESS = "Your dendritic training was successful! Here's what I found worked well and recommendations for optimization."
ISSUES = "I see some issues in your training results. Let's troubleshoot:"
SERIOUS = {"invalid", "critical", "high"}


def verdict_code(analysis: Analysis) -> VerdictCode:
    """The first verdict that matches, in the order from "nothing can be said" to "improved"."""
    identity, lifecycle = analysis.identity, analysis.lifecycle
    if void(analysis) is not None:
        return "invalid"
    if identity.capacity_test or identity.every_epoch:
        return "capacity-test"
    if lifecycle.attempted == "no":
        return "never-attempted"
    if lifecycle.attempted != "yes":
        return "incomplete"
    if lifecycle.kept == 0:
        return "tried-none-kept"
    return _verdict_on_gain(analysis)


def deliver(case: Case, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict in words. N1 needs `improved` and no finding of tier 0 to 2; every other run gets N3."""
    serious = any(finding.severity in SERIOUS for finding in findings)
    sentence = SUCCESS if case.verdict == "improved" and not serious else ISSUES
    return Verdict(code=case.verdict, sentence=sentence, answer=answer(case), context=context(case))


def _verdict_on_gain(analysis: Analysis) -> VerdictCode:
    gains = analysis.gains
    if gains.gain is None:
        return "incomplete"
    if gains.gain_class == "confounded":
        return "confounded"
    if gains.gain.absolute < 0:
        return "worse"
    if gains.gain_class == "real":
        return "improved"
    return "unstable" if _unstable_end(analysis) else "within-noise"


def _unstable_end(analysis: Analysis) -> bool:
    """The last kept neuron phase swings by 2 % of the best score or more; a set that was never proven does not count."""
    proven = analysis.lifecycle.kept - (1 if analysis.lifecycle.last_set_proven is False else 0)
    ends = [
        phase.stability
        for phase in analysis.phases
        if phase.kind == "neuron" and phase.sets <= proven and phase.stability is not None
    ]
    return bool(ends) and ends[-1].level == "unstable"
