"""What is shipped: the wheel, the source distribution, and the machinery that sets both up."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import PROJECT, SAMPLES

from pai_report import __version__
from pai_report.report.assets import folder

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
STEM = f"pai_report-{__version__}"


def normal(name: str) -> str:
    """A package name as package indexes compare it (PyPA, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(requirement: str) -> str:
    """The package name in a requirement such as "pandas>=2.2"."""
    return normal(re.split(r"[<>=!~;\[ ]", requirement)[0])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that is built from it; nothing is fetched."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(PROJECT)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return target


@pytest.fixture(scope="module")
def wheel(built: Path) -> list[str]:
    """The files in the wheel."""
    return ZipFile(built / f"{STEM}-py3-none-any.whl").namelist()


@pytest.mark.slow
def test_wheel_holds_the_package_and_nothing_else(wheel: list[str]) -> None:
    """The wheel puts one name beside its own metadata into the environment: neither tests nor samples nor templates."""
    assert {"pai_report", f"{STEM}.dist-info"} == {name.split("/")[0] for name in wheel}


@pytest.mark.slow
def test_wheel_holds_every_module_and_the_typing_mark(wheel: list[str]) -> None:
    """Every module of the checkout is in the wheel, and py.typed, without which type checkers ignore the annotations."""
    modules = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "pai_report").rglob("*.py")}

    assert set() == (modules | {"pai_report/py.typed"}) - set(wheel)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["templates", "styles"])
def test_wheel_holds_the_assets_inside_the_package(wheel: list[str], kind: str) -> None:
    """Templates and styles lie beside the package in the checkout and inside it in the wheel, file for file."""
    shipped = {name.removeprefix("pai_report/") for name in wheel if name.startswith(f"pai_report/{kind}/")}
    present = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / kind).rglob("*") if path.is_file()}

    assert present
    assert present == shipped


@pytest.mark.slow
def test_wheel_holds_the_licence(wheel: list[str]) -> None:
    """The Apache licence asks that every copy comes with its text."""
    assert f"{STEM}.dist-info/licenses/LICENSE" in wheel


@pytest.mark.slow
def test_source_distribution_can_be_tested(built: Path) -> None:
    """The source distribution holds what a packager needs to build and test, and no leftovers of the work."""
    with tarfile.open(built / f"{STEM}.tar.gz") as archive:
        top = {name.split("/")[1] for name in archive.getnames()}

    assert {
        ".gitignore",  # hatchling adds it, so that a checkout made of it ignores the same files
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "PKG-INFO",
        "README.md",
        "SECURITY.md",
        "constraints.txt",
        "docs",
        "pai_report",
        "pyproject.toml",
        "samples",
        "styles",
        "templates",
        "tests",
    } == top


@pytest.mark.slow
def test_installed_wheel_reports_from_an_empty_folder(built: Path, tmp_path: Path) -> None:
    """The installed command needs nothing of the checkout: run elsewhere, it writes Markdown and HTML."""
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*install, str(built / f"{STEM}-py3-none-any.whl")], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [str(site / "bin" / "pai-report"), str(SAMPLES / "improved"), "-o", "run.md", "-o", "run.html"]

    where = [sys.executable, "-c", "import pai_report; print(pai_report.__file__)"]
    imported = subprocess.run(where, cwd=empty, env=environment, capture_output=True, text=True, check=True).stdout
    made = subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, check=False)

    assert Path(imported.strip()) == site / "pai_report" / "__init__.py"
    assert made.returncode == 0, made.stderr
    assert (empty / "run.md").read_text("utf-8").startswith("# ")
    assert "</html>" in (empty / "run.html").read_text("utf-8")


@pytest.mark.parametrize("kind", ["templates", "styles"])
def test_checkout_finds_its_assets_beside_the_package(kind: str) -> None:
    """In a checkout, editable installs included, the assets are the folders a developer edits."""
    assert PROJECT / kind == folder(kind)  # type: ignore[arg-type]


def test_constraints_name_every_declared_package_with_one_version() -> None:
    """Whatever pyproject.toml asks for, to run, to build or to test, has one exact version and no address."""
    lines = [line for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    pinned = {normal(line.partition("==")[0]) for line in lines}
    declared = {
        required(requirement)
        for requirement in (
            *PYPROJECT["project"]["dependencies"],
            *PYPROJECT["build-system"]["requires"],
            *PYPROJECT["dependency-groups"]["dev"],
        )
    }

    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert set() == declared - pinned


def test_every_dependency_has_an_oldest_version_that_development_is_not_older_than() -> None:
    """`make test-versions` reads the oldest versions from these lines; development has one between them and the newest."""
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    asked = [*PYPROJECT["project"]["dependencies"], *(requirement for extra in extras for requirement in extra)]
    pairs = [line.split("==") for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line]
    pinned = {normal(name): [int(part) for part in re.findall(r"\d+", version)] for name, version in pairs}
    floors = {normal(name): version for name, _, version in (requirement.partition(">=") for requirement in asked)}

    assert all(re.fullmatch(r"[\d.]+", version) for version in floors.values())
    assert [name for name in floors if pinned[name] < [int(part) for part in floors[name].split(".")]] == []


def test_every_imported_library_is_declared() -> None:
    """What the package imports it asks for by name, not through another package that happens to need it too."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (PROJECT / "pai_report").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imports = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imports |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    foreign = {name.split(".")[0] for name in imports} - {"pai_report", *sys.stdlib_module_names}
    owners = packages_distributions()
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    asked = [*PYPROJECT["project"]["dependencies"], *(requirement for extra in extras for requirement in extra)]
    by_name = {"weasyprint", "s3fs"}  # imported by name, the latter by fsspec

    assert {normal(owners[name][0]) for name in foreign} | by_name == {required(requirement) for requirement in asked}
