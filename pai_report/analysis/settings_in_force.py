"""The library settings a run was made with, each with where it is known from."""

from typing import Any

from pai_report.library import READ, Origin, Setting, literal
from pai_report.run.model import Config, ScriptFacts


def settings_in_force(config: Config | None, script: ScriptFacts | None) -> tuple[Setting, ...]:
    """Every listed setting as it was in this run: from the config file, else the script, else the library's default."""
    names = (name for name, setting in READ.items() if setting.listed)
    return tuple(_from_config(name, config) or _from_script(name, script) or _default(name) for name in names)


def _from_config(name: str, config: Config | None) -> Setting | None:
    known = None if config is None else config.value(name)
    return None if config is None or known is None else _setting(name, known, config.origin, config.file)


def _from_script(name: str, script: ScriptFacts | None) -> Setting | None:
    """The last call in the script that sets the name to a literal: what a variable holds cannot be read."""
    for called, source, _ in reversed(script.settings if script is not None else ()):
        known = literal(source) if called == name else None
        if known is not None and script is not None:
            return _setting(name, known, "script", script.file)
    return None


def _default(name: str) -> Setting:
    return _setting(name, READ[name].default, "default", None)


def _setting(name: str, known: Any, origin: Origin, file: str | None) -> Setting:
    return Setting(name=name, value=repr(list(known) if isinstance(known, tuple) else known), origin=origin, file=file)
