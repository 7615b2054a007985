"""`pai-report PATH -o FILE`: one run as one or more documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter, validators

from pai_report.cli.choices import Direction, chosen
from pai_report.cli.exits import FAILED, GATE_REACHED, WRITTEN
from pai_report.cli.talk import asker, show, tell, tell_error
from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.report.rendition import Rendered

RunPath = Annotated[Path, Parameter(name="PATH")]
_direction = Group("Direction of the score", validator=validators.LimitedChoice())


def report(  # noqa: PLR0913 one parameter per option
    path: RunPath,
    /,
    *,
    output: Annotated[
        tuple[str, ...], Parameter(name=["--output", "-o"], negative=(), allow_leading_hyphen=True, show_default=False)
    ] = (),
    format: Literal["md", "html", "pdf", "json"] | None = None,  # noqa: A002 the name of the option
    save_name: str | None = None,
    original_params: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None = None,
    github_summary: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
    minimize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False,
    maximize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False,
    templates: Path | None = None,
    styles: Path | None = None,
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
    save_name
        Which run to report on, where the folder holds several.
    original_params
        Parameters of the network before it was made smaller for dendrites.
    fail_on
        Exit with 1 if a finding is this severe or worse.
    github_summary
        Append a short version to the summary of this step of GitHub Actions.
    minimize
        Smaller is better, whatever the files say.
    maximize
        Greater is better, whatever the files say.
    templates
        Folder with templates of your own; each replaces the one of the same name.
    styles
        Folder with style sheets of your own; each replaces the one of the same name.
    """
    from pai_report import pipeline
    from pai_report.bundle.step import add_summary, summary_file
    from pai_report.report.assets import Overrides, overriding
    from pai_report.report.terminal import short_answer
    from pai_report.retelling import is_report

    targets = pipeline.targets(output, format)
    step = summary_file() if github_summary else None
    direction: Direction | None = "minimize" if minimize else "maximize" if maximize else None
    settings = chosen(direction=direction, original_params=original_params)
    if is_report(path):
        refuse_judging(path, judging=save_name is not None or direction is not None or original_params is not None)
        studied = pipeline.retold(path)
    else:
        studied = pipeline.study(path, settings, save_name=save_name, ask=asker())
    if not targets:
        show(short_answer(studied.analysis, studied.judgement))
    with overriding(Overrides(templates=templates, styles=styles)):
        if step:
            add_summary(studied, step)
        delivered = [_deliver(target.name, made) for target, made in pipeline.tell(studied, targets)]
    if not all(delivered):
        return FAILED
    return GATE_REACHED if fail_on and studied.reaches(fail_on) else WRITTEN


def refuse_judging(path: Path, *, judging: bool) -> None:
    """A report is told again as it was judged; options that would change the judgement need the run itself."""
    if judging:
        sentence = f"{path.name} is a report, which is told again as it was judged."
        raise ExpectedError("report-not-judged", sentence, "To judge anew, give the run folder instead.")


def _deliver(name: str, made: "Rendered | ExpectedError") -> bool:
    """Put one report where it was asked for and say so; False, with the reason told, where that failed."""
    from pai_report.report.write import write

    try:
        if isinstance(made, ExpectedError):
            raise made
        if name == "-":
            sys.stdout.buffer.write(made.main)
            return True
        write(made, Path(name))
    except ExpectedError as error:
        tell_error(error)
        return False
    tell(f"Wrote {name}")
    return True
