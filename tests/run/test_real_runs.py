"""What the reader delivers of every folder of the collection of real runs; expected values stand in its README."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from conftest import SAMPLES, real_run

from pai_report.errors import ExpectedError
from pai_report.run import read_run
from pai_report.run.model import Run, SnapshotKind
from pai_report.values import value


@value
class Expected:
    """A run of the collection. `best` is rounded as its README prints it."""

    folder: str
    inner: str
    save_name: str
    rows: int
    switches: tuple[int, ...]
    parameters: tuple[int, ...]
    best: tuple[float | None, ...]
    rejected: int = 0  # noImprove snapshots of this run
    leftovers: int = 0


RUNS = (
    Expected(
        folder="efficientnet-pb-loss",
        inner="PAI",
        save_name="PAI",
        rows=211,
        switches=(41, 60, 84, 113, 120, 161, 179, 209),
        parameters=(63799765, 63851110),
        best=(0.15086, 0.14523, 0.13964, 0.12456, 0.12309),
        rejected=3,
    ),
    Expected(
        folder="yolo-dendrite-100",
        inner="dendrite_100",
        save_name="dendrite_100",
        rows=303,
        switches=(121, 121, 244, 244, 286, 286),
        parameters=(2624080, 4619360, 6620928, 8626688),
        best=(0.5577, 0.5757, 0.5807, 0.4626),
    ),
    Expected(
        folder="fire-every-epoch",
        inner="fire_model",
        save_name="fire_model",
        rows=20,
        switches=tuple(epoch for epoch in range(20) for _ in range(2)),
        parameters=(4545,),
        best=(),
    ),
    Expected(
        folder="bank-lead-mixed-runs",
        inner="PAI",
        save_name="PAI",
        rows=16,
        switches=(1, 1, 6, 6),
        parameters=(135426, 271622, 410128),
        best=(0.64666, 0.65517, 0.65562),
        rejected=2,
        leftovers=4,
    ),
    Expected(
        folder="resnet-pb-killed",
        inner="PAI",
        save_name="PAI",
        rows=1,
        switches=(0,),
        parameters=(11227812,),
        best=(),
    ),
    Expected(
        folder="digits-329-two-kept",
        inner="PAI",
        save_name="PAI",
        rows=40,
        switches=(24, 24, 36, 36),
        parameters=(502, 1026, 1616),
        best=(91.64, 92.14, 92.31),
        rejected=2,
    ),
    Expected(
        folder="digits-329-minimize",
        inner="minimize",
        save_name="minimize",
        rows=29,
        switches=(26, 26),
        parameters=(502, 1026),
        best=(0.31718, 0.31359),
        rejected=2,
    ),
    Expected(
        folder="digits-329-loop-exit",
        inner="early_exit",
        save_name="early_exit",
        rows=12,
        switches=(),
        parameters=(502,),
        best=(87.960,),
    ),
    Expected(
        folder="digits-329-first-failed",
        inner="late_extra",
        save_name="late_extra",
        rows=29,
        switches=(),
        parameters=(502,),
        best=(87.29,),
        rejected=1,
    ),
    Expected(
        folder="digits-329-capacity",
        inner="capacity",
        save_name="capacity",
        rows=4,
        switches=(0, 0, 1, 1, 2, 2),
        parameters=(502, 1026, 1616, 2250),
        best=(15.9, 41.8, 54.2, 66.7),
    ),
    Expected(
        folder="digits-204",
        inner="PAI",
        save_name="PAI",
        rows=45,
        switches=(24, 24, 38, 38),
        parameters=(1004, 1528, 2118),
        best=(91.64, 92.14, 92.31),
    ),
    Expected(
        folder="digits-329-premature-once",
        inner="fixed20",
        save_name="fixed20",
        rows=30,
        switches=(7, 7),
        parameters=(502, 1026),
        best=(81.94, 93.14),
        rejected=2,
    ),
    Expected(
        folder="digits-329-premature-fixed3",
        inner="premature",
        save_name="premature",
        rows=71,
        switches=(2, 2, 49, 49, 52, 52, 60, 60),
        parameters=(502, 1026, 1616, 2250, 2928),
        best=(21.74, 88.29, 88.46, 88.63, 88.96),
    ),
    Expected(
        folder="digits-329-overfit",
        inner="overfit",
        save_name="overfit",
        rows=49,
        switches=(30, 30),
        parameters=(2410, 4878),
        best=(77.88, 79.03),
    ),
    Expected(
        folder="v2run",
        inner="v2run",
        save_name="v2run",
        rows=8,
        switches=(),
        parameters=(6,),
        best=(89.396,),
        rejected=2,
    ),
    Expected(
        folder="digits-329-nan-loop-exit",
        inner="nan_exit",
        save_name="nan_exit",
        rows=12,
        switches=(),
        parameters=(502,),
        best=(None,),
    ),
    Expected(
        folder="digits-329-odd-names",
        inner="uni.name_x",
        save_name="uni.name_x",
        rows=39,
        switches=(24, 24),
        parameters=(502, 1026),
        best=(91.639, 92.140),
    ),
    Expected(
        folder="digits-329-comma-crash",
        inner="commaname",
        save_name="commaname",
        rows=32,
        switches=(),
        parameters=(502,),
        best=(91.639,),
    ),
    Expected(
        folder="monai-renamed-folder",
        inner="PAI_MONAI_Compressed_dendritic",
        save_name="PAI_MONAI_Compressed",
        rows=19,
        switches=(4, 4, 15, 15),
        parameters=(1887445, 3459565, 5034625),
        best=(0.32517, 0.32975, 0.34141),
    ),
)


@cache
def read(path: Path) -> Run:
    """The run in `path`, read once per session."""
    return read_run(path)


def inner(folder: str) -> Run:
    """The run of a folder of the collection."""
    expected = next(run for run in RUNS if run.folder == folder)
    return read(real_run(expected.folder, expected.inner))


def kinds(run: Run) -> Counter[SnapshotKind]:
    """Own snapshots of a run by kind."""
    return Counter(snapshot.kind for snapshot in run.snapshots)


def by_kind(run: Run, kind: SnapshotKind) -> tuple[int, ...]:
    """Epochs of the own snapshots of a kind, in order."""
    return tuple(snapshot.epochs for snapshot in run.snapshots if snapshot.kind == kind)


@pytest.mark.parametrize("expected", RUNS, ids=lambda expected: expected.folder)
def test_save_name_rows_and_switches(expected: Expected) -> None:
    """Save name, epochs and switch rows are those of the canonical files."""
    run = inner(expected.folder)

    assert (expected.save_name, expected.rows, expected.switches) == (
        run.save_name,
        run.canonical.epochs,
        run.canonical.switch_epochs,
    )
    assert not run.partial


@pytest.mark.parametrize("expected", RUNS, ids=lambda expected: expected.folder)
def test_parameters_without_and_with_all_sets(expected: Expected) -> None:
    """Row 2k of the parameter counts is the network with k sets, in both modes."""
    counts = inner(expected.folder).canonical.parameter_counts or ()
    sets = len(expected.switches) // 2 if len(expected.parameters) > 1 else 0

    assert (expected.parameters[0], expected.parameters[-1]) == (counts[0], counts[2 * sets])


@pytest.mark.parametrize("expected", [run for run in RUNS if run.best], ids=lambda expected: expected.folder)
def test_best_rows(expected: Expected) -> None:
    """The best rows are those of the table, whatever its name and header of the era."""
    rows = inner(expected.folder).canonical.best_rows or ()

    assert len(expected.best) == len(rows)
    for score, row in zip(expected.best, rows, strict=True):
        assert score == (row.validation if score is None else pytest.approx(row.validation, abs=0.051 if score > 15 else 6e-5))


@pytest.mark.parametrize("expected", RUNS, ids=lambda expected: expected.folder)
def test_rejected_sets_and_leftovers(expected: Expected) -> None:
    """Snapshots of rejected sets count for this run only if they share its opening scores; the others are left over."""
    run = inner(expected.folder)

    assert (expected.rejected, expected.leftovers) == (kinds(run)["no-improvement"], len(run.leftovers))


@pytest.mark.parametrize("expected", RUNS, ids=lambda expected: expected.folder)
def test_every_file_has_a_place(expected: Expected) -> None:
    """Each file belongs to the canonical files, to one snapshot, or is listed as ignored."""
    run = inner(expected.folder)
    recordings = (run.canonical, *run.snapshots, *run.leftovers)
    placed = [name for recording in recordings for _, name in recording.names] + list(run.ignored)

    assert sorted(path.name for path in real_run(expected.folder, expected.inner).iterdir()) == sorted(placed)


@pytest.mark.parametrize("expected", RUNS, ids=lambda expected: expected.folder)
def test_well_formed_folders_need_no_repair(expected: Expected) -> None:
    """The only notes on folders as the library wrote them are about values that were no numbers, and about left-overs."""
    slugs = {note.slug for note in inner(expected.folder).notes}

    assert slugs <= {"empty-cell", "left-over-snapshots"}


def test_the_last_six_rejections_are_of_three_runs() -> None:
    """Four of six snapshots of rejected sets begin with other scores: they are of earlier runs under the same save name."""
    run = inner("bank-lead-mixed-runs")

    assert sum(snapshot.kind == "no-improvement" for snapshot in run.leftovers) == 4
    assert kinds(run)["no-improvement"] == 2


def test_pb_scores_stand_on_their_own_axis() -> None:
    """Best PBScores hold the epochs of the dendrite phases only: 19 + 29 + 41 + 30."""
    run = inner("efficientnet-pb-loss")
    scores = run.canonical.pb_scores or ()

    assert {119} == {len(module.best_ever) for module in scores}
    assert run.modules == tuple(module.module for module in scores)
    assert run.canonical.times is None
    assert run.canonical.learning_rate is None
    assert run.canonical.validation is not None
    assert min(found for found in run.canonical.validation.values if found is not None) == pytest.approx(0.12234, abs=5e-6)


def test_header_only_pb_scores_are_empty_not_missing() -> None:
    """A run killed inside its first dendrite phase has the modules in the header of its PB scores and no rows."""
    run = inner("resnet-pb-killed")

    assert run.canonical.pb_scores == ()
    assert run.modules
    assert run.canonical.parameter_counts == (11227812, 11227812)


def test_a_snapshot_that_the_user_named_is_no_second_run() -> None:
    """`_final` behind a save name that itself ends in a number is the user's own snapshot of the same run."""
    run = inner("yolo-dendrite-100")

    assert {kind: count for kind, count in kinds(run).items() if kind == "user"} == {"user": 1}
    assert by_kind(run, "user") == (303,)
    assert run.canonical.validation != run.canonical.running


def test_snapshots_keep_the_discarded_tail() -> None:
    """Sixteen snapshots, with up to 62 epochs where the canonical file has 40."""
    run = inner("digits-329-two-kept")

    assert len(run.snapshots) == 16
    assert max(snapshot.epochs for snapshot in run.snapshots) == 62


@pytest.mark.parametrize(("folder", "epochs"), [("digits-329-odd-names", 48), ("monai-renamed-folder", 29)])
def test_before_final_has_no_underscore(folder: str, epochs: int) -> None:
    """`before_final` is glued on to the save name, and holds the epochs before the best model was loaded."""
    assert (epochs,) == by_kind(inner(folder), "before-final")


def test_a_late_series_is_shorter_and_its_best_cell_empty() -> None:
    """Train, logged from epoch 5 on, has 24 values for 29 epochs; its cell in the best rows is empty."""
    run = inner("digits-329-first-failed")
    rows = run.canonical.best_rows or ()

    assert [(series.name, len(series.values)) for series in run.canonical.extras] == [("Train", 24)]
    assert rows[0].extras == (("Train", None),)


def test_an_empty_cell_keeps_its_epoch() -> None:
    """The NaN at epoch 5 moves no later score: the best of them stays at epoch 11."""
    validation = inner("digits-329-nan-loop-exit").canonical.validation

    assert validation is not None
    assert [epoch for epoch, found in enumerate(validation.values) if found is None] == [5]
    assert validation.values[11] == max(found for found in validation.values if found is not None)
    assert validation.values[11] == pytest.approx(67.06, abs=5e-3)


def test_names_of_extra_scores_are_kept_as_written() -> None:
    """Percent signs, umlauts, quotes and commas in the names of extra scores come through the CSV quoting."""
    odd = inner("digits-329-odd-names").canonical.extras
    comma = inner("digits-329-comma-crash").canonical.extras

    assert [series.name for series in odd] == ["Genauigkeit (%) é", 'Test "held-out"', "AUC ROC"]
    assert [series.name for series in comma] == ["Train, acc"]


def test_a_crash_at_the_first_switch_leaves_one_longer_snapshot() -> None:
    """`_beforeSwitch_0` has 33 epochs, the canonical file 32, and nothing was tried."""
    run = inner("digits-329-comma-crash")

    assert kinds(run) == {"before-switch": 1}
    assert by_kind(run, "before-switch") == (33,)


def test_max_test_scores_are_an_extra_column() -> None:
    """The old best rows carry 'Max Test Scores', which is read as any other column and repeats validation here."""
    rows = inner("digits-204").canonical.best_rows or ()

    assert [(("Max Test Scores", row.validation),) for row in rows] == [row.extras for row in rows]


def test_eras() -> None:
    """The spelling of the best-scores file tells the era."""
    assert (inner("digits-204").era, inner("digits-329-overfit").era) == ("best-test-scores", "best-arch-scores")


def test_configuration_of_a_run() -> None:
    """The configuration's typed settings and every key beside them; the capacity test writes none."""
    config = inner("digits-329-minimize").config

    assert config is not None
    assert (
        config.value("maximizing_score"),
        config.value("switch_mode"),
        config.value("n_epochs_to_switch"),
        config.value("max_dendrites"),
        config.value("improvement_threshold"),
    ) == (False, 1, 10, 2, (0.001, 0.0001, 0.0))
    assert (dict(config.settings)["save_name"], dict(config.settings)["DOING_HISTORY"]) == ('"minimize"', "1")
    assert inner("digits-329-capacity").config is None


def test_snapshots_stand_in_the_order_of_the_training() -> None:
    """By switch rows, then time; the picked copy after its trials, `_beforeSwitch_K` last of its level (D15)."""
    run = inner("digits-329-two-kept")
    infixes = [snapshot.infix.rpartition(".")[2] for snapshot in run.snapshots]

    assert infixes == [
        "_beforeSwitch_0",
        "27_PBCount_1_startSteps_0",
        "33_PBCount_1_startSteps_1",
        "35_PBCount_1_startSteps_0PICKED",
        "_beforeSwitch_2",
        "59_PBCount_2_startSteps_0",
        "11_PBCount_2_startSteps_1",
        "_beforeSwitch_4",
        "38_PBCount_3_startSteps_0",
        "50_PBCount_3_startSteps_1",
        "01_PBCount_3_startSteps_2",
        "12_noImprove_lr_3",
        "31_PBCount_3_startSteps_0",
        "46_PBCount_3_startSteps_1",
        "56_PBCount_3_startSteps_2",
        "07_noImprove_lr_3",
    ]


def test_tables_typed_by_hand_are_refused() -> None:
    """Files without a save name and with foreign headers are refused with file, header found and header expected."""
    with pytest.raises(ExpectedError) as caught:
        read_run(real_run("gnn-hand-made", "forms"))

    assert caught.value.slug == "foreign-table"
    assert "Scores.csv" in caught.value.sentence
    assert "epoch,val,running_val,extra,test_at_valbest" in caught.value.sentence
    assert "Epochs,Validation Scores,Validation Running Scores" in caught.value.sentence


def test_the_picture_is_kept_byte_for_byte() -> None:
    """The library's own picture is passed on as it is on disk."""
    run = read(SAMPLES / "overfitting")
    data = (SAMPLES / "overfitting" / "overfitting.png").read_bytes()

    assert run.picture is not None
    assert ("overfitting.png", data) == (run.picture.name, run.picture.data)
