"""Where templates of the user's own run: jinja2's sandbox, bounded in time, memory and output.

The time limit is a timer signal (setitimer): it interrupts Python code wherever it loops and leaves no thread behind. It needs
the main thread, which commands and workers of `batch` render in, and is missing on Windows and in other threads. A call into C
that does not return (one huge string operation) is bounded by the memory it may take.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS = 30  # a page of the longest sample takes half of one
MOST_CHARACTERS = 64 << 20  # of one document: the largest of ours is about 5 MB
HEADROOM = 1 << 30  # bytes of address space beyond what is taken already


class BoundsError(Exception):
    """A template asked for more than it may have; the message says of what."""


class Sandbox(ImmutableSandboxedEnvironment):
    """jinja2's sandbox: no attribute that begins with an underscore, no change of a value, no long range, no repeated text."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiply numbers of reasonable size, and nothing else."""
        if not all(isinstance(side, int | float) and abs(side) < 1 << 64 for side in (left, right)) or operator == "**":
            raise BoundsError(f"the operator {operator} is for numbers below 2^64 and * only")
        return super().call_binop(context, operator, left, right)


class OwnLoader(FileSystemLoader):
    """Templates from folders, the first one the user's: a link in it that leaves it is no template."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        """As for every loader."""
        source, name, uptodate = super().get_source(environment, template)
        own = os.path.realpath(self.searchpath[0])
        lies_in_own = Path(name).is_relative_to(self.searchpath[0])
        if lies_in_own and not Path(os.path.realpath(name)).is_relative_to(own):
            raise TemplateNotFound(template, f"{template} is a link that leaves the folder of templates")
        return source, name, uptodate


def bounded(environment: Environment, template: str, given: dict[str, Any]) -> str:
    """The template of that name filled, within time, memory and output.

    To compile it computes already what is constant in it. BoundsError for time and output, MemoryError for memory.
    """
    pieces, length = [], 0
    with _timed(), _confined():
        for piece in environment.get_template(template).generate(given):
            pieces.append(piece)
            length += len(piece)
            if length > MOST_CHARACTERS:
                raise BoundsError(f"it writes more than {MOST_CHARACTERS:,} characters")
        return "".join(pieces)


@contextmanager
def _timed() -> Iterator[None]:
    """BoundsError after `SECONDS`, and again every second: code that draws may take the first for a fault of its own."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise BoundsError(f"it takes longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _confined() -> Iterator[None]:
    """At most `HEADROOM` more memory, where the system can limit it; a limit that is lower already stays."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 there is none on Windows

    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    before = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (*before, taken + HEADROOM) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
