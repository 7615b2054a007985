"""The run's configuration: from its file, else from what the training script sets."""

import json
from typing import Any

from pai_report.decode import DecodeError, json_value
from pai_report.library import READ, literal, typed
from pai_report.run.ledger import Ledger
from pai_report.run.model import Config, ScriptFacts


def read_config(file: str, data: bytes, ledger: Ledger) -> Config | None:
    """The settings in a configuration file, or None, with a note, where it is none of the library's."""
    try:
        loaded = json_value(data)
    except DecodeError as error:
        ledger.refuse("broken-config", f"The configuration is not used: {error}.", file)
        return None
    if not isinstance(loaded, dict) or not loaded.keys() & (READ.keys() | {"save_name"}):
        ledger.refuse("broken-config", "The configuration is not used: it holds none of the library's settings.", file)
        return None
    for name in READ.keys() & loaded.keys():
        if loaded[name] is not None and typed(name, loaded[name]) is None:
            text = json.dumps(loaded[name])[:60]
            ledger.note("odd-setting", f"{name} is {text}, not what the library writes; not used.", file)
    return Config(
        file=file, origin="config", settings=tuple((_clean(str(key)), json.dumps(raw)) for key, raw in loaded.items())
    )


def script_config(script: ScriptFacts) -> Config | None:
    """The settings that the script is certain to make, or None where there are none."""
    written = {name: _json(literal(text)) for name, text, _ in script.settings}
    settings = tuple((name, text) for name, text in written.items() if text is not None)
    config = Config(file=script.file, origin="script", settings=settings)
    return config if any(config.value(name) is not None for name in READ) else None


def _json(raw: Any) -> str | None:
    """`raw` as JSON; None where JSON cannot hold it, and where there is nothing."""
    try:
        return None if raw is None else json.dumps(raw)
    except (ValueError, TypeError, RecursionError):
        return None


def _clean(text: str) -> str:
    """Text that can be written as UTF-8: JSON may hold half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")
