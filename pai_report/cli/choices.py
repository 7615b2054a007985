"""The user's choices: flags before the configuration file before the defaults."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pai_report.settings import Settings

Direction = Literal["maximize", "minimize"]


def chosen(*, direction: Direction | None = None, original_params: int | None = None) -> "Settings":
    """The settings of the configuration file that counts in the working folder, with what the flags say instead.

    Raises ExpectedError "bad-configuration".
    """
    from pai_report.configuration import configured

    held = configured(Path.cwd())
    return replace(
        held,
        direction=direction or held.direction,
        original_params=original_params or held.original_params,
    )
