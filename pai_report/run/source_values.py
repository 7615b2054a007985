"""What expressions of a script stand for, where that is certain: constants, f-strings of them, defaults of argparse."""

import ast
from collections.abc import Sequence
from typing import Any, Literal

from pai_report.library import SWITCH_MODES
from pai_report.run.source_walk import Held, Scope, Walk
from pai_report.values import value

DEEPEST = 40  # names that stand for names that stand for names


@value
class Known:
    """A value that the script states. "argparse-default": unless the command line says otherwise."""

    value: Any
    origin: Literal["constant", "argparse-default"] = "constant"


@value
class _Argument:
    default: ast.expr | None
    scope: Scope


class Values:
    """Values of expressions in one script."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._arguments: dict[str, list[_Argument]] = {}
        for call in walk.calls:
            for name, default in _arguments(call.node):
                self._arguments.setdefault(name, []).append(_Argument(default=default, scope=call.scope))

    def of(self, node: Held, scope: Scope, depth: int = 0) -> Known | None:
        """The value of an expression, or None where it cannot be told without running the script."""
        found = None
        match node:
            case _ if depth > DEEPEST:
                pass
            case ast.Constant():
                found = Known(value=node.value)
            case ast.Name():
                found = self._of_name(node.id, scope, depth)
            case ast.Attribute():
                found = self._of_attribute(node, scope, depth)
            case ast.JoinedStr():
                found = _joined([self._of_part(part, scope, depth) for part in node.values])
            case ast.BinOp(op=ast.Add()):
                found = _joined([self.of(side, scope, depth + 1) for side in (node.left, node.right)])
            case ast.UnaryOp():
                found = _with_sign(node.op, self.of(node.operand, scope, depth + 1))
            case ast.List() | ast.Tuple():
                found = _listed([self.of(part, scope, depth + 1) for part in node.elts])
        return found

    def _of_name(self, name: str, scope: Scope, depth: int) -> Known | None:
        """The one value of everything that the name is bound to."""
        owner = scope.owner(name)
        held = owner.bound[name] if owner else []
        found = [self.of(one, owner, depth + 1) for one in held] if owner else []
        return found[0] if found and all(one == found[0] for one in found) else None

    def _of_part(self, part: ast.expr, scope: Scope, depth: int) -> Known | None:
        """A piece of an f-string, as text."""
        if not isinstance(part, ast.FormattedValue):
            return self.of(part, scope, depth + 1)
        if part.format_spec is not None or part.conversion not in {-1, ord("s")}:
            return None
        found = self.of(part.value, scope, depth + 1)
        return None if found is None else Known(value=str(found.value), origin=found.origin)

    def _of_attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Known | None:
        if node.attr in SWITCH_MODES:
            return Known(value=SWITCH_MODES[node.attr])
        if not isinstance(node.value, ast.Name) or node.attr in self._walk.assigned:
            return None
        owner = scope.owner(node.value.id)
        held = owner.bound[node.value.id] if owner else []
        if len(held) == 1 and isinstance(held[0], ast.ClassDef):
            body = self._walk.classes[held[0]]
            return self._of_name(node.attr, body, depth + 1) if node.attr in body.bound else None
        if any(isinstance(one, (str, ast.Constant)) for one in held):
            return None
        return self._of_argument(node.attr, depth)

    def _of_argument(self, name: str, depth: int) -> Known | None:
        """The default of an argument of the command line."""
        found = [self.of(one.default, one.scope, depth + 1) for one in self._arguments.get(name, ())]
        if not found or found[0] is None or any(one != found[0] for one in found):
            return None
        return Known(value=found[0].value, origin="argparse-default")


def _arguments(node: ast.Call) -> list[tuple[str, ast.expr | None]]:
    """Names and defaults of the arguments that `add_argument` or `set_defaults` declares."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in {"add_argument", "set_defaults"}:
        return []
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if node.func.attr == "set_defaults":
        return list(keywords.items())
    flags = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    name = _destination(flags, keywords.get("dest"))
    return [(name, _default(keywords))] if name else []


def _destination(flags: Sequence[str], destination: ast.expr | None) -> str:
    """The attribute of an argument: its `dest`, else its first long flag, else its first."""
    if isinstance(destination, ast.Constant):
        return str(destination.value)
    first = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
    return first.lstrip("-").replace("-", "_")


def _default(keywords: dict[str, ast.expr]) -> ast.expr | None:
    action = keywords.get("action")
    kind = action.value if isinstance(action, ast.Constant) else None
    implied = {"store_true": ast.Constant(value=False), "store_false": ast.Constant(value=True)}.get(str(kind))
    return keywords.get("default", implied)


def _joined(parts: Sequence[Known | None]) -> Known | None:
    """Texts, numbers or lists one after the other, added up."""
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    kinds = {type(part.value) for part in found}
    if len(kinds) > 1 and not kinds <= {int, float}:
        return None
    total = found[0].value if found else ""
    for part in found[1:]:
        total = total + part.value
    return Known(value=total, origin=_origin(found))


def _with_sign(operator: ast.unaryop, found: Known | None) -> Known | None:
    if found is None:
        return None
    if isinstance(operator, ast.Not):
        return Known(value=not found.value, origin=found.origin)
    if isinstance(operator, ast.USub) and isinstance(found.value, (int, float)):
        return Known(value=-found.value, origin=found.origin)
    return None


def _listed(parts: Sequence[Known | None]) -> Known | None:
    found = [part for part in parts if part is not None]
    return Known(value=[part.value for part in found], origin=_origin(found)) if len(found) == len(parts) else None


def _origin(found: Sequence[Known]) -> Literal["constant", "argparse-default"]:
    return "argparse-default" if any(part.origin == "argparse-default" for part in found) else "constant"


def dotted(node: ast.AST, scope: Scope, depth: int = 0) -> str | None:
    """The full name of `nn.Linear` and the like, import aliases resolved; None for anything but names and attributes."""
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, scope, depth + 1)
        return None if base is None else f"{base}.{node.attr}"
    if not isinstance(node, ast.Name):
        return None
    owner = scope.owner(node.id)
    held = owner.bound[node.id] if owner else []
    if owner is None or len(held) != 1 or depth > DEEPEST:
        return node.id
    if isinstance(held[0], str):
        return held[0]
    return dotted(held[0], owner, depth + 1) if isinstance(held[0], (ast.Attribute, ast.Name)) else node.id
