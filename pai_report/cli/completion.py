"""`pai-report completion SHELL`: what completes commands and options."""

from typing import Annotated, Literal

from cyclopts import Parameter

from pai_report.cli.talk import show


def completion(shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(name="SHELL")], /) -> None:
    """Print the completion of commands and options for SHELL.

    Parameters
    ----------
    shell
        In the start-up file of bash: eval "$(pai-report completion bash)"; zsh alike; fish: pai-report completion fish | source
    """
    from pai_report.cli import app

    register = "\ncompdef _cyclopts_pai-report pai-report" if shell == "zsh" else ""  # which zsh does by itself for files only
    show(app.generate_completion(shell=shell) + register)
