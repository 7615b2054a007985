"""The library's own names: which settings exist, since when, and the lines of code that use them.

The library ignores an unknown `set_*` name without an error, so every name printed comes from this table. Source: the
released versions 1.0.1 to 3.2.9, each setter executed against 3.2.9.
"""

from pai_report.analysis.model import Identity
from pai_report.values import value


@value
class Known:
    """A setting of the library: first version that has it, and its name before that, if it had one."""

    since: str
    before: str | None = None


SETTINGS: dict[str, Known] = {
    "append_module_ids_to_track": Known(since="1.2.5"),
    "candidate_weight_initialization_multiplier": Known(since="1.2.5"),
    "find_best_lr": Known(since="1.2.5"),
    "first_fixed_switch_num": Known(since="1.2.5"),
    "fixed_switch_num": Known(since="1.2.5"),
    "history_lookback": Known(since="1.2.5"),
    "improvement_threshold": Known(since="1.2.5"),
    "improvement_threshold_raw": Known(since="1.2.5"),
    "max_dendrite_tries": Known(since="1.2.5"),
    "max_dendrites": Known(since="1.2.5"),
    "maximizing_score": Known(since="1.2.5"),
    "module_ids_to_track": Known(since="1.2.5"),
    "module_names_to_perforate": Known(since="3.1.4", before="module_names_to_convert"),
    "n_epochs_to_switch": Known(since="1.2.5"),
    "output_dimensions": Known(since="3.0.9", before="input_dimensions"),
    "switch_mode": Known(since="1.2.5"),
    "testing_dendrite_capacity": Known(since="1.2.5"),
}

ENTRY_POINTS = (("3.2.0", "perforate_model"), ("1.2.5", "initialize_pai"), ("0", "initializePB"))


def library_name(identity: Identity, setting: str) -> str:
    """The name of `setting` in the version that wrote this run. Raises KeyError for a name the library does not have."""
    known = SETTINGS[setting]
    newest = _newest(identity)
    if known.before is not None and newest is not None and _parts(newest) < _parts(known.since):
        return known.before
    return setting


def setter(identity: Identity, setting: str, new: str) -> str:
    """The line that sets `setting` to `new` (Python source)."""
    name = library_name(identity, setting)
    return f"GPA.pc.{name}({new})" if name.startswith("append_") else f"GPA.pc.set_{name}({new})"


def entry_point(identity: Identity) -> str:
    """The call that perforates a model in the version that wrote this run; the newest one when that is unknown."""
    newest = _newest(identity)
    if newest is None:
        return ENTRY_POINTS[0][1]
    return next(name for since, name in ENTRY_POINTS if _parts(newest) >= _parts(since))


def training_loop(*, minimizing: bool, patience: int) -> str:
    """The loop that works: rebuilds the optimizer after each restructure and ends on `training_complete` only.

    Source: executed with library 3.2.9 (rules.md, section 2); the checklist's own loop fails after the first addition.
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


def _newest(identity: Identity) -> str | None:
    """The newest version that can have written the run: None where it is open."""
    return identity.versions[1] or None if identity.versions else None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
