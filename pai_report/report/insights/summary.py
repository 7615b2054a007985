"""I1: what was trained, for how long, in which phases."""

from pai_report.advice.phrases import Phrase, count, say, score, seconds, word
from pai_report.advice.words import best_with_sets
from pai_report.analysis.model import Analysis, EpochBudget, Need, Phase
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import missing, not_available
from pai_report.report.rows import NONE, cell, column, in_metric, kept_words, missing_row, row
from pai_report.report.text import phrase_text, text

PARTS = (
    ("committed", "{n} in the final network"),
    ("patience", "{n} waiting for a plateau"),
    ("lr_search", "{n} in losing learning-rate trials"),
    ("rejected", "{n} in rejected tries"),
)
ENDED = {
    "rejected": "the library ended the run after the last set tried was rejected",
    "max-reached": "the library ended the run at its maximum of sets",
    "stopped": "the run stopped before the library had ended it",
    "unknown": "the files do not tell whether the run was finished",
}


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I1.1 to I1.4: initial and final score, epochs, dendrites, phases."""
    return (
        _overall(analysis),
        _effect(analysis),
        _last(analysis),
        _epochs(analysis),
        _time(analysis),
        _sets(analysis),
        _ending(analysis),
    )


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """I1.4: the phases observed."""
    if not analysis.phases:
        return ()
    columns = (
        column("Phase", "left"),
        column("Epochs recorded", "left"),
        column("Epochs trained", "left"),
        column("Best"),
        column("at epoch", "right"),
        column("Epochs seen", "right"),
    )
    held = tuple(_phase(phase) for phase in analysis.phases)
    known = tuple(place for place in range(len(columns)) if any(cells[place] != NONE for cells in held))
    shown, rows_shown = (
        tuple(columns[place] for place in known),
        tuple(tuple(cells[place] for place in known) for cells in held),
    )
    return (Table(id="phases", caption=text(_seen(analysis)), columns=shown, rows=rows_shown, first_is_header=True),)


def _seen(analysis: Analysis) -> str:
    """The caption: what the last column counts, and where it could not count all."""
    short = any(phase.truncated for phase in analysis.phases)
    kept = "; where no snapshot kept those, a phase ends at its best epoch" if short else ""
    return f"Training phases (I1.4); epochs seen include those rolled back{kept}"


def _phase(phase: Phase) -> tuple[Text, ...]:
    sets = _name(phase)
    real = NONE if phase.real_first is None or phase.real_last is None else text(_span((phase.real_first, phase.real_last)))
    return (
        text(sets),
        text(_span((phase.first, phase.last))),
        real,
        cell(score(phase.best)),
        cell(count(phase.best_epoch)),
        cell(count(len(phase.series))),
    )


def _name(phase: Phase) -> str:
    """How many sets the network had, or which set alone was trained."""
    if phase.kind == "neuron" and phase.sets == 0:
        return "no dendrites"
    sets = f"{phase.sets} dendrite set" + ("" if phase.sets == 1 else "s")
    return f"training set {phase.sets + 1}" if phase.kind == "dendrite" else sets


def _span(span: tuple[int, int]) -> str:
    first, last = span
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"


def _overall(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.initial is None or gains.best is None or gains.overall is None:
        return missing_row("I1.1", "Epoch 0 to best", missing(analysis, "gain"))
    words = say(
        "{a} in epoch 0, {b} at best; that is training as a whole, not the dendrites' effect",
        a=score(gains.initial),
        b=score(gains.best),
    )
    return row("I1.1", "Epoch 0 to best", words)


def _effect(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.gain is None:
        return missing_row("I1.1", "Baseline to best", missing(analysis, "gain"))
    shown = phrase_text(in_metric(analysis, gains.gain))
    best = best_with_sets(analysis)
    reached = score(gains.best if best is None else best.best)
    start = phrase_text(say("{a} without dendrites, {b} with: ", a=score(gains.baseline), b=reached))
    return Row(label="Baseline to best", text=(*start, *shown), id="I1.1")


def _last(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.last_real is None:
        return missing_row("I1.1", "Last epoch trained", not_available(analysis, "epoch-count"))
    if gains.best is None:
        return row("I1.1", "Last epoch trained", say("{a}", a=score(gains.last_real)))
    return row("I1.1", "Last epoch trained", say("{a}, against a best of {b}", a=score(gains.last_real), b=score(gains.best)))


def _epochs(analysis: Analysis) -> Row:
    budget = analysis.lifecycle.budget
    if not analysis.track.file:
        return missing_row("I1.2", "Epochs trained", missing(analysis, "epochs"))
    if budget.trained is None:
        least = "at least {n} were trained, how many exactly" if budget.at_least > budget.recorded else "how many were trained"
        words = say(f"{{r}} recorded; {least} the files do not tell", r=count(budget.recorded), n=count(budget.at_least))
        return row("I1.2", "Epochs trained", words)
    return row("I1.2", "Epochs trained", _budget(budget))


def _budget(budget: EpochBudget) -> Phrase:
    held = {name: getattr(budget, name) for name, _words in PARTS}
    if budget.committed == budget.trained:
        return say("{t}, all of them in the final network", t=count(budget.trained))
    parts = [words.replace("{n}", f"{{{name}}}") for name, words in PARTS if held[name]]
    slots = {name: count(held[name]) for name, _words in PARTS if held[name]}
    return say("{t}: " + ", ".join(parts), t=count(budget.trained), **slots)


def _time(analysis: Analysis) -> Row:
    spent = analysis.lifecycle.budget.seconds
    if spent is None:
        need: Need = "times-file" if analysis.track.epoch_seconds is None else "epoch-count"
        return missing_row("I1.2", "Time", not_available(analysis, need))
    total = sum(held for _part, held in spent)
    kept = dict(spent).get("committed", 0.0)
    return row("I1.2", "Time", say("about {t}, of which {k} went into the final network", t=seconds(total), k=seconds(kept)))


def _sets(analysis: Analysis) -> Row:
    held = analysis.lifecycle
    words = "{k}, {t} tried" if held.tried is not None else "{k}; how many were tried is not known"
    if held.attempts is not None and held.attempts != held.tried:
        words += ", in {a}"
    if held.last_set_proven is False:
        words += (
            "; the run stopped before its last set could be judged"
            if held.ended_by == "stopped"
            else "; nothing shows that the library had judged the last one"
        )
    slots = {"k": word(kept_words(held)), "t": count(held.tried), "a": count(held.attempts, "attempt")}
    return row("I1.3", "Dendrite sets", say(words, **slots))


def _ending(analysis: Analysis) -> Row:
    return row("I1.4", "How it ended", say(ENDED[analysis.lifecycle.ended_by]))
