# ruff: noqa: INP001, T201 - a script that prints a table
"""The size and shape of `pai_report/` in a dozen numbers, with the most each may be (`make measure`).

    python benchmarks/code_measures.py

Exit code 1 where a number is above its bound. Definitions:

- *lines of code*: lines that are neither blank nor a comment nor part of a docstring.
- *fields copied by hand*: in one call of a value class three or more arguments of the form `name=other.name`; each counts.
- *short modules*: below 60 lines, `__init__.py` apart.
- *empty names*: bindings of a name that says nothing about what it holds.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

PACKAGE = Path(__file__).parents[1] / "pai_report"
EMPTY_NAMES = frozenset({"held", "told", "found", "one", "made"})
SHORT_MODULE = 60  # lines
COPIED = 3  # fields in one call


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One parsed module."""

    path: Path
    lines: tuple[str, ...]
    tree: ast.Module

    @property
    def name(self) -> str:
        """Dotted name: "pai_report.run.model"."""
        parts = self.path.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number and the most it may be; None: no bound."""

    what: str
    number: float
    most: float | None = None

    @property
    def within(self) -> bool:
        """Whether the number is within its bound."""
        return self.most is None or self.number <= self.most


def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return tuple(_parsed(path) for path in paths)


def _parsed(path: Path) -> Module:
    text = path.read_text("utf-8")
    return Module(path=path, lines=tuple(text.splitlines()), tree=ast.parse(text))


def measures(package: tuple[Module, ...]) -> tuple[Measure, ...]:
    """All the numbers, in the order in which they are printed."""
    lengths = sorted(length for module in package for length in function_lengths(module.tree))
    lines = sum(len(module.lines) for module in package)
    named = [name for module in package for name in public_names(module.tree)]
    imports = sum(import_lines(module.tree) for module in package)
    return (
        Measure(what="modules", number=len(package), most=185),
        Measure(what="lines", number=lines, most=22_200),
        Measure(what="lines of code", number=sum(code_lines(module) for module in package)),
        Measure(what="lines of a function, median", number=median(lengths), most=6),
        Measure(what="lines of a function, 90th percentile", number=quantiles(lengths, n=10)[-1], most=16),
        Measure(what="lines of a function, most", number=lengths[-1], most=69),
        Measure(what="public names", number=len(named)),
        Measure(what="public names without a docstring", number=sum(not documented for documented in named), most=0),
        Measure(what="short modules", number=sum(is_short(module) for module in package), most=25),
        Measure(what="modules with one importer", number=sum(count == 1 for count in importers(package).values())),
        Measure(what="import lines, percent", number=round(100 * imports / lines, 1)),
        Measure(what="fields copied by hand", number=copied_fields(package), most=30),
        Measure(what="empty names", number=sum(len(tuple(empty_names(module.tree))) for module in package), most=0),
    )


def function_lengths(tree: ast.AST) -> Iterator[int]:
    """Lines of every function, from its `def` to its end."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def code_lines(module: Module) -> int:
    """Lines that are neither blank nor a comment nor part of a docstring."""
    told = {line for node in ast.walk(module.tree) for line in _docstring_lines(node)}
    return sum(
        bool(text.strip()) and not text.strip().startswith("#") and place not in told
        for place, text in enumerate(module.lines, start=1)
    )


def _docstring_lines(node: ast.AST) -> range:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return range(0)


def public_names(tree: ast.Module) -> Iterator[bool]:
    """For every public function, class and method whether it has a docstring."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield ast.get_docstring(node) is not None
            inner = node.body if isinstance(node, ast.ClassDef) else []
            methods = (part for part in inner if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"))
            yield from (ast.get_docstring(method) is not None for method in methods)


def is_short(module: Module) -> bool:
    """Whether a module is a sliver."""
    return module.path.name != "__init__.py" and len(module.lines) < SHORT_MODULE


def importers(package: tuple[Module, ...]) -> dict[str, int]:
    """How many modules import each module that is imported at all."""
    names = {module.name for module in package}
    users: dict[str, set[str]] = {}
    for module in package:
        for name in _imported(module.tree) & names:
            users.setdefault(name, set()).add(module.name)
    return {name: len(users[name]) for name in users}


def _imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def import_lines(tree: ast.AST) -> int:
    """Lines of import statements."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in statements)


def copied_fields(package: tuple[Module, ...]) -> int:
    """Arguments `name=other.name` in calls of value classes that copy three or more so."""
    nodes = (node for module in package for node in ast.walk(module.tree))
    classes = {node.name for node in nodes if isinstance(node, ast.ClassDef) and _is_value(node)}
    calls = (node for module in package for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    copied = (_copied(call) for call in calls if isinstance(call.func, ast.Name) and call.func.id in classes)
    return sum(number for number in copied if number >= COPIED)


def _is_value(node: ast.ClassDef) -> bool:
    return any(ast.unparse(mark) == "value" for mark in node.decorator_list)


def _copied(call: ast.Call) -> int:
    return sum(isinstance(word.value, ast.Attribute) and word.value.attr == word.arg for word in call.keywords)


def empty_names(tree: ast.AST) -> Iterator[str]:
    """Every binding of an empty name: assignment, loop, comprehension, parameter, pattern."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in EMPTY_NAMES:
            yield node.id
        elif isinstance(node, ast.arg) and node.arg in EMPTY_NAMES:
            yield node.arg
        elif isinstance(node, ast.MatchAs) and node.name in EMPTY_NAMES:
            yield node.name


def main() -> int:
    """Print the numbers; 1 where one is above its bound."""
    table = measures(modules())
    for row in table:
        bound = "" if row.most is None else f"at most {row.most:,g}"
        print(f"{row.what:<40}{row.number:>10,g}   {bound}{'' if row.within else '   ABOVE'}")
    return 0 if all(row.within for row in table) else 1


if __name__ == "__main__":
    sys.exit(main())
