"""Tables of one run that do not tell the same."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, Quantity, count, name, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import SWITCHES, best_column, size_column
from pai_report.analysis.model import Disagreement

SHOWN = 6
AGAIN = say("Copy the run folder once more from where it was trained, and report again.")


@rule("PAI025", "table-stands-alone", section="X", part="trust", ids=("D3", "D16"), needs="files")
def table_stands_alone(case: Case, this: RuleIdentity) -> Outcome:
    """One table of the run tells something else than the others, whose word was taken.

    What it looks for: the number of sets by switch rows, parameter counts and best rows; equal pairs of switch rows that
    rise and lie within the epochs; equal sizes in both tables; best rows that are the best score of their phase; as many rows
    of scores, learning rates and times as epochs. The tables of the snapshots and the running scores have a voice.
    Why it matters: the library writes these tables together, so that one that stands alone was changed or cut afterwards.
    What to try: copy the folder again; a copy that was still running and a full disk leave such files.
    When it is wrong: tables that were edited on purpose.
    Where it comes from: D3, D16 and the library's file formats; no counterpart in the checklist.
    """
    points = [point for point in case.analysis.disagreements if point.file is not None]
    if not points:
        return this.clear(say("the tables tell the same"))
    files = tuple(dict.fromkeys(str(point.file) for point in points))
    return this.fired(
        "high",
        "high",
        say("{f} does not fit the other tables, whose word was taken", f=name(files[0]))
        if len(files) == 1
        else say("{n} do not fit the other tables, whose word was taken", n=count(len(files), "file")),
        tuple(row for point in points[:SHOWN] for row in _evidence(point)),
        why=tuple(_word_against_word(point) for point in points[:SHOWN]),
        steps=(Step(text=AGAIN),),
        next_check=say("This check is clear."),
    )


@rule("PAI026", "tables-contradict", section="X", part="trust", ids=("D3", "D16"), needs="files")
def tables_contradict(case: Case, this: RuleIdentity) -> Outcome:
    """Tables of the run contradict each other, and nothing says which of them is right.

    What it looks for: the same comparisons as for a table that stands alone, where as many tables stand against as for it.
    Why it matters: sets, sizes or scores would be a guess; no verdict is given.
    What to try: copy the folder again; a copy that was still running and a full disk leave such files.
    When it is wrong: tables of two runs put together on purpose.
    Where it comes from: D3, D16 and the library's file formats; no counterpart in the checklist.
    """
    points = [point for point in case.analysis.disagreements if point.file is None]
    if not points:
        return this.clear(say("no tables contradict each other"))
    first = points[0]
    return this.fired(
        "invalid",
        "high",
        _contradiction(first),
        tuple(row for point in points[:SHOWN] for row in _evidence(point)),
        why=(say("The library writes these tables together; which of them was changed or cut afterwards cannot be told."),),
        action=say("**Copy the run folder again** from where it was trained; its files contradict each other."),
        steps=(Step(text=AGAIN),),
        next_check=say("This check is clear."),
    )


def _contradiction(point: Disagreement) -> Phrase:
    words = {
        "sets": "The files count {a} and {b} dendrite sets",
        "switch-epochs": "The files place a switch at epochs {a} and {b}",
        "sizes": "The files give one network {a} and {b} parameters",
        "best-scores": "The files give one phase a best score of {a} and of {b}",
        "epochs": "The files hold {a} and {b} epochs",
    }[point.about]
    return say(words, a=_number(point, point.expected), b=_number(point, point.read))


def _word_against_word(point: Disagreement) -> Phrase:
    words = {
        "sets": "{f} counts {b} dendrite sets, the others {a}.",
        "switch-epochs": "{f} places a switch at epoch {b}; by the others it was at {a}.",
        "sizes": "{f} gives a network {b} parameters, the others {a}.",
        "best-scores": "{f} holds {b} where the others tell {a}.",
        "epochs": "{f} ends after {b} epochs, the others after {a}.",
    }[point.about]
    return say(words, f=name(str(point.file)), a=_number(point, point.expected), b=_number(point, point.read))


def _number(point: Disagreement, number: float) -> Quantity:
    return score(number) if point.about == "best-scores" else count(int(number))


def _column(point: Disagreement, file: str) -> str | None:
    """The column compared; None where rows were counted."""
    columns = {"switch-epochs": SWITCHES, "sizes": size_column(file), "best-scores": best_column(file)}
    return columns.get(point.about)


def _evidence(point: Disagreement) -> tuple[Evidence, ...]:
    """What the table holds, with its line, and what the others tell."""
    line = "" if point.row is None else f", line {point.row}"
    label = point.about.replace("-", " ")
    alone = point.file or point.others[-1]
    rows = [Evidence(label=f"{label}{line}", value=_number(point, point.read), file=alone, column=_column(point, alone))]
    other = next((file for file in point.others if file != alone), None)
    if other is not None:
        rows.append(
            Evidence(
                label=f"{label} by the others", value=_number(point, point.expected), file=other, column=_column(point, other)
            )
        )
    return tuple(rows)


RULES = (table_stands_alone, tables_contradict)
