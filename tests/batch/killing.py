"""A night as a process of its own that can be killed, with all that came of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import PROJECT

ENTRY = "import sys; from pai_report.cli import main; sys.exit(main())"


def started(runs: Path | str, output: Path | str, *options: str, **environment: str) -> subprocess.Popen[str]:
    """`pai-report batch` in a session of its own, so that its workers can be told from all other processes."""
    command = [sys.executable, "-c", ENTRY, "batch", str(runs), "-o", str(output), *options]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def spent(runs: Path | str, output: Path | str, *options: str) -> tuple[int, str]:
    """Exit code and standard error of a night."""
    process = started(runs, output, *options)
    _, told = process.communicate(timeout=600)
    return process.returncode, told


def killed(process: subprocess.Popen[str], after: float) -> bool:
    """Kill a night after some seconds, as `kill -9` does; False where it was over before."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    process.communicate()
    return False


def members(session: int) -> list[int]:
    """Processes of a session that are not merely waiting to be reaped."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, _, _, held = (entry / "stat").read_text().rpartition(") ")[2].split()[:4]
            except OSError:
                continue
            if int(held) == session and state != "Z":
                found.append(int(entry.name))
    return found


def outlived(session: int, seconds: float = 120) -> list[int]:
    """What is left of a session that has this long to end; the wait is over as soon as nothing is."""
    end = time.monotonic() + seconds
    while (left := members(session)) and time.monotonic() < end:
        time.sleep(0.02)
    return left
