"""I2: the best score, how stable the scores were, and whether training converged."""

from pai_report.advice.phrases import Phrase, count, epochs, number, percent, say, score, word
from pai_report.analysis.model import Analysis, Schedule
from pai_report.report.document import Row, Table
from pai_report.report.missing import missing
from pai_report.report.rows import missing_row, row
from pai_report.report.text import significant


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I2.1 to I2.3."""
    return (_best(analysis), _stability(analysis), _converged(analysis), _schedule(analysis))


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """No table: the phases stand in the training summary."""
    del analysis
    return ()


def _best(analysis: Analysis) -> Row:
    gains = analysis.gains
    if gains.best is None:
        return missing_row("I2.1", "Best validation score", missing(analysis, "gain"))
    network = "with {k}" if gains.best_sets else "without dendrites"
    place = "" if gains.best_epoch is None else " in epoch {e}"
    words = say(
        f"{{b}}{place}, {network}",
        b=score(gains.best),
        e=count(gains.best_epoch),
        k=count(gains.best_sets, "dendrite set"),
    )
    return row("I2.1", "Best validation score", words)


def _stability(analysis: Analysis) -> Row:
    held = [phase for phase in analysis.phases if phase.kind == "neuron" and phase.stability is not None]
    last = held[-1].stability if held else None
    if last is None or last.level is None or last.deviation is None:
        return missing_row("I2.2", "Score stability", missing(analysis, "stability"))
    if last.deviation == 0:
        words = say(
            "{level}: the scores of {e} of the last phase did not change", level=word(last.level), e=epochs(last.epochs)
        )
        return row("I2.2", "Score stability", words)
    words = say(
        "{level}: from epoch to epoch a score moves by {s} of the best ({e} of the last phase; around their mean "
        "standard deviation {d}, variance {v})",
        level=word(last.level),
        s=percent(last.relative),
        e=epochs(last.epochs),
        d=word(significant(last.deviation, 2)),
        v=word(significant(last.variance or 0.0, 2)),
    )
    return row("I2.2", "Score stability", words)


def _converged(analysis: Analysis) -> Row:
    held = analysis.convergence
    if held is None or held.converged is None:
        return missing_row("I2.3", "Converged", missing(analysis, "convergence"))
    if held.still_improving:
        return row("I2.3", "Converged", say("no: the last phase was still improving when it ended"))
    if held.largest_wait is None:
        return row("I2.3", "Converged", say("yes: the last phase ended on a plateau"))
    return row(
        "I2.3",
        "Converged",
        say(
            "yes: the last phase ended on a plateau; the longest wait for a better score: {w}",
            w=count(held.largest_wait, "epoch"),
        ),
    )


def _schedule(analysis: Analysis) -> Row:
    held = analysis.schedule
    if held is None:
        return missing_row("A22", "Learning rate", missing(analysis, "learning-rate"))
    return row("A22", "Learning rate", _schedule_words(held))


def _schedule_words(held: Schedule) -> Phrase:
    """The schedule in the terms of its scheduler."""
    match held.kind:
        case "plateau":
            words = "lowered on plateaus (patience {p}, factor {f}), as replayed from the scores"
        case "step":
            words = "lowered every {s} (factor {f})"
        case "exponential":
            words = "exponential decay (factor {f} per epoch)"
        case "cosine":
            words = "cosine (T_max {t})"
        case "step-like":
            words = "lowered once (factor {f}); one drop does not tell which scheduler"
        case _:
            words = "{kind}"
    return say(
        words,
        p=count(held.patience),
        f=number(held.factor),
        s=count(held.step_size, "epoch"),
        t=count(held.t_max),
        kind=word(held.kind),
    )
