"""Notes that the reader leaves, with a limit per file so that a broken table does not bury the rest."""

from collections import Counter

from pai_report.run.model import Note

SHOWN = 10  # notes of one kind about one file; the rest is counted


class Ledger:
    """Collects notes while a run is read."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._counts: Counter[tuple[str, str | None]] = Counter()

    def note(self, slug: str, text: str, file: str | None = None, row: int | None = None) -> None:
        """Add a note; `row` is the 1-based line in the file."""
        self._counts[slug, file] += 1
        if self._counts[slug, file] <= SHOWN:
            self._notes.append(Note(slug=slug, text=text, file=file, row=row))

    def notes(self) -> tuple[Note, ...]:
        """All notes in the order left; what went over the limit is one note per kind and file."""
        more = (
            Note(slug=slug, text=f"{count - SHOWN} more of the same in this file.", file=file)
            for (slug, file), count in self._counts.items()
            if count > SHOWN
        )
        return (*self._notes, *more)
