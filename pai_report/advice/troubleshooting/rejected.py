"""T2: dendrites were tried and not kept, or made it worse."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, percent, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.troubleshooting.layers import output_layout, perforated
from pai_report.advice.words import (
    DEBUG,
    assured,
    best_evidence,
    change,
    gain_quantity,
    kept,
    magnitude,
    metric_change,
    rejected,
    round_down,
    scores_evidence,
    setting,
    setting_evidence,
    steps,
    threshold_with,
    unproven,
)
from pai_report.analysis.model import Architecture


@rule(
    "PAI060",
    "tried-none-kept",
    section="T2",
    part="troubleshooting",
    ids=("T2", "T2.1", "T2.3", "T2.4", "A10", "L10", "I3.1", "C1"),
    needs="tried",
    effort="retrain",
)
def tried_none_kept(case: Case, this: RuleIdentity) -> Outcome:
    """Every dendrite set that was tried was rejected.

    What it looks for: no switch row in the final files, and at least one set that was trained and rejected.
    Why it matters: the final network has no dendrites; the run's answer is that these dendrites did not help here.
    What to try: check that the right layers are perforated, then output dimensions or other modules.
    When it is wrong: a set that was better by less than the threshold (its own finding).
    Where it comes from: T2, C1. The checklist reads the same files as "never added": a set was added, trained and rejected.
    """
    lifecycle = case.analysis.lifecycle
    if lifecycle.kept > 0:
        return this.clear(say("{n} kept", n=count(lifecycle.kept, "set")))
    row = rejected(case.analysis)
    tries = lifecycle.rejected_tries
    return this.fired(
        "high",
        "high",
        say("{s} tried in {t}, none kept", s=count(lifecycle.tried, "dendrite set"), t=count(tries, "try|tries")),
        _rejected_evidence(case, row),
        why=(
            say("Files named `noImprove_lr` show that a set was added, trained and rejected, not that none was added."),
            *((named,) if (named := perforated(case)) is not None else ()),
        ),
        action=None
        if row is not None and row.shortfall is not None
        else say("**Check which layers get dendrites** before anything else; no set beat the network without them."),
        steps=(
            Step(text=say("See whether the layers that limit the score are among the perforated ones.")),
            output_layout(case),
            Step(text=DEBUG),
        ),
        next_check=say("The best score with one set should be better than {b}.", b=score(case.analysis.gains.baseline)),
        differs=_loop_check(finished=lifecycle.finished),
    )


def _loop_check(*, finished: bool | None) -> Phrase:
    """C1: the checklist reads the same files as "never added"; its loop check stays visible, last."""
    reason = "the library did reach its own end" if finished else "a set was added and trained"
    return say(
        "The checklist would ask for a longer training loop here: also check that yours is `while True:`. "
        f"It is not the likely cause, because {reason}."
    )


def _rejected_evidence(case: Case, row: Architecture | None) -> tuple[Evidence, ...]:
    base = scores_evidence(case, "best without dendrites", case.analysis.gains.baseline, case.analysis.gains.baseline_epoch)
    return (base,) if row is None else (base, best_evidence(row, "best of the rejected set"))


@rule("PAI062", "near-miss-rejected", section="T2", part="troubleshooting", ids=("T2.2", "C10", "O2.12"), needs="tried")
def near_miss_rejected(case: Case, this: RuleIdentity) -> Outcome:
    """A rejected set was better than the best network, by less than the improvement threshold.

    What it looks for: the best score of the rejected set in its snapshot, against the old best and the threshold.
    Why it matters: a lower threshold would have kept the set.
    What to try: half of the set's relative gain as the threshold for that number of sets; 0 accepts noise.
    When it is wrong: the gain is below the noise, so that the set would have been kept by luck.
    Where it comes from: T2.2, C10, O2.12. The checklist tries `[0]` at once, which accepts useless sets about half the time.
    """
    row = rejected(case.analysis)
    if row is None:
        return this.not_applicable(say("no rejected set left its files"))
    if row.gain is None:
        return this.not_applicable(say("the rejected set or the network before it has no score"))
    if row.shortfall is None or row.gain.relative is None or row.gain.relative <= 0:
        return this.clear(
            say(
                "the rejected set did not pass the best score ({g}): a lower threshold changes nothing",
                g=gain_quantity(metric_change(case.analysis, row.gain), signed=True),
            )
        )
    held, asked = setting(case, "improvement_threshold"), case.library.threshold(row.sets)
    entry = round_down(row.gain.relative / 2)
    new = str([entry]) if len(case.library.improvement_threshold) == 1 else threshold_with(case, {row.sets: entry})
    return this.fired(
        "high" if case.analysis.lifecycle.kept == 0 else "medium",
        assured(case, "medium", "improvement_threshold"),
        say("The rejected set was better by {r}, less than the {t} asked for", r=percent(row.gain.relative), t=percent(asked)),
        (*_rejected_evidence(case, row), setting_evidence(held)),
        why=(say("The library keeps a set only if it beats the best score by the threshold for that number of sets."),),
        action=say(
            "**Lower the threshold**: {old} → {new} would have kept the set that was {r} better.",
            old=code(held.value),
            new=code(new),
            r=percent(row.gain.relative),
        ),
        steps=steps(change(case, "improvement_threshold", new)),
        next_check=say("The set is kept, and its gain is more than noise."),
        differs=say(
            "The checklist says `[0]`: that accepts a useless set about every second time, so it is the last thing to try."
        ),
    )


@rule(
    "PAI063", "worse-with-dendrites", section="T2", part="troubleshooting", ids=("T2", "I3.4"), needs="kept", effort="retrain"
)
def worse_with_dendrites(case: Case, this: RuleIdentity) -> Outcome:
    """The best network with dendrites scores worse than the best one without.

    What it looks for: a negative gain of the best kept network; it needs an unfinished run or sets that are always retained.
    Why it matters: the extra parameters made the result worse.
    What to try: let the run finish, so that the library can drop the set; check the layers.
    When it is wrong: an unfinished run whose last set had no time to recover.
    Where it comes from: D4, I3.4, T2.
    """
    gain, early = case.analysis.gains.gain, unproven(case.analysis)
    if gain is None:
        return this.not_applicable(say("no gain is known"))
    if gain.absolute >= 0:
        return this.clear(say("change {g}", g=gain_quantity(metric_change(case.analysis, gain), signed=True)))
    rows = kept(case.analysis)
    return this.fired(
        "high",
        "low" if early else "high",
        say("Validation is {g} worse with dendrites", g=gain_quantity(magnitude(gain))),
        (
            scores_evidence(case, "best without dendrites", case.analysis.gains.baseline, case.analysis.gains.baseline_epoch),
            *(best_evidence(row, f"best with {row.sets} sets") for row in rows[:2]),
        ),
        why=(
            say("Finished runs drop such a set; it stays only in runs that stopped early or retain every set."),
            *(
                (say("Nothing shows that the library was done with this set, so it may still have recovered."),)
                if early
                else ()
            ),
        ),
        action=_let_it_drop(case),
        steps=steps(
            change(case, "retain_all_dendrites", "False", text=say("Let the library drop sets that do not help.")),
            None
            if case.analysis.lifecycle.finished
            else Step(text=say("Leave the training loop only when `training_complete` is true.")),
            Step(text=DEBUG),
        ),
        next_check=say("The best score with dendrites is no worse than {b}.", b=score(case.analysis.gains.baseline)),
    )


def _let_it_drop(case: Case) -> Phrase | None:
    """What keeps the set in the network: the run ended too early, or a setting retains every set."""
    if not case.analysis.lifecycle.finished:
        return say("**Let the run finish**: the library drops a set that does not beat the best network.")
    held = setting(case, "retain_all_dendrites")
    if held.value != "True":
        return None
    return say("**Let the library drop it**: `retain_all_dendrites` {old} → {new}.", old=code(held.value), new=code("False"))


RULES = (tried_none_kept, near_miss_rejected, worse_with_dendrites)
