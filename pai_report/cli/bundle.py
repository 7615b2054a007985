"""`pai-report bundle PATH -o FOLDER`: everything for a ticket, and the commands that take it there."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pai_report.cli.choices import Judging, Looks, RunPath, studied
from pai_report.cli.talk import note, show, tell


def bundle(
    path: RunPath,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    judging: Judging = Judging(),  # noqa: B008 frozen
    looks: Looks = Looks(),  # noqa: B008 frozen
) -> None:
    """Write comment, reports, pictures and checksums of the run in PATH into one folder, and print commands to post them.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, the training script, or a report (PDF or JSON) to tell again.
    output
        The folder to write, new or an older bundle.
    judging
        How the run is judged.
    looks
        Templates and style sheets of your own.
    """
    from pai_report.bundle.commands import commands
    from pai_report.bundle.contents import bundle_of
    from pai_report.bundle.folder import check_folder, write_bundle
    from pai_report.report.assets import overriding

    check_folder(output, path)
    study = studied(path, judging)
    with overriding(looks.overrides()):
        made = bundle_of(study)
    write_bundle(made.files, output)
    for sentence in made.undrawn:
        tell(f"pai-report: {sentence}")
    note(f"Wrote {len(made.files)} files to {output}")
    show(commands(made.files, made.marker, output))
