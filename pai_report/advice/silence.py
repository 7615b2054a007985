"""The first words of a report where no gain can be told: why it cannot, each reason only where it was tested."""

from typing import Literal

from pai_report.advice.phrases import Phrase, count, say
from pai_report.advice.rule import Case
from pai_report.advice.void import Void, void
from pai_report.advice.words import self_test
from pai_report.analysis.model import Analysis

Silence = Literal[
    Void,
    "capacity-test",
    "every-epoch",
    "never-attempted",
    "tried-none-kept",
    "at-first-switch",
    "inside-first-phase",
    "unknown",
    "no-direction",
    "no-baseline",
    "first-epoch",
    "not-scored",
]
WITHOUT_GAIN: dict[Silence, str] = {
    "wrong-direction": "Cannot tell: the library followed the score the wrong way.",
    "no-scores": "Cannot tell: no validation score is a number.",
    "contradictory": "Cannot tell: the files of this run contradict each other.",
    "never-changes": "Cannot tell: the validation score never changed.",
    "added-nothing": "Cannot tell: the network has as many parameters with dendrites as without.",
    "capacity-test": "Cannot tell: this is a test of the set-up, not an experiment.",
    "every-epoch": "Cannot tell: a dendrite set was added every epoch, before any network had been trained.",
    "never-attempted": "Cannot tell: training ended before any dendrites were added.",
    "tried-none-kept": "No: the network without dendrites was not beaten in {tries}.",
    "at-first-switch": "Cannot tell: the run stopped just as its first dendrites were due.",
    "inside-first-phase": "Cannot tell: the run stopped while its first dendrites were in training.",
    "unknown": "Cannot tell: the files that would show whether dendrites were tried are missing.",
    "no-direction": "Cannot tell: nothing says whether higher or lower scores are better.",
    "no-baseline": "Cannot tell: no score without dendrites is recorded.",
    "first-epoch": "Cannot tell: the run stopped in its first epoch with dendrites.",
    "not-scored": "Cannot tell: no score with dendrites is recorded.",
}


def told_nothing(case: Case) -> Phrase:
    """The answer of a run that shows no gain and no loss."""
    return say(WITHOUT_GAIN[silence(case)], tries=count(_tries(case), "try|tries"))


def _tries(case: Case) -> int | None:
    lifecycle = case.analysis.lifecycle
    return lifecycle.rejected_tries or lifecycle.tried


def silence(case: Case) -> Silence:
    """Why no gain is told: what makes the run void, else what it was, else which score is not there."""
    analysis, attempted = case.analysis, case.analysis.lifecycle.attempted
    nothing = void(analysis)
    if nothing is not None:
        return nothing
    match case.verdict:
        case "capacity-test":
            return "capacity-test" if self_test(analysis) else "every-epoch"
        case "never-attempted" | "tried-none-kept":
            return case.verdict
        case _:
            return _unscored(analysis) if attempted == "yes" else "never-attempted" if attempted == "no" else attempted


def _unscored(analysis: Analysis) -> Silence:
    """Which of the two scores of a gain is not known, where dendrites were added."""
    if analysis.identity.direction == "undecided":
        return "no-direction"
    if analysis.gains.baseline is None:
        return "no-baseline"
    lifecycle = analysis.lifecycle
    return "first-epoch" if lifecycle.unscored_set == lifecycle.kept == 1 else "not-scored"
