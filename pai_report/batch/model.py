"""What the nightly mode keeps of a run: the row of the index, and what decides whether its report is still good.

Texts in a row are ready to be shown; numbers stand beside them, unrounded, for programs and for sorting. These values are kept
as JSON in the output folder and cross the border between processes, so that they hold plain values only.
"""

from collections import Counter

from pai_report.report.assets import Overrides
from pai_report.report.document import Severity
from pai_report.settings import Settings
from pai_report.values import value

RANK: dict[str, int] = {"invalid": 0, "critical": 1, "high": 2, "medium": 3, "low": 4}  # worst first


@value
class Failure:
    """Why there is no report. `again`: the machine may be to blame, not the run, so that the next night tries once more."""

    slug: str
    sentence: str
    hint: str = ""
    again: bool = False


@value
class Flaw:
    """A finding as the index and the digest need it."""

    code: str
    slug: str
    severity: Severity
    title: str


@value
class Sketch:
    """The course of the validation score, small: `line` is the path data of an SVG `WIDTH` by `HEIGHT` (`sketch`).

    `sets` are the places across at which a dendrite set was added, `best` the place of the best score, `bars` the same course
    in block characters.
    """

    line: str
    sets: tuple[str, ...]
    best: tuple[str, str] | None
    bars: str


@value
class Told:
    """What the report of one run says, in short. `parameters` and `epochs` are those of the best network and those trained."""

    verdict: str
    answer: str
    direction: str
    baseline: float | None
    best: float | None
    gain: float | None
    gain_class: str | None
    points: float | None
    relative: float | None
    scores_text: str
    gain_text: str
    parameters: int | None
    growth: float | None
    parameters_text: str
    epochs: int | None
    epochs_text: str
    flaws: tuple[Flaw, ...]
    sketch: Sketch | None


@value
class Row:
    """One run in the index: `told`, or why it failed. `run` is its key: folder below the one searched, then save name.

    `reports` pairs each format with its file, relative to the output folder.
    """

    name: str
    run: str
    told: Told | None = None
    failure: Failure | None = None
    reports: tuple[tuple[str, str], ...] = ()

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Its findings in reading order; none where it failed."""
        return self.told.flaws if self.told else ()

    @property
    def severities(self) -> tuple[tuple[str, int], ...]:
        """How many findings of each severity it has, worst first."""
        counts = Counter(flaw.severity for flaw in self.flaws)
        return tuple(sorted(counts.items(), key=lambda held: RANK[held[0]]))

    @property
    def worst(self) -> int:
        """-1 for a failed run, else the rank of the worst finding, 5 where there is none."""
        return -1 if self.failure else min((RANK[flaw.severity] for flaw in self.flaws), default=5)


@value
class Record:
    """A row and what decides whether it still holds.

    `content` is the digest of the run's own files, `key` that and everything else that shapes its reports. `outputs` are the
    files written, relative to the output folder, with their sizes in bytes.
    """

    row: Row
    folder: str
    save_name: str
    content: str
    key: str
    outputs: tuple[tuple[str, int], ...] = ()


@value
class Job:
    """One run to report, for a worker on any machine that sees its folder.

    `folder` is the path to read, `output` the folder of the night's reports; the record takes the other fields over.
    """

    folder: str
    shown: str
    save_name: str
    output: str
    formats: tuple[str, ...]
    content: str
    key: str
    settings: Settings
    overrides: Overrides = Overrides()


@value
class Search:
    """A folder to look into for runs, and the settings that say what may be read there."""

    folder: str
    settings: Settings


@value
class Sighting:
    """A run seen in a folder: its save name, the digest of its files, or why it is none after all."""

    save_name: str
    content: str
    failure: Failure | None = None
