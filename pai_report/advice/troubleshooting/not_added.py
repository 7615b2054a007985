"""T1: no dendrites were added."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, count, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.switching import SHORTEST_INTERVAL, fixed_mode
from pai_report.advice.words import SWITCHES, change, minimizing, scores_evidence, setting, setting_evidence, steps
from pai_report.library import NEVER, entry_point, setter, training_loop

FEW = 3  # sets
TRAIN_LOOP = say("Replace `for epoch in range(…):` by this loop; it is the only exit that gives dendrites their turn.")


@rule(
    "PAI050",
    "no-dendrites-attempted",
    section="T1",
    part="troubleshooting",
    ids=(
        *("T1", "T1.1", "T1.2", "T1.3", "T1.4", "T1.5", "T1.6", "T1.7", "T1.8", "T1.9", "T1.10a", "T1.10b", "T1.10c", "T1.10d"),
        *("A10", "A11", "A12", "I3.1", "C1", "C6"),
    ),
    effort="script",
)
def no_dendrites_attempted(case: Case, this: RuleIdentity) -> Outcome:
    """Training ended before the library attempted to add dendrites.

    What it looks for: no switch row, no snapshot from before a switch, no rejected set: nothing was ever tried. The causes
    are asked for in this order: a mode that never switches, dendrites switched off, a fixed interval longer than the run, a
    loop that ended while the library was still waiting.
    Why it matters: the run says nothing about dendrites; it is an ordinary training run.
    What to try: a `while True:` loop that ends only when `training_complete` is true; to save time, fewer sets.
    When it is wrong: when snapshots and switch rows were deleted, or a job is still running.
    Where it comes from: T1, A10 to A12, C1, C6. The checklist's own loop stops with an error after the first addition,
    because it does not rebuild the optimizer; the one printed here was run.
    """
    lifecycle = case.analysis.lifecycle
    if lifecycle.attempted != "no":
        return this.clear(say("dendrites were attempted"))
    recorded = lifecycle.budget.recorded
    return this.fired(
        "critical",
        "high",
        say("Training ended after {n} without attempting to add dendrites", n=count(recorded, "epoch")),
        (
            Evidence(label="switch rows", value=count(0), file=case.analysis.file("switch-epochs"), column=SWITCHES),
            scores_evidence(case, "last recorded score", last_score(case), recorded - 1),
            *_switch_settings(case),
        ),
        why=_causes(case),
        action=_action(case),
        steps=steps(
            *_mode_steps(case),
            Step(text=TRAIN_LOOP, code=training_loop(minimizing=minimizing(case.analysis), patience=4)),
            *_shorter_training(case),
        ),
        next_check=say("The next run's switch file has rows, and files named `_beforeSwitch_0` appear."),
        differs=say(
            "The checklist's loop does not rebuild the optimizer and stops with an error after the first addition; this one "
            "was run. It also raises `n_epochs_to_switch`, the epochs without improvement, to 20 or 30: a loop that ends early "
            "would then have to be longer still. `set_n_epochs_for_switch_history` exists in no version."
        ),
    )


def last_score(case: Case) -> float | None:
    """The last validation score of the main files; None where that epoch has no number."""
    return case.analysis.track.validation[-1] if case.analysis.track.validation else None


def _off(case: Case) -> bool:
    config = case.analysis.identity.config
    return config is not None and config.value("doing_pai") is False


def _never(case: Case) -> bool:
    return case.library.switch_mode == NEVER


def _switch_settings(case: Case) -> tuple[Evidence, ...]:
    names = ("switch_mode", "fixed_switch_num") if fixed_mode(case) else ("switch_mode", "n_epochs_to_switch")
    held = tuple(setting_evidence(setting(case, wanted)) for wanted in names)
    needed = case.analysis.timing.minimum_to_first_switch
    if needed is None or _never(case) or _off(case):
        return held
    return (*held, Evidence(label="epochs needed for the first set", value=count(needed), file=case.analysis.track.file))


def _causes(case: Case) -> tuple[Phrase, ...]:
    """The likely cause, asked for in the order of T1.2."""
    recorded = case.analysis.lifecycle.budget.recorded
    if _never(case):
        return (say("`switch_mode` is 3: in this mode the library never adds a set."),)
    if _off(case):
        return (say("`doing_pai` is False: the model was trained without dendrites on purpose."),)
    if fixed_mode(case):
        between = case.library.fixed_switch_num
        return (
            say("In fixed mode the first set comes after {i}; the run had {n}.", i=count(between, "epoch"), n=count(recorded)),
        )
    return _patience_causes(case)


def _patience_causes(case: Case) -> tuple[Phrase, ...]:
    """T1.9: what the library waits for, and whether the score was still rising."""
    wait = count(case.library.n_epochs_to_switch, "epoch")
    needed = case.analysis.timing.minimum_to_first_switch
    if needed is not None and needed <= case.analysis.lifecycle.budget.recorded:
        words = (
            "With {w} without improvement (`n_epochs_to_switch`) a set was due after {n}; why none came the files do not tell."
        )
        return (say(words, w=wait, n=count(needed, "epoch")),)
    words = "The library adds the first set after {w} without improvement; the training loop ended before that happened."
    told = [say(words, w=wait)]
    if needed is not None and needed > case.analysis.lifecycle.budget.recorded:
        told.append(say("With this run's best epoch that takes {n} at the least.", n=count(needed, "epoch")))
    if case.analysis.convergence is not None and case.analysis.convergence.still_improving:
        told.append(say("The score was still improving at the end, so no plateau could have been seen yet."))
    return tuple(told)


def _action(case: Case) -> Phrase:
    if _never(case):
        return say("**Let the library switch**: `GPA.pc.set_switch_mode(GPA.pc.DOING_HISTORY)`.")
    if _off(case):
        return say("**Switch dendrites on**: `doing_pai=True` where the model is perforated.")
    return say(
        "**Let the library end the training**: loop with `while True:` and leave it only when `training_complete` is true."
    )


def _mode_steps(case: Case) -> tuple[Step | None, ...]:
    """What keeps a set from ever coming, before the loop is looked at."""
    if _never(case):
        return (change(case, "switch_mode", "GPA.pc.DOING_HISTORY", text=say("Add a set when the score stops improving.")),)
    if _off(case):
        identity = case.analysis.identity
        call = f"model = UPA.{entry_point(identity.versions)}(model, doing_pai=True, save_name={identity.save_name!r})"
        return (Step(text=say("Switch dendrites on where the model is perforated."), code=call),)
    if fixed_mode(case) and (case.library.fixed_switch_num or 0) > SHORTEST_INTERVAL:
        return (change(case, "fixed_switch_num", str(SHORTEST_INTERVAL), text=say("Or add a set every 20 epochs.")),)
    return ()


def _shorter_training(case: Case) -> tuple[Step | None, ...]:
    """T1.10: how to limit the training time without leaving the loop early."""
    limited = case.library.max_dendrites
    few = (
        change(case, "max_dendrites", str(FEW), text=say("To limit the training time: fewer sets, so fewer phases."))
        if limited is None or limited > FEW
        else None
    )
    return (few, None if fixed_mode(case) else _every_twenty(case))


def _every_twenty(case: Case) -> Step:
    """T1.10 c and d: a set every 20 epochs; exact only without the learning-rate search, which delays switches (C7)."""
    identity, between = case.analysis.identity, str(SHORTEST_INTERVAL)
    lines = (
        setter(identity.versions, "switch_mode", "GPA.pc.DOING_FIXED_SWITCH"),
        setter(identity.versions, "fixed_switch_num", between),
        setter(identity.versions, "first_fixed_switch_num", between),
        setter(identity.versions, "find_best_lr", "False"),
    )
    return Step(
        text=say("If the moment of each set must be known beforehand: one every 20 epochs, without a learning-rate search."),
        code="\n".join(lines),
    )


RULES = (no_dendrites_attempted,)
