"""A suite that was started in the background, where a shell has Ctrl-C ignored, tests what it tests elsewhere."""

import signal
import subprocess
import sys

import conftest
import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_what_tests_start_hears_ctrl_c() -> None:
    """A process started by a test has the usual handler, although the suite began with the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        conftest.pytest_configure()
        code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    finally:
        signal.signal(signal.SIGINT, before)

    assert done.stdout == "True\n"
