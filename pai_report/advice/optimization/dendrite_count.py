"""O1: how many dendrite sets are worth having."""

from pai_report.advice.phrases import Phrase, Quantity, code, count, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    assured,
    change,
    gain_evidence,
    gain_quantity,
    integer,
    kept,
    setting,
    setting_evidence,
    steps,
)
from pai_report.analysis.model import Architecture


@rule(
    "PAI101",
    "diminishing-returns",
    section="O1",
    part="optimization",
    ids=("O1.1", "O1.2", "O1.3", "A19", "A20", "A21", "I3.5"),
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
    best = gains.optimal
    if best is None or best == 0:
        return this.not_applicable(say("no number of sets is established"))
    if best >= lifecycle.kept:
        return this.clear(say("each of {n} still gained", n=count(lifecycle.kept, "set")))
    rows = kept(case.analysis)
    return this.fired(
        "medium",
        assured(case, "high", "max_dendrites"),
        say(
            "{n} brought the gain; the remaining {m} added {g}",
            n=count(best, "set"),
            m=count(lifecycle.kept - best),
            g=_added(rows, best),
        ),
        tuple(gain_evidence(row) for row in rows if row.gain is not None),
        why=(
            say(
                "Your results show the biggest improvements came from the first {n}. Setting max_dendrites={m} will make "
                "training more efficient without sacrificing performance.",
                n=count(best, "dendrite"),
                m=count(best),
            ),
        ),
        limit=say("rule: within 10 % of the largest gain, the noise and the improvement threshold of the best score"),
        action=say("**Stop at {n}**: `GPA.pc.set_max_dendrites({m})`.", n=count(best, "set"), m=code(str(best))),
        steps=steps(change(case, "max_dendrites", str(best))),
        effect=_saved(case),
        next_check=say("The best score with {n} stays where it is.", n=count(best, "set")),
    )


def _added(rows: tuple[Architecture, ...], best: int) -> Quantity:
    """The largest gain of a set after the best number."""
    later = [row.gain for row in rows if row.sets > best and row.gain is not None]
    return gain_quantity(max(later, key=lambda gain: gain.absolute), signed=True)


def _saved(case: Case) -> Phrase | None:
    rejected = case.analysis.lifecycle.budget.rejected
    if not rejected:
        return None
    return say("At least {n} of rejected tries would not have been trained.", n=count(rejected, "epoch"))


@rule(
    "PAI102",
    "maximum-reached-while-gaining",
    section="O1",
    part="optimization",
    ids=("O1.4", "O1.5", "O7.4", "O7.5"),
    needs="gain",
)
def maximum_reached_while_gaining(case: Case, this: RuleIdentity) -> Outcome:
    """The run stopped at its maximum of sets while the last one still gained.

    What it looks for: the maximum was reached, and the last set's gain is more than noise.
    Why it matters: the maximum, not the network, ended the search.
    What to try: 7, then 10 sets, or three more than now.
    When it is wrong: when training already scores far above validation; then more capacity only memorises.
    Where it comes from: O1.4, O1.5, O7.4, O7.5 and the exclusions of rules.md section 5.
    """
    lifecycle, rows = case.analysis.lifecycle, kept(case.analysis)
    maximum = integer(case, "max_dendrites")
    if lifecycle.ended_by != "max-reached" or maximum is None or lifecycle.kept != maximum:
        return this.clear(say("the maximum of {n} did not end the run", n=count(maximum, "set")))
    last = rows[-1]
    real = last.test is not None and last.test.gain_class == "real"
    if not real or case.analysis.gains.course == "diminishing":
        return this.clear(say("the last set did not gain enough to ask for more"))
    new = next((held for held in (7, 10) if held > lifecycle.kept), lifecycle.kept + 3)
    return this.fired(
        "medium",
        assured(case, "medium", "max_dendrites"),
        say(
            "The run stopped at its maximum of {n} while the last set still gained {g}",
            n=count(maximum, "set"),
            g=gain_quantity(last.gain) if last.gain else count(None),
        ),
        (*(gain_evidence(row) for row in rows[-2:]), setting_evidence(setting(case, "max_dendrites"))),
        why=(say("Nothing in the scores says that the next set would not gain as well."),),
        action=say("**Allow more sets**: `GPA.pc.set_max_dendrites({n})`.", n=code(str(new))),
        steps=steps(change(case, "max_dendrites", str(new))),
        next_check=say("Whether set {n} still gains more than the noise.", n=count(lifecycle.kept + 1)),
    )


RULES = (diminishing_returns, maximum_reached_while_gaining)
