"""T2: a gain that is no more than the noise of the run."""

import math

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, percent, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.troubleshooting.layers import output_layout, perforated
from pai_report.advice.words import DEBUG, VALIDATION, difference, gain_quantity, magnitude, rejected, scores_evidence, source
from pai_report.analysis.model import NoiseTest


@rule(
    "PAI061",
    "gain-within-noise",
    section="T2",
    part="troubleshooting",
    ids=("T2", "T2.1", "T2.2", "T2.3", "T2.4", "A8", "I3.4", "C21"),
    needs="kept",
    effort="retrain",
)
def gain_within_noise(case: Case, this: RuleIdentity) -> Outcome:
    """The gain is no larger than the run's own fluctuation.

    What it looks for: the gain of the best network over the best one without dendrites, against what picking the best of
    as many noisy epochs would show by chance, and against five validation samples.
    Why it matters: another seed may show the opposite; changing settings on such evidence is following noise.
    What to try: repeat with three seeds, or validate on more samples; only when repeats agree, other layers or output
    dimensions.
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
            "rule: fewer than {n} net validation samples, or at least {p} likely by chance ({s})",
            n=count(case.settings.limits.samples_needed),
            p=percent(case.settings.limits.real_level),
            s=source(case, "samples_needed", "real_level"),
        ),
        action=_repeat(case, test),
        steps=(Step(text=_repeat(case, test)), *_if_repeats_agree(case)),
        considered=_lower_threshold(case),
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
                file=next((phase.file for phase in case.analysis.phases), case.analysis.track.file),
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
    return (*told, *_why_no_number(case, test))


def _test_sentence(test: NoiseTest) -> Phrase:
    held = test.test_change
    if held is None or held.absolute == 0:
        return say("The test score, which played no part in choosing, did not change.")
    verb = "improved" if held.absolute > 0 else "got worse"
    return say(f"The test score, which played no part in choosing, {verb} by {{t}}.", t=gain_quantity(magnitude(held)))


def _repeat(case: Case, test: NoiseTest) -> Phrase:
    """T2's first action: three seeds, or the number of validation samples at which this gain would be 5 beyond noise."""
    needed, present = _samples_needed(case, test), case.analysis.identity.n_validation
    more = "on a larger set" if present is None else "on more than {n}"
    more = more if needed is None else "on at least {n}"
    words = f"**Repeat with three seeds**, or validate {more}, before anything is changed."
    samples = present if needed is None else needed
    return say(words) if samples is None else say(words, n=count(samples, "sample"))


def _why_no_number(case: Case, test: NoiseTest) -> tuple[Phrase, ...]:
    """Why no number of validation samples is named, where none is."""
    if _samples_needed(case, test) is not None:
        return ()
    if case.analysis.identity.n_validation is None:
        return (say("How many validation samples it would take is open: the scores do not show how many there are."),)
    if _beyond_chance(test) <= 0:
        return (say("How many validation samples it would take is open: noise alone would show as much in this run."),)
    enough = count(case.settings.limits.samples_needed, "validation sample")
    return (
        say(
            "Beyond chance the gain is worth at least {n} already; the spread of the scores keeps it from being established.",
            n=enough,
        ),
    )


def _beyond_chance(test: NoiseTest) -> float:
    return test.gain.absolute - max(test.expected or 0.0, 0.0)


def _samples_needed(case: Case, test: NoiseTest) -> int | None:
    """Validation samples at which the gain beyond chance would be worth the samples needed; None if it never would."""
    n_validation, quantum = case.analysis.identity.n_validation, case.analysis.identity.quantum
    if n_validation is None or quantum is None:
        return None
    beyond = _beyond_chance(test)
    if beyond <= 0:
        return None
    needed = math.ceil(case.settings.limits.samples_needed * quantum * n_validation / beyond)
    return needed if needed > n_validation else None


def _if_repeats_agree(case: Case) -> tuple[Step, ...]:
    """T2.1, T2.3 and T2.4, which come after the repeats: until then there is nothing to judge a change by."""
    layers = say("If repeats agree that there is no gain: check that the layers that limit the score are the ones converted.")
    named = perforated(case)
    told = layers if named is None else Phrase(template=f"{layers.template} {named.template}", quantities=named.quantities)
    return (Step(text=told), output_layout(case), Step(text=DEBUG))


def _lower_threshold(case: Case) -> tuple[Phrase, ...]:
    """T2.2: a lower improvement threshold changes nothing unless a rejected set passed the best score."""
    row, tries = rejected(case.analysis), case.analysis.lifecycle.rejected_tries
    if tries == 0:
        reason = "no set was rejected"
    elif row is not None and row.gain is not None and row.shortfall is None:
        reason = "the rejected set did not pass the best score"
    else:
        return ()
    return (say(f"Considered, not recommended: a lower improvement threshold would not have changed the outcome; {reason}."),)


RULES = (gain_within_noise,)
