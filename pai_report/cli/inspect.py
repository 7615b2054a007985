"""`pai-report inspect PATH`: what was found, chosen and ignored."""

from typing import Annotated

from cyclopts import Parameter

from pai_report.cli.choices import FollowLinks, RunPath, configured_settings
from pai_report.cli.talk import asker, show


def inspect(
    path: RunPath,
    /,
    *,
    save_name: str | None = None,
    follow_links: FollowLinks = False,
    json: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
) -> None:
    """Show what was found in PATH, what was chosen, what was ignored, and why.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, or the training script.
    save_name
        Which run to look at, where the folder holds several.
    follow_links
        Read files of the run that are links out of its folder, as git-annex and DVC make them.
    json
        Print JSON instead of tables.
    """
    from pai_report import inspection

    seen = inspection.inspect(path, configured_settings(follow_links=follow_links), save_name=save_name, ask=asker())
    show(inspection.as_json(seen) if json else inspection.as_text(seen))
