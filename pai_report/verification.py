"""Does a report still follow from the files inside it? For `pai-report verify`."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import msgspec

from pai_report.advice.judge import judge
from pai_report.advice.model import Judgement
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.contract import SCHEMA_VERSION, report_json
from pai_report.report.unfinished import temporary_folder
from pai_report.retelling import AGAIN, Retold, picture, read_report, sources
from pai_report.run.model import Run
from pai_report.run.read import read_run
from pai_report.settings import Settings
from pai_report.values import value

# What concerns files that do not travel with a report: what was ignored in the folder, and why.
NOT_COMPARED = frozenset({"analysis.ignored", "analysis.notes", "generator"})


@value
class Difference:
    """One value of `report.json` that does not follow from the files; `place` is its path, such as `scores.gain`."""

    place: str
    told: str  # JSON text, "nothing" where the key is missing
    found: str


@value
class Verification:
    """What was compared, and where it differs: none for a report that follows from its files."""

    generator: str
    files: int
    findings: int
    numbers: int
    differences: tuple[Difference, ...]
    script: str | None  # name of the training script, whose settings are taken from the report itself


def verify(path: Path, reading: Settings = Settings()) -> Verification:  # noqa: B008 frozen
    """Read, analyse and judge the files inside the PDF `path` again, and compare with what its `report.json` says.

    `reading` says how large the report may be; judged is as the report was.

    Raises ExpectedError as `pai_report.retelling.read_report` and `sources`, and where the files hold no run.
    """
    if path.suffix.lower() != ".pdf":
        raise ExpectedError(
            "no-pdf", f"{path.name} is no PDF.", "The files of a run travel in the PDF report only; verify that."
        )
    report = read_report(path, reading)
    files = sources(report)
    settings = report.judgement.settings
    analysis = analyse(_run(report, files, reading), settings)
    told = _without_script(_told(report), report)
    found = _plain_json(analysis, judge(analysis, settings))
    return Verification(
        generator=report.generator,
        files=len(files),
        findings=len(report.judgement.findings),
        numbers=sum(1 for _ in _numbers(told)),
        differences=tuple(_differences("", told, found)),
        script=report.analysis.identity.script.file if report.analysis.identity.script else None,
    )


def _run(report: Retold, files: tuple[tuple[str, bytes], ...], reading: Settings) -> Run:
    """The run that the files make up in a folder of the same name, with the library's picture and the script's settings."""
    identity = report.analysis.identity
    with temporary_folder() as place:
        folder = place / "above" / _plain(identity.folder)
        folder.mkdir(parents=True)
        shown = picture(report)
        for name, data in (*files, *((shown,) if shown else ())):
            _put(folder, name, data)
        run = _read(folder, identity.save_name, reading)
    run = replace(run, notes=report.analysis.notes)  # what is told of files that were not used rests on them
    script = identity.script
    return run if script is None or run.script else _with_script(run, report)


def _read(folder: Path, save_name: str, reading: Settings) -> Run:
    """The run in `folder`; ExpectedError "damaged-report" where the files are not those of a run of that name."""
    try:
        return read_run(folder, save_name=save_name if save_name != "unnamed" else None, settings=reading)
    except ExpectedError as error:
        sentence = f"The files in the report are not those of the run that it is about ({error.slug})."
        raise ExpectedError("damaged-report", sentence, AGAIN) from error


def _told(report: Retold) -> Any:
    """`report.json` key by key as it stands in the file, so that nothing in it goes unread; an older form is completed."""
    held = report.content
    if held["schema_version"] == SCHEMA_VERSION:
        return held
    return {**_completed(held, _plain_json(report.analysis, report.judgement)), "schema_version": SCHEMA_VERSION}


def _plain_json(analysis: Analysis, judgement: Judgement) -> Any:
    """`report.json` of today, decoded."""
    return msgspec.json.decode(report_json(analysis, judgement))


def _completed(held: Any, today: Any) -> Any:
    """`held` with the keys that its form did not have yet, as they are read today."""
    if isinstance(held, dict) and isinstance(today, dict):
        return {**today, **{key: _completed(one, today.get(key)) for key, one in held.items()}}
    if isinstance(held, list) and isinstance(today, list) and len(held) == len(today):
        return [_completed(one, other) for one, other in zip(held, today, strict=True)]
    return held


def _without_script(told: Any, report: Retold) -> Any:
    """`told` without the digest of the training script, which does not travel with a report."""
    script = report.analysis.identity.script
    kept = [one for one in told["analysis"]["sources"] if script is None or one["name"] != script.file]
    return {**told, "analysis": {**told["analysis"], "sources": kept}}


def _with_script(run: Run, report: Retold) -> Run:
    """The training script does not travel with a report; what it said does."""
    identity = report.analysis.identity
    config = run.config or (identity.config if identity.config and identity.config.origin == "script" else None)
    return replace(run, script=identity.script, config=config)


def _put(folder: Path, name: str, data: bytes) -> None:
    """Write a file of the run; a configuration that older library versions keep in the folder `PAI` goes beside `folder`."""
    parts = PurePath(name).parts
    place = folder.parent / "PAI" if len(parts) == 2 and parts[0] == "PAI" else folder
    place.mkdir(exist_ok=True)
    (place / _plain(parts[-1] if parts else name)).write_bytes(data)


def _plain(name: str) -> str:
    """`name` where it can only be one file or folder in the place it is put; ExpectedError "damaged-report" where not."""
    too_long = len(os.fsencode(name)) > LONGEST_NAME
    if not name or too_long or name in {".", ".."} or "\0" in name or PurePath(name).name != name:
        raise ExpectedError("damaged-report", f"The report holds a file with the impossible name {name[:LONGEST]!r}.", AGAIN)
    return name


def _differences(place: str, told: Any, found: Any) -> Iterator[Difference]:
    if place in NOT_COMPARED or told == found:
        return
    if isinstance(told, dict) and isinstance(found, dict):
        for key in dict.fromkeys([*told, *found]):
            yield from _differences(f"{place}.{key}" if place else key, told.get(key, _NOTHING), found.get(key, _NOTHING))
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        for number, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from _differences(f"{place}[{number}]", one, other)
    else:
        yield Difference(place=place, told=_shown(told), found=_shown(found))


_NOTHING = object()
LONGEST = 60  # characters of a value in a difference
LONGEST_NAME = 255  # bytes of a file name


def _shown(held: Any) -> str:
    if held is _NOTHING:
        return "nothing"
    text = msgspec.json.encode(held).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _numbers(told: Any) -> Iterator[float]:
    if isinstance(told, dict):
        for held in told.values():
            yield from _numbers(held)
    elif isinstance(told, list):
        for held in told:
            yield from _numbers(held)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield told
