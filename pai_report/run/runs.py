"""Which runs the files of one folder make up (the library's file formats)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pai_report.run import tables
from pai_report.run.folder import Folder
from pai_report.run.kinds import CANONICAL, Infix, NamedFile
from pai_report.run.ledger import Ledger
from pai_report.run.lineage import Opening, same_opening
from pai_report.run.table import Table
from pai_report.values import value


@value
class Unusable:
    """A scores file that is missing beside its companions, was not read, or is none of the library's by its header.

    `sentence` says what it is instead, `remedy` what to do.
    """

    file: str
    why: Literal["foreign", "unreadable", "missing"]
    sentence: str
    remedy: str = ""


@value
class FolderRuns:
    """Save names of the runs in a folder, and whose snapshots bear the user's own text behind the save name."""

    names: tuple[str, ...]
    owners: Mapping[str, str]  # save name with text → save name
    unusable: tuple[Unusable, ...]

    def files(self, save_name: str, folder: Folder) -> tuple[NamedFile, ...]:
        """The files of one run; the user's snapshots get their text as infix."""
        return tuple(
            file
            if file.stem == save_name
            else replace(file, infix=Infix(text=file.stem.removeprefix(save_name), kind="user"), stem=save_name)
            for file in folder.named
            if save_name in {file.stem, self.owners.get(file.stem)}
        )


def runs_in(folder: Folder) -> FolderRuns:
    """The runs in `folder`: every save name with scores of the library's form, canonical or of a snapshot."""
    usable: set[str] = set()
    unusable: list[Unusable] = []
    for file in folder.named:
        if file.spelling.kind == "scores" and (file.infix is CANONICAL or file.stem not in usable):
            problem = _problem(file, folder)
            if problem is None:
                usable.add(file.stem)
            else:
                unusable.append(problem)
    owners = _owners(usable, folder)
    names = usable - set(owners) or _with_best_scores(folder)
    without_name = {""} if len(names) > 1 else set()  # files without a save name are a run only if nothing else is
    return FolderRuns(
        names=tuple(sorted(names - without_name)), owners=owners, unusable=(*unusable, *_without_scores(names, folder))
    )


def _without_scores(usable: set[str], folder: Folder) -> Iterator[Unusable]:
    """Save names of which only other tables are left."""
    there = {file.stem for file in folder.named if file.spelling.kind == "scores"} | usable
    left = {file.stem for file in folder.named if file.spelling.kind in {"switch-epochs", "best-scores"} and file.stem}
    return (Unusable(file=f"{stem}Scores.csv", why="missing", sentence="It is missing.") for stem in sorted(left - there))


def _with_best_scores(folder: Folder) -> set[str]:
    """Save names of which the best scores are left and no scores of any kind: they tell sizes, scores and gains."""
    scored = {file.stem for file in folder.named if file.spelling.kind == "scores"}
    best = {file for file in folder.named if file.spelling.kind == "best-scores" and file.infix is CANONICAL and file.stem}
    tables_there = ((file.stem, folder.table(file.name)) for file in best if file.stem not in scored)
    return {stem for stem, table in tables_there if table is not None and tables.is_best_scores(table)}


def _problem(file: NamedFile, folder: Folder) -> Unusable | None:
    """Why a scores file holds no scores. Without a save name in front, only the library's own header is believed."""
    table = folder.table(file.name)
    if table is None:
        problem = folder.unread[file.name]
        return Unusable(file=file.name, why="unreadable", sentence=problem.sentence, remedy=problem.remedy)
    if tables.is_scores(table) or (file.stem and tables.is_single_series(table)):
        return None
    return Unusable(file=file.name, why="foreign", sentence=f"{tables.described(table.header)}.")


def _owners(names: set[str], folder: Folder) -> dict[str, str]:
    """Save names that are another one with the user's own text behind it, and share its opening scores."""
    own = {file.stem for file in folder.named if file.infix is not CANONICAL or file.spelling.kind == "config"}
    scores = {file.stem: file for file in folder.named if file.spelling.kind == "scores" and file.infix is CANONICAL}
    owners: dict[str, str] = {}
    for name in sorted(names - own):
        for shorter in sorted(
            (candidate for candidate in names if candidate and candidate != name and name.startswith(candidate)), key=len
        ):
            if shorter in scores and shorter not in owners and _alike(scores[name], scores[shorter], folder):
                owners[name] = shorter
                break
    return owners


def _alike(scores: NamedFile, other: NamedFile, folder: Folder) -> bool:
    return same_opening(_opening(scores, folder), _opening(other, folder))


def _opening(scores: NamedFile, folder: Folder) -> Opening:
    """Validation scores and the switch rows that go with them, read without leaving notes."""
    kind = "switch-epochs"
    rows = [file for file in folder.named if (file.stem, file.infix.text, file.spelling.kind) == (scores.stem, "", kind)]
    series, switches = _silent(scores.name, folder), _silent(rows[0].name, folder) if rows else None
    if series is None:
        return (), None
    stack, at = tables.scores(series)
    values = stack.series[at].values
    return values, tables.switches(switches, stack.start, len(values)) if switches else None


def _silent(name: str, folder: Folder) -> Table | None:
    table = folder.table(name)
    return None if table is None else replace(table, ledger=Ledger())
