"""A training run as its files tell it: facts only, nothing inferred from the scores.

Numbers that were not recorded are `None`. An epoch whose cell holds no finite number (empty, NaN, inf) keeps its place in a
series as `None`; the reader leaves a `Note` for it.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pai_report.library import typed
from pai_report.values import value

Kind = Literal[
    "scores",
    "train-scores",  # only in the requirements' own naming; the library keeps such series in "scores"
    "test-scores",
    "times",
    "learning-rate",
    "switch-epochs",
    "parameter-counts",
    "best-scores",
    "pb-scores",
    "config",
    "picture",
]
Era = Literal["camel-case", "best-test-scores", "best-arch-scores"]

SnapshotKind = Literal[
    "canonical",  # the live files: the surviving lineage
    "before-switch",  # written just before a switch; still holds the discarded tail of its phase
    "lr-trial",  # end of one learning-rate trial of a dendrite set
    "lr-picked",  # copy of the chosen trial
    "no-improvement",  # the newest set failed to beat the global best and was rejected
    "before-final",  # the maximum of sets was reached, before the best model was loaded
    "user",  # written by the user's own save_graphs call
]


@value
class Note:
    """Something the reader repaired, chose, ignored or could not use.

    `slug` names the pattern ("empty-cell", "crlf-…"), `row` is the 1-based line in the file (header is line 1).
    `kind` is that of a canonical file which is not used because of this.
    """

    slug: str
    text: str
    file: str | None = None
    row: int | None = None
    kind: Kind | None = None


@value
class Series:
    """One column of one table, one value per epoch from epoch 0 on; `None` where the cell holds no finite number."""

    name: str
    file: str
    values: tuple[float | None, ...]


@value
class BestRow:
    """Row k of the best-scores table: the network with k dendrite sets.

    `validation` is the best raw validation score at that count (a minimum when minimising, whatever the header says);
    `extras` pairs the name of each further column with its value at the same epoch.
    """

    parameters: int | None
    validation: float | None
    extras: tuple[tuple[str, float | None], ...] = ()


@value
class ModuleScores:
    """Best PBScores of one perforated module, one value per dendrite-phase epoch (own axis, phases concatenated)."""

    module: str
    best_ever: tuple[float | None, ...]


@value
class EpochTimes:
    """Seconds per epoch of the neuron phases and of the dendrite phases, each on its own axis, phases concatenated."""

    file: str
    neuron: tuple[float | None, ...]
    dendrite: tuple[float | None, ...]


@value
class Recording:
    """One set of files written at one moment: the canonical files (infix "") or one snapshot.

    `names` pairs each kind found with its file name. `stamp` is the time in the name as "YYYY-MM-DDTHH:MM:SS". `number`
    is N of `_beforeSwitch_N`, the set number of a learning-rate trial, the lr steps of `noImprove_lr_M`.
    """

    infix: str
    kind: SnapshotKind
    stamp: str | None = None
    number: int | None = None
    start_steps: int | None = None
    names: tuple[tuple[Kind, str], ...] = ()
    validation: Series | None = None
    running: Series | None = None
    extras: tuple[Series, ...] = ()
    learning_rate: Series | None = None
    times: EpochTimes | None = None
    switch_epochs: tuple[int, ...] | None = None
    parameter_counts: tuple[int, ...] | None = None
    best_rows: tuple[BestRow, ...] | None = None
    pb_scores: tuple[ModuleScores, ...] | None = None

    @property
    def epochs(self) -> int:
        """Epochs in this recording (rows of its validation series)."""
        return len(self.validation.values) if self.validation else 0

    def name(self, kind: Kind) -> str | None:
        """File name of `kind` in this recording, if there is one."""
        return dict(self.names).get(kind)


@value
class Config:
    """The run's `{save_name}_config.json`, or what a training script sets when there is no such file.

    `settings` holds every key with its JSON text; `value` reads one of those that `pai_report.library` knows.
    """

    file: str
    origin: Literal["config", "script"]
    settings: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> Any:
        """The setting `name`, typed as `pai_report.library.typed`; None where it is not there or of another type."""
        text = dict(self.settings).get(name)
        return None if text is None else typed(name, json.loads(text))


@value
class ScriptFacts:
    """What a training script says, read without running it."""

    file: str
    entry_point: str  # perforate_model, initialize_pai, initializePB; "" where the script calls none of them
    save_name: str | None
    save_name_from: Literal["constant", "default", "argparse-default", "variable"]
    settings: tuple[tuple[str, str, int], ...] = ()  # set for certain: name, value as Python literal or else as written, line
    setters: tuple[tuple[str, int], ...] = ()  # every setter called, verbatim, with its line


@value
class Picture:
    """The library's own `{save_name}.png`, byte for byte."""

    name: str
    data: bytes


@value
class SourceFile:
    """One file that the report draws on, for the provenance page and the attachments."""

    name: str
    sha256: str
    size: int


@value
class Content:
    """What was read from one table or configuration file, byte for byte."""

    name: str  # as `SourceFile.name`
    kind: Kind
    data: bytes


@value
class Run:
    """One training run as found on disk.

    `canonical` is the surviving lineage. `snapshots` are this run's own, in the order they were written: by (number of
    switch rows, time stamp, kind with PICKED after its trials and `_beforeSwitch_K` last of its level) as D15 needs
    them. `leftovers` are snapshots of earlier runs under the same save name, excluded from everything. `partial` is true
    when the canonical files are missing and the newest snapshot stands in for them.
    """

    save_name: str
    folder: str  # name of the folder only, never a path
    canonical: Recording
    snapshots: tuple[Recording, ...] = ()
    leftovers: tuple[Recording, ...] = ()
    config: Config | None = None
    script: ScriptFacts | None = None
    picture: Picture | None = None
    modules: tuple[str, ...] = ()  # perforated modules in header order of the PB scores file, full dotted ids ".fc1"
    era: Era | None = None
    partial: bool = False
    ignored: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    contents: tuple[Content, ...] = ()  # tables and configuration: canonical, then snapshots as written, then left-overs
    files: tuple[Path, ...] = ()  # where all of the run lies, also what was not read; no report is written over one of them
