"""One walk over a parsed script: which names are bound to what, in which scope, and every call in order."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from pai_report.values import value

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Held: TypeAlias = ast.AST | str | None  # an expression or definition, the dotted name of an import, or something unknown


@dataclass(slots=True, eq=False)
class Scope:
    """What each name of one module, class or function is bound to, in order."""

    parent: "Scope | None" = None
    is_class: bool = False
    bound: dict[str, list[Held]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)  # declared global or nonlocal

    def bind(self, name: str, node: Held) -> None:
        """Add one binding of `name`; a name declared global or nonlocal belongs to a scope above."""
        scope = self
        while name in scope.elsewhere and scope.parent is not None:
            scope = scope.parent
        scope.bound.setdefault(name, []).append(node)

    def owner(self, name: str) -> "Scope | None":
        """The scope that a name used here belongs to; functions do not see the class body around them."""
        scope: Scope | None = self
        while scope is not None and (name not in scope.bound or (scope.is_class and scope is not self)):
            scope = scope.parent
        return scope


@value
class Call:
    """A call, where it stands, and whether it is made whatever the conditions in the script say."""

    node: ast.Call
    scope: Scope
    certain: bool


class Walk(ast.NodeVisitor):
    """The walk; afterwards `module` holds the names, `calls` the calls and `classes` the scopes of class bodies.

    `assigned` names the attributes that the script assigns to (`args.save_name = …`).
    """

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope()
        self.calls: list[Call] = []
        self.classes: dict[ast.AST, Scope] = {}
        self.assigned: set[str] = set()
        self._scope = self.module
        self._certain = True
        self.visit(tree)

    @contextmanager
    def _inside(self, scope: Scope | None = None, *, certain: bool = True) -> Iterator[None]:
        before = self._scope, self._certain
        self._scope, self._certain = scope or self._scope, self._certain and certain
        yield
        self._scope, self._certain = before

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Keep the call."""
        self.calls.append(Call(node=node, scope=self._scope, certain=self._certain))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Bind the function's name and walk its body in a scope of its own."""
        self._scope.bind(node.name, node)
        self._visit_all(node.decorator_list)
        self._function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 the visitor's naming

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Walk the body in a scope of its own."""
        self._function(node, [node.body])

    def _function(self, node: Function, body: Sequence[ast.AST]) -> None:
        self._visit_all([*node.args.defaults, *node.args.kw_defaults])
        with self._inside(Scope(parent=self._scope)):
            for parameter in ast.walk(node.args):
                if isinstance(parameter, ast.arg):
                    self._scope.bind(parameter.arg, None)
            self._visit_all(body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Bind the class's name and walk its body in a scope of its own."""
        self._scope.bind(node.name, node)
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self.classes[node] = Scope(parent=self._scope, is_class=True)
        with self._inside(self.classes[node]):
            self._visit_all(node.body)

    def visit_If(self, node: ast.If) -> None:
        """What stands under a condition is not certain, except under `if __name__ == "__main__"`."""
        self.visit(node.test)
        is_main = any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
        with self._inside(certain=is_main):
            self._visit_all(node.body)
        with self._inside(certain=False):
            self._visit_all(node.orelse)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Neither branch is certain."""
        self.visit(node.test)
        with self._inside(certain=False):
            self._visit_all([node.body, node.orelse])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Runs only after an exception."""
        if node.name:
            self._scope.bind(node.name, None)
        with self._inside(certain=False):
            self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        """One of several cases."""
        with self._inside(certain=False):
            self.generic_visit(node)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        """The names belong to a scope above."""
        self._scope.elsewhere.update(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815 the visitor's naming

    def visit_Import(self, node: ast.Import) -> None:
        """Bind the module, or its alias, to its dotted name."""
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._scope.bind(alias.asname or top, alias.name if alias.asname else top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Bind each name to its dotted name."""
        for alias in node.names:
            self._scope.bind(alias.asname or alias.name, f"{node.module or ''}.{alias.name}")

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bind the targets to the value."""
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Bind the target to the value, if there is one."""
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Bind the name to the value."""
        self.visit(node.value)
        self._assign(node.target, node.value)

    def _assign(self, target: ast.AST, assigned: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self._scope.bind(target.id, assigned)
        elif isinstance(target, ast.Tuple) and isinstance(assigned, ast.Tuple) and len(target.elts) == len(assigned.elts):
            for element, part in zip(target.elts, assigned.elts, strict=True):
                self._assign(element, part)
        else:
            self.visit(target)

    def visit_Name(self, node: ast.Name) -> None:
        """A name that is a target of anything else (loop, with, augmented assignment, del) holds something unknown."""
        if not isinstance(node.ctx, ast.Load):
            self._scope.bind(node.id, None)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Keep the names of attributes that are assigned to."""
        if not isinstance(node.ctx, ast.Load):
            self.assigned.add(node.attr)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        """A pattern that captures binds its name."""
        if node.name:
            self._scope.bind(node.name, None)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs  # noqa: N815 the visitor's naming
