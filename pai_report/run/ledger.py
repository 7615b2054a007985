"""Notes that the reader leaves, bounded so that a broken table does not bury the rest."""

from collections import Counter

from pai_report.run.model import Note

PER_FILE = 10  # notes of one kind about one file; more are counted
FILES = 20  # files with notes of one kind; more are counted


class Ledger:
    """Collects notes while a run is read."""

    def __init__(self) -> None:
        self._notes: dict[str, dict[str | None, list[Note]]] = {}
        self.refused: dict[str, str] = {}  # files that are not used, with the slug of the note that says why
        self._more: Counter[tuple[str, str | None]] = Counter()
        self._alike: dict[str, tuple[str, list[str]]] = {}

    def note(self, slug: str, text: str, file: str | None = None, row: int | None = None) -> None:
        """Add a note; `row` is the 1-based line in the file."""
        notes = self._notes.setdefault(slug, {}).setdefault(file, [])
        if len(notes) < PER_FILE:
            notes.append(Note(slug=slug, text=text, file=file, row=row))
        else:
            self._more[slug, file] += 1

    def refuse(self, slug: str, text: str, file: str, row: int | None = None) -> None:
        """Add a note about a file that is not used because of it."""
        self.note(slug, text, file, row)
        self.refused.setdefault(file, slug)

    def alike(self, slug: str, text: str, file: str) -> None:
        """Add a note that every file of a run tends to earn alike, such as its line ends: told once, with the files counted."""
        self._alike.setdefault(slug, (text, []))[1].append(file)

    def notes(self, left_out: frozenset[str] = frozenset()) -> tuple[Note, ...]:
        """The notes in the order of their first of each kind, without those about files `left_out`."""
        every: list[Note] = []
        for slug, (text, named) in self._alike.items():
            files = [file for file in named if file not in left_out]
            if files:
                more = f" ({len(files)} files)" if len(files) > 1 else ""
                every.append(Note(slug=slug, text=text + more, file=files[0] if len(files) == 1 else None))
        for slug, by_file in self._notes.items():
            kept = {file: notes for file, notes in by_file.items() if file not in left_out}
            for file, notes in list(kept.items())[:FILES]:
                every += notes
                if beyond := self._more[slug, file]:
                    every.append(Note(slug=slug, text=f"{beyond} more of the same in this file.", file=file))
            if len(kept) > FILES:
                every.append(Note(slug=slug, text=f"The same in {len(kept) - FILES} more files."))
        return tuple(every)
