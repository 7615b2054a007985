"""O6: how long to train, and where the epochs went."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, count, percent, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.switching import fixed_mode, longer_phases, longer_phases_action
from pai_report.advice.words import VALIDATION, assured, change, often, setting, setting_evidence, steps
from pai_report.analysis.model import EpochBudget

NOT_COUNTED = say("the epochs that were trained cannot be counted from the files that are there")


@rule("PAI601", "still-improving-at-the-end", section="O6", part="optimization", ids=("O6.1", "O6.2", "I2.3"), needs="tried")
def still_improving_at_the_end(case: Case, this: RuleIdentity) -> Outcome:
    """The last phase ended while its score was still improving.

    What it looks for: no plateau on the full series of the last trained phase, discarded tail included.
    Why it matters: more epochs in that phase would have given a better score.
    What to try: HISTORY mode: more patience; FIXED mode: a longer interval; where the training loop was left early, the
    loop itself.
    When it is wrong: on files without snapshots, which end at their best epoch by construction.
    Where it comes from: O6.1, O6.2, D13. The checklist raises `n_epochs_to_switch` in FIXED mode too, where it has no effect.
    """
    held = case.analysis.convergence
    if held is None or held.converged is None:
        return this.not_applicable(_end_unknown(case))
    if not held.still_improving:
        return this.clear(say("the last phase ended on a plateau"))
    name = "fixed_switch_num" if fixed_mode(case) else "n_epochs_to_switch"
    left = case.analysis.lifecycle.ended_by == "stopped"
    return this.fired(
        "medium",
        assured(case, "medium", name),
        say("The training loop was left while the last phase was still improving")
        if left
        else say("The last phase was still improving when it ended"),
        (
            Evidence(
                label="last epochs tested",
                value=count(held.epochs[1] - held.epochs[0] + 1 if held.epochs else None, "epoch"),
                file=held.file,
                column=VALIDATION,
                epochs=held.epochs,
            ),
            setting_evidence(setting(case, name)),
        ),
        why=(say("Its last epochs were its best: more of them would have given a better score."),),
        action=say("**Let the run end by itself**: leave the loop only when `training_complete` is true.")
        if left
        else longer_phases_action(case, "Train each phase longer"),
        steps=(Step(text=say("Leave the training loop only when `training_complete` is true.")),)
        if left
        else longer_phases(case),
        next_check=say("The last phase ends on a plateau."),
    )


@rule("PAI602", "converged-early", section="O6", part="optimization", ids=("O6.3", "O6.4"), needs="tried")
def converged_early(case: Case, this: RuleIdentity) -> Outcome:
    """Every phase found its best score in its first half.

    What it looks for: the best epoch before the middle of every phase, and no wait as long as the patience.
    Why it matters: the patience costs epochs that found nothing.
    What to try: a patience of the longest wait seen plus three, never below the scheduler's patience plus two.
    When it is wrong: on another seed or data set the waits may be longer.
    Where it comes from: O6.3, O6.4, D13.
    """
    held = case.analysis.convergence
    if held is None or held.converged is None:
        return this.not_applicable(_end_unknown(case))
    old, new = case.library.n_epochs_to_switch, held.could_lower_to
    if not held.converged_early or new is None or old is None or new >= old:
        return this.clear(say("the longest wait for an improvement was {n}", n=count(held.largest_wait, "epoch")))
    saved = (old - new) * sum(1 for phase in case.analysis.phases if phase.kind == "neuron")
    return this.fired(
        "low",
        assured(case, "medium", "n_epochs_to_switch"),
        say(
            "Every phase found its best score early; the longest wait for an improvement was {n}",
            n=count(held.largest_wait, "epoch"),
        ),
        (
            Evidence(
                label="longest wait",
                value=count(held.largest_wait, "epoch"),
                file=held.wait_file,
                column=VALIDATION,
                epochs=held.wait_epochs,
            ),
            setting_evidence(setting(case, "n_epochs_to_switch")),
        ),
        why=(say("A patience of {n} would have found the same best scores in this run.", n=count(new)),),
        steps=steps(change(case, "n_epochs_to_switch", str(new))),
        effect=say("About {n} fewer.", n=count(saved, "epoch")),
        saves=saved,
        next_check=say("The best scores stay the same."),
    )


@rule("PAI603", "learning-rate-search-cost", section="O6", part="optimization", ids=("D15", "T1.10d"), needs="tried")
def learning_rate_search_cost(case: Case, this: RuleIdentity) -> Outcome:
    """A large share of the epochs went into the search for a learning rate.

    What it looks for: epochs of learning-rate trials that were thrown away, above a fifth of all epochs trained.
    Why it matters: they cost time and left nothing in the final network.
    What to try: `GPA.pc.set_find_best_lr(False)` once a good starting rate is known.
    When it is wrong: while the right rate after an addition is not known yet.
    Where it comes from: D15.
    """
    budget = case.analysis.lifecycle.budget
    if not budget.trained or budget.lr_search is None:
        return this.not_applicable(NOT_COUNTED)
    share = budget.lr_search / budget.trained
    if share <= case.settings.limits.large_share:
        return this.clear(say("{n} of {t} went into the search", n=count(budget.lr_search), t=count(budget.trained, "epoch")))
    return this.fired(
        "low",
        "high",
        say("The learning-rate search took {n} of {t}", n=count(budget.lr_search), t=count(budget.trained, "epoch")),
        (
            Evidence(
                label="epochs in losing trials", value=count(budget.lr_search), file=case.analysis.track.file, column=VALIDATION
            ),
            setting_evidence(setting(case, "find_best_lr")),
        ),
        why=(say("Each new set was trained at several learning rates and only one was kept."),),
        steps=steps(
            change(case, "find_best_lr", "False", text=say("Switch the search off once a good starting rate is known."))
        ),
        effect=say("Up to {n} fewer ({s} of this run).", n=count(budget.lr_search, "epoch"), s=percent(share)),
        saves=budget.lr_search,
        next_check=say("No files named `startSteps` appear, and the best scores stay."),
    )


@rule("PAI604", "rejected-tries-cost", section="O6", part="optimization", ids=("D15", "O1.2", "T1.10a"), needs="kept")
def rejected_tries_cost(case: Case, this: RuleIdentity) -> Outcome:
    """The tries for a set that was rejected in the end took many epochs.

    What it looks for: the run ended by rejection, and its rejected tries took a fifth of all epochs trained or more.
    Why it matters: a repeat of the run need not search beyond what this one found.
    What to try: `GPA.pc.set_max_dendrites(K)` with the number of sets that was kept.
    When it is wrong: on other data or another base network the next set may be kept.
    Where it comes from: D15, O1.2.
    """
    lifecycle, budget = case.analysis.lifecycle, case.analysis.lifecycle.budget
    if not budget.trained or budget.rejected is None:
        return this.not_applicable(NOT_COUNTED)
    if lifecycle.ended_by != "rejected" or budget.rejected < case.settings.limits.large_share * budget.trained:
        return this.clear(say("rejected tries took {n} of {t}", n=count(budget.rejected), t=count(budget.trained, "epoch")))
    most = lifecycle.kept
    return this.fired(
        "medium",
        assured(case, "high", "max_dendrites"),
        say(
            "The tries for set {k} took {n} of {t} and were rejected",
            k=count(most + 1),
            n=count(budget.rejected),
            t=count(budget.trained, "epoch"),
        ),
        (
            Evidence(
                label="epochs in rejected tries", value=count(budget.rejected), file=case.analysis.track.file, column=VALIDATION
            ),
            setting_evidence(setting(case, "max_dendrites")),
        ),
        why=(say("Nothing of them is left in the final network; a repeat need not search there again."),),
        action=say(
            "**Stop at {n} when you repeat it**: set {k} cost {r} and was rejected {t}.",
            n=count(most, "set"),
            k=count(most + 1),
            r=count(budget.rejected, "epoch"),
            t=often(lifecycle.rejected_tries),
        ),
        steps=steps(change(case, "max_dendrites", str(most))),
        effect=_ends_at(budget),
        saves=budget.rejected,
        next_check=say("The run ends by itself after set {n} has reached its plateau.", n=count(most)),
    )


def _end_unknown(case: Case) -> Phrase:
    """Why it is open whether the last phase had converged."""
    if case.analysis.identity.direction == "undecided":
        return say("the direction of the score is not known")
    neuron = [phase for phase in case.analysis.phases if phase.kind == "neuron"]
    if neuron and neuron[-1].truncated:
        return say("no snapshot kept what followed the best epoch of the last phase")
    return say("the last phase has too few epochs with a score")


def _ends_at(budget: EpochBudget) -> Phrase:
    saved = say("{n} fewer of {t}.", n=count(budget.rejected, "epoch"), t=count(budget.trained))
    if budget.end_if_stopped_at_kept is None:
        return saved
    return say(
        "{n} fewer: the run would have ended after {e} of {t}.",
        n=count(budget.rejected, "epoch"),
        e=count(budget.end_if_stopped_at_kept),
        t=count(budget.trained),
    )


RULES = (still_improving_at_the_end, converged_early, learning_rate_search_cost, rejected_tries_cost)
