"""Run the test suite with the oldest and with the newest versions that pyproject.toml allows, on every Python given.

`python .ci/versions.py [PYTHON...] [-- ARGUMENTS OF PYTEST]`: a table at the end, exit code 1 where a suite was not green.
Without PYTHON all that are on the path and that pai-report supports. The environments stay in `.venv-versions`; they are made
anew every time.
"""

import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PLACE = PROJECT / ".venv-versions"
_FLOOR = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)")


def floors() -> dict[str, str]:
    """Every package that pai-report or one of its extras asks for, with the oldest version allowed."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    matches = {requirement: _FLOOR.fullmatch(requirement) for requirement in (*project["dependencies"], *extras)}
    without = [requirement for requirement, match in matches.items() if match is None]
    if without:
        sys.exit(f"Not of the form name>=version: {', '.join(without)}")
    return {match[1]: match[2] for match in matches.values() if match}


def environment(python: str, oldest: bool) -> tuple[Path, list[str]]:
    """The interpreter of a new environment, and the packages whose oldest version has no wheel for this Python."""
    folder = PLACE / f"{Path(python).name}-{'floors' if oldest else 'newest'}"
    _run(python, "-m", "venv", "--clear", str(folder))
    interpreter = folder / "bin" / "python"
    pip = (str(interpreter), "-m", "pip", "--disable-pip-version-check")
    _run(*pip, "install", "-q", "-U", "pip", "hatchling", "editables")
    pinned, unbuilt = _pins(pip, folder) if oldest else ({}, [])
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()), "utf-8")
    wanted = ("-e", ".[cluster,remote]", "--group", "dev")
    _run(*pip, "install", "-q", "-U", "--only-binary", ":all:", "--no-build-isolation", "-c", str(constraints), *wanted)
    return interpreter, unbuilt


def _pins(pip: tuple[str, ...], folder: Path) -> tuple[dict[str, str], list[str]]:
    """The oldest versions that there are wheels of; of the others, which nobody compiles for a test, the names."""
    wheel = (*pip, "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(folder / "wheels"))
    asked = floors()
    there = {name: _succeeds(*wheel, f"{name}=={version}") for name, version in asked.items()}
    return {name: asked[name] for name in asked if there[name]}, [f"{name} {asked[name]}" for name in asked if not there[name]]


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=PROJECT, check=False)
    if done.returncode:
        sys.exit(f"This failed: {' '.join(command)}")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, cwd=PROJECT, capture_output=True, check=False).returncode == 0


def there() -> list[str]:
    """Every Python from 3.11 on that is on the path and starts."""
    paths = [shutil.which(f"python3.{minor}") for minor in range(11, 30)]
    return [path for path in paths if path and _succeeds(path, "-c", "")]


def suite(interpreter: Path, arguments: list[str]) -> tuple[int, str]:
    """Exit code and last line of pytest; its output is passed through."""
    command = (str(interpreter), "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", *arguments)
    last = ""
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            last = line.strip() or last
    return process.returncode, last


def main(arguments: list[str]) -> int:
    """Both suites on every Python of `arguments`, or on every one there is."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    rows, worst = [], 0
    for python in arguments[:split] or there():
        for oldest in (True, False):
            interpreter, unbuilt = environment(python, oldest)
            start = time.monotonic()
            code, line = suite(interpreter, arguments[split + 1 :])
            seconds = time.monotonic() - start
            note = f"; without a wheel of {', '.join(unbuilt)}" if unbuilt else ""
            rows.append(f"{interpreter.parts[-3]}: {line} ({seconds:.0f} s){note}")
            worst = worst or code
    print(*rows, sep="\n")  # noqa: T201 this is what it is run for
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
