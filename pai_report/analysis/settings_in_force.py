"""The library settings a run was made with, each with where it is known from."""

import ast
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pai_report.analysis.model import Origin, Setting
from pai_report.run.model import Config, ScriptFacts
from pai_report.values import value

# Defaults of perforatedai 3.2.9; the keys are the settings the analysis reads, in the order they are listed.
DEFAULTS: dict[str, Any] = {
    "testing_dendrite_capacity": True,
    "switch_mode": 1,
    "n_epochs_to_switch": 10,
    "fixed_switch_num": 250,
    "first_fixed_switch_num": -1,
    "improvement_threshold": [0.001, 0.0001, 0.0],
    "improvement_threshold_raw": 1e-5,
    "max_dendrites": 100,
    "max_dendrite_tries": 2,
    "history_lookback": 1,
    "find_best_lr": True,
    "retain_all_dendrites": False,
    "candidate_weight_initialization_multiplier": 0.01,
    "module_names_to_perforate": ["PAISequential", "Conv1d", "Conv2d", "Conv3d", "Linear"],
    "module_ids_to_track": [],
    "maximizing_score": True,
    "perforated_backpropagation": False,
    "dont_give_up_unless_learning_rate_lowered": True,
}


@value
class InForce:
    """The settings that the analysis computes with, typed; the library's default where no file tells (executed with 3.2.9).

    `improvement_threshold` is indexed by the number of sets added, its last entry repeats (F5). `n_epochs_to_switch` is the
    patience in epochs, the two intervals count epochs as well.
    """

    switch_mode: int
    n_epochs_to_switch: int
    fixed_switch_num: int
    first_fixed_switch_num: int
    improvement_threshold: tuple[float, ...]
    improvement_threshold_raw: float
    max_dendrites: int
    max_dendrite_tries: int
    history_lookback: int


def in_force(settings: Iterable[Setting]) -> InForce:
    """The typed view of the listed settings. A value of the wrong kind counts as not told."""
    told = {held.name: held.value for held in settings}
    numbers = {name: _number(told.get(name), name) for name in InForce.__dataclass_fields__ if name != "improvement_threshold"}
    raw = numbers.pop("improvement_threshold_raw")
    whole = {name: int(number) for name, number in numbers.items()}
    return InForce(improvement_threshold=_numbers(told.get("improvement_threshold")), improvement_threshold_raw=raw, **whole)


def settings_in_force(config: Config | None, script: ScriptFacts | None) -> tuple[Setting, ...]:
    """Every setting of `DEFAULTS` as it was in this run: from the config file, else the script, else the library's default."""
    return tuple(_from_config(name, config) or _from_script(name, script) or _default(name) for name in DEFAULTS)


def _from_config(name: str, config: Config | None) -> Setting | None:
    if config is None:
        return None
    held = getattr(config, name, None)
    if held is None:
        held = _json_value(dict(config.settings).get(name))
    return None if held is None else _setting(name, held, config.origin, config.file)


def _json_value(text: str | None) -> Any:
    """Value of a key that `Config` has no field for; only true and false are of use."""
    return {"true": True, "false": False}.get(text or "")


def _from_script(name: str, script: ScriptFacts | None) -> Setting | None:
    """The last call in the script that sets the name to a literal: what a variable holds cannot be read."""
    for called, source, _ in reversed(script.settings if script is not None else ()):
        if called == name:
            with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                return _setting(name, ast.literal_eval(source), "script", script.file if script is not None else None)
    return None


def _default(name: str) -> Setting:
    return _setting(name, DEFAULTS[name], "default", None)


def _setting(name: str, held: Any, origin: Origin, file: str | None) -> Setting:
    shown = list(held) if isinstance(held, tuple) else held
    return Setting(name=name, value=repr(shown), origin=origin, file=file)


def _number(text: str | None, name: str) -> float:
    """The number in `text`, else the library's default for `name`."""
    with suppress(ValueError, OverflowError):
        number = float(text or "")
        int(number)  # neither nan nor inf counts anything
        return number
    return float(DEFAULTS[name])


def _numbers(text: str | None) -> tuple[float, ...]:
    """A list of numbers or a single one, as the library takes both; else its default."""
    with suppress(ValueError, SyntaxError, TypeError, OverflowError):
        held = ast.literal_eval(text or "")
        numbers = tuple(float(entry) for entry in (held if isinstance(held, list | tuple) else [held]))
        if numbers and all(abs(number) < float("inf") for number in numbers):
            return numbers
    return tuple(DEFAULTS["improvement_threshold"])
