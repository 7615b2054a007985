"""The shape of the project: who may import whom, and what may stand in its files."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT

PACKAGE = PROJECT / "pai_report"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOCUMENTS = sorted(path for folder in ("", "docs", "samples") for path in (PROJECT / folder).glob("*.md"))

# Data flows one way, run → analysis → advice → report: each stage knows those before it, and only their values.
MAY_IMPORT = {
    "values": set(),
    "errors": set(),
    "limits": {"values"},
    "decode": set(),
    "png": set(),
    "there": {"errors"},
    "library": {"values"},
    "settings": {"values", "limits"},
    "run": {"values", "errors", "library", "limits", "settings", "decode", "png", "there", "run"},
    "analysis": {"values", "errors", "library", "limits", "settings", "run.model", "analysis"},
    "advice": {"values", "errors", "library", "limits", "settings", "run.model", "analysis.model", "advice"},
    "machine": {"values"},
    "report": {
        "values",
        "errors",
        "library",
        "machine",
        "png",
        "there",
        "limits",
        "settings",
        "run.model",
        "analysis.model",
        "advice",
        "report",
    },
    "bundle": {"values", "errors", "pipeline", "report", "bundle"},
}
# A heavy or confining library and the only place that knows it.
HOMES = {
    "pandas": ("run",),
    "matplotlib": ("report.figures", "report.fonts", "report.isolation"),
    "weasyprint": ("report.pango",),
    "jinja2": ("report",),
    "markdown": ("report",),
    "cyclopts": ("cli",),
    "rich": ("cli",),
    "pebble": ("batch.engine",),
    "filelock": ("batch.lock",),
    "fsspec": ("batch.address",),
    "distributed": ("batch.cluster",),
}
# Names of the collection of real runs: a reader that knew one of them would be a reader that cheats.
REAL_NAMES = (
    "digits-329",
    "digits-204",
    "bank-lead",
    "efficientnet",
    "fire-every-epoch",
    "fire_model",
    "resnet-pb",
    "yolo",
    "gnn-hand",
    "monai",
    "v2run",
    "fixed20",
    "early_exit",
    "late_extra",
    "commaname",
    "nan_exit",
    "uni.name_x",
)


def dotted(path: Path) -> str:
    """Name of the module in `path` below the package: "report.pdf", "cli"."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Full dotted names that the module in `path` imports, wherever in the file; names imported from a package included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(str(node.module))
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            names |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return names


def within(name: str, places: set[str] | tuple[str, ...]) -> bool:
    """Whether the module `name` is one of `places` or inside one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def tracked() -> list[Path]:
    """The files under version control."""
    if not shutil.which("git"):
        pytest.skip("git, which lists the files of a checkout, is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := PROJECT / name).is_file()]


@pytest.mark.parametrize("path", [path for path in MODULES if dotted(path).split(".")[0] in MAY_IMPORT], ids=dotted)
def test_stages_know_only_what_comes_before_them(path: Path) -> None:
    """No stage imports a later one, and of an earlier stage only what may leave it."""
    known = MAY_IMPORT[dotted(path).split(".")[0]]
    own = {name.removeprefix("pai_report.") for name in imported(path) if name.startswith("pai_report.")} - {"__version__"}

    assert set() == {name for name in own if not within(name, known) and not _is_package_of(name, own)}


def _is_package_of(name: str, own: set[str]) -> bool:
    """Whether `name` only names the package of another import (`from pai_report.run import model` names both)."""
    return any(other.startswith(f"{name}.") for other in own)


@pytest.mark.parametrize("library", HOMES)
def test_each_heavy_library_has_one_home(library: str) -> None:
    """Only its home imports the library, so that every other format works and starts without it."""
    users = {dotted(path) for path in MODULES if any(within(name, (library,)) for name in imported(path))}

    assert set() == {user for user in users if not within(user, HOMES[library])}


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=dotted)
def test_help_and_version_import_nothing_heavy(path: Path) -> None:
    """At its top, no module of the command line imports the pipeline or any stage."""
    top = {node.module for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ImportFrom)}
    own = {name for name in top if name and name.startswith("pai_report.")}

    assert set() == {name for name in own if not within(name, ("pai_report.cli", "pai_report.errors"))}


@pytest.mark.parametrize("name", REAL_NAMES)
def test_no_real_run_is_named_in_the_package(name: str) -> None:
    """No name of a real run occurs in the package: what it knows, it knows of every run."""
    found = [path.name for path in MODULES if name in path.read_text("utf-8").lower()]

    assert not found


def test_no_machine_and_no_registry_is_named() -> None:
    """Tracked text names no folder of the machine it was written on and no package registry."""
    machine = re.compile(rb"/(?:work|root|opt|home|Users)/\w|index-[u]rl|find-[l]inks|//(?:[\w.]*\.)?[p]ypi\.")  # not itself
    named = {path.name for path in tracked() if machine.search(path.read_bytes())}

    assert set() == named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link of the document points to a file or folder of the project."""
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
    broken = [link for link in links if "://" not in link and not (document.parent / link).exists()]

    assert not broken


def test_paths_named_in_the_map_exist() -> None:
    """Every path of the package that ARCHITECTURE.md names in code font exists."""
    architecture = (PROJECT / "ARCHITECTURE.md").read_text("utf-8")
    paths = re.findall(r"`((?:pai_report|templates|styles|samples|tests)/[\w./-]*)`", architecture)
    missing = [path for path in paths if not (PROJECT / path).exists()]

    assert paths
    assert not missing


def test_modules_named_in_the_definitions_exist() -> None:
    """Every module that docs/definitions.md names as the home of a definition exists."""
    named = re.findall(r"`((?:run|analysis|advice|report)/[\w/]+\.py)`", (PROJECT / "docs/definitions.md").read_text("utf-8"))
    missing = [path for path in named if not (PACKAGE / path).exists()]

    assert named
    assert not missing
