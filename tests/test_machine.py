"""What a machine lacks is said at once, by what is really loaded, with the remedy that this system has."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from hidden_libraries import HARFBUZZ_SUBSET, PANGO, PANGOFT2, without

from pai_report.machine import LIBRARIES, VENV

NO_ENSUREPIP = "import sys; sys.modules['ensurepip'] = None; from pai_report.machine import main; sys.exit(main())"
PACKAGES = {PANGO: "libpango-1.0-0", PANGOFT2: "libpangoft2-1.0-0", HARFBUZZ_SUBSET: "libharfbuzz-subset0"}
DEBIAN_VENV = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
# A library that needs another one cannot be loaded without it.
UNLOADABLE = {PANGO: [PANGO, PANGOFT2], PANGOFT2: [PANGOFT2], HARFBUZZ_SUBSET: [HARFBUZZ_SUBSET]}
linux = pytest.mark.skipif(sys.platform != "linux", reason="the names of the libraries are those of Linux")


def asked(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The question what this machine lacks, in a process of its own."""
    command, variables = [sys.executable, *arguments], {**os.environ, **environment}
    return subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)


def test_a_machine_that_has_all_is_told_nothing() -> None:
    """Where the tests run, PDFs can be made: no output, exit 0."""
    done = asked("-m", "pai_report.machine")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@linux
@pytest.mark.parametrize("soname", PACKAGES)
def test_each_library_is_looked_for_by_loading_it(soname: str, tmp_path: Path) -> None:
    """One that is there and cannot be loaded is named, with its package, and no other."""
    done = asked("-m", "pai_report.machine", **without(tmp_path, soname))

    assert done.returncode == 1
    assert done.stdout.split() == [PACKAGES[name] for name in UNLOADABLE[soname]]
    assert [name for name in PACKAGES if name in done.stderr] == UNLOADABLE[soname]


@linux
def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    """The package for virtual environments too: on a bare Debian one command brings everything."""
    done = asked("-c", NO_ENSUREPIP, **without(tmp_path, *PACKAGES))

    assert done.stdout.split() == [DEBIAN_VENV, *PACKAGES.values()]
    assert done.stderr.count("\n") == 1
    assert all(name in done.stderr for name in ("ensurepip", *PACKAGES))


@linux
@pytest.mark.parametrize("apt", [True, False])
def test_apt_is_only_named_where_it_is(apt: bool, tmp_path: Path) -> None:
    """Elsewhere the files are named: what their packages are called there we do not know."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    if apt:
        (binaries / "apt-get").touch(mode=0o755)
    done = asked("-m", "pai_report.machine", PATH=str(binaries), **without(tmp_path / "lib", PANGOFT2, HARFBUZZ_SUBSET))

    command = "As root: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0."
    names = f"Install the packages of this system that bring {PANGOFT2}, {HARFBUZZ_SUBSET}."
    assert done.stderr.rstrip().endswith(command if apt else names)
    assert ("apt" in done.stderr) == apt


@linux
@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize("user", [0, 1000])
def test_make_installs_as_root_and_else_says_what_is_missing(user: int, tmp_path: Path) -> None:
    """The Makefile asks the same question: root gets exactly the missing packages, everyone else the sentence and exit 2."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for name, body in {"id": f"echo {user}", "apt-get": f'echo "$*" >>{tmp_path}/called'}.items():
        (binaries / name).write_text(f"#!/bin/sh\n{body}\n")
        (binaries / name).chmod(0o755)
    hidden = without(tmp_path / "lib", PANGOFT2, HARFBUZZ_SUBSET)
    variables = {**os.environ, **hidden, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    command = ["make", "machine", f"ASK={sys.executable}"]
    done = subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 2  # the stand-in for apt-get brings nothing
    assert f"This machine lacks PangoFT2 ({PANGOFT2}), HarfBuzz-Subset ({HARFBUZZ_SUBSET})." in done.stderr
    called = (tmp_path / "called").read_text().splitlines() if user == 0 else []
    assert [line.split()[-2:] for line in called if " install " in f" {line} "] == (
        [["libpangoft2-1.0-0", "libharfbuzz-subset0"]] if user == 0 else []
    )
    assert (tmp_path / "called").exists() == (user == 0)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_report_ends_with_the_short_answer() -> None:
    """After the file the answer: the same words as `pai-report` without an output."""
    command = ["make", "-n", "--no-print-directory", "report", f"ASK={sys.executable}", "SAMPLE=samples/improved"]
    alone = {
        name: told for name, told in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }  # not below `make tests`
    done = subprocess.run(command, cwd=PROJECT, env=alone, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-2:] == [
        ".venv/bin/pai-report samples/improved -o report.pdf",
        ".venv/bin/pai-report samples/improved",
    ]


@pytest.mark.parametrize("page", ["README.md", "docs/tickets.md"])
def test_documents_name_the_packages_that_are_looked_for(page: str) -> None:
    """Every command of apt in the documents brings what a PDF needs, in the same words."""
    commands = re.findall(r"apt-get install (?:-y )?([\w. -]*libpango[\w. -]*)", (PROJECT / page).read_text("utf-8"))

    assert [command.split() for command in commands] == [[library.package for library in LIBRARIES]]


def test_the_question_needs_python_alone() -> None:
    """The Makefile asks before anything is installed, so that only Python's own modules may be imported."""
    code = "import sys, pai_report.machine; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(asked("-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(PROJECT)!r}); {code}").stdout.split())

    assert loaded
    assert loaded - {"pai_report", "__main__", *sys.stdlib_module_names} == set()
    assert VENV.package == DEBIAN_VENV
