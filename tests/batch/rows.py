"""Rows of the index for tests, by hand."""

from pai_report.batch.model import Failure, Flaw, Record, Row, Told
from pai_report.batch.names import safe_name
from pai_report.batch.state import State
from pai_report.report.document import Severity


def flaw(code: str, severity: Severity = "medium", title: str = "Something was seen") -> Flaw:
    """A finding."""
    return Flaw(code=code, slug="slug", severity=severity, title=title)


def told(*flaws: Flaw, verdict: str = "improved", answer: str = "Yes.", relative: float | None = 0.1, epochs: int = 10) -> Told:
    """What a report says."""
    return Told(
        verdict=verdict,
        answer=answer,
        direction="maximize",
        baseline=0.5,
        best=0.55,
        gain=0.05,
        gain_class="real",
        points=5.0,
        relative=relative,
        scores_text="0.5000 → 0.5500",
        gain_text="+5.00 points",
        parameters=1000 * epochs,
        growth=0.5,
        parameters_text="10,000",
        epochs=epochs,
        epochs_text=str(epochs),
        flaws=flaws,
        sketch=None,
    )


def reported(run: str, *flaws: Flaw, verdict: str = "improved", relative: float | None = 0.1, epochs: int = 10) -> Row:
    """A run with a report."""
    name = safe_name(run)
    held = told(*flaws, verdict=verdict, relative=relative, epochs=epochs)
    return Row(name=name, run=run, told=held, reports=(("html", f"runs/{name}/report.html"),))


def failed(run: str, sentence: str = "It broke.") -> Row:
    """A run that could not be reported."""
    return Row(name=safe_name(run), run=run, failure=Failure(slug="crash", sentence=sentence))


def state(*rows: Row, quiet: tuple[tuple[str, str], ...] = ()) -> State:
    """A whole night with these rows."""
    records = tuple(Record(row=row, folder="", save_name="", content="", key="") for row in rows)
    return State(records=records, quiet=quiet)
