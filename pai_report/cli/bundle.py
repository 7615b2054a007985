"""`pai-report bundle PATH -o FOLDER`: everything for a ticket, and the commands that take it there."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from pai_report.cli.report import Direction, RunPath
from pai_report.cli.talk import asker, show, tell


def bundle(  # noqa: PLR0913 one parameter per option
    path: RunPath,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    save_name: str | None = None,
    original_params: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    minimize: Direction = False,
    maximize: Direction = False,
) -> None:
    """Write comment, reports, pictures and checksums of the run in PATH into one folder, and print commands to post them.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, or the training script.
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
    """
    from pai_report import pipeline
    from pai_report.bundle.commands import commands
    from pai_report.bundle.contents import bundle_of
    from pai_report.bundle.folder import check_folder, write_bundle
    from pai_report.settings import Settings

    check_folder(output, path)
    settings = Settings(direction="minimize" if minimize else "maximize" if maximize else None, original_params=original_params)
    made = bundle_of(pipeline.study(path, settings, save_name=save_name, ask=asker()))
    write_bundle(made.files, output)
    tell(f"Wrote {len(made.files)} files to {output}")
    show(commands(made.files, made.marker, output))
