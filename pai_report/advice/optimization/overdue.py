"""O4.6: the facts that show a learning rate as high for too long, each with its number and its limit."""

from pai_report.advice.model import Evidence
from pai_report.advice.phrases import Phrase, count, number, percent, points, rate, say
from pai_report.advice.rule import Case
from pai_report.advice.words import VALIDATION, difference, rate_column, setting, setting_evidence, source
from pai_report.analysis.model import LrChange, Phase

SHOWN = 4
WAIT = "n_epochs_to_switch"


def facts(case: Case, phases: list[Phase]) -> tuple[Evidence, ...]:
    """Per phase its jump or its wait, and the spread that either is held against."""
    shown = tuple(row for phase in phases[:SHOWN] for row in (_fact(case, phase), *_spread(case, phase)))
    return shown if _jumped(phases) == phases else (*shown, setting_evidence(setting(case, WAIT)))


def reasons(case: Case, phases: list[Phase]) -> tuple[Phrase, ...]:
    """What was seen, in the phase where it was largest."""
    stood = [phase for phase in phases if _jump(phase) is None]
    told = [_told_jump(case, phases)] if _jumped(phases) else []
    return (*told, *([_told_wait(max(stood, key=_waited))] if stood else []))


def rules(case: Case, phases: list[Phase]) -> Phrase:
    """The limit of each of the two facts that was seen, and its source."""
    limits, jumped = case.settings.limits, _jumped(phases)
    free = case.analysis.identity.points_per_unit is None
    sudden = "a gain of at least {l} and of {m} times the spread within {e} of a drop to {h} of the rate or less ({s})"
    waited = "at least {w} (`n_epochs_to_switch`) after the best score without a drop, and a spread of at least {n} of it ({t})"
    return say(
        "rule: " + "; or ".join([sudden] * bool(jumped) + [waited] * (jumped != phases)),
        l=percent(limits.overdue_jump) if free else points(100 * limits.overdue_jump),
        e=count(case.settings.limits.jump_epochs, "epoch"),
        m=number(limits.jump_sigmas),
        h=percent(limits.sharp_drop),
        s=source(case, "overdue_jump"),
        w=count(case.library.n_epochs_to_switch, "epoch"),
        n=percent(limits.overdue_noise),
        t=source(case, "overdue_noise"),
    )


def _jumped(phases: list[Phase]) -> list[Phase]:
    return [phase for phase in phases if _jump(phase) is not None]


def _jump(phase: Phase) -> LrChange | None:
    """The drop of the phase after which the score jumped most; None where it jumped after none."""
    return max((held for held in phase.lr_changes if held.immediate_jump), key=_height, default=None)


def _height(drop: LrChange) -> float:
    """Gain right after the drop; a report of schema version 1, told again, knows only that of its neighbours."""
    return (drop.gain if drop.jump is None else drop.jump) or 0.0


def _last(phase: Phase) -> int:
    return phase.first + len(phase.series) - 1


def _waited(phase: Phase) -> int:
    """Epochs of the phase after its best score."""
    return 0 if phase.best_epoch is None else _last(phase) - phase.best_epoch


def _with_sets(phase: Phase) -> str:
    return f"with {phase.sets} set{'s' * (phase.sets != 1)}" if phase.sets else "without dendrites"


def _fact(case: Case, phase: Phase) -> Evidence:
    drop = _jump(phase)
    if drop is None:
        file, start = phase.learning_rate_file, phase.first if phase.best_epoch is None else phase.best_epoch
        label = f"epochs after the best score {_with_sets(phase)}, no drop"
        waited = count(_waited(phase))
        return Evidence(label=label, value=waited, file=file, column=rate_column(file), epochs=(start, _last(phase)))
    reach = case.settings.limits.jump_epochs
    return Evidence(
        label=f"gain {_with_sets(phase)} within {reach} epochs, {drop.old:.3g} → {drop.new:.3g}",
        value=difference(case, _height(drop), drop.best_before),
        file=phase.file,
        column=VALIDATION,
        epochs=(drop.epoch, min(drop.epoch + reach - 1, _last(phase))),
    )


def _spread(case: Case, phase: Phase) -> tuple[Evidence, ...]:
    held = phase.stability
    if held is None or held.sigma is None:
        return ()
    value = difference(case, held.sigma, phase.best)
    return (Evidence(label=f"spread {_with_sets(phase)}", value=value, file=phase.file, column=VALIDATION, epochs=held.epochs),)


def _told_jump(case: Case, phases: list[Phase]) -> Phrase:
    drop = max((held for phase in phases if (held := _jump(phase)) is not None), key=_height)
    return say(
        "The score improved by {g} within {e} of the drop from {a} to {b}: that drop was due earlier.",
        g=difference(case, _height(drop), drop.best_before),
        e=count(case.settings.limits.jump_epochs, "epoch"),
        a=rate(drop.old),
        b=rate(drop.new),
    )


def _told_wait(phase: Phase) -> Phrase:
    relative = None if phase.stability is None else phase.stability.relative
    return say(
        "The score stood still for {n} and swung by {r} of the best, while the rate did not fall.",
        n=count(_waited(phase), "epoch"),
        r=percent(relative),
    )
