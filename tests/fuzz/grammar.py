"""Run folders from a grammar of the library's formats, with what is true of each: sets, sizes, best scores, direction.

A run is played as the library plays it: phases whose epochs after the best one are rolled back at a switch, snapshots that
keep them, sets that are tried and rejected. Tables, names and headers are those of an era. Nothing here was trained.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Era = Literal["camel-case", "best-test-scores", "no-times", "best-arch-scores"]
Kind = Literal["scores", "times", "rates", "switches", "sizes", "best", "pb", "config", "picture"]

SAVE_NAMES = ("PAI", "run", "my run", "dendrite_100", "a.b_c", "mnist-β", "x_final", "Ünï", "2026", "scores", "-o")
MODULES = (".fc1", ".fc2", ".layer1.conv", ".layer1.0.attention.self.query", ".head", ".out", ".block,2", '.say "hi"')
EXTRAS = (
    (),
    ("Train",),
    ("Train", "Test"),
    ("train", "test acc"),
    ("Train Loss",),
    ("Genauigkeit (%) e", "F1"),
    ("Train, acc",),
)


def _picture(width: int, height: int) -> bytes:
    """A white PNG of one bit per pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header, rows = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), (b"\0" + b"\xff" * ((width + 7) // 8)) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


PNG = _picture(280, 140)
_SWITCHES: dict[Kind, str] = {"switches": "switch_epochs", "sizes": "param_counts"}
_NAMES: dict[Era, dict[Kind, str]] = {
    "camel-case": {"rates": "learningRate", "switches": "switchEpochs", "sizes": "paramCounts", "best": "bestTestScores"},
    "best-test-scores": {**_SWITCHES, "rates": "learning_rate", "best": "best_test_scores"},
    "no-times": {**_SWITCHES, "best": "best_test_scores"},
    "best-arch-scores": {**_SWITCHES, "rates": "learning_rate", "best": "_best_arch_scores"},
}


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is true of a folder. `tables` names the canonical file of each kind; `told` says that files tell the direction."""

    save_name: str
    direction: Literal["maximize", "minimize"]
    told: bool
    pb: bool
    sizes: tuple[int, ...]  # parameters with k sets
    bests: tuple[float | None, ...]  # best validation score with k sets; None where that network was never scored
    tables: Mapping[Kind, str]
    files: Mapping[str, bytes]

    @property
    def sets(self) -> int:
        """Sets kept."""
        return len(self.sizes) - 1


@dataclass
class _Play:
    """A run being played: the canonical rows so far and the files written so far."""

    random: Random
    era: Era
    save_name: str
    sign: int
    pb: bool
    modules: Sequence[str]
    extra_names: tuple[str, ...]
    picture: bool
    lookback: int
    files: dict[str, bytes] = field(default_factory=dict)
    scores: list[float] = field(default_factory=list)
    extras: list[list[float]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    kinds: list[bool] = field(default_factory=list)  # whether each row is an epoch in which only dendrites train
    correlations: list[list[float]] = field(default_factory=list)
    switches: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    minutes: int = 0

    def cut(self, rows: int) -> None:
        """Roll back to the first `rows` rows."""
        for column in (self.scores, *self.extras, self.rates, self.times):
            del column[rows:]
        del self.kinds[rows:]
        del self.correlations[sum(self.kinds) :]

    def stamp(self) -> str:
        """A later minute in a name of a snapshot."""
        self.minutes += self.random.randrange(1, 9)
        hour, minute = divmod(self.minutes, 60)
        return f"07.11.2026.{hour % 24:02d}.{minute:02d}.{self.random.randrange(60):02d}"


@dataclass(frozen=True, kw_only=True)
class _Metric:
    """A score: from `low` to `top`, noise of `noise`, in steps of `step`."""

    low: float
    top: float
    noise: float
    step: float | None
    sign: int


def generated(random: Random) -> Truth:
    """A run folder of a random era, mode, direction and course."""
    metric, play = _metric(random), _cast(random)
    play.sign = metric.sign
    sets = random.choices((0, 1, 2, 3, 5, 9), (25, 35, 20, 12, 6, 2))[0]
    ending = random.choices(("rejected", "max-reached", "stopped"), (40, 30, 30))[0]
    base = random.choice((70, 502, 11_227_812, 63_799_765)) + random.randrange(50)
    play.sizes = [base + number * (base // random.choice((2, 3, 7)) + 3) for number in [*range(sets + 2)]]
    levels = _levels(random, metric, sets)
    bests: list[float] = []
    for number in range(sets + 1):
        best = _phase(play, metric, levels[number], longest=random.choice((2, 6, 14, 30)))
        bests.append(play.scores[best])
        if number < sets:
            _switch(play, number, best, metric)
    _end(play, ending, best, metric)
    _write(play, "")
    config = play.era == "best-arch-scores" and random.random() < 0.7
    if config:
        play.files[f"{play.save_name}_config.json"] = _config(play, sets, ending)
    return Truth(
        save_name=play.save_name,
        direction="maximize" if metric.sign > 0 else "minimize",
        told=config,
        pb=play.pb,
        sizes=tuple(play.sizes[: sets + 1]),
        bests=tuple(bests),
        tables={kind: name for kind, name in _table_names(play, "").items() if name in play.files},
        files=play.files,
    )


def _metric(random: Random) -> _Metric:
    kind = random.choice(("fraction", "percent", "loss", "free"))
    samples = random.choice((50, 360, 1000, 10_000))
    if kind == "fraction":
        return _Metric(low=0.1, top=random.uniform(0.5, 0.99), noise=0.01, step=1 / samples, sign=1)
    if kind == "percent":
        return _Metric(low=10.0, top=random.uniform(50, 99), noise=1.0, step=100 / samples, sign=1)
    if kind == "loss":
        return _Metric(low=2.3, top=random.uniform(0.05, 0.8), noise=0.02, step=None, sign=-1)
    return _Metric(low=-70.0, top=random.uniform(-10, 70), noise=2.0, step=None, sign=1)


def _cast(random: Random) -> _Play:
    era: Era = random.choices(("camel-case", "best-test-scores", "no-times", "best-arch-scores"), (15, 20, 10, 55))[0]
    extras = () if era in {"camel-case", "no-times"} and random.random() < 0.5 else random.choice(EXTRAS)
    return _Play(
        random=random,
        era=era,
        save_name=random.choice(SAVE_NAMES),
        sign=1,
        pb=random.random() < 0.35,
        modules=random.sample(MODULES, random.randrange(1, 6)),
        extra_names=extras,
        picture=random.random() < 0.5,
        lookback=random.choice((1, 1, 1, 3)),
        extras=[[] for _ in extras],
    )


def _levels(random: Random, metric: _Metric, sets: int) -> list[float]:
    """Where each phase ends, better from set to set by more than its noise: what the library keeps."""
    span = abs(metric.top - metric.low)
    gains = sorted((random.uniform(0.01, 0.2) * span for _ in range(sets)), reverse=random.random() < 0.7)
    levels = [metric.top]
    for gain in reversed(gains):
        levels.insert(0, levels[0] - metric.sign * (gain / max(sets, 1)))
    return levels


def _phase(play: _Play, metric: _Metric, level: float, longest: int) -> int:
    """Epochs of a neuron phase that end with some without improvement; the row of its best score."""
    random, start = play.random, len(play.scores)
    epochs = random.randrange(1, longest + 1)
    first = metric.low if start == 0 else level - metric.sign * 3 * metric.noise
    for epoch in range(epochs + random.randrange(min(longest, 9))):
        reached = level - (level - first) * 0.5 ** (6 * epoch / max(epochs, 1))
        _row(play, metric, reached - metric.sign * abs(random.gauss(0, metric.noise)))
    rows = range(start, len(play.scores))
    return max(rows, key=lambda row: metric.sign * play.scores[row])


def _row(play: _Play, metric: _Metric, score: float, *, dendrites: bool = False) -> None:
    """One epoch in every table."""
    random = play.random
    stepped = score if metric.step is None else round(score / metric.step) * metric.step
    play.scores.append(stepped)
    for name, column in zip(play.extra_names, play.extras, strict=True):
        loss = "loss" in name.lower()
        column.append(abs(random.gauss(0.5, 0.1)) if loss else stepped + metric.sign * abs(random.gauss(0, metric.noise)))
    row = len(play.scores)
    play.rates.append(0.1 if row % 30 < 12 else 0.01)
    play.times.append(round(random.uniform(0.5, 3), random.choice((2, 6))))
    play.kinds.append(dendrites)
    if dendrites:
        play.correlations.append([random.uniform(0.0005, 0.05) for _ in play.modules])


def _switch(play: _Play, number: int, best: int, metric: _Metric) -> None:
    """Snapshot, roll back, and add set `number + 1`: at once, or after epochs in which only it trains."""
    _write(play, f"_beforeSwitch_{len(play.switches)}")
    play.cut(best + 1)
    play.switches.append(best)
    if play.pb:
        level = play.scores[-1]
        for _ in range(play.random.randrange(1, 12)):
            _row(play, metric, level, dendrites=True)
        _write(play, f"_beforeSwitch_{len(play.switches)}")
    play.switches.append(len(play.scores) - 1)
    if play.random.random() < 0.3:
        _trials(play, metric, number + 1)


def _trials(play: _Play, metric: _Metric, number: int) -> None:
    """Learning-rate trials of a set, one of them picked: the same rows and a few more."""
    rows = len(play.scores)
    for trial in range(play.random.randrange(1, 4)):
        for _ in range(play.random.randrange(1, 5)):
            _row(play, metric, play.scores[rows - 1] - metric.sign * metric.noise)
        _write(play, f"_{play.stamp()}_PBCount_{number}_startSteps_{trial}")
        play.cut(rows)


def _end(play: _Play, ending: str, best: int, metric: _Metric) -> None:
    """How the run ended: sets tried and rejected, the maximum reached, or stopped where it was."""
    if ending == "stopped":
        return
    if ending == "max-reached":
        _write(play, "before_final")
        play.cut(best + 1)
        return
    _write(play, f"_beforeSwitch_{len(play.switches)}")
    play.cut(best + 1)
    switches = list(play.switches)
    for trial in range(play.random.randrange(1, 3)):
        rows = len(play.scores)
        play.switches += [rows - 1, rows - 1]
        for _ in range(play.random.randrange(2, 9)):
            _row(play, metric, play.scores[best] - metric.sign * (metric.noise + (metric.step or 0.0)))
        _write(play, f"_{play.stamp()}_noImprove_lr_{trial}")
        play.cut(rows)
        play.switches = list(switches)


def _write(play: _Play, infix: str) -> None:
    """Every table of this moment."""
    names, own = _table_names(play, infix), _NAMES[play.era]
    columns = [("Validation Scores", play.scores), ("Validation Running Scores", _running(play))]
    play.files[names["scores"]] = stacked([*columns, *zip(play.extra_names, play.extras, strict=True)])
    play.files[names["switches"]] = numbered("Switch Number,Switch Epoch", play.switches)
    play.files[names["sizes"]] = numbered("Switch Number,Param Count", _counts(play))
    play.files[names["best"]] = _best_table(play)
    play.files[names["pb"]] = stacked(list(_correlations(play)))
    if "rates" in own:
        play.files[names["rates"]] = stacked([(own["rates"], play.rates)])
        play.files[names["times"]] = stacked(_spans(play))
    if play.picture and not infix:
        play.files[names["picture"]] = PNG


def _running(play: _Play) -> list[float]:
    """The mean of the last scores by which the library decides."""
    spans = (play.scores[max(0, row + 1 - play.lookback) : row + 1] for row in range(len(play.scores)))
    return [sum(span) / len(span) for span in spans]


def _correlations(play: _Play) -> Iterator[tuple[str, list[float]]]:
    """A pair of columns for each module, one row for each epoch in which only dendrites trained."""
    for place, name in enumerate(play.modules):
        yield f"Best ever for all nodes Layer {name}", [row[place] for row in play.correlations]
        yield f"Best current for all nodes Layer {name}", []


def _spans(play: _Play) -> list[tuple[str, list[float]]]:
    """Seconds of the epochs in which neurons train, and of those in which dendrites do."""
    dendrites = "PB Epoch Times" if play.era == "camel-case" else "PAI Epoch Times"
    timed = list(zip(play.times, play.kinds, strict=True))
    return [
        ("Normal Epoch Times", [time for time, kind in timed if not kind]),
        (dendrites, [time for time, kind in timed if kind]),
    ]


def _table_names(play: _Play, infix: str) -> dict[Kind, str]:
    stem, own = f"{play.save_name}{infix}", _NAMES[play.era]
    tables: dict[Kind, str] = {kind: f"{stem}{suffix}.csv" for kind, suffix in own.items()}
    tables |= {"scores": f"{stem}Scores.csv", "times": f"{stem}Times.csv", "pb": f"{stem}Best PBScores.csv"}
    return tables | {"picture": f"{stem}.png", "config": f"{play.save_name}_config.json"}


def _counts(play: _Play) -> list[int]:
    """Sizes after each switch: base, d1, d1, d2, d2; or, where dendrites train alone, base, base, d1, d1, d2."""
    sizes = play.sizes
    rows = range(len(play.switches) + 1)
    return [sizes[row // 2 if play.pb else (row + 1) // 2] for row in rows]


def _best_table(play: _Play) -> bytes:
    """Row k: size, best raw score of the phase with k sets, the further columns at the same epoch."""
    with_test = play.era in {"camel-case", "best-test-scores", "no-times"}
    titles = ["Param Counts", "Max Valid Scores", *(["Max Test Scores"] if with_test else play.extra_names)]
    edges = [-1, *play.switches, len(play.scores) - 1]
    lines = [",".join(map(quoted, titles))]
    for number in range(len(play.switches) // 2 + 1):
        rows = range(edges[2 * number] + 1, edges[2 * number + 1] + 1)
        if not rows:
            continue
        best = max(rows, key=lambda row: (-1 if play.sign < 0 and play.era != "camel-case" else 1) * play.scores[row])
        further = [play.scores[best]] if with_test else [column[best] for column in play.extras]
        lines.append(",".join([str(play.sizes[number]), repr(play.scores[best]), *map(repr, further)]))
    return ("\n".join(lines) + "\n").encode()


def stacked(columns: Sequence[tuple[str, Sequence[float]]]) -> bytes:
    """Series below each other, each in a column of its own."""
    lines = [",".join(["Epochs", *(quoted(name) for name, _ in columns)])]
    for place, (_, values) in enumerate(columns):
        before, after = "," * (place + 1), "," * (len(columns) - 1 - place)
        lines += [f"{epoch}{before}{value!r}{after}" for epoch, value in enumerate(values)]
    return ("\n".join(lines) + "\n").encode()


def numbered(header: str, values: Sequence[int]) -> bytes:
    """A table of numbered rows."""
    return ("\n".join([header, *(f"{place},{number}" for place, number in enumerate(values))]) + "\n").encode()


def quoted(name: str) -> str:
    """A header cell as pandas writes it."""
    return '"{}"'.format(name.replace('"', '""')) if {",", '"'} & set(name) else name


def _config(play: _Play, sets: int, ending: str) -> bytes:
    settings = {
        "find_best_lr": True,
        "history_lookback": play.lookback,
        "improvement_threshold": [0.001, 0.0001, 0.0],
        "improvement_threshold_raw": 1e-5,
        "max_dendrite_tries": 2,
        "max_dendrites": sets if ending == "max-reached" else sets + 3,
        "maximizing_score": play.sign > 0,
        "module_names_to_perforate": ["Linear"],
        "n_epochs_to_switch": 10,
        "no_extra_n_modes": True,
        "perforated_backpropagation": play.pb,
        "retain_all_dendrites": False,
        "save_name": play.save_name,
        "switch_mode": 1,
        "testing_dendrite_capacity": False,
    }
    return json.dumps(settings, indent=2).encode()
