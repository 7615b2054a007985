"""The library perforatedai: its settings with type and default, its modes, its names by version, its lines of code.

The library ignores an unknown `set_*` name without an error, so every name printed comes from here. Source: the released
versions 1.0.1 to 3.2.9; every line printed is executed against 3.2.9 by `make check-api`.
"""

import ast
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal

from pai_report.values import value

Kind = Literal["flag", "whole", "number", "numbers", "names"]
Origin = Literal["flag", "config", "script", "default", "nothing"]
Versions = tuple[str, str] | None  # first and last version that writes such files, "" open end; None: not known

SWITCH_EVERY_TIME, HISTORY, FIXED, NEVER = 0, 1, 2, 3
SWITCH_MODES = {
    "DOING_SWITCH_EVERY_TIME": SWITCH_EVERY_TIME,
    "DOING_HISTORY": HISTORY,
    "DOING_FIXED_SWITCH": FIXED,
    "DOING_NO_SWITCH": NEVER,
}
SELF_TEST_SETS = 3  # executed with 3.2.9: sets in epochs 0, 1 and 2, then the end


@value
class Read:
    """A setting that is read: its type, and the library's default (3.2.9); `listed`: shown among the settings in force."""

    kind: Kind
    default: Any
    listed: bool = True


# In the order in which they are listed.
READ: Mapping[str, Read] = {
    "testing_dendrite_capacity": Read(kind="flag", default=True),
    "switch_mode": Read(kind="whole", default=HISTORY),
    "n_epochs_to_switch": Read(kind="whole", default=10),
    "fixed_switch_num": Read(kind="whole", default=250),
    "first_fixed_switch_num": Read(kind="whole", default=-1),
    "improvement_threshold": Read(kind="numbers", default=(0.001, 0.0001, 0.0)),
    "improvement_threshold_raw": Read(kind="number", default=1e-5),
    "max_dendrites": Read(kind="whole", default=100),
    "max_dendrite_tries": Read(kind="whole", default=2),
    "history_lookback": Read(kind="whole", default=1),
    "find_best_lr": Read(kind="flag", default=True),
    "retain_all_dendrites": Read(kind="flag", default=False),
    "candidate_weight_initialization_multiplier": Read(kind="number", default=0.01),
    "module_names_to_perforate": Read(kind="names", default=("PAISequential", "Conv1d", "Conv2d", "Conv3d", "Linear")),
    "module_ids_to_track": Read(kind="names", default=()),
    "maximizing_score": Read(kind="flag", default=True),
    "perforated_backpropagation": Read(kind="flag", default=False),
    "dont_give_up_unless_learning_rate_lowered": Read(kind="flag", default=True),
    "doing_pai": Read(kind="flag", default=True, listed=False),  # an argument of the entry point, kept in the configuration
    "modules_to_perforate": Read(kind="names", default=(), listed=False),
}


@value
class Setting:
    """A library setting in force in this run. `origin` "default": the library's default, not confirmed by any file."""

    name: str
    value: str  # as Python source: "10", "[0.001, 0.0001, 0.0]", "True"
    origin: Origin
    file: str | None = None


@value
class InForce:
    """The settings in force, typed; the library's default where no file tells (executed with 3.2.9).

    `improvement_threshold` is indexed by the number of sets added, its last entry repeats (F5). `n_epochs_to_switch` is the
    patience in epochs, the two intervals count epochs as well.
    """

    testing_dendrite_capacity: bool
    switch_mode: int
    n_epochs_to_switch: int
    fixed_switch_num: int
    first_fixed_switch_num: int
    improvement_threshold: tuple[float, ...]
    improvement_threshold_raw: float
    max_dendrites: int
    max_dendrite_tries: int
    history_lookback: int
    find_best_lr: bool
    retain_all_dendrites: bool
    candidate_weight_initialization_multiplier: float
    module_names_to_perforate: tuple[str, ...]
    module_ids_to_track: tuple[str, ...]
    maximizing_score: bool
    perforated_backpropagation: bool
    dont_give_up_unless_learning_rate_lowered: bool

    def threshold(self, sets: int) -> float:
        """The share by which a score must beat the best one to count, once `sets` sets were added (F5).

        A share beyond the whole score means nothing more than the whole.
        """
        entries = self.improvement_threshold
        return max(-1.0, min(1.0, entries[min(sets, len(entries) - 1)]))


def in_force(settings: Iterable[Setting]) -> InForce:
    """The typed view of the listed settings. A value of the wrong kind counts as not told."""
    return _in_force(tuple((setting.name, setting.value) for setting in settings))


@lru_cache(maxsize=16)
def _in_force(written: tuple[tuple[str, str], ...]) -> InForce:
    texts = dict(written)
    values = {name: typed(name, literal(texts.get(name, ""))) for name, setting in READ.items() if setting.listed}
    return InForce(**{name: READ[name].default if known is None else known for name, known in values.items()})


def typed(name: str, raw: Any) -> Any:
    """`raw`, as JSON or Python hold it, as the type of the setting `name`; None where it is none.

    A list of numbers or of names becomes a tuple; a single number stands for a list of one, as the library takes both.
    """
    match READ[name].kind:
        case "flag":
            return raw if isinstance(raw, bool) else None
        case "names":
            return _names(raw)
        case "numbers":
            numbers = tuple(raw) if isinstance(raw, list | tuple) else (raw,)
            return tuple(float(number) for number in numbers) if numbers and all(map(is_number, numbers)) else None
        case "number":
            return float(raw) if is_number(raw) else None
        case "whole":
            return int(raw) if is_number(raw) and float(raw).is_integer() else None


def _names(raw: Any) -> tuple[str, ...] | None:
    """A list of names; JSON may hold half a surrogate pair, which no report can be written with."""
    if not isinstance(raw, list | tuple) or not all(isinstance(name, str) for name in raw):
        return None
    return tuple(name.encode("utf-8", "replace").decode("utf-8") for name in raw)


def is_number(raw: object) -> bool:
    """Whether `raw` is a finite number that fits a float."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    try:
        return math.isfinite(raw)
    except OverflowError:
        return False


def literal(source: str) -> Any:
    """The value of a Python literal; None where `source` is none."""
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return ast.literal_eval(source)
    return None


# fmt: off
NAMES = frozenset(
    {
        "candidate_weight_init_by_main", "candidate_weight_initialization_multiplier", "checked_skipped_modules",
        "config_file", "configuration_confirmed", "confirm_correct_sizes", "d_type", "dashboard_debug",
        "dashboard_events_enabled", "dashboard_url", "debugging_output_dimensions", "device",
        "dont_give_up_unless_learning_rate_lowered", "drawing_extra_graphs", "drawing_pai", "extra_verbose",
        "find_best_lr", "first_fixed_switch_num", "fixed_switch_num", "global_candidates", "history_lookback",
        "improvement_threshold", "improvement_threshold_raw", "initial_history_after_switches", "learn_dendrites_live",
        "library_extra_scores", "library_extra_scores_without_graphing", "library_validation_score",
        "max_dendrite_tries", "max_dendrites", "maximizing_score", "module_by_name_processing_classes",
        "module_ids_to_perforate", "module_ids_to_track", "module_names_to_not_save", "module_names_to_perforate",
        "module_names_to_track", "module_names_with_processing", "modules_processing_classes", "modules_to_perforate",
        "modules_to_replace", "modules_to_track", "modules_with_processing", "n_epochs_to_switch", "no_extra_n_modes",
        "output_dimensions", "pai_forward_function", "pai_saves", "param_vals_setting", "parameter_ids_to_track",
        "perforated_backpropagation", "replacement_modules", "reset_best_score_on_switch", "retain_all_dendrites",
        "save_name", "save_old_graph_scores", "silent", "strict_loading", "switch_mode", "test_saves",
        "testing_dendrite_capacity", "unwrapped_modules_confirmed", "use_cuda", "using_safe_tensors", "verbose",
        "weight_decay_accepted", "weight_tying_experimental",
    }
)
# fmt: on
"""Every setting of version 3.2.9."""


@value
class Renamed:
    """A setting that had another name: the old name, and the first version opened that has the new one."""

    before: str
    since: str


RENAMED: dict[str, Renamed] = {
    "debugging_output_dimensions": Renamed(before="debugging_input_dimensions", since="3.0.4"),
    "module_ids_to_perforate": Renamed(before="module_ids_to_convert", since="3.1.4"),
    "module_names_to_perforate": Renamed(before="module_names_to_convert", since="3.1.4"),
    "modules_to_perforate": Renamed(before="modules_to_convert", since="3.1.4"),
    "output_dimensions": Renamed(before="input_dimensions", since="3.0.4"),
}
ENTRY_POINTS = (("3.2.0", "perforate_model"), ("1.2.5", "initialize_pai"), ("0", "initializePB"))
BACKPROPAGATION_ONLY = frozenset({"p_epochs_to_switch", "cap_at_n"})
MISTAKES: dict[str, str | None] = {
    "n_epochs_for_switch_history": "n_epochs_to_switch",
    "n_fixed_switch_num": "fixed_switch_num",
    "when_to_switch_mode": "switch_mode",
    "debugging_memory_leak": None,
}
"""Names that circulate although no version has them, with what was meant."""


@value
class Ignored:
    """A setter that the run's library ignores. `right`: the setting probably meant, `sure`: the case is a known one."""

    right: str | None
    sure: bool


def library_name(versions: Versions, setting: str) -> str:
    """The name of `setting` in the newest version that can have written this run.

    Raises KeyError for a name the library does not have.
    """
    if setting not in NAMES:
        raise KeyError(setting)
    renamed, newest = RENAMED.get(setting), _newest(versions)
    if renamed is not None and newest is not None and _parts(newest) < _parts(renamed.since):
        return renamed.before
    return setting


def setter(versions: Versions, setting: str, new: str) -> str:
    """The line that sets `setting` to `new` (Python source)."""
    return f"GPA.pc.set_{library_name(versions, setting)}({new})" + _formerly(versions, setting, "set_")


def appender(versions: Versions, setting: str, more: str) -> str:
    """The line that adds `more` (a list as Python source) to the list `setting`."""
    return f"GPA.pc.append_{library_name(versions, setting)}({more})" + _formerly(versions, setting, "append_")


def dimensions(versions: Versions, layout: str) -> str:
    """The line that gives one converted module another output layout."""
    line = f"module.set_this_{library_name(versions, 'output_dimensions')}({layout})"
    return line + _formerly(versions, "output_dimensions", "set_this_")


def entry_point(versions: Versions) -> str:
    """The call that perforates a model in the version that wrote this run; the newest one when that is unknown."""
    newest = _newest(versions)
    if newest is None:
        return ENTRY_POINTS[0][1]
    return next(name for since, name in ENTRY_POINTS if _parts(newest) >= _parts(since))


def ignored(versions: Versions, called: str, *, gradient_descent: bool) -> Ignored | None:
    """Whether the library ignored the setter `called` ("set_…" or "append_…"); None where it has it, or may have it."""
    name = called.partition("_")[2]
    if name in MISTAKES:
        return Ignored(right=MISTAKES[name], sure=True)
    old = next((new for new, renamed in RENAMED.items() if renamed.before == name), None)
    if old is not None:
        oldest = versions[0] if versions else ""
        gone = oldest != "" and _parts(oldest) >= _parts(RENAMED[old].since)
        return Ignored(right=old, sure=True) if gone else None
    if name in NAMES or (name in BACKPROPAGATION_ONLY and not gradient_descent):
        return None
    return Ignored(right=next(iter(get_close_matches(name, NAMES, 1, 0.7)), None), sure=False)


def training_loop(*, minimizing: bool, patience: int) -> str:
    """The loop that works: rebuilds the optimizer after each restructure and ends on `training_complete` only.

    The checklist's own loop fails after the first addition, because the optimizer is not rebuilt.
    """
    mode = "min" if minimizing else "max"
    return f"""\
def build(model):
    GPA.pai_tracker.set_optimizer(torch.optim.Adam)
    GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)
    return GPA.pai_tracker.setup_optimizer(
        model,
        {{"params": model.parameters(), "lr": lr}},
        {{"mode": "{mode}", "patience": {patience}}},
    )


optimizer, scheduler = build(model)
epoch = -1
while True:
    epoch += 1
    ...  # train one epoch, compute val_score
    model, restructured, training_complete = GPA.pai_tracker.add_validation_score(val_score, model)
    model.to(device)
    if training_complete:
        break
    if restructured:
        optimizer, scheduler = build(model)"""


def _formerly(versions: Versions, setting: str, prefix: str) -> str:
    """A remark with the former name of `setting`, where versions before and after the change can have written the run."""
    renamed = RENAMED.get(setting)
    if renamed is None or versions is None or library_name(versions, setting) == renamed.before:
        return ""
    open_to_both = _parts(versions[0]) < _parts(renamed.since)
    return f"  # before {renamed.since}: {prefix}{renamed.before}" if open_to_both else ""


def _newest(versions: Versions) -> str | None:
    """The newest version that can have written the run: None where it is open."""
    return versions[1] or None if versions else None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
