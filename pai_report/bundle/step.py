"""The short version of a report in the summary of a step of GitHub Actions."""

import os
from collections.abc import Mapping
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.pipeline import Study
from pai_report.report.ticket.compose import summary
from pai_report.report.ticket.flavours import step_summary
from pai_report.report.write import explained

VARIABLE = "GITHUB_STEP_SUMMARY"
LARGEST = 1024 * 1024  # bytes of a step; of a larger summary GitHub shows nothing (docs.github.com, "Adding a job summary")


def summary_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where GitHub Actions reads the summary of this step; ExpectedError "no-step-summary" outside of it."""
    name = environment.get(VARIABLE, "")
    if not name:
        sentence = f"--github-summary has nowhere to write to: {VARIABLE} is not set."
        raise ExpectedError(
            "no-step-summary", sentence, "GitHub Actions sets it in every step; elsewhere leave the option out."
        )
    return Path(name)


def add_summary(studied: Study, file: Path) -> None:
    """Append the short version to `file`, whole or not at all.

    Raises ExpectedError: "summary-full" where GitHub would then show nothing, "not-writable", "disk-full", "not-written".
    """
    data = f"\n{step_summary(summary(studied.analysis, studied.judgement))}".encode()
    try:
        held = file.stat().st_size if file.exists() else 0
        if held + len(data) > LARGEST:
            sentence = f"The summary of this step would grow beyond the {LARGEST:,} bytes that GitHub takes."
            raise ExpectedError("summary-full", sentence, "Write fewer reports into one step.")
        _append(file, data, held)
    except OSError as error:
        raise explained(error, file) from error


def _append(file: Path, data: bytes, held: int) -> None:
    """Add `data` at the end; where it does not fit on the disk, leave the file as it was."""
    with file.open("ab") as stream:
        try:
            stream.write(data)
            stream.flush()
        except OSError:
            stream.truncate(held)
            raise
