"""`pai-report inspect PATH`: what was found, chosen and ignored."""

from typing import Annotated

from cyclopts import Parameter

from pai_report.cli.choices import RunPath, configured_settings
from pai_report.cli.talk import asker, show


def inspect(
    path: RunPath,
    /,
    *,
    save_name: str | None = None,
    json: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
) -> None:
    """Show what was found in PATH, what was chosen, what was ignored, and why.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, or the training script.
    save_name
        Which run to look at, where the folder holds several.
    json
        Print JSON instead of tables.
    """
    from pai_report import inspection

    seen = inspection.inspect(path, configured_settings(), save_name=save_name, ask=asker())
    show(inspection.as_json(seen) if json else inspection.as_text(seen))
