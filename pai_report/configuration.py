"""The project's own choices: `pai-report.toml`, or the table `[tool.pai-report]` of `pyproject.toml`.

The nearest file upwards from a folder counts, as other development tools have it. In it may stand

    direction = "minimize"          # or "maximize"
    original_params = 1200000
    follow_links = true             # read files of a run that are links out of its folder
    off = ["PAI604"]                # rules that are not asked

    [limits]
    gap_notice = 4                  # any limit that the appendix of a report lists

    [[known]]                       # stays quiet in the nightly digest, see docs/batch.md
    run = "resnet-*"
    code = "PAI061"
    until = 2027-01-31
    reason = "small validation set"

Names may be written with hyphens as well. Every mistake is an ExpectedError that names the file and the key.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import Field, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from pai_report.decode import DecodeError, toml_table
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.run.access import MEGABYTE, Allowance, UnreadError, read_file
from pai_report.settings import Known, Settings

OWN, SHARED = "pai-report.toml", "pyproject.toml"
KEYS = ("direction", "original_params", "follow_links", "off", "limits", "known")
DIRECTIONS = ("maximize", "minimize")
RISING = (  # limits that only make sense in this order
    ("real_level", "uncertain_level"),
    ("gap_notice", "gap_overfitting"),
    ("stable", "unstable"),
    ("pb_not_learning", "pb_low"),
    ("pb_low", "pb_good"),
)
LARGEST = Allowance(size=MEGABYTE, setting="")  # of a configuration file; the usual ones have kilobytes
LONGEST = 60  # characters of an entry in a message
MOST = 2**53  # of a whole number: a float counts no further
Table = Mapping[str, Any]


def configured(folder: Path, *, follow_links: bool = False) -> Settings:
    """The settings of the nearest configuration file in `folder` or above it; the defaults where there is none.

    `follow_links` as the user asks for it, beside what the file says: a `pai-report.toml` that is a link out of its own
    folder is read only then.

    Raises ExpectedError "bad-configuration" for a file that cannot be read, and for unknown keys, codes and values.
    """
    for place in (folder, *folder.parents):
        for name in (OWN, SHARED):
            path = place / name
            held = _table(path, follow_links=follow_links) if os.path.lexists(path) else None
            if held is not None:
                chosen = _settings(held, name)
                return replace(chosen, follow_links=chosen.follow_links or follow_links)
    return Settings(follow_links=follow_links)


def _table(path: Path, *, follow_links: bool) -> Table | None:
    """The table that is ours; None where `pyproject.toml` has none.

    Of a `pyproject.toml` nothing but a valid table of ours is ever quoted, so that it may be any link.
    """
    root = None if follow_links or path.name == SHARED else path.parent
    try:
        held = toml_table(read_file(path, LARGEST, root))
    except UnreadError as error:
        if path.name == SHARED:
            return None  # another tool's business; it says so itself
        raise ExpectedError("bad-configuration", f"{path.name}: {error.sentence}", error.remedy) from error
    except DecodeError as error:
        if path.name == SHARED:
            return None
        _refuse(path.name, f"it cannot be read: {error}")
    if path.name == OWN:
        return held
    tools = held.get("tool")
    ours = tools.get("pai-report") if isinstance(tools, dict) else None
    return ours if isinstance(ours, dict) else None


def _settings(held: Table, file: str) -> Settings:
    given = _named(held, KEYS, file, "")
    direction, original = given.get("direction"), given.get("original_params")
    if direction is not None and direction not in DIRECTIONS:
        _refuse(file, f"direction is {_quoted(direction)}, expected one of {', '.join(DIRECTIONS)}")
    if original is not None and (not _is_whole(original) or original < 1):
        _refuse(file, f"original_params is {_quoted(original)}, expected a whole number of parameters")
    follow = given.get("follow_links", False)
    if not isinstance(follow, bool):
        _refuse(file, f"follow_links is {_quoted(follow)}, expected true or false")
    judging = Settings(
        direction=direction,
        original_params=original,
        limits=_limits(given.get("limits", {}), file),
        off=_off(given.get("off", []), file),
        follow_links=follow,
    )
    return replace(judging, known=_known(given.get("known", []), file), file=None if judging == Settings() else file)


def _limits(held: Any, file: str) -> Limits:
    if not isinstance(held, dict):
        _refuse(file, "limits must be a table, such as [limits] with gap_notice = 4 below it")
    known = {field.name: field for field in fields(Limits)}
    given = {name: _limit(known[name], number, file) for name, number in _named(held, known, file, "limits.").items()}
    made = replace(Limits(), **given)  # type: ignore[arg-type] # each of the type of its field, by _limit
    for lower, upper in RISING:
        if getattr(made, lower) > getattr(made, upper):
            pair = f"limits.{lower} ({getattr(made, lower):g}) is above limits.{upper} ({getattr(made, upper):g})"
            _refuse(file, pair)
    return made


def _limit(field: Field[Any], number: Any, file: str) -> float:
    unit = str(field.metadata["unit"])
    if field.type is int:
        if not _is_whole(number) or number < 1:
            _refuse(file, f"limits.{field.name} is {_quoted(number)}, expected a whole number of {unit}, at least 1")
        return int(number)
    usable = isinstance(number, float) or _is_whole(number)
    usable = usable and math.isfinite(number) and number > 0
    if not usable or (unit == "probability" and number >= 1):
        bound = " between 0 and 1" if unit == "probability" else " above 0"
        _refuse(file, f"limits.{field.name} is {_quoted(number)}, expected a number{bound} ({unit})")
    return float(number)


def _off(held: Any, file: str) -> tuple[str, ...]:
    if not isinstance(held, list):
        _refuse(file, 'off must be a list of codes, such as off = ["PAI604"]')
    return tuple(sorted({_code(code, file, "off") for code in held}))


def _known(held: Any, file: str) -> tuple[Known, ...]:
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        _refuse(file, "known must be tables, each under [[known]]")
    return tuple(_one_known(one, file) for one in held)


def _one_known(held: Table, file: str) -> Known:
    given = _named(held, ("run", "code", "until", "reason"), file, "known.")
    run, until, reason = given.get("run", "*"), given.get("until"), given.get("reason", "")
    if type(until) is not date:
        _refuse(
            file, f"known.until is {_quoted(until)}, expected a date such as 2027-01-31, after which the finding is told again"
        )
    if not isinstance(run, str) or not isinstance(reason, str):
        _refuse(file, "known.run and known.reason must be text")
    return Known(run=run, code=_code(given.get("code"), file, "known.code"), until=until, reason=reason)


def _code(held: Any, file: str, key: str) -> str:
    from pai_report.advice.catalogue import CATALOGUE  # noqa: PLC0415 only where a code has to be checked

    codes = {rule.code for rule in CATALOGUE}
    if not isinstance(held, str) or held.upper() not in codes:
        _refuse(file, f"{key} names {_quoted(held)}, which is the code of no rule", "`pai-report rules` lists every code.")
    return held.upper()


def _named(held: Table, names: Any, file: str, prefix: str) -> dict[str, Any]:
    """The table with hyphens in its keys as underscores; unknown keys are refused with the nearest known one."""
    given = {str(key).replace("-", "_"): content for key, content in held.items()}
    for key in given:
        if key not in names:
            near = get_close_matches(key, names, n=1)
            hint = f"Did you mean {prefix}{near[0]}?" if near else f"Known are: {', '.join(names)}."
            _refuse(file, f"{prefix}{key[:LONGEST]} is not known", hint)
    return given


def _is_whole(number: Any) -> bool:
    """Whether `number` is a whole number that a float counts as well."""
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= MOST


def _quoted(entry: Any) -> str:
    """An entry of the file as a message quotes it: values in one piece, cut short; tables and lists by name only."""
    if isinstance(entry, dict | list):
        return "a table" if isinstance(entry, dict) else "a list"
    text = repr(entry)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _refuse(file: str, what: str, hint: str = "Correct the file, or remove the entry to have the default.") -> NoReturn:
    raise ExpectedError("bad-configuration", f"{file}: {what}.", hint)
