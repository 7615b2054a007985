"""The command line: commands, messages and exit codes. What a command needs is imported when it runs.

Data goes to standard output, talk to standard error. Exit codes: 0 written, 1 the gate of `--fail-on` was reached, 2 bad
input or a requested output that could not be produced, 130 interrupted, 141 the reader of a pipe went away.
"""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Group, Parameter, validators

from pai_report import __version__
from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.report.rendition import Rendered
    from pai_report.run.locate import Ask

WRITTEN, GATE_REACHED, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

app = App(
    name="pai-report",
    version=__version__,
    help="Reports of PerforatedAI training runs: did the dendrites help, at what cost, what to do next.",
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
_direction = Group("Direction of the score", validator=validators.LimitedChoice())
_Path = Annotated[Path, Parameter(name="PATH")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on `arguments` (default: those of the process) and return the exit code."""
    try:
        with _one_shot():
            code = app(sys.argv[1:] if arguments is None else arguments, exit_on_error=False, print_error=False)
            sys.stdout.flush()
    except ExpectedError as error:
        _tell_error(error)
        return FAILED
    except CycloptsError as error:
        _tell(f"pai-report: {error}\nSee pai-report --help.")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more at exit: give it somewhere to go (docs.python.org, signal, SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code or WRITTEN


@app.default
def report(  # noqa: PLR0913 one parameter per option
    path: _Path,
    /,
    *,
    output: Annotated[
        tuple[str, ...], Parameter(name=["--output", "-o"], negative=(), allow_leading_hyphen=True, show_default=False)
    ] = (),
    format: Literal["md", "html", "pdf", "json"] | None = None,  # noqa: A002 the name of the option
    save_name: str | None = None,
    original_params: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None = None,
    minimize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False,
    maximize: Annotated[bool, Parameter(group=_direction, negative=(), show_default=False)] = False,
) -> int:
    """Report on the run in PATH. Without -o, print the answer in short.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, or the training script.
    output
        File to write; its suffix (.md, .html, .pdf, .json) is the format. May repeat. "-" is standard output.
    format
        The format of standard output, for -o -.
    save_name
        Which run to report on, where the folder holds several.
    original_params
        Parameters of the network before it was made smaller for dendrites.
    fail_on
        Exit with 1 if a finding is this severe or worse.
    minimize
        Smaller is better, whatever the files say.
    maximize
        Greater is better, whatever the files say.
    """
    from pai_report import pipeline
    from pai_report.report.terminal import short_answer
    from pai_report.settings import Settings

    targets = pipeline.targets(output, format)
    settings = Settings(direction="minimize" if minimize else "maximize" if maximize else None, original_params=original_params)
    studied = pipeline.study(path, settings, save_name=save_name, ask=_asker())
    if not targets:
        _print(short_answer(studied.analysis, studied.judgement))
    delivered = [_deliver(target.name, made) for target, made in pipeline.tell(studied, targets)]
    if not all(delivered):
        return FAILED
    return GATE_REACHED if fail_on and studied.reaches(fail_on) else WRITTEN


@app.command
def inspect(
    path: _Path,
    /,
    *,
    save_name: str | None = None,
    json: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
) -> None:
    """Show what was found in PATH, what was chosen, what was ignored, and why.

    Parameters
    ----------
    path
        The run folder, a folder that holds exactly one run, or the training script.
    save_name
        Which run to look at, where the folder holds several.
    json
        Print JSON instead of tables.
    """
    from pai_report import inspection

    seen = inspection.inspect(path, save_name=save_name, ask=_asker())
    _print(inspection.as_json(seen) if json else inspection.as_text(seen))


@app.command
def rules() -> None:
    """List every rule: its code, its section and what it says."""
    from pai_report.advice import catalogue

    _print(catalogue.listing())


@app.command
def explain(code: Annotated[str, Parameter(name="CODE")], /) -> None:
    """Explain the rule CODE, such as PAI301: what it looks for, why it matters, what to try, when it is wrong.

    Parameters
    ----------
    code
        The code as reports print it.
    """
    from pai_report.advice import catalogue

    _print(catalogue.page(code))


def _deliver(name: str, made: "Rendered | ExpectedError") -> bool:
    """Put one report where it was asked for and say so; False, with the reason told, where that failed."""
    from pai_report.report.write import write

    try:
        if isinstance(made, ExpectedError):
            raise made
        if name == "-":
            sys.stdout.buffer.write(made.main)
            return True
        write(made, Path(name))
    except ExpectedError as error:
        _tell_error(error)
        return False
    _tell(f"Wrote {name}")
    return True


def _asker() -> "Ask | None":
    """A way to ask the user, None where nobody is there to answer."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def _ask(question: str, candidates: tuple[str, ...]) -> str:
    """Put `question` on the terminal; standard output stays free for data."""
    _tell("\n".join((question, *(f"  {candidate}" for candidate in candidates))))
    sys.stderr.write("> ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _print(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _tell_error(error: ExpectedError) -> None:
    _tell(f"pai-report: {error.sentence}" + (f"\n{error.hint}" if error.hint else ""))


@contextmanager
def _one_shot() -> Iterator[None]:
    """Output that any locale can write, and no cyclic garbage collector: it costs a report a fifth of its time."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()
