"""The run's configuration to typed settings: from its file, else from what the training script sets."""

import ast
import json
import math
from collections.abc import Mapping
from typing import Any

from pai_report.decode import DecodeError, json_value
from pai_report.run.ledger import Ledger
from pai_report.run.model import Config, ScriptFacts

_TYPES: Mapping[str, type] = {
    "maximizing_score": bool,
    "perforated_backpropagation": bool,
    "testing_dendrite_capacity": bool,
    "doing_pai": bool,
    "switch_mode": int,
    "max_dendrites": int,
    "max_dendrite_tries": int,
    "n_epochs_to_switch": int,
    "fixed_switch_num": int,
    "first_fixed_switch_num": int,
    "improvement_threshold": tuple,
    "improvement_threshold_raw": float,
    "history_lookback": int,
    "find_best_lr": bool,
    "retain_all_dendrites": bool,
    "candidate_weight_initialization_multiplier": float,
    "module_names_to_perforate": list,
    "modules_to_perforate": list,
    "module_ids_to_track": list,
}


def read_config(file: str, data: bytes, ledger: Ledger) -> Config | None:
    """The settings in a configuration file, or None, with a note, where it is none of the library's."""
    try:
        loaded = json_value(data)
    except DecodeError as error:
        ledger.refuse("broken-config", f"The configuration is not used: {error}.", file)
        return None
    if not isinstance(loaded, dict) or not loaded.keys() & (_TYPES.keys() | {"save_name"}):
        ledger.refuse("broken-config", "The configuration is not used: it holds none of the library's settings.", file)
        return None
    typed = _settings(loaded, file, ledger)
    settings = tuple((_clean(str(key)), json.dumps(held)) for key, held in loaded.items())
    return Config(file=file, origin="config", settings=settings, **typed)


def script_config(script: ScriptFacts) -> Config | None:
    """The settings that the script is certain to make, or None where there are none."""
    loaded = {name: _literal(text) for name, text, _ in script.settings}
    told = {name: held for name, held in loaded.items() if held is not None}
    typed = _settings(told, script.file, Ledger())
    if all(held is None for held in typed.values()):
        return None
    return Config(
        file=script.file, origin="script", settings=tuple((name, json.dumps(held)) for name, held in told.items()), **typed
    )


def _literal(text: str) -> Any:
    """The value of a Python literal that JSON can hold, else None."""
    try:
        held = ast.literal_eval(text)
        json.dumps(held)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return held


def _settings(loaded: Mapping[str, Any], file: str, ledger: Ledger) -> dict[str, Any]:
    """The settings that `Config` has a field for, typed."""
    return {name: _typed(name, kind, loaded[name], file, ledger) for name, kind in _TYPES.items() if name in loaded}


def _clean(text: str) -> str:
    """Text that can be written as UTF-8: JSON may hold half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _typed(name: str, kind: type, held: object, file: str, ledger: Ledger) -> Any:
    found = _converted(kind, held)
    if found is None and held is not None:
        text = json.dumps(held)[:60]
        ledger.note("odd-setting", f"{name} is {text}, not what the library writes; not used.", file)
    return found


def _converted(kind: type, held: Any) -> Any:
    """`held` as the type that a setting has, or None."""
    if kind is bool:
        return held if isinstance(held, bool) else None
    if kind is list:
        return (
            tuple(_clean(one) for one in held) if isinstance(held, list) and all(isinstance(one, str) for one in held) else None
        )
    if kind is tuple:
        numbers = held if isinstance(held, list) else [held]
        return tuple(float(one) for one in numbers) if numbers and all(_is_number(one) for one in numbers) else None
    if not _is_number(held):
        return None
    if kind is float:
        return float(held)
    return int(held) if float(held).is_integer() else None


def _is_number(held: object) -> bool:
    """Whether `held` is a finite number that fits a float."""
    if isinstance(held, bool) or not isinstance(held, (int, float)):
        return False
    try:
        return math.isfinite(held)
    except OverflowError:
        return False
