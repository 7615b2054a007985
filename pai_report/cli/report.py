"""`pai-report PATH -o FILE`: one run as one or more documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from pai_report.cli.choices import Judging, Looks, RunPath, studied
from pai_report.cli.exits import FAILED, GATE_REACHED, WRITTEN
from pai_report.cli.talk import note, on_terminal, show, show_bytes, tell, tell_error
from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.report.rendition import Rendered


def report(  # noqa: PLR0913 one parameter per option
    path: RunPath,
    /,
    *,
    output: Annotated[
        tuple[str, ...], Parameter(name=["--output", "-o"], negative=(), allow_leading_hyphen=True, show_default=False)
    ] = (),
    format: Literal["md", "html", "pdf", "json"] | None = None,  # noqa: A002 the name of the option
    fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None = None,
    github_summary: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
    open: Annotated[bool, Parameter(negative=(), show_default=False)] = False,  # noqa: A002 the name of the option
    judging: Judging = Judging(),  # noqa: B008 frozen
    looks: Looks = Looks(),  # noqa: B008 frozen
) -> int:
    """Report on the run in PATH. Without -o, print the answer in short.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, the training script, or a report (PDF or JSON) to tell again.
    output
        File to write; its suffix (.md, .html, .pdf, .json) is the format. May repeat. "-" is standard output.
    format
        The format of standard output, for -o -.
    fail_on
        Exit with 1 if a finding is this severe or worse.
    github_summary
        Append a short version to the summary of this step of GitHub Actions.
    open
        Open the HTML page, else the PDF, in the browser when it is written.
    judging
        How the run is judged.
    looks
        Templates and style sheets of your own.
    """
    from pai_report import pipeline
    from pai_report.bundle.step import add_summary, summary_file
    from pai_report.cli.open_page import opened, page_of
    from pai_report.report.assets import overriding
    from pai_report.report.terminal import short_answer

    targets = pipeline.targets(output, format)
    page = page_of(targets) if open else None
    if any(target.name == pipeline.STDOUT and target.format == "pdf" for target in targets) and on_terminal(sys.stdout):
        raise ExpectedError("binary-to-terminal", "A PDF is nothing for a terminal.", "Write it to a file: -o report.pdf")
    step = summary_file() if github_summary else None
    study = studied(path, judging)
    overrides = looks.overrides()
    inputs = (*study.inputs, *overrides.inputs())
    with overriding(overrides):
        if step:
            add_summary(study, step)
        if not targets:
            show(short_answer(study.analysis, study.judgement))
        delivered = [_deliver(target.name, made, inputs) for target, made in pipeline.tell(study, targets)]
    if not all(delivered):
        return FAILED
    if page and (why_not := opened(page)):
        tell(why_not)
    return GATE_REACHED if fail_on and study.reaches(fail_on) else WRITTEN


def _deliver(name: str, made: "Rendered | ExpectedError", inputs: tuple[Path, ...]) -> bool:
    """Put one report where it was asked for and say so; False, with the reason told, where that failed."""
    from pai_report.report.write import write

    try:
        if isinstance(made, ExpectedError):
            raise made
        for sentence in made.undrawn:
            tell(f"pai-report: {sentence}")
        if name == "-":
            show_bytes(made.main)
            return True
        write(made, Path(name), inputs)
    except ExpectedError as error:
        tell_error(error)
        return False
    note(f"Wrote {name}")
    return True
