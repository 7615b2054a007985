"""T1: the run stopped before dendrites could show anything."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, name, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.troubleshooting.not_added import last_score
from pai_report.advice.words import MEMORY, SWITCHES, scores_evidence, size_column


@rule("PAI051", "stopped-at-first-set", section="T1", part="troubleshooting", ids=("C1", "D16", "T1.9"), effort="script")
def stopped_at_first_set(case: Case, this: RuleIdentity) -> Outcome:
    """The run ended at its first switch or inside the first dendrite phase.

    What it looks for: a snapshot from just before the first switch, or a single switch row, and nothing after it.
    Why it matters: no dendrite set was trained to an end, so nothing can be said about dendrites.
    What to try: find the error or the limit that stopped the job at that moment, and start it again.
    When it is wrong: a job that is still running.
    Where it comes from: C1, D16; the checklist knows only "added" and "never added".
    """
    attempted = case.analysis.lifecycle.attempted
    if attempted not in {"at-first-switch", "inside-first-phase"}:
        return this.clear(say("the run did not stop at its first switch"))
    recorded = case.analysis.lifecycle.budget.recorded
    at_switch = attempted == "at-first-switch"
    comma = next((held for held, _role, _scores in case.analysis.track.extras if "," in held), None) if at_switch else None
    where = "at its first switch" if at_switch else "inside its first dendrite phase"
    return this.fired(
        "critical",
        "high",
        say(f"The run stopped {where}, after {{n}}", n=count(recorded, "recorded epoch")),
        (
            scores_evidence(case, "last recorded score", last_score(case), recorded - 1),
            Evidence(
                label="switch rows",
                value=count(len(case.analysis.lifecycle.switch_epochs or ())),
                file=case.analysis.file("switch-epochs"),
                column=SWITCHES,
            ),
        ),
        why=(_stop_cause(comma),),
        action=say(f"**Find what stopped the job {where}**; its console output has the error.")
        if comma is None
        else say("**Take the comma out of** {c}: the library stops at its first switch because of it.", c=name(comma)),
        steps=(_stop_step(comma),),
        next_check=say("The switch file has at least two rows, and files named `startSteps` or `noImprove` appear."),
    )


def _stop_cause(comma: str | None) -> Phrase:
    if comma is not None:
        words = (
            "The extra score {c} has a comma in its name; library 3.2.9 fails on it when it loads the best model at a switch."
        )
        return say(words, c=name(comma))
    return say("No network with dendrites was trained to an end, so there is nothing to compare yet.")


def _stop_step(comma: str | None) -> Step:
    if comma is not None:
        return Step(
            text=say("Give the extra score a name without a comma, for example {t}.", t=code("Train")),
            code="GPA.pai_tracker.add_extra_score(train_score, 'Train')",
        )
    return Step(text=say("Start the job again; if it stops at the same place, read the error in its console output."))


@rule("PAI052", "stopped-in-first-epoch-of-set", section="T1", part="troubleshooting", ids=("D16", "C1"), effort="script")
def stopped_in_first_epoch(case: Case, this: RuleIdentity) -> Outcome:
    """The run stopped in the first epoch after a set was added.

    What it looks for: switch rows whose last one is the last epoch of the main files, no table that is longer, and no
    snapshot with a later epoch. A best score that stands for such a network is that of the one before.
    Why it matters: the network with that set was never scored, so nothing can be said about it.
    What to try: read the end of the console output. Where memory ran out, as it usually does there: a smaller batch, or fewer
    perforated modules.
    When it is wrong: a job that is still in that epoch.
    Where it comes from: D16; executed with 3.2.9, which writes its files between adding a set and training it.
    """
    lifecycle = case.analysis.lifecycle
    added = lifecycle.unscored_set
    if added is None:
        return this.clear(say("no set without a score of its own"))
    recorded = lifecycle.budget.recorded
    return this.fired(
        "critical",
        "high",
        say("The run stopped in its first epoch with set {k}, after {n}", k=count(added), n=count(recorded, "recorded epoch")),
        (
            Evidence(
                label=f"last epoch before set {added}",
                value=count(recorded - 1),
                file=case.analysis.file("switch-epochs"),
                column=SWITCHES,
                epochs=(recorded - 1, recorded - 1),
            ),
            scores_evidence(case, "last recorded score", last_score(case), recorded - 1),
            *_sizes(case, added),
        ),
        why=(say("Set {k} was never scored, so nothing can be said about it.", k=count(added)), MEMORY),
        action=say("**Read the end of the console output**; if memory ran out, train with a smaller batch."),
        steps=(
            Step(text=say("See whether the console output ends in an error. If the job still runs, wait for its next epoch.")),
            Step(text=say("If memory ran out: a smaller batch, or fewer perforated modules.")),
        ),
        next_check=say("The scores hold at least one epoch after the last switch."),
    )


def _sizes(case: Case, added: int) -> tuple[Evidence, ...]:
    """Parameters before and after the set, where both are recorded."""
    sizes = {row.sets: row.parameters for row in case.analysis.gains.architectures}
    before, after, file = sizes.get(added - 1), sizes.get(added), case.analysis.file("parameter-counts")
    if before is None or after is None:
        return ()
    return (
        Evidence(label="parameters before", value=count(before), file=file, column=size_column(file)),
        Evidence(label=f"parameters with set {added}", value=count(after), file=file, column=size_column(file)),
    )


RULES = (stopped_at_first_set, stopped_in_first_epoch)
