"""The library's own names: which settings exist, since when, and the lines of code that use them.

The library ignores an unknown `set_*` name without an error, so every name printed comes from here. Source: the released
versions 1.0.1 to 3.2.9; every line printed is executed against 3.2.9 by `make check-api`.
"""

from difflib import get_close_matches

from pai_report.analysis.model import Identity
from pai_report.values import value

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


def library_name(identity: Identity, setting: str) -> str:
    """The name of `setting` in the newest version that can have written this run.

    Raises KeyError for a name the library does not have.
    """
    if setting not in NAMES:
        raise KeyError(setting)
    renamed, newest = RENAMED.get(setting), _newest(identity)
    if renamed is not None and newest is not None and _parts(newest) < _parts(renamed.since):
        return renamed.before
    return setting


def setter(identity: Identity, setting: str, new: str) -> str:
    """The line that sets `setting` to `new` (Python source)."""
    return f"GPA.pc.set_{library_name(identity, setting)}({new})" + _formerly(identity, setting, "set_")


def appender(identity: Identity, setting: str, more: str) -> str:
    """The line that adds `more` (a list as Python source) to the list `setting`."""
    return f"GPA.pc.append_{library_name(identity, setting)}({more})" + _formerly(identity, setting, "append_")


def dimensions(identity: Identity, layout: str) -> str:
    """The line that gives one converted module another output layout."""
    line = f"module.set_this_{library_name(identity, 'output_dimensions')}({layout})"
    return line + _formerly(identity, "output_dimensions", "set_this_")


def entry_point(identity: Identity) -> str:
    """The call that perforates a model in the version that wrote this run; the newest one when that is unknown."""
    newest = _newest(identity)
    if newest is None:
        return ENTRY_POINTS[0][1]
    return next(name for since, name in ENTRY_POINTS if _parts(newest) >= _parts(since))


def ignored(identity: Identity, called: str) -> Ignored | None:
    """Whether the library ignored the setter `called` ("set_…" or "append_…"); None where it has it, or may have it."""
    name = called.partition("_")[2]
    if name in MISTAKES:
        return Ignored(right=MISTAKES[name], sure=True)
    old = next((new for new, held in RENAMED.items() if held.before == name), None)
    if old is not None:
        oldest = identity.versions[0] if identity.versions else ""
        gone = oldest != "" and _parts(oldest) >= _parts(RENAMED[old].since)
        return Ignored(right=old, sure=True) if gone else None
    if name in NAMES or (name in BACKPROPAGATION_ONLY and identity.mode != "gd"):
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


def _formerly(identity: Identity, setting: str, prefix: str) -> str:
    """A remark with the former name of `setting`, where versions before and after the change can have written the run."""
    renamed = RENAMED.get(setting)
    if renamed is None or identity.versions is None or library_name(identity, setting) == renamed.before:
        return ""
    open_to_both = _parts(identity.versions[0]) < _parts(renamed.since)
    return f"  # before {renamed.since}: {prefix}{renamed.before}" if open_to_both else ""


def _newest(identity: Identity) -> str | None:
    """The newest version that can have written the run: None where it is open."""
    return identity.versions[1] or None if identity.versions else None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
