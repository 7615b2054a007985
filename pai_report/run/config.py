"""The run's configuration file to typed settings."""

import json
import math
from collections.abc import Mapping
from typing import Any

from pai_report.run.ledger import Ledger
from pai_report.run.model import Config

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
    """The settings in a configuration file, or None, with a note, where it is no JSON object."""
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        ledger.note("broken-config", f"The file is no JSON and is not used: {str(error)[:80]}.", file)
        return None
    if not isinstance(loaded, dict):
        ledger.note("broken-config", "The file holds no JSON object and is not used.", file)
        return None
    typed = {name: _typed(name, kind, loaded[name], file, ledger) for name, kind in _TYPES.items() if name in loaded}
    settings = tuple((str(key), json.dumps(held, ensure_ascii=False)) for key, held in loaded.items())
    return Config(file=file, origin="config", settings=settings, **typed)


def _typed(name: str, kind: type, held: object, file: str, ledger: Ledger) -> Any:
    found = _converted(kind, held)
    if found is None and held is not None:
        text = json.dumps(held, ensure_ascii=False)[:60]
        ledger.note("odd-setting", f"{name} is {text}, not what the library writes; not used.", file)
    return found


def _converted(kind: type, held: Any) -> Any:
    """`held` as the type that a setting has, or None."""
    if kind is bool:
        return held if isinstance(held, bool) else None
    if kind is list:
        return tuple(held) if isinstance(held, list) and all(isinstance(one, str) for one in held) else None
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
