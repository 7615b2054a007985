"""A training script's save name and settings, read from its syntax tree: the script is never run (requirement L2).

Recognised are the entry points of every library version (`perforate_model` from 3.2.0, `initialize_pai` before, `initializePB`
in 1.0) under any import alias, and the setters of the library's configuration object `pc`.
"""

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from pai_report.errors import ExpectedError
from pai_report.run.model import ScriptFacts
from pai_report.run.source_values import Known, Values, dotted
from pai_report.run.source_walk import Call, Walk

Origin: TypeAlias = Literal["constant", "default", "argparse-default", "variable"]
ENTRY_POINTS = ("perforate_model", "initialize_pai", "initializePB")
DEFAULT = "PAI"  # the library's save name where the script gives none
_POSITION = 2  # of the save name: model, doing_pai, save_name
# Lists that the library fills itself: what is appended to them is not the whole of them.
_FILLED = ("module_names_to_perforate", "modules_to_perforate", "module_names_to_not_save")
_HINT = "Give the run folder itself instead."


def read_script(file: str, data: bytes) -> ScriptFacts:
    """What the script in `data` says; ExpectedError where it is no Python."""
    walk, values = _parsed(file, data)
    entries = [call for call in walk.calls if _is_entry(call)]
    setters = [call for call in walk.calls if _is_setter(call)]
    save_name, origin = _save_name(entries, setters, values)
    return ScriptFacts(
        file=file,
        entry_point=_name(entries[0]) if entries else "",
        save_name=save_name,
        save_name_from=origin,
        settings=tuple(_settings(entries, setters, values)),
        setters=tuple((_name(call), call.node.lineno) for call in setters),
    )


def _parsed(file: str, data: bytes) -> tuple[Walk, Values]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's script, which is not ours to lint
            walk = Walk(ast.parse(data))
            return walk, Values(walk)
    except SyntaxError as error:
        where = f"{file}, line {error.lineno}" if error.lineno else file
        raise ExpectedError("script-not-python", f"{where}: {error.msg}.", _HINT) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ExpectedError("script-not-python", f"{file} cannot be parsed as Python.", _HINT) from error


def _name(call: Call) -> str:
    """The last part of the full name of what is called."""
    return (dotted(call.node.func, call.scope) or "").rpartition(".")[2]


def _is_entry(call: Call) -> bool:
    """Whether a call is the library's; a function or method of that name which the script defines is not."""
    function = call.node.func
    if _name(call) not in ENTRY_POINTS:
        return False
    if isinstance(function, ast.Name):
        owner = call.scope.owner(function.id)
        bound = owner.bound[function.id] if owner else []
        return not any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in bound)
    base = function.value if isinstance(function, ast.Attribute) else None
    return not (isinstance(base, ast.Name) and base.id in {"self", "cls"})


def _is_setter(call: Call) -> bool:
    """Whether a call sets or appends to a setting of the library's configuration object `pc`."""
    function = call.node.func
    if not isinstance(function, ast.Attribute) or not function.attr.startswith(("set_", "append_")):
        return False
    return (dotted(function.value, call.scope) or "").rpartition(".")[2] == "pc"


def _save_name(entries: Sequence[Call], setters: Sequence[Call], values: Values) -> tuple[str | None, Origin]:
    """The save name and where it is from; None with "variable" where it cannot be told, or two calls differ."""
    names = {_save_name_of(call, setters, values) for call in entries}
    return names.pop() if len(names) == 1 else (None, "variable")


def _save_name_of(call: Call, setters: Sequence[Call], values: Values) -> tuple[str | None, Origin]:
    given = _argument(call.node, "save_name", _POSITION)
    if given == "unclear":
        return None, "variable"
    if given is not None:
        known = values.of(given, call.scope)
        if known is None or known.value != "":
            return _named(known)
    set_before = [setter for setter in setters if _name(setter) == "set_save_name"]
    if not set_before:
        return DEFAULT, "default"
    if len(set_before) > 1 or not set_before[0].certain or len(set_before[0].node.args) != 1:
        return None, "variable"
    return _named(values.of(set_before[0].node.args[0], set_before[0].scope))


def _argument(node: ast.Call, keyword: str, position: int) -> ast.expr | Literal["unclear"] | None:
    """An argument of a call by keyword or position; "unclear" behind `*` or `**`."""
    for given in node.keywords:
        if given.arg == keyword:
            return given.value
    if any(isinstance(given, ast.Starred) for given in node.args[: position + 1]):
        return "unclear"
    if len(node.args) > position:
        return node.args[position]
    return "unclear" if any(given.arg is None for given in node.keywords) else None


def _named(known: Known | None) -> tuple[str | None, Origin]:
    """The name as the library sanitises it: letters, digits, `_`, `-` and `.`; it refuses a slash (3.2.9)."""
    if known is None or not isinstance(known.value, str) or "/" in known.value:
        return None, "variable"
    return "".join(sign for sign in known.value if sign.isalnum() or sign in "_-.") or DEFAULT, known.origin


def _settings(entries: Sequence[Call], setters: Sequence[Call], values: Values) -> Iterator[tuple[str, str, int]]:
    """What the script sets whatever its conditions say: per setting the value in force at the end."""
    by_name: dict[str, list[Call]] = {}
    for call in setters:
        by_name.setdefault(_name(call).partition("_")[2], []).append(call)
    for name, calls in by_name.items():
        value = _in_force(name, calls, values)
        if value is not None:
            yield name, value, calls[-1].node.lineno
    for call in entries[-1:]:
        given = _argument(call.node, "maximizing_score", len(call.node.args))
        if isinstance(given, ast.expr):
            yield "maximizing_score", _written(given, call, values), given.lineno


def _in_force(name: str, calls: Sequence[Call], values: Values) -> str | None:
    """The value after all calls that set or append to one setting, as text; None where it cannot be told."""
    if not all(call.certain and len(call.node.args) == 1 for call in calls):
        return None
    last_set = max((at for at, call in enumerate(calls) if _name(call).startswith("set_")), default=-1)
    if last_set < 0 and name in _FILLED:
        return None
    texts = [_written(call.node.args[0], call, values) for call in calls[max(0, last_set) :]]
    return texts[0] if len(texts) == 1 else _one_list(texts)


def _written(node: ast.expr, call: Call, values: Values) -> str:
    """A value as a Python literal where it is certain (classes by their full names), else as the script writes it."""
    known = values.of(node, call.scope)
    if known is not None and known.origin == "constant":
        return repr(known.value)
    if isinstance(node, ast.List):
        names = [dotted(part, call.scope) for part in node.elts]
        if None not in names:
            return repr(names)
    return ast.unparse(node)


def _one_list(texts: Sequence[str]) -> str | None:
    """Lists one after the other as one."""
    try:
        parts = [ast.literal_eval(text) for text in texts]
    except (ValueError, SyntaxError):
        return None
    return repr([entry for part in parts for entry in part]) if all(isinstance(part, list) for part in parts) else None
