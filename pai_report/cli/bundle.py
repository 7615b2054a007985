"""`pai-report bundle PATH -o FOLDER`: everything for a ticket, and the commands that take it there."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter, validators

from pai_report.cli.choices import chosen
from pai_report.cli.report import RunPath, refuse_judging
from pai_report.cli.talk import asker, show, tell

_direction = Group("Direction of the score", validator=validators.LimitedChoice())
Flag = Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)]


def bundle(  # noqa: PLR0913 one parameter per option
    path: RunPath,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    save_name: str | None = None,
    original_params: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    minimize: Flag = False,
    maximize: Flag = False,
    templates: Path | None = None,
    styles: Path | None = None,
) -> None:
    """Write comment, reports, pictures and checksums of the run in PATH into one folder, and print commands to post them.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, the training script, or a report (PDF or JSON) to tell again.
    output
        The folder to write, new or an older bundle.
    save_name
        Which run to report on, where the folder holds several.
    original_params
        Parameters of the network before it was made smaller for dendrites.
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
    from pai_report.bundle.commands import commands
    from pai_report.bundle.contents import bundle_of
    from pai_report.bundle.folder import check_folder, write_bundle
    from pai_report.report.assets import Overrides, overriding
    from pai_report.retelling import is_report

    check_folder(output, path)
    direction: Literal["minimize", "maximize"] | None = "minimize" if minimize else "maximize" if maximize else None
    settings = chosen(direction=direction, original_params=original_params)
    if is_report(path):
        refuse_judging(path, judging=save_name is not None or direction is not None or original_params is not None)
        studied = pipeline.retold(path)
    else:
        studied = pipeline.study(path, settings, save_name=save_name, ask=asker())
    with overriding(Overrides(templates=templates, styles=styles)):
        made = bundle_of(studied)
    write_bundle(made.files, output)
    tell(f"Wrote {len(made.files)} files to {output}")
    show(commands(made.files, made.marker, output))
