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
        known = None
        match node:
            case _ if depth > DEEPEST:
                pass
            case ast.Constant():
                known = Known(value=node.value)
            case ast.Name():
                known = self._of_name(node.id, scope, depth)
            case ast.Attribute():
                known = self._of_attribute(node, scope, depth)
            case ast.JoinedStr():
                known = _joined([self._of_part(part, scope, depth) for part in node.values])
            case ast.BinOp(op=ast.Add()):
                known = _joined([self.of(side, scope, depth + 1) for side in (node.left, node.right)])
            case ast.UnaryOp():
                known = _with_sign(node.op, self.of(node.operand, scope, depth + 1))
            case ast.List() | ast.Tuple():
                known = _listed([self.of(part, scope, depth + 1) for part in node.elts])
        return known

    def _of_name(self, name: str, scope: Scope, depth: int) -> Known | None:
        """The one value of everything that the name is bound to."""
        owner = scope.owner(name)
        bound = owner.bound[name] if owner else []
        known = [self.of(part, owner, depth + 1) for part in bound] if owner else []
        return known[0] if known and all(part == known[0] for part in known) else None

    def _of_part(self, part: ast.expr, scope: Scope, depth: int) -> Known | None:
        """A piece of an f-string, as text."""
        if not isinstance(part, ast.FormattedValue):
            return self.of(part, scope, depth + 1)
        if part.format_spec is not None or part.conversion not in {-1, ord("s")}:
            return None
        known = self.of(part.value, scope, depth + 1)
        return None if known is None else Known(value=str(known.value), origin=known.origin)

    def _of_attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Known | None:
        if node.attr in SWITCH_MODES:
            return Known(value=SWITCH_MODES[node.attr])
        if not isinstance(node.value, ast.Name) or node.attr in self._walk.assigned:
            return None
        owner = scope.owner(node.value.id)
        bound = owner.bound[node.value.id] if owner else []
        if len(bound) == 1 and isinstance(bound[0], ast.ClassDef):
            body = self._walk.classes[bound[0]]
            return self._of_name(node.attr, body, depth + 1) if node.attr in body.bound else None
        if any(isinstance(part, (str, ast.Constant)) for part in bound):
            return None
        return self._of_argument(node.attr, depth)

    def _of_argument(self, name: str, depth: int) -> Known | None:
        """The default of an argument of the command line."""
        known = [self.of(part.default, part.scope, depth + 1) for part in self._arguments.get(name, ())]
        if not known or known[0] is None or any(part != known[0] for part in known):
            return None
        return Known(value=known[0].value, origin="argparse-default")


def _arguments(node: ast.Call) -> list[tuple[str, ast.expr | None]]:
    """Names and defaults of the arguments that `add_argument` or `set_defaults` declares."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in {"add_argument", "set_defaults"}:
        return []
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if node.func.attr == "set_defaults":
        return list(keywords.items())
    flags = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
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
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    kinds = {type(part.value) for part in known}
    if len(kinds) > 1 and not kinds <= {int, float}:
        return None
    total = known[0].value if known else ""
    for part in known[1:]:
        total = total + part.value
    return Known(value=total, origin=_origin(known))


def _with_sign(operator: ast.unaryop, known: Known | None) -> Known | None:
    if known is None:
        return None
    if isinstance(operator, ast.Not):
        return Known(value=not known.value, origin=known.origin)
    if isinstance(operator, ast.USub) and isinstance(known.value, (int, float)):
        return Known(value=-known.value, origin=known.origin)
    return None


def _listed(parts: Sequence[Known | None]) -> Known | None:
    known = [part for part in parts if part is not None]
    return Known(value=[part.value for part in known], origin=_origin(known)) if len(known) == len(parts) else None


def _origin(known: Sequence[Known]) -> Literal["constant", "argparse-default"]:
    return "argparse-default" if any(part.origin == "argparse-default" for part in known) else "constant"


def dotted(node: ast.AST, scope: Scope, depth: int = 0) -> str | None:
    """The full name of `nn.Linear` and the like, import aliases resolved; None for anything but names and attributes."""
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, scope, depth + 1)
        return None if base is None else f"{base}.{node.attr}"
    if not isinstance(node, ast.Name):
        return None
    owner = scope.owner(node.id)
    bound = owner.bound[node.id] if owner else []
    if owner is None or len(bound) != 1 or depth > DEEPEST:
        return node.id
    if isinstance(bound[0], str):
        return bound[0]
    return dotted(bound[0], owner, depth + 1) if isinstance(bound[0], (ast.Attribute, ast.Name)) else node.id
