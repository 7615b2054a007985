"""The user's choices: flags before the configuration file before the defaults."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter, validators

from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.pipeline import Study
    from pai_report.report.assets import Overrides
    from pai_report.settings import Settings

RunPath = Annotated[Path, Parameter(name="PATH")]
FollowLinks = Annotated[bool, Parameter(negative=(), show_default=False)]
_direction = Group("Direction of the score", validator=validators.LimitedChoice())


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Judging:
    """How one run is judged.

    Parameters
    ----------
    save_name
        Which run to report on, where the folder holds several.
    original_params
        Parameters of the network before it was made smaller for dendrites.
    minimize
        Smaller is better, whatever the files say.
    maximize
        Greater is better, whatever the files say.
    follow_links
        Read files of the run that are links out of its folder, as git-annex and DVC make them.
    """

    save_name: str | None = None
    original_params: Annotated[int | None, Parameter(validator=validators.Number(gte=1, lte=2**53))] = None
    minimize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False
    maximize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False
    follow_links: FollowLinks = False

    def settings(self) -> "Settings":
        """The settings of the configuration file with these flags over them.

        Raises ExpectedError "bad-configuration".
        """
        held = configured_settings(follow_links=self.follow_links)
        return replace(
            held,
            direction="minimize" if self.minimize else "maximize" if self.maximize else held.direction,
            original_params=self.original_params or held.original_params,
        )


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Looks:
    """Whose templates and style sheets are used.

    Parameters
    ----------
    templates
        Folder with templates of your own; each replaces the one of the same name.
    styles
        Folder with style sheets of your own; each replaces the one of the same name.
    """

    templates: Path | None = None
    styles: Path | None = None

    def overrides(self) -> "Overrides":
        """For `pai_report.report.assets.overriding`, valid in other processes as well."""
        from pai_report.report.assets import Overrides

        return Overrides(templates=self.templates and self.templates.absolute(), styles=self.styles and self.styles.absolute())


def configured_settings(*, follow_links: bool = False) -> "Settings":
    """The settings of the configuration file that counts in the working folder, and whether links are followed.

    Raises ExpectedError "bad-configuration", "no-working-folder" where that was removed.
    """
    from pai_report.configuration import configured

    try:
        folder = Path.cwd()
    except FileNotFoundError as error:
        raise ExpectedError(
            "no-working-folder", "The working folder is not there any more.", "Go to one that is: cd"
        ) from error
    return configured(folder, follow_links=follow_links)


def studied(path: Path, judging: Judging) -> "Study":
    """The run at `path`, judged, or the report at `path`, as it was judged: to judge anew takes the run itself.

    Raises ExpectedError for what cannot be read, and "report-not-judged" for a report with options of judging.
    """
    from pai_report import pipeline
    from pai_report.cli.talk import asker
    from pai_report.retelling import is_report

    settings = judging.settings()
    if not is_report(path, settings):
        return pipeline.study(path, settings, save_name=judging.save_name, ask=asker())
    if judging != Judging():
        sentence = f"{path.name} is a report, which is told again as it was judged."
        raise ExpectedError("report-not-judged", sentence, "To judge anew, give the run folder instead.")
    return pipeline.retold(path, settings)
