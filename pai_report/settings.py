"""What the user chose for one report."""

from dataclasses import fields
from datetime import date
from typing import Literal

from pai_report.limits import Limits
from pai_report.values import value


@value
class Known:
    """A finding that is known and stays quiet in the nightly digest until the day `until`, that day included.

    `run` is a pattern for the run's key in the batch (`*` and `?` as in file names), `code` the finding's code.
    """

    run: str
    code: str
    until: date
    reason: str = ""


@value
class Settings:
    """The user's choices for one report. `file` is the name of the configuration file that made some of them, if one did.

    `follow_links`: files of a run that are links out of its folder are opened.
    """

    direction: Literal["maximize", "minimize"] | None = None
    original_params: int | None = None
    limits: Limits = Limits()
    off: tuple[str, ...] = ()  # codes of the rules that are switched off, sorted
    known: tuple[Known, ...] = ()
    follow_links: bool = False
    file: str | None = None

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the limits that differ from their defaults, in the order of `Limits`."""
        usual = Limits()
        return tuple(limit.name for limit in fields(usual) if getattr(usual, limit.name) != getattr(self.limits, limit.name))

    def source(self, name: str) -> str:
        """Where the value of the limit `name` comes from: the source of its default, or the file that changed it."""
        if name in self.changed:
            return f"set in {self.file}" if self.file else "set by the user"
        return next(str(limit.metadata["source"]) for limit in fields(self.limits) if limit.name == name)
