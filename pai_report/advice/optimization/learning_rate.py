"""O4: learning rate and scheduler."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.optimization.overdue import facts, limit, reason
from pai_report.advice.phrases import code, count, rate, say, word
from pai_report.advice.rates import lowered, rescheduled, room_for
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, difference, rate_column, steps
from pai_report.analysis.model import LrChange, Phase, Schedule

RECORD = "GPA.pc.set_drawing_extra_graphs(True)"
SHOWN = 4
UNTESTED = say("Whether an earlier drop would have helped was not tested: it would also have ended what was still gained.")
SHOWN_DROPS = 8
HALF, OR_HALF = "Start each phase at half the learning rate.", "Or start each phase at half the learning rate."


@rule(
    "PAI401",
    "learning-rate-dropped-too-quickly",
    section="O4",
    part="optimization",
    ids=("O4.1", "O4.2", "O4.3", "O4.4", "O4.5", "A22", "A23"),
    needs="tried",
    effort="script",
)
def learning_rate_dropped_too_quickly(case: Case, this: RuleIdentity) -> Outcome:
    """The learning rate fell while the score was still improving, and the gains stopped.

    What it looks for: at the first drop of a phase the five epochs before still improved and the rate of gain fell to less
    than a quarter; or half of a phase ran below 1 % of its first rate without a new best.
    Why it matters: the network had more to give at the larger rate.
    What to try: more patience or a slower decay, with `n_epochs_to_switch` at least twice the patience plus two.
    When it is wrong: noise that looks like improvement in five epochs.
    Where it comes from: O4.1 to O4.5, D11, C11. The checklist raises the scheduler's patience alone; the library would then
    switch before the rate ever falls.
    """
    phases = [phase for phase in case.analysis.phases if phase.lr_dropped_too_quickly]
    if case.analysis.schedule is None:
        return no_schedule(case, this)
    if not phases:
        return this.clear(say("no drop ended an improvement ({k} schedule)", k=code(case.analysis.schedule.kind)))
    return this.fired(
        "medium",
        "medium",
        say("The learning rate fell too early in {n}", n=count(len(phases), "phase")),
        tuple(_phase_evidence(phase) for phase in phases[:SHOWN]),
        why=(say("The score was still improving when the rate fell, and hardly improved afterwards."),),
        action=say("**Lower the learning rate later**: more patience or slower decay."),
        steps=_slower(case, case.analysis.schedule),
        next_check=say("New best scores still appear after the first drop of each phase."),
    )


@rule(
    "PAI402",
    "learning-rate-high-too-long",
    section="O4",
    part="optimization",
    ids=("O4.6", "O4.7", "O4.8", "O4.9", "O4.10", "A22", "A23"),
    needs="tried",
    effort="script",
)
def learning_rate_high_too_long(case: Case, this: RuleIdentity) -> Outcome:
    """The learning rate did not fall on a noisy plateau.

    What it looks for: no drop in a noisy plateau at least as long as the patience.
    Why it matters: dendrites are judged in the noise.
    What to try: one run, where nothing better is known, with less patience, a smaller step size, a faster decay, or a cosine as
    long as the longest phase, which does not rise again in it; else a smaller first rate. Nobody has tested it on this run, so
    that page one does not ask for it.
    When it is wrong: a metric that is noisy at any learning rate; a phase that still gained at that rate.
    Where it comes from: O4.6 to O4.10, D11, J5. A jump of the score right after a drop is no sign that the drop was late:
    annealing always jumps, and where a rate was lowered sooner for it, three of three trainings became worse.
    """
    phases = [phase for phase in case.analysis.phases if phase.lr_still_high]
    if case.analysis.schedule is None:
        return no_schedule(case, this)
    if not phases:
        return this.clear(say("no long noisy plateau without a drop ({k} schedule)", k=code(case.analysis.schedule.kind)))
    return this.fired(
        "medium",
        "medium",
        say("The learning rate did not fall on a noisy plateau in {n}", n=count(len(phases), "phase")),
        facts(case, phases),
        why=(reason(phases), UNTESTED),
        limit=limit(case),
        steps=_faster(case, case.analysis.schedule, phases[0]),
        next_check=say("The drop comes before the score has stood still for long."),
    )


@rule(
    "PAI403",
    "drops-without-new-best",
    section="O4",
    part="optimization",
    ids=("A23", "A24"),
    needs="kept",
    effort="script",
)
def drops_without_new_best(case: Case, this: RuleIdentity) -> Outcome:
    """The learning-rate schedule did not work together with the dendrites.

    What it looks for: whether a phase that lowered its learning rate found a new best score from its first drop on; it works
    well where at least half of these phases did.
    Why it matters: what came after the drops was waiting.
    What to try: nothing by itself; it does not say that the drops should come sooner.
    When it is wrong: a task that is learned completely before the first drop.
    Where it comes from: A23, A24, D11, J5.
    """
    if case.analysis.schedule is None:
        return no_schedule(case, this)
    dropped = [(phase, _drops(phase)) for phase in case.analysis.phases if phase.kind == "neuron" and _drops(phase)]
    known = [(phase, drops) for phase, drops in dropped if phase.best_epoch is not None]
    if case.verdict == "confounded":
        return this.not_applicable(say("phases are not comparable: the network was still learning when dendrites came"))
    if len(known) < case.settings.limits.phases_alike:
        return this.not_applicable(
            say(
                "fewer than {n} lowered their learning rate at a plateau",
                n=count(case.settings.limits.phases_alike, "phase"),
            )
        )
    helped = sum(1 for phase, drops in known if (phase.best_epoch or 0) >= drops[0].epoch)
    if 2 * helped >= len(known):
        return this.clear(
            say("new best scores at or after a drop in {k} of {n}", k=count(helped), n=count(len(known), "phase"))
        )
    return this.fired(
        "low",
        "medium",
        say(
            "Lowering the learning rate brought a new best score in {k} of {n}",
            k=count(helped) if helped else word("none"),
            n=count(len(known), "phase"),
        ),
        tuple(_drop_evidence(case, phase, drop) for phase, drops in known for drop in drops)[:SHOWN_DROPS],
        why=(
            say(
                "{these} phases had their best score before the first drop; what came after it was waiting.",
                these=word("The other" if helped else "These"),
            ),
            say("That does not say that the rate should fall sooner."),
        ),
        next_check=say("At least every second phase finds its best score at or after a drop."),
    )


def no_schedule(case: Case, this: RuleIdentity) -> Outcome:
    """Why no schedule is known: no learning rates at all, none beside the scores of a phase, or too few of them."""
    if case.analysis.track.learning_rate is None:
        return this.not_applicable(say("the learning rate is not recorded"), RECORD)
    if all(phase.learning_rate is None for phase in case.analysis.phases if phase.kind == "neuron"):
        return this.not_applicable(say("no phase has learning rates recorded beside all of its scores"))
    return this.not_applicable(say("too few epochs have a learning rate"))


def _drops(phase: Phase) -> list[LrChange]:
    return [held for held in phase.lr_changes if not held.restart and held.new < held.old]


def _drop_evidence(case: Case, phase: Phase, drop: LrChange) -> Evidence:
    return Evidence(
        label=f"change of the best of {case.settings.limits.neighbours} epochs, {drop.old:.3g} → {drop.new:.3g}",
        value=difference(case, drop.gain, drop.best_before) if drop.gain is not None else rate(drop.new),
        file=phase.file,
        column=VALIDATION,
        epochs=(drop.epoch, drop.epoch),
    )


def _phase_evidence(phase: Phase) -> Evidence:
    drops = _drops(phase)
    at = (drops[0].epoch, drops[0].epoch) if drops else (phase.first, phase.last)
    return Evidence(
        label="drops without dendrites" if phase.sets == 0 else f"drops with {phase.sets} set{'s' * (phase.sets != 1)}",
        value=count(len(drops)),
        file=phase.learning_rate_file,
        column=rate_column(phase.learning_rate_file),
        epochs=at,
    )


def _slower(case: Case, schedule: Schedule) -> tuple[Step, ...]:
    """The inferred scheduler's own argument, doubled; for a patience the library's own wait goes with it (C11)."""
    later = say("Let the rate fall later.")
    match schedule.kind:
        case "plateau" if schedule.patience is not None:
            new = max(2 * schedule.patience, 1)
            return steps(rescheduled(case, later, "patience", new), room_for(case, new))
        case "step" if schedule.step_size is not None:
            return steps(rescheduled(case, later, "step_size", 2 * schedule.step_size))
        case "exponential" if schedule.factor is not None and 0 < schedule.factor < 1:
            return steps(rescheduled(case, later, "gamma", schedule.factor**0.5))
        case "cosine" if schedule.t_max is not None:
            return steps(rescheduled(case, later, "T_max", max(2 * schedule.t_max, 1)))
        case _:
            return (Step(text=say("Lengthen the schedule so that the rate falls about half as fast.")),)


def _faster(case: Case, schedule: Schedule, phase: Phase) -> tuple[Step, ...]:
    """The inferred scheduler's own argument, made smaller; or, for every schedule, half the first rate (O4.7)."""
    sooner = _sooner(case, schedule)
    return steps(sooner, lowered(phase, 2, say(HALF if sooner is None else OR_HALF)))


def _sooner(case: Case, schedule: Schedule) -> Step | None:
    """The argument that has the rate fall sooner; None where none is known to, or only at the cost of a later rise."""
    sooner = say("Let the rate fall sooner.")
    match schedule.kind:
        case "plateau" if schedule.patience is not None and schedule.patience > 1:
            return rescheduled(case, sooner, "patience", schedule.patience // 2)
        case "step" if schedule.step_size is not None and schedule.step_size > 1:
            return rescheduled(case, sooner, "step_size", schedule.step_size // 2)
        case "exponential" if schedule.factor is not None and 0 < schedule.factor < 1:
            return rescheduled(case, sooner, "gamma", schedule.factor**2)
        case "cosine" if schedule.t_max is not None and 1 < (longest := _longest(case)) < schedule.t_max:
            return rescheduled(case, say("Let the rate reach its lowest as the longest phase ends."), "T_max", longest)
        case _:
            return None


def _longest(case: Case) -> int:
    """Epochs of the longest phase: a cosine with a smaller `T_max` rises again in it. 0 where a phase's end is not known."""
    phases = [phase for phase in case.analysis.phases if phase.kind == "neuron"]
    return 0 if any(phase.truncated for phase in phases) else max((len(phase.series) for phase in phases), default=0)


RULES = (learning_rate_dropped_too_quickly, learning_rate_high_too_long, drops_without_new_best)
