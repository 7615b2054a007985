"""O5: how new dendrites start: spikes after additions, or none at all."""

from pai_report.advice.model import Evidence
from pai_report.advice.phrases import code, count, percent, rate, say, times
from pai_report.advice.rates import restarted
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, assured, change, difference, setting, setting_evidence, source, steps
from pai_report.analysis.model import Addition

MULTIPLIER = "candidate_weight_initialization_multiplier"
SHOWN = 4
DOUBLED = 2.0  # O5.5: at most two to three times


@rule(
    "PAI501",
    "spike-after-addition",
    section="O5",
    part="optimization",
    ids=("O5.1", "O5.2", "O5.3", "T3.2", "A7", "C9"),
    needs="tried",
)
def spike_after_addition(case: Case, this: RuleIdentity) -> Outcome:
    """The score got sharply worse after an addition although the learning rate did not jump.

    What it looks for: a setback in the first five epochs beyond five spreads and 5 % of the previous best, with no restart of
    the learning rate.
    Why it matters: new dendrites that start too large disturb what the network had learned.
    What to try: a tenth of the present initialisation multiplier.
    When it is wrong: with a scheduler that restarts in a way the files do not show.
    Where it comes from: O5.1 to O5.3, T3.2, D8, C9. The checklist says 0.01 instead of 0.1; 0.01 has long been the default.
    """
    if not case.analysis.additions:
        return this.not_applicable(say("no addition stands in the final files"))
    hit = [held for held in case.analysis.additions if held.cause == "initialisation"]
    if not hit:
        return this.clear(
            say("no setback after {n} points to the initialisation", n=count(len(case.analysis.additions), "addition"))
        )
    held, old = setting(case, MULTIPLIER), case.library.candidate_weight_initialization_multiplier
    if not old:
        return this.not_applicable(say("the initialisation multiplier is no number"))
    new = f"{old / 10:g}"
    return this.fired(
        "high" if any(addition.recovered is False for addition in hit) else "medium",
        assured(case, "medium", MULTIPLIER),
        say(
            "Scores got worse by {d} after set {k} was added, without a learning-rate restart",
            d=percent(hit[0].dip_relative),
            k=count(hit[0].set_number),
        ),
        (*(_dip_evidence(case, addition) for addition in hit[:SHOWN]), setting_evidence(held)),
        why=(say("The new dendrites probably start with weights that are too large."),),
        limit=say(
            "rule: more than {l} of the previous best, or never recovered ({s})",
            l=percent(case.settings.limits.spike),
            s=source(case, "spike"),
        ),
        action=say(
            "**Start dendrites smaller**: `{m}` {old} → {new}.", m=code(MULTIPLIER), old=code(held.value), new=code(new)
        ),
        steps=steps(change(case, MULTIPLIER, new)),
        next_check=say("The first five epochs after an addition stay close to the best score before it."),
        differs=say(
            "The checklist says 0.01 instead of 0.1; 0.01 is the library's default, so this run's {old} is divided by ten.",
            old=code(held.value),
        ),
    )


@rule(
    "PAI502",
    "dip-from-learning-rate-restart",
    section="O5",
    part="optimization",
    ids=("A7", "T3.1", "O4.7"),
    needs="tried",
    effort="script",
)
def dip_from_learning_rate_restart(case: Case, this: RuleIdentity) -> Outcome:
    """The score got sharply worse after an addition because the learning rate was restarted.

    What it looks for: a setback as for a spike, and a learning rate at least three times the one before the addition.
    Why it matters: the restart, not the dendrites, undoes what was learned; the phase then spends epochs on recovering.
    What to try: start each phase at the rate at which the previous best was reached, or let the library search for it.
    When it is wrong: a restart on purpose, to leave a poor minimum.
    Where it comes from: A7, T3.1, O4.7, D8; the checklist would blame the initialisation.
    """
    hit = [held for held in case.analysis.additions if held.cause == "learning-rate-restart"]
    if not hit:
        return this.clear(say("no sharp setback after a learning-rate restart"))
    lower = [(held, wanted) for held in hit if (wanted := _rate_at_best(case, held)) is not None and _below(wanted, held)]
    if not lower:
        words = "set {k} restarted at the very rate at which the previous best was reached ({r})"
        return this.clear(say(words, k=count(hit[0].set_number), r=rate(hit[0].lr_after)))
    first, wanted = lower[0]
    return this.fired(
        "medium",
        "medium",
        say(
            "Scores got worse by {d} after set {k}, when the learning rate restarted {f} higher",
            d=percent(first.dip_relative),
            k=count(first.set_number),
            f=times(first.lr_ratio),
        ),
        tuple(_dip_evidence(case, addition) for addition in hit[:SHOWN]),
        why=(say("The larger rate undid what had been learned; the new dendrites are not the cause."),),
        limit=say(
            "rule: at least {l} the rate before the addition ({s})",
            l=times(case.settings.limits.lr_restart),
            s=source(case, "lr_restart"),
        ),
        action=say("**Restart at a smaller learning rate**: {r}, where the previous best was reached.", r=rate(wanted)),
        steps=steps(
            restarted(say("Give the optimizer that is built after a restructure this rate."), first.lr_after, wanted),
            change(case, "find_best_lr", "True", text=say("Or let the library search the rate after each addition.")),
        ),
        next_check=say("The first epochs after an addition stay close to the best score before it."),
        differs=say(
            "The checklist blames large dendrite weights for such a setback; here the learning rate jumped at the same time."
        ),
    )


def _below(wanted: float, addition: Addition) -> bool:
    return wanted > 0 and (addition.lr_after is None or wanted < addition.lr_after)


@rule("PAI503", "very-smooth-after-additions", section="O5", part="optimization", ids=("O5.4", "O5.5"), needs="kept")
def very_smooth(case: Case, this: RuleIdentity) -> Outcome:
    """Scores were very smooth after every addition: the initialisation works, and could be a little larger.

    What it looks for: stable phases, no restart of the learning rate that could hide a setback, and a gain within the noise; a
    spike after an addition has a finding of its own, which wins.
    Why it matters: dendrites that start very small may be slow to take effect.
    What to try: twice the present multiplier, not more than three times.
    When it is wrong: most of the time the present value is fine; this is the last thing to try.
    Where it comes from: O5.4, O5.5.
    """
    additions = case.analysis.additions
    if not additions or any(held.dip is None for held in additions):
        if not additions:
            return this.not_applicable(say("no addition stands in the final files"))
        undecided = case.analysis.identity.direction == "undecided"
        words = "the direction of the score is not known" if undecided else "an addition has no score before or after it"
        return this.not_applicable(say(words))
    restarts = [held for held in additions if (held.lr_ratio or 1.0) >= case.settings.limits.lr_restart]
    calm = all(phase.stability is None or phase.stability.level == "stable" for phase in case.analysis.phases)
    if restarts:
        return this.clear(
            say("the learning rate restarted with {n}, which hides a setback", n=count(len(restarts), "addition"))
        )
    if not calm:
        return this.clear(say("scores are not smooth late in every phase; the multiplier stays as it is"))
    held, old = setting(case, MULTIPLIER), case.library.candidate_weight_initialization_multiplier
    if case.verdict != "within-noise" or not old:
        return this.clear(say("scores were smooth after {n}: the initialisation works", n=count(len(additions), "addition")))
    deepest = max(additions, key=lambda addition: addition.dip or 0.0)
    return this.fired(
        "low",
        "low",
        say("Scores were very smooth after {n}: new dendrites may start too small", n=count(len(additions), "addition")),
        (_dip_evidence(case, deepest), setting_evidence(held)),
        why=(say("The present initialisation works; a slightly larger one might let dendrites take effect sooner."),),
        steps=steps(change(case, MULTIPLIER, f"{old * DOUBLED:g}")),
        next_check=say("No setback appears after an addition, and the gain is more than noise."),
    )


def _rate_at_best(case: Case, addition: Addition) -> float | None:
    """The learning rate at which the network before the addition reached its best score."""
    for phase in case.analysis.phases:
        if (
            phase.kind == "neuron"
            and phase.sets == addition.set_number - 1
            and phase.learning_rate
            and phase.best_epoch is not None
        ):
            place = phase.best_epoch - phase.first
            return phase.learning_rate[place] if place < len(phase.learning_rate) else addition.lr_before
    return addition.lr_before


def _dip_evidence(case: Case, addition: Addition) -> Evidence:
    return Evidence(
        label=f"setback after set {addition.set_number}",
        value=difference(case, addition.dip or 0.0, addition.previous_best),
        file=case.analysis.track.file,
        column=VALIDATION,
        epochs=(addition.epoch + 1, addition.epoch + 5),
    )


RULES = (spike_after_addition, dip_from_learning_rate_restart, very_smooth)
