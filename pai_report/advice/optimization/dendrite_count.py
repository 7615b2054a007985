"""O1: how many dendrite sets are worth having."""

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase, code, count, percent, say, word
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    assured,
    change,
    gain_evidence,
    gain_quantity,
    kept,
    magnitude,
    setting,
    setting_evidence,
    source,
    steps,
)
from pai_report.analysis.model import Architecture

HIGHER = (7, 10)  # sets, O7.5
THREE_MORE = 3


@rule(
    "PAI101",
    "diminishing-returns",
    section="O1",
    part="optimization",
    ids=("O1.1", "O1.2", "O1.3", "A17", "A19", "A20", "A21", "I3.5"),
    needs="gain",
)
def diminishing_returns(case: Case, this: RuleIdentity) -> Outcome:
    """Later dendrite sets add little.

    What it looks for: the smallest number of sets whose best score is within a tenth of the largest gain, the noise floor
    and the improvement threshold of the best one.
    Why it matters: every set adds parameters and training time.
    What to try: `GPA.pc.set_max_dendrites(N)`.
    When it is wrong: a run that was cut before its last set had finished.
    Where it comes from: O1.1 to O1.3, A19 to A21, D7.
    """
    gains, lifecycle = case.analysis.gains, case.analysis.lifecycle
    best, rows = gains.optimal, kept(case.analysis)
    if best is None or best == 0:
        return this.not_applicable(say("no number of sets is established"))
    later = tuple(row for row in rows if row.sets > best and row.outcome == "kept" and row.gain is not None)
    if best >= lifecycle.kept or not later:
        if best == 1:
            return this.clear(say("the first set gained, and no other was kept to compare it with"))
        alike = " about equally: keep `max_dendrites` as it is" if gains.course == "equal" else ""
        return this.clear(say(f"each of {{n}} still gained{alike}", n=count(best, "set")))
    unproven = lifecycle.last_set_proven is False
    saved = _saved(case, best)
    return this.fired(
        "medium",
        assured(case, "medium" if unproven else "high", "max_dendrites"),
        _title(best, later),
        tuple(gain_evidence(case, row) for row in rows if row.gain is not None and row.outcome == "kept"),
        why=(
            say(
                "Your results show the biggest improvements came from the first {n}. Setting max_dendrites={m} will make "
                "training more efficient without sacrificing performance.",
                n=word("dendrite") if best == 1 else count(best, "dendrite"),
                m=count(best),
            ),
        ),
        limit=say(
            "rule: within {l} of the largest gain, the noise and the improvement threshold of the best score ({s})",
            l=percent(case.settings.limits.diminishing),
            s=source(case, "diminishing"),
        ),
        action=say("**Stop at {n}**: `GPA.pc.set_max_dendrites({m})`.", n=count(best, "set"), m=code(str(best))),
        steps=steps(change(case, "max_dendrites", str(best))),
        effect=None if saved is None else say("About {n} fewer.", n=count(saved, "epoch")),
        saves=saved,
        next_check=say("The best score with {n} stays where it is.", n=count(best, "set")),
    )


def _title(best: int, later: tuple[Architecture, ...]) -> Phrase:
    most = max((row.gain for row in later if row.gain is not None), key=lambda gain: gain.absolute)
    size, sets = gain_quantity(magnitude(most)), count(best, "set")
    if len(later) == 1:
        verb = "improved the score by" if most.absolute >= 0 else "made the score worse by"
        return say(f"{{n}} brought the gain; set {{k}} {verb} {{g}}", n=sets, k=count(later[0].sets), g=size)
    if most.absolute <= 0:
        return say("{n} brought the gain; none of the {m} after it improved the score", n=sets, m=count(len(later)))
    words = "{n} brought the gain; none of the {m} after it improved the score by more than {g}"
    return say(words, n=sets, m=count(len(later)), g=size)


def _saved(case: Case, best: int) -> int | None:
    """Epochs trained after the best number of sets had reached its plateau."""
    trained = case.analysis.lifecycle.budget.trained
    starts = [phase.real_first for phase in case.analysis.phases if phase.sets == best + 1 and phase.real_first is not None]
    return None if trained is None or not starts else max(trained - starts[0], 0) or None


@rule(
    "PAI102",
    "ended-while-gaining",
    section="O1",
    part="optimization",
    ids=("O1.4", "O1.5", "O7.4", "O7.5"),
    needs="gain",
)
def ended_while_gaining(case: Case, this: RuleIdentity) -> Outcome:
    """The run ended while its last set still gained.

    What it looks for: the maximum of sets was reached, or the training loop was left early, and the last set's gain is more
    than noise.
    Why it matters: the maximum or the loop, not the network, ended the search.
    What to try: 7, then 10 sets, or three more than now; a loop that was left early should run on.
    When it is wrong: when training already scores far above validation; then more capacity only memorises.
    Where it comes from: O1.4, O1.5, O7.4, O7.5; not after a rejected set, which already was the attempt to go on.
    """
    lifecycle, maximum = case.analysis.lifecycle, case.library.max_dendrites
    rows = tuple(row for row in kept(case.analysis) if row.outcome == "kept")
    reached = lifecycle.ended_by == "max-reached" and maximum is not None and lifecycle.kept == maximum
    if not reached and lifecycle.ended_by != "stopped":
        return this.clear(say("neither the maximum of {n} nor the loop ended the run", n=count(maximum, "set")))
    last = rows[-1] if rows else None
    if last is None or last.gain is None or last.test is None or last.test.gain_class != "real":
        return this.clear(say("the last set did not gain enough to ask for more"))
    if case.analysis.gains.course == "diminishing":
        return this.clear(say("the gains diminish with each set"))
    if not reached and lifecycle.last_set_proven is False:
        return this.clear(say("set {k} was already in training when the run stopped", k=count(lifecycle.kept)))
    more = next((held for held in HIGHER if held > lifecycle.kept), lifecycle.kept + THREE_MORE)
    return this.fired(
        "medium",
        assured(case, "medium", "max_dendrites") if reached else "medium",
        say(
            "The run stopped at its maximum of {n} while the last set still gained {g}"
            if reached
            else "The run was stopped with {n} while the last of them still gained {g}",
            n=count(lifecycle.kept, "set"),
            g=gain_quantity(last.gain),
        ),
        (*(gain_evidence(case, row) for row in rows[-2:]), setting_evidence(setting(case, "max_dendrites"))),
        why=(say("Nothing in the scores says that the next set would not gain as well."),),
        action=say("**Allow more sets**: `GPA.pc.set_max_dendrites({n})`.", n=code(str(more)))
        if reached
        else say("**Let the run go on**: leave the loop only when `training_complete` is true."),
        steps=steps(change(case, "max_dendrites", str(more)))
        if reached
        else (Step(text=say("Leave the training loop only when `training_complete` is true.")),),
        next_check=say("Set {n} gains more than the noise as well.", n=count(lifecycle.kept + 1)),
    )


RULES = (diminishing_returns, ended_while_gaining)
