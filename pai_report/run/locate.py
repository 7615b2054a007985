"""From what the user typed to one folder and one save name (requirements L1 to L4)."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn, TypeAlias

from pai_report.errors import ExpectedError
from pai_report.run.access import UnreadError, megabytes, read_file
from pai_report.run.folder import source_file
from pai_report.run.kinds import named_file
from pai_report.run.model import ScriptFacts, SourceFile
from pai_report.run.runs import Unusable
from pai_report.run.script import read_script
from pai_report.run.search import Location, Search, search
from pai_report.run.tables import SCORES_HEADER
from pai_report.settings import Settings
from pai_report.there import is_file, is_folder, mode
from pai_report.values import value

Ask: TypeAlias = Callable[[str, tuple[str, ...]], str]
QUESTION = "What was your save_name?"
SHOWN = 20  # candidates in a message


@value
class Found:
    """Where the run is, and what the training script says if that led there."""

    location: Location
    script: ScriptFacts | None = None
    script_source: SourceFile | None = None
    script_path: Path | None = None


def locate(path: Path, save_name: str | None, ask: Ask | None, settings: Settings) -> Found:
    """The one run that `path` leads to: its folder, a folder above, one of its files, or the training script.

    `ask` is given the question and the candidates where the save name must be asked for (L3). Raises ExpectedError: no such
    path, no run found, several runs, the save name unknown and nobody to ask, or files that only look like the library's.
    """
    if is_file(path) and path.suffix.lower() == ".py":
        return _by_script(path, save_name, ask, settings)
    if is_file(path):
        return Found(location=_by_file(path, save_name, settings))
    if is_folder(path):
        return Found(location=_by_folder(search(path, settings), save_name, ask))
    if mode(path):
        raise ExpectedError("not-a-run", f"{path} is neither a file nor a folder.", "Give the run's folder.")
    name = path.name or str(path)
    hint = f"For a run with the save name {name}, give the folder that holds it: pai-report FOLDER --save-name {name}"
    raise ExpectedError("no-such-path", f"There is no file or folder {path}.", hint)


def _by_folder(runs_below: Search, save_name: str | None, ask: Ask | None) -> Location:
    if not runs_below.locations and runs_below.unusable:
        refuse(runs_below.unusable[0])
    if save_name is not None:
        return _named(runs_below, save_name)
    if not runs_below.locations:
        hint = "Give the folder that the library wrote, which holds NAMEScores.csv, or the training script."
        raise ExpectedError("no-run-found", f"No run was found in {_shown(runs_below.root)}.", hint)
    return _one(runs_below, runs_below.locations) if ask is None or len(runs_below.names) == 1 else _asked(runs_below, ask, "")


def _by_file(path: Path, save_name: str | None, settings: Settings) -> Location:
    """The run that a single file belongs to."""
    runs_below = search(path.parent, settings)
    if not runs_below.locations and runs_below.unusable:
        refuse(runs_below.unusable[0])
    parts = named_file(path.name)
    for location in runs_below.locations:
        stems = {location.save_name, *(stem for stem, owner in location.runs.owners.items() if owner == location.save_name)}
        if location.folder.path == path.parent and parts and parts.stem.rstrip("_") in {stem.rstrip("_") for stem in stems}:
            return location if save_name is None else _named(runs_below, save_name)
    sentence = f"{path.name} is neither a file of a run nor a training script."
    raise ExpectedError("not-a-run", sentence, "Give the run's folder, or the .py file that trained it.")


def _by_script(path: Path, save_name: str | None, ask: Ask | None, settings: Settings) -> Found:
    """The run that a training script wrote, below the script's folder or the current one."""
    try:
        data = read_file(path, megabytes(settings.limits.small_size, "small_size"))
    except UnreadError as error:
        raise ExpectedError(error.slug, f"{path.name}: {error.sentence}", error.remedy) from error
    facts = read_script(path.name, data)
    location = _of_script(facts, _around(path.parent, settings), save_name, ask)
    return Found(location=location, script=facts, script_source=source_file(path.name, data), script_path=path)


def _around(folder: Path, settings: Settings) -> Search:
    """What lies below the script; if that is nothing, what lies below the current folder, where it may have been started."""
    runs_below = search(folder, settings)
    return runs_below if runs_below.locations or Path.cwd() == folder.resolve() else search(Path.cwd(), settings)


def _of_script(facts: ScriptFacts, runs_below: Search, save_name: str | None, ask: Ask | None) -> Location:
    if save_name is not None:
        return _named(runs_below, save_name)
    if facts.save_name is not None and facts.save_name_from in {"constant", "default"}:
        if not runs_below.named(facts.save_name):
            sentence = (
                f"{facts.file} saves its run as {facts.save_name}, but there is no such run in {_shown(runs_below.root)}."
            )
            raise ExpectedError("no-run-found", sentence, _listed(runs_below.locations))
        return _one(runs_below, runs_below.named(facts.save_name))
    if facts.save_name is not None and runs_below.names == (facts.save_name,) and len(runs_below.locations) == 1:
        return runs_below.locations[0]
    why = "the save name is a variable" if facts.entry_point else "no entry point of PerforatedAI is called"
    return _asked(runs_below, ask, f"{facts.file}: {why}.", guess=facts.save_name)


def _named(runs_below: Search, save_name: str) -> Location:
    if not runs_below.named(save_name):
        sentence = f"No run with the save name {save_name} was found in {_shown(runs_below.root)}."
        raise ExpectedError("no-run-found", sentence, _listed(runs_below.locations))
    return _one(runs_below, runs_below.named(save_name))


def _one(runs_below: Search, locations: tuple[Location, ...]) -> Location:
    """The only one of `locations`; ExpectedError with all of them where there are several."""
    if len(locations) == 1:
        return locations[0]
    names = {location.save_name for location in locations}
    how = "Choose one with --save-name" if len(names) == len(locations) else "Give the folder of one of them"
    raise ExpectedError(
        "several-runs", f"There are {len(locations)} runs in {_shown(runs_below.root)}.", f"{how}. {_listed(locations)}"
    )


def _asked(runs_below: Search, ask: Ask | None, why: str, guess: str | None = None) -> Location:
    """The run whose save name the user gives; ExpectedError with the question where nobody can be asked (L3)."""
    if ask is None:
        raise ExpectedError("save-name-unknown", QUESTION, f"{why} Answer with --save-name. {_listed(runs_below.locations)}")
    names = tuple(sorted(runs_below.names, key=lambda name: name != guess))
    return _named(runs_below, ask(QUESTION, names).strip())


def _shown(folder: Path) -> str:
    return "the working folder" if folder == Path() else str(folder)


def _listed(locations: Iterable[Location]) -> str:
    shown = [" ".join(location.shown.splitlines()) for location in locations]
    if not shown:
        return "No run was found there."
    more = [f"and {len(shown) - SHOWN} more"] if len(shown) > SHOWN else []
    return "\n  ".join(["Found:", *shown[:SHOWN], *more])


def refuse(problem: Unusable) -> NoReturn:
    """Files that bear the names of the library's and hold something else."""
    if problem.why == "missing":
        raise ExpectedError("no-scores", f"{problem.file} is missing.", "Without scores there is nothing to report.")
    if problem.why == "unreadable":
        raise ExpectedError("no-scores", f"{problem.file} holds no scores that can be read. {problem.sentence}", problem.remedy)
    sentence = f"{problem.file} is no table of PerforatedAI. {problem.sentence} Expected is {SCORES_HEADER!r}."
    hint = "Give the folder that the library itself wrote, named by the save name."
    raise ExpectedError("foreign-table", sentence, hint)
