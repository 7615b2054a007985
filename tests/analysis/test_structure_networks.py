"""Networks of a run: best rows, gains, rejected sets, parameters, modules, and how the run ended."""

from typing import Any, Literal

import pytest
from configs import config
from structure_builders import before_final, before_switch, best_row, near, no_improvement, recording, run, series, trial

from pai_report.analysis.modules import segments
from pai_report.analysis.parameters import doubled_base, law
from pai_report.analysis.structure import build_structure
from pai_report.analysis.structure_model import Structure
from pai_report.run.model import EpochTimes, ModuleScores, Run
from pai_report.settings import Settings

TIMES = EpochTimes(file="PAITimes.csv", neuron=(1.0,), dendrite=(None,))


def structure(found: Run, direction: Literal["maximize", "minimize"] | None = "maximize", **changes: Any) -> Structure:
    """Structure of a run to maximise."""
    return build_structure(found, Settings(direction=direction, **changes))


def test_gains_are_taken_from_row_to_row() -> None:
    """80 → 83 → 82 percent of 200 samples: +3 points and 6 samples, then −1 point and 2 samples."""
    scores = (79.5, 80.0, 81.5, 83.0, 82.0)
    canonical = recording(scores, (1, 1, 3, 3), best_rows=(best_row(80.0, 10), best_row(83.0, 20), best_row(82.0, 40)))
    rows = structure(run(canonical)).architectures

    assert [row.gain and row.gain.points for row in rows] == [None, 3.0, -1.0]
    assert [row.gain and row.gain.samples for row in rows] == [None, 6.0, -2.0]
    assert [row.epoch for row in rows] == [1, 3, 4]


def test_minimising_turns_the_gain_round() -> None:
    """A loss that falls from 0.5 to 0.4 is a gain of 0.1, 20 percent."""
    found = structure(run(recording((0.5, 0.4), (0, 0), best_rows=(best_row(0.5), best_row(0.4)))), "minimize")
    gain = found.architectures[1].gain

    assert gain is not None
    assert (gain.absolute, gain.relative, gain.points) == (near(0.1), near(0.2), None)


def test_without_a_direction_rows_have_no_gain() -> None:
    """The table keeps the order of the file."""
    canonical = recording((1.0, 2.0), (0, 0), best_rows=(best_row(1.0), best_row(2.0)))
    rows = structure(run(canonical), None).architectures

    assert [(row.best, row.gain) for row in rows] == [(1.0, None), (2.0, None)]


@pytest.mark.parametrize(("direction", "bests"), [("maximize", [4.0, 6.0]), ("minimize", [1.0, 2.0]), (None, [None, None])])
def test_missing_best_rows_are_rebuilt(direction: Literal["maximize", "minimize"] | None, bests: list[float | None]) -> None:
    """Best raw score of each neuron phase, further columns at the same epoch, from Scores and switches."""
    extras = (series((0.1, 0.2, 0.3, 0.4, 0.5, 0.6), "Train"),)
    canonical = recording((1.0, 4.0, 9.0, 2.0, 6.0, 3.0), (1, 2), extras=extras, parameter_counts=(5, 5, 7))
    found = structure(run(canonical), direction)

    assert found.best_scores_rebuilt
    assert bests == [row.best for row in found.architectures]
    assert [row.parameters for row in found.architectures] == [5, 7]
    if direction == "maximize":
        assert [row.extras[0].value for row in found.architectures] == [0.2, 0.5]


def test_rows_from_before_version_2_are_rebuilt_when_minimising() -> None:
    """They hold the largest, that is the worst, loss."""
    canonical = recording((3.0, 1.0, 2.0), best_rows=(best_row(3.0),))
    found = structure(run(canonical, era="camel-case"), "minimize")

    assert (found.architectures[0].best, found.best_scores_rebuilt) == (1.0, True)


def test_an_empty_cell_is_filled_from_the_scores() -> None:
    """The library writes an empty cell where the phase holds an epoch that is no number; the best score is still recorded."""
    canonical = recording((1.0, None, 3.0), best_rows=(best_row(None, 10),))
    found = structure(run(canonical))

    assert (found.architectures[0].best, found.architectures[0].file) == (3.0, "PAIScores.csv")
    assert not found.best_scores_rebuilt


def test_a_network_that_was_never_scored_has_no_best() -> None:
    """The run stopped right at a switch: two sets, but rows for none and one."""
    canonical = recording((1.0, 2.0), (0, 0, 1, 1), best_rows=(best_row(1.0), best_row(2.0)), parameter_counts=(1, 2, 2, 4, 4))
    last = structure(run(canonical)).architectures[-1]

    assert (last.sets, last.best, last.parameters, last.outcome) == (2, None, 4, "unproven")


REJECTED = (0.5, 1.0, 0.7, 0.9)


@pytest.mark.parametrize(
    ("rejected", "threshold", "gain", "shortfall"),
    [
        (1.01, (0.02,), 0.01, 1 / 0.98 - 1.01),
        (1.05, (0.02,), 0.05, None),
        (0.90, (0.02,), -0.1, None),
        (1.000005, (0.0,), 0.000005, 0.000005),
        (1.01, (0.5, 0.02), 0.01, 1 / 0.98 - 1.01),
    ],
)
def test_a_near_miss_tells_what_it_missed(
    rejected: float, threshold: tuple[float, ...], gain: float, shortfall: float | None
) -> None:
    """The new score less the share, and less the raw amount, must beat the old one; the entry is that of the new count."""
    strict = config(improvement_threshold=threshold)
    snapshot = no_improvement((*REJECTED[:2], rejected), (1, 1), best_rows=(best_row(1.0), best_row(rejected)))
    row = structure(run(recording((0.5, 1.0), best_rows=(best_row(1.0),)), snapshot, config=strict)).architectures[-1]

    assert row.gain is not None
    assert (row.outcome, row.sets, row.gain.absolute) == ("rejected", 1, near(gain))
    assert shortfall is None or shortfall == near(row.shortfall)
    assert (shortfall is None) is (row.shortfall is None)


def test_the_best_of_several_rejected_tries_is_shown() -> None:
    """Two tries of the same set: the better one speaks, both are counted."""
    tries = (
        no_improvement((0.5, 1.0, 0.9), (1, 1), 1, best_rows=(best_row(1.0), best_row(0.9, 20)), parameter_counts=(10, 20, 20)),
        no_improvement((0.5, 1.0, 0.7), (1, 1), 2, best_rows=(best_row(1.0), best_row(0.7, 20))),
    )
    row = structure(run(recording((0.5, 1.0), best_rows=(best_row(1.0, 10),)), *tries)).architectures[-1]

    assert (row.best, row.tries, row.parameters, row.file) == (0.9, 2, 20, "")


ONE_SET = (1.0, 2.0, 1.7, 1.5)
BEFORE = before_switch((1.0, 2.0))
ENDINGS = {
    "loop": (run(recording((1.0, 2.0))), (None, "unknown", "no", 0, 0, None)),
    "loop past its best": (run(recording((1.0, 2.0, 1.5))), (False, "stopped", "no", 0, 0, None)),
    "no switch file": (run(recording((1.0, 2.0), None)), (None, "unknown", "unknown", 0, None, None)),
    "grown without a switch": (
        run(recording((1.0, 2.0), parameter_counts=(5, 9))),
        (None, "unknown", "unknown", 0, None, None),
    ),
    "crash at the first switch": (
        run(recording((1.0, 2.0, 1.5)), before_switch((1.0, 2.0, 1.5, 1.4))),
        (False, "stopped", "at-first-switch", 0, 0, None),
    ),
    "went back, rejection missing": (
        run(recording((1.0, 2.0)), before_switch((1.0, 2.0, 1.5, 1.4))),
        (None, "unknown", "unknown", 0, None, None),
    ),
    "inside the first dendrite phase": (
        run(recording((1.0,), (0,)), before_switch((1.0,))),
        (False, "stopped", "inside-first-phase", 0, 0, None),
    ),
    "first set rejected": (
        run(recording((1.0, 2.0)), no_improvement((1.0, 2.0, 1.5), (1, 1))),
        (True, "rejected", "yes", 0, 1, None),
    ),
    "rejection missing, trial left": (
        run(recording((1.0, 2.0)), trial((1.0, 2.0, 0.7), (1, 1), 0)),
        (None, "unknown", "yes", 0, None, None),
    ),
    "stopped with one set": (run(recording(ONE_SET, (1, 1)), BEFORE), (False, "stopped", "yes", 1, 1, False)),
    "better set at the end": (
        run(recording((1.0, 2.0, 3.0), (1, 1)), BEFORE),
        (None, "unknown", "yes", 1, None, True),
    ),
    "no better set at the end": (
        run(recording((1.0, 2.0, 2.0), (1, 1)), BEFORE),
        (None, "unknown", "yes", 1, None, False),
    ),
    "before the next switch": (
        run(recording((1.0, 2.0, 1.7, 1.5), (1, 1)), BEFORE, before_switch((1.0, 2.0, 1.7, 1.5), (1, 1))),
        (False, "stopped", "yes", 1, 1, True),
    ),
    "maximum reached": (
        run(recording((1.0, 2.0, 3.0), (1, 1)), BEFORE, before_final((1.0, 2.0, 3.0, 0.5), (1, 1))),
        (True, "max-reached", "yes", 1, 1, True),
    ),
    "no snapshots": (run(recording((1.0, 2.0, 3.0), (1, 1))), (None, "unknown", "yes", 1, None, True)),
    "library switched off": (
        run(recording((1.0, 2.0)), before_final((1.0, 2.0, 1.5), ())),
        (True, "unknown", "no", 0, 0, None),
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_how_a_run_ended(name: str) -> None:
    """Finished, kept, tried and proven, on facts of this run alone; unknown where snapshots may be missing."""
    found, expected = ENDINGS[name]
    life = structure(found).lifecycle

    assert expected == (life.finished, life.ended_by, life.attempted, life.kept, life.tried, life.last_set_proven)


@pytest.mark.parametrize(("sizes", "kept"), [((5, 9, 9), 1), ((5,), 0)])
def test_without_switch_rows_sizes_count_the_sets(sizes: tuple[int, ...], kept: int) -> None:
    """Parameters are counted once more than there are switch rows."""
    assert kept == structure(run(recording((1.0, 2.0), None, parameter_counts=sizes))).lifecycle.kept


def test_without_switch_rows_and_sizes_best_rows_count_the_sets() -> None:
    """One row for each network."""
    assert structure(run(recording((1.0, 2.0), None, best_rows=(best_row(1.0), best_row(2.0))))).lifecycle.kept == 1


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ((502, 1026, 1616, 2250, 2928), (502, 22)),
        ((247, 510, 821, 1164, 1539), (247, 16)),
        ((1004, 1528, 2118), (502, 22)),
        ((1887445, 3459565, 5034625), (1571140, 980)),
        ((502, 1026), None),
        ((502, 1026, 1617), None),
        ((502, 1026, 1616, 2251), None),
        ((100, 50, 20), None),
        ((), None),
    ],
)
def test_the_law_of_parameters(sizes: tuple[int, ...], found: tuple[int, int] | None) -> None:
    """P and N from two steps; sizes that do not follow the law have none."""
    told = law(sizes)

    assert found == (None if told is None else (told.perforated, told.neurons))


def test_the_law_gives_every_further_size() -> None:
    """502 parameters in perforated modules with 22 outputs: 1026, 1616, 2250, 2928 with one to four sets."""
    told = law((502, 1026, 1616))

    assert told is not None
    assert [502 + sum(told.step(k) for k in range(1, sets + 1)) for sets in range(1, 5)] == [1026, 1616, 2250, 2928]


@pytest.mark.parametrize(
    ("sizes", "era", "mode", "changes", "doubled"),
    [
        ((1004, 1528, 2118), "best-test-scores", "gd", {}, True),
        ((502, 1026, 1616), "best-test-scores", "gd", {}, False),
        ((1004, 1528, 2118), "best-arch-scores", "gd", {}, False),
        ((1004, 1528), "best-test-scores", "gd", {}, None),
        ((1004, 1528), "best-test-scores", "gd", {"times": TIMES}, False),
        ((1004, 1528, 2118), "best-test-scores", "pb", {}, None),
        ((), "best-test-scores", "gd", {}, None),
    ],
)
def test_a_base_network_counted_twice(
    sizes: tuple[int, ...],
    era: Literal["best-test-scores", "best-arch-scores"],
    mode: Literal["gd", "pb"],
    changes: dict[str, Any],
    doubled: bool | None,
) -> None:
    """Two sets of gradient-descent dendrites tell; otherwise only files without Times and learning rates leave a doubt."""
    assert doubled is doubled_base(run(recording((1.0,), **changes), era=era), sizes, mode)


def test_growth_and_gain_per_growth() -> None:
    """0.669 points for 221.9 % more parameters are 0.30 points per +100 %; 502 → 1026 → 1616, next 2250."""
    rows = (best_row(91.6388, 502), best_row(92.1405, 1026), best_row(92.3077, 1616))
    train = series((95.0, 97.0, 98.0), "Train")
    canonical = recording(
        (91.6388, 92.1405, 92.3077),
        (0, 0, 1, 1),
        best_rows=rows,
        parameter_counts=(502, 1026, 1026, 1616, 1616),
        extras=(train,),
    )
    found = structure(run(canonical), original_params=4000).efficiency

    assert (found.baseline, found.best, found.final, found.original) == (502, 1616, 1616, 4000)
    assert (found.growth, found.gain_per_growth) == (near(2.2191, 1e-4), near(0.3014, 1e-4))
    assert found.marginal == (near(0.5017 / (524 / 502), 1e-3), near(0.1672 / (590 / 502), 1e-3))
    assert (found.perforated, found.neurons, found.tracked, found.next_set) == (502, 22, 0, 2250)


def test_a_rejected_set_is_one_size_more() -> None:
    """One set kept, a second rejected: its snapshot holds the third size, so that the law and the next size are known."""
    snapshot = no_improvement((0.5, 1.0, 2.0, 0.1), (1, 1, 2, 2), parameter_counts=(502, 1026, 1026, 1616, 1616))
    canonical = recording((0.5, 1.0, 2.0), (1, 1), parameter_counts=(502, 1026, 1026))
    found = structure(run(canonical, snapshot)).efficiency

    assert (found.perforated, found.next_set) == (502, 1616)


def test_perforated_backpropagation_predicts_nothing() -> None:
    """Its networks grow by another law."""
    canonical = recording((1.0, 1.0, 2.0, 2.0, 3.0), (0, 1, 2, 3), parameter_counts=(502, 502, 1026, 1026, 1616))
    found = structure(run(canonical)).efficiency

    assert (found.growth, found.next_set, found.perforated) == (near(1114 / 502), None, None)


def test_sizes_come_from_the_best_rows_where_there_is_no_file() -> None:
    """The table of best scores has a column of parameters."""
    canonical = recording((1.0, 2.0), (0, 0), best_rows=(best_row(1.0, 10), best_row(2.0, 25)))

    assert structure(run(canonical)).efficiency.growth == 1.5


def pb(**columns: tuple[float | None, ...]) -> tuple[ModuleScores, ...]:
    """PB scores of several modules."""
    return tuple(ModuleScores(module=f".{name}", best_ever=values) for name, values in columns.items())


def pb_run(columns: tuple[ModuleScores, ...], switches: tuple[int, ...] = (0, 2, 3, 5)) -> Run:
    """Two dendrite phases of two epochs each."""
    return run(recording((1.0,) * 7, switches, pb_scores=columns, names=(("pb-scores", "PAIBest PBScores.csv"),)))


def test_module_scores_are_the_last_of_each_dendrite_phase() -> None:
    """Median, lowest and highest over the phases; empty cells at the end are passed over."""
    found = structure(pb_run(pb(fc1=(0.01, 0.03, 0.005, 0.009), fc2=(0.0, 0.0, 0.0004, None)))).modules

    assert found is not None
    assert [(module.per_set, near(module.score)) for module in found.modules] == [
        ((0.03, 0.009), 0.0195),
        ((0.0, 0.0004), 0.0002),
    ]
    assert (found.file, found.phases, found.scored, found.below_checklist_limit) == ("PAIBest PBScores.csv", 2, True, 2)
    assert [(module.lowest, module.highest) for module in found.modules] == [(0.009, 0.03), (0.0, 0.0004)]


@pytest.mark.parametrize(
    ("score", "tier"),
    [
        (0.0, "not-learning"),
        (0.0009, "not-learning"),
        (0.001, "low"),
        (0.0099, "low"),
        (0.01, "marginal"),
        (0.02, "marginal"),
        (0.0201, "good"),
        (0.3, "good"),
    ],
)
def test_tiers_of_module_scores(score: float, tier: str) -> None:
    """Below 0.001 nothing is learned, below 0.01 it is low, above 0.02 it is good."""
    found = structure(pb_run(pb(fc1=(score,) * 4))).modules

    assert found is not None
    assert tier == found.modules[0].tier


def test_rows_that_the_switches_do_not_explain_are_parted_at_restarts() -> None:
    """The best score of a module only falls when a new set starts."""
    columns = pb(fc1=(0.01, 0.02, 0.005, 0.006, 0.001), fc2=(None, None, 0.1, 0.1, 0.1))

    assert segments(columns, [2, 2]) == ((0, 2), (2, 4), (4, 5))


def test_a_header_alone_gives_the_names() -> None:
    """Without Perforated Backpropagation the file lists the perforated modules and nothing else."""
    found = structure(pb_run(pb(fc1=(), out=()), ())).modules

    assert found is not None
    assert (found.scored, found.phases, found.below_checklist_limit) == (False, 0, 0)
    assert [(m.name, m.score, m.tier, m.position) for m in found.modules] == [(".fc1", None, None, 0), (".out", None, None, 1)]


def test_no_file_names_no_modules() -> None:
    """Then nothing can be said of them."""
    assert structure(run(recording((1.0,)))).modules is None


def test_names_without_scores_are_listed() -> None:
    """The reader knows the names from the header, even where it delivers no columns."""
    found = structure(run(recording((1.0,)), modules=(".fc1",))).modules

    assert found is not None
    assert [module.name for module in found.modules] == [".fc1"]


def test_extra_columns_have_roles() -> None:
    """Train and test by name; a column that repeats validation in every row is marked."""
    row = best_row(2.0, None, **{"Train loss": 1.0, "Max Test Scores": 2.0, "AUC": 0.5})
    extras = structure(run(recording((1.0, 2.0), best_rows=(row,)))).architectures[0].extras

    assert [(extra.role, extra.copy_of_validation) for extra in extras] == [("train", False), ("test", True), ("other", False)]
