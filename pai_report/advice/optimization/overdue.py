"""O4.6: how long the learning rate stood still on a noisy plateau, with its number and its limit."""

from pai_report.advice.model import Evidence
from pai_report.advice.phrases import Phrase, count, percent, say
from pai_report.advice.rule import Case
from pai_report.advice.words import VALIDATION, difference, rate_column, setting, setting_evidence, source
from pai_report.analysis.model import Phase

SHOWN = 4
WAIT = "n_epochs_to_switch"


def facts(case: Case, phases: list[Phase]) -> tuple[Evidence, ...]:
    """Per phase its wait and the spread that it is held against."""
    shown = tuple(row for phase in phases[:SHOWN] for row in (_wait(phase), *_spread(case, phase)))
    return (*shown, setting_evidence(setting(case, WAIT)))


def reason(phases: list[Phase]) -> Phrase:
    """What was seen, in the phase that waited longest."""
    longest = max(phases, key=_waited)
    return say(
        "The score stood still for {n} and swung by {r} of the best, while the rate did not fall.",
        n=count(_waited(longest), "epoch"),
        r=percent(None if longest.stability is None else longest.stability.relative),
    )


def limit(case: Case) -> Phrase:
    """The limit of the wait and of the spread, and its source."""
    words = "rule: at least {w} (`n_epochs_to_switch`) after the best score without a drop, and a spread of at least {n} of it"
    return say(
        words + " ({t})",
        w=count(case.library.n_epochs_to_switch, "epoch"),
        n=percent(case.settings.limits.overdue_noise),
        t=source(case, "overdue_noise"),
    )


def _last(phase: Phase) -> int:
    return phase.first + len(phase.series) - 1


def _waited(phase: Phase) -> int:
    """Epochs of the phase after its best score."""
    return 0 if phase.best_epoch is None else _last(phase) - phase.best_epoch


def _with_sets(phase: Phase) -> str:
    return f"with {phase.sets} set{'s' * (phase.sets != 1)}" if phase.sets else "without dendrites"


def _wait(phase: Phase) -> Evidence:
    file, start = phase.learning_rate_file, phase.first if phase.best_epoch is None else phase.best_epoch
    label = f"epochs after the best score {_with_sets(phase)}, no drop"
    epochs = (start, _last(phase))
    return Evidence(label=label, value=count(_waited(phase)), file=file, column=rate_column(file), epochs=epochs)


def _spread(case: Case, phase: Phase) -> tuple[Evidence, ...]:
    spread = phase.stability
    if spread is None or spread.sigma is None:
        return ()
    value = difference(case, spread.sigma, phase.best)
    label = f"spread {_with_sets(phase)}"
    return (Evidence(label=label, value=value, file=phase.file, column=VALIDATION, epochs=spread.epochs),)
