"""What makes training phases longer, in the settings that the run's switch mode reads.

HISTORY mode waits `n_epochs_to_switch` epochs without improvement, FIXED mode counts `fixed_switch_num` epochs; each ignores
the other's settings (executed with library 3.2.9). Advice names both, `conflicts` keeps those of the run's own mode.
"""

import math
from dataclasses import replace

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase, code, count, say
from pai_report.advice.rule import Case
from pai_report.advice.words import change, setting, steps
from pai_report.library import FIXED

HISTORY_SETTINGS = frozenset({"n_epochs_to_switch"})
FIXED_SETTINGS = frozenset({"fixed_switch_num", "first_fixed_switch_num"})
SHORTEST_INTERVAL = 20  # epochs


def fixed_mode(case: Case) -> bool:
    """Sets are added after a fixed number of epochs."""
    return case.library.switch_mode == FIXED


def mode_known(case: Case) -> bool:
    """The switch mode is told by a file, not only by the library's default."""
    return setting(case, "switch_mode").origin != "default"


def refuted(case: Case, name: str) -> bool:
    """Whether the default of a setting that no file holds cannot have been in force: a set came after fewer epochs than it."""
    shortest = _shortest_interval(case)
    return setting(case, name).origin == "default" and shortest is not None and shortest < getattr(case.library, name)


def patience(case: Case) -> int:
    """More epochs without improvement: half as much again, and twice the scheduler's patience plus two."""
    schedule = case.analysis.schedule
    lowest = 2 * schedule.patience + 2 if schedule is not None and schedule.patience is not None else 0
    return max(math.ceil(1.5 * case.library.n_epochs_to_switch), lowest)


def interval(case: Case) -> int:
    """A longer fixed interval in epochs: twice the present one, or the one seen where the default is refuted; 20 at least."""
    present = _shortest_interval(case) if refuted(case, "fixed_switch_num") else case.library.fixed_switch_num
    return max(SHORTEST_INTERVAL, 2 * (present or SHORTEST_INTERVAL // 2))


def longer_phases(case: Case) -> tuple[Step, ...]:
    """The steps that give every phase more epochs, for both switch modes."""
    between = interval(case)
    return steps(
        _raised(case, "n_epochs_to_switch", patience(case), "HISTORY"),
        _raised(case, "fixed_switch_num", between, "FIXED"),
        change(
            case,
            "first_fixed_switch_num",
            str(2 * between),
            text=say("Give the network without dendrites twice that interval."),
        ),
    )


def longer_phases_action(case: Case, lead: str) -> Phrase:
    """The same as one line for page one, in the run's own mode: `lead`, then the setting's old and new value.

    Where no file tells the mode, both settings are named, each with its mode.
    """
    if not mode_known(case):
        words = f"**{lead}**: `n_epochs_to_switch` to {{a}} in HISTORY mode, `fixed_switch_num` to {{b}} in FIXED mode."
        return say(words, a=code(str(patience(case))), b=code(str(interval(case))))
    name, new = ("fixed_switch_num", interval(case)) if fixed_mode(case) else ("n_epochs_to_switch", patience(case))
    return say(f"**{lead}**: `{name}` {{old}} → {{new}}.", old=code(setting(case, name).value), new=code(str(new)))


def _shortest_interval(case: Case) -> int | None:
    """Epochs trained before the set that came soonest."""
    return min(case.analysis.timing.intervals, default=None)


def _raised(case: Case, name: str, new: int, mode: str) -> Step | None:
    """`name` from its value to `new`, labelled where the mode is not known; a default that was not in force is no old value."""
    step = change(case, name, str(new), text=_in_mode(case, mode, name))
    if step is None or not refuted(case, name):
        return step
    words = f"If the run switches in {mode} mode, set `{name}`: a set came after {{n}}, so its default was not in force."
    return replace(step, text=say(words, n=count(_shortest_interval(case), "epoch")), old=None, old_origin=None)


def _in_mode(case: Case, mode: str, name: str) -> Phrase | None:
    """A label where the switch mode is not known, so that the reader can pick."""
    return None if mode_known(case) else say(f"If the run switches in {mode} mode, raise `{name}`.")
