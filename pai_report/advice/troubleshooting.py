"""Troubleshooting T1 to T3: no dendrites added, dendrites that did not improve, training that is unstable."""

import math

from pai_report.advice.library import training_loop
from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, percent, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    SWITCHES,
    VALIDATION,
    assured,
    best_evidence,
    change,
    difference,
    gain_quantity,
    integer,
    kept,
    minimizing,
    modules_named,
    rejected,
    round_down,
    scores_evidence,
    setting,
    setting_evidence,
    steps,
    threshold_with,
)
from pai_report.analysis.model import Architecture, NoiseTest, Phase

DEBUG = say("To have the set-up itself looked at, say “Debug my perforated model” to the PerforatedAI assistant.")


@rule(
    "PAI050",
    "no-dendrites-attempted",
    section="T1",
    part="troubleshooting",
    ids=("T1", "T1.1", "T1.2", "T1.3", "T1.4", "T1.5", "T1.6", "T1.7", "T1.8", "T1.9", "A10", "A11", "A12", "C1", "C6"),
    effort="script",
)
def no_dendrites_attempted(case: Case, this: RuleIdentity) -> Outcome:
    """Training ended before the library attempted to add dendrites.

    What it looks for: no switch row, no snapshot from before a switch, no rejected set: nothing was ever tried.
    Why it matters: the run says nothing about dendrites; it is an ordinary training run.
    What to try: a `while True:` loop that ends only when `training_complete` is true.
    When it is wrong: when snapshots and switch rows were deleted, or a job is still running.
    Where it comes from: T1, A10 to A12, C1, C6 (the checklist's own loop fails after the first addition; this one works).
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
            scores_evidence(case, "last recorded score", case.analysis.track.validation[-1], recorded - 1),
            *_switch_settings(case),
        ),
        why=_causes(case),
        action=say(
            "**Let the library end the training**: loop with `while True:` and leave it only when `training_complete` is true."
        ),
        steps=(
            Step(
                text=say("Replace `for epoch in range(…):` by this loop; it is the only exit that gives dendrites their turn."),
                code=training_loop(minimizing=minimizing(case.analysis), patience=4),
            ),
            *_shorter_training(case),
        ),
        next_check=say("The next run's switch file has rows, and files named `_beforeSwitch_0` appear."),
        differs=say(
            "The checklist's loop does not rebuild the optimizer and stops with an error after the first addition; "
            "this one was run. It also names `set_n_epochs_for_switch_history`, which no version has."
        ),
    )


def _switch_settings(case: Case) -> tuple[Evidence, ...]:
    fixed = setting(case, "switch_mode").value == "2"
    names = ("switch_mode", "fixed_switch_num") if fixed else ("switch_mode", "n_epochs_to_switch")
    return tuple(setting_evidence(setting(case, held)) for held in names)


def _causes(case: Case) -> tuple[Phrase, ...]:
    """The likely cause first, in the order of T1.2: never switching, interval longer than the run, loop left too early."""
    recorded, mode = case.analysis.lifecycle.budget.recorded, setting(case, "switch_mode").value
    if mode == "3":
        return (say("`switch_mode` is 3: in this mode the library never adds a set."),)
    if mode == "2":
        interval = integer(case, "fixed_switch_num")
        return (
            say("In fixed mode the first set comes after {i}; the run had {n}.", i=count(interval, "epoch"), n=count(recorded)),
        )
    wait = integer(case, "n_epochs_to_switch")
    improving = case.analysis.convergence is not None and case.analysis.convergence.still_improving
    first = say(
        "The library adds the first set after {w} without improvement; the training loop ended before that happened.",
        w=count(wait, "epoch"),
    )
    rising = say("The score was still improving at the end, so no plateau could have been seen yet.")
    return (first, rising) if improving else (first,)


def _shorter_training(case: Case) -> tuple[Step, ...]:
    """T1.10: how to limit the training time without leaving the loop early."""
    few = change(case, "max_dendrites", "3", text=say("To limit the training time, limit the number of sets instead."))
    return steps(few)


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
    return this.fired(
        "critical",
        "high",
        say(
            "The run stopped at its first switch, after {n}"
            if at_switch
            else "The run stopped inside its first dendrite phase, after {n}",
            n=count(recorded, "recorded epoch"),
        ),
        (
            scores_evidence(case, "last recorded score", case.analysis.track.validation[-1], recorded - 1),
            Evidence(
                label="switch rows",
                value=count(len(case.analysis.lifecycle.switch_epochs or ())),
                file=case.analysis.file("switch-epochs"),
                column=SWITCHES,
            ),
        ),
        why=_stop_causes(case, at_switch=at_switch),
        action=say("**Find what stopped the job at its first switch**; its console output has the error."),
        steps=_stop_steps(case),
        next_check=say("The switch file has at least two rows, and files named `startSteps` or `noImprove` appear."),
    )


def _comma_columns(case: Case) -> tuple[str, ...]:
    return tuple(held for held, _role, _scores in case.analysis.track.extras if "," in held)


def _stop_causes(case: Case, *, at_switch: bool) -> tuple[Phrase, ...]:
    if at_switch and _comma_columns(case):
        return (
            say(
                "An extra score has a comma in its name; library 3.2.9 fails on that when it loads the best model at a switch."
            ),
        )
    return (say("No network with dendrites was trained to an end, so there is nothing to compare yet."),)


def _stop_steps(case: Case) -> tuple[Step, ...]:
    if _comma_columns(case):
        return (
            Step(
                text=say("Give the extra score a name without a comma."),
                code="GPA.pai_tracker.add_extra_score(train_score, 'Train')",
            ),
        )
    return (Step(text=say("Start the job again; if it stops at the same place, read the error in its console output.")),)


@rule(
    "PAI060",
    "tried-none-kept",
    section="T2",
    part="troubleshooting",
    ids=("T2", "T2.1", "T2.3", "T2.4", "A10", "C1"),
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
            *_perforated(case),
        ),
        action=say("**Check which layers get dendrites** before anything else; no set beat the network without them."),
        steps=(
            Step(text=say("Convert the layers that limit the score."), code="GPA.pc.set_modules_to_perforate([nn.Linear])"),
            Step(
                text=say("For layers with another output layout than [batch, neurons], say so."),
                code="module.set_this_output_dimensions([-1, -1, 0])",
            ),
            Step(text=DEBUG),
        ),
        next_check=say("The best score with one set should exceed {b}.", b=score(case.analysis.gains.baseline)),
        differs=say(
            "The checklist would ask for a longer training loop here: also check that yours is `while True:`. "
            "It is not the likely cause, because the library did reach its own end."
        ),
    )


def _rejected_evidence(case: Case, row: Architecture | None) -> tuple[Evidence, ...]:
    base = scores_evidence(case, "best without dendrites", case.analysis.gains.baseline, case.analysis.gains.baseline_epoch)
    return (base,) if row is None else (base, best_evidence(row, "best of the rejected set"))


def _perforated(case: Case) -> tuple[Phrase, ...]:
    modules = case.analysis.modules
    if modules is None or not modules.modules:
        return ()
    shown = modules.modules[:8]
    named = modules_named(tuple(held.name for held in shown))
    more = "" if len(modules.modules) <= len(shown) else ", …"
    return (Phrase(template=f"Perforated modules: {named.template}{more}.", quantities=named.quantities),)


@rule(
    "PAI061",
    "gain-within-noise",
    section="T2",
    part="troubleshooting",
    ids=("T2", "A8", "I3.4", "C21"),
    needs="kept",
    effort="retrain",
)
def gain_within_noise(case: Case, this: RuleIdentity) -> Outcome:
    """The gain is no larger than the run's own fluctuation.

    What it looks for: the gain of the best network over the best one without dendrites, against what picking the best of
    as many noisy epochs would show by chance, and against five validation samples.
    Why it matters: another seed may show the opposite; changing settings on such evidence is following noise.
    What to try: repeat with three seeds, or validate on more samples.
    When it is wrong: a real but small gain; more samples then show it.
    Where it comes from: D9, C21, T2; the checklist has no notion of noise.
    """
    test = case.analysis.gains.test
    if test is None or test.gain_class is None:
        return this.not_applicable(say("no gain over the network without dendrites is known"))
    if test.gain_class not in {"within-noise", "uncertain"}:
        return this.clear(say("gain {g}: class {c}", g=gain_quantity(test.gain), c=code(test.gain_class)))
    sure = test.gain_class == "within-noise"
    return this.fired(
        "high",
        "high" if sure else "medium",
        _noise_title(case, test, sure=sure),
        _noise_evidence(case, test),
        why=_noise_why(case, test),
        limit=say(
            "rule: fewer than {n} net validation samples, or more than 5 % likely by chance",
            n=count(case.settings.thresholds.samples_needed),
        ),
        action=_repeat(case, test),
        steps=(Step(text=_repeat(case, test)), *_perforated_steps()),
        next_check=say("Dendrites helped if the network with them wins in each of three seeds."),
    )


def _noise_title(case: Case, test: NoiseTest, *, sure: bool) -> Phrase:
    gain, n_validation = test.gain, case.analysis.identity.n_validation
    end = "no more than this run's noise" if sure else "promising, but not established by one run"
    if gain.samples is not None and n_validation is not None:
        words = f"The gain of {{g}} is {{d}} of {{n}}: {end}"
        return say(words, g=gain_quantity(gain), d=count(gain.samples), n=count(n_validation, "validation sample"))
    return say(f"The gain of {{g}} is {end}", g=gain_quantity(gain))


def _noise_evidence(case: Case, test: NoiseTest) -> tuple[Evidence, ...]:
    gains = case.analysis.gains
    rows = [
        scores_evidence(case, "best without dendrites", gains.baseline, gains.baseline_epoch),
        scores_evidence(case, "best with dendrites", gains.best, gains.best_epoch),
    ]
    if test.sigma is not None:
        rows.append(
            Evidence(
                label="spread of one score late in a phase",
                value=difference(case, test.sigma, gains.baseline),
                file=case.analysis.phases[0].file,
                column=VALIDATION,
            )
        )
    return tuple(rows)


def _noise_why(case: Case, test: NoiseTest) -> tuple[Phrase, ...]:
    told: list[Phrase] = []
    if test.expected is not None and test.expected > 0:
        told.append(
            say(
                "With dendrites the best of {m} was taken, without them the best of {k}; noise alone would show about {c}.",
                m=count(test.epochs_after, "epoch"),
                k=count(test.epochs_before),
                c=difference(case, test.expected, case.analysis.gains.baseline),
            )
        )
    if test.test_change is not None:
        told.append(_test_sentence(test))
    told.append(say("One run, one seed: how far another seed would land is not measured."))
    return tuple(told)


def _test_sentence(test: NoiseTest) -> Phrase:
    held = test.test_change
    if held is None or held.absolute == 0:
        return say("The test score, which played no part in choosing, did not change.")
    way = "improved" if held.absolute > 0 else "changed"
    return say(f"The test score, which played no part in choosing, {way} by {{t}}.", t=gain_quantity(held, signed=True))


def _repeat(case: Case, test: NoiseTest) -> Phrase:
    """T2's first action: three seeds, or the number of validation samples at which this gain would be 5 beyond noise."""
    needed = _samples_needed(case, test)
    if needed is None:
        return say("**Repeat with three seeds** before anything is changed: one run cannot show a gain this small.")
    return say(
        "**Repeat with three seeds**, or validate on at least {n}, before anything is changed: "
        "one run cannot show a gain this small.",
        n=count(needed, "sample"),
    )


def _samples_needed(case: Case, test: NoiseTest) -> int | None:
    """Validation samples at which the gain beyond chance would be worth the samples needed; None if it never would."""
    n_validation, quantum = case.analysis.identity.n_validation, case.analysis.identity.quantum
    if n_validation is None or quantum is None:
        return None
    beyond = test.gain.absolute - max(test.expected or 0.0, 0.0)
    if beyond <= 0:
        return None
    needed = math.ceil(case.settings.thresholds.samples_needed * quantum * n_validation / beyond)
    return needed if needed > n_validation else None


def _perforated_steps() -> tuple[Step, ...]:
    return (
        Step(
            text=say(
                "If repeats agree that there is no gain: check that the layers that limit the score are the ones converted."
            )
        ),
        Step(text=DEBUG),
    )


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
    if row is None or row.gain is None:
        return this.not_applicable(say("no set was rejected, or its scores are not recorded"))
    if row.shortfall is None or row.gain.relative is None or row.gain.relative <= 0:
        return this.clear(
            say(
                "the rejected set was {g} from the best: a lower threshold changes nothing",
                g=gain_quantity(row.gain, signed=True),
            )
        )
    held = setting(case, "improvement_threshold")
    new = threshold_with(case, {case.analysis.lifecycle.kept: round_down(row.gain.relative / 2)})
    return this.fired(
        "high" if case.analysis.lifecycle.kept == 0 else "medium",
        assured(case, "medium", "improvement_threshold"),
        say(
            "The rejected set was better by {r}, less than the threshold of {t}",
            r=percent(row.gain.relative),
            t=code(held.value),
        ),
        (*_rejected_evidence(case, row), setting_evidence(held)),
        why=(say("The library keeps a set only if it beats the best score by the threshold for that number of sets."),),
        action=say(
            "**Lower the threshold**: {old} → {new} would have kept the set that was {r} better.",
            old=code(held.value),
            new=code(new),
            r=percent(row.gain.relative),
        ),
        steps=steps(change(case, "improvement_threshold", new)),
        next_check=say("Whether the set is kept, and whether its gain is more than noise."),
        differs=say(
            "The checklist says `[0]`: that accepts a useless set about every second time, so it is the last thing to try."
        ),
    )


@rule(
    "PAI063", "worse-with-dendrites", section="T2", part="troubleshooting", ids=("T2", "I3.4"), needs="kept", effort="retrain"
)
def worse_with_dendrites(case: Case, this: RuleIdentity) -> Outcome:
    """The best network with dendrites scores below the best one without.

    What it looks for: a negative gain of the best kept network; it needs an unfinished run or sets that are always retained.
    Why it matters: the extra parameters made the result worse.
    What to try: let the run finish, so that the library can drop the set; check the layers.
    When it is wrong: an unfinished run whose last set had no time to recover.
    Where it comes from: D4, I3.4, T2.
    """
    gain = case.analysis.gains.gain
    if gain is None:
        return this.not_applicable(say("no gain is known"))
    if gain.absolute >= 0:
        return this.clear(say("gain {g}", g=gain_quantity(gain, signed=True)))
    rows = kept(case.analysis)
    return this.fired(
        "high",
        "high",
        say("Validation is worse with dendrites: {g}", g=gain_quantity(gain, signed=True)),
        (
            scores_evidence(case, "best without dendrites", case.analysis.gains.baseline, case.analysis.gains.baseline_epoch),
            *(best_evidence(row, f"best with {row.sets} sets") for row in rows[:2]),
        ),
        why=(say("Finished runs drop such a set; it stays only in runs that stopped early or retain every set."),),
        action=say("**Let the run finish**: the library drops a set that does not beat the best network."),
        steps=(Step(text=say("Loop until `training_complete` is true."), code=None), Step(text=DEBUG)),
    )


@rule(
    "PAI070",
    "unstable-training",
    section="T3",
    part="troubleshooting",
    ids=("T3", "T3.1", "T3.3", "T3.4", "T3.5", "A5", "I2.2"),
    needs="tried",
    effort="script",
)
def unstable_training(case: Case, this: RuleIdentity) -> Outcome:
    """Scores swing by 2 % of the best score or more late in a phase.

    What it looks for: the spread of the last fifth of each full phase, from first differences so that a trend does not count.
    Why it matters: gains smaller than the swing cannot be seen, and the library may keep a lucky epoch.
    What to try: a lower learning rate first, then another scheduler; then the dimensions of the converted modules.
    When it is wrong: a metric that is noisy by nature; then validate on more samples.
    Where it comes from: T3, A5, I2.2, D8.
    """
    settled = [(phase, phase.stability) for phase in case.analysis.phases if _settled(phase) and phase.stability is not None]
    known = [(phase, held, held.relative) for phase, held in settled if held.relative is not None]
    if not known:
        return this.not_applicable(say("no phase settled long enough to measure a spread"))
    worst, held, relative = max(known, key=lambda triple: triple[2])
    if held.level != "unstable":
        return this.clear(say("largest spread late in a phase: {r} of the best score", r=percent(relative)))
    base = worst.sets == 0
    return this.fired(
        "high",
        "medium" if held.epochs[1] - held.epochs[0] >= 9 else "low",
        say(
            "Scores swing by {r} of the best score late in training with {k}",
            r=percent(held.relative),
            k=count(worst.sets, "dendrite set"),
        ),
        (
            Evidence(
                label="spread",
                value=difference(case, held.sigma or 0.0, worst.best),
                file=worst.file,
                column=VALIDATION,
                epochs=held.epochs,
            ),
            scores_evidence(case, "best score of the phase", worst.best, worst.best_epoch),
        ),
        why=(
            say("The swing is there before any dendrites, so they are not its cause.")
            if base
            else say("A gain smaller than the swing cannot be seen, and the best epoch may be a lucky one."),
        ),
        limit=say(
            "rule: {l} of the best score (own choice, held against real runs)", l=percent(case.settings.thresholds.unstable)
        ),
        action=say("**Lower the learning rate** until late scores swing by less than 2 %."),
        steps=(
            Step(text=say("Start each phase at a third of today's learning rate."), code="lr = lr / 3"),
            Step(
                text=say("Or lower it on plateaus."),
                code="GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)",
            ),
            Step(text=say("Check the output dimensions of converted modules, then say “Debug my perforated model”.")),
        ),
        next_check=say(
            "The spread late in each phase is below {l} of the best score.", l=percent(case.settings.thresholds.stable)
        ),
    )


def _settled(phase: Phase) -> bool:
    """A neuron phase that stopped climbing: on the way up the spread is that of learning, not of noise."""
    early = phase.premature is not None and phase.premature.fired
    return phase.kind == "neuron" and not early and phase.plateau.flat is not False


RULES = (
    no_dendrites_attempted,
    stopped_at_first_set,
    tried_none_kept,
    gain_within_noise,
    near_miss_rejected,
    worse_with_dendrites,
    unstable_training,
)
