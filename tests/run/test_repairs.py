"""Tables that disks, editors and spreadsheets have changed: read where that is certain, with a note of file, row and reason."""

from pathlib import Path

import pytest
from run_files import SCORES, noted, row_noted, rows, scores, stack, validation, write_run

from pai_report.errors import ExpectedError
from pai_report.run import columns, read_run
from pai_report.run.columns import stacked
from pai_report.run.ledger import Ledger
from pai_report.run.model import BestRow
from pai_report.run.table import read_table


def with_scores(folder: Path, content: str | bytes) -> Path:
    """A run whose scores file holds `content`."""
    return write_run(folder / "run", files={"Scores.csv": content})


def test_a_clean_run_leaves_only_the_note_of_its_missing_snapshot(tmp_path: Path) -> None:
    """Nothing is repaired in tables as the library writes them; the snapshot before the switch is missed."""
    run = read_run(write_run(tmp_path / "run"))

    assert validation(run) == SCORES
    assert {"missing-snapshots"} == {note.slug for note in run.notes}


@pytest.mark.parametrize("cell", ["", "nan", "inf", "-inf", "None", "abc", "1e999", "1e300", "tensor(nan)"])
def test_a_cell_without_a_finite_number_keeps_its_epoch(tmp_path: Path, cell: str) -> None:
    """What is no finite number is no score, is noted with its row, and moves no other epoch."""
    values = [10.0, cell, 30.0, 25.0, 40.0, 50.0]
    run = read_run(with_scores(tmp_path, stack({"Validation Scores": values, "Validation Running Scores": SCORES})))

    assert validation(run) == (10.0, None, 30.0, 25.0, 40.0, 50.0)
    assert run.canonical.running is not None
    assert run.canonical.running.values == SCORES
    assert ("runScores.csv", 3) in [(note.file, note.row) for note in run.notes]


@pytest.mark.parametrize(
    "cell", ["0.93", " 0.93", "tensor(0.93)", "tensor([0.93], device='cuda:0')", "torch.tensor(0.93)", '"0.93"']
)
def test_numbers_in_odd_clothes_are_numbers(tmp_path: Path, cell: str) -> None:
    """Blanks, quotes and the text of a one-element tensor do not hide the number."""
    quoted = f'"{cell}"' if "," in cell else cell
    run = read_run(with_scores(tmp_path, stack({"Validation Scores": [0.5, quoted], "Validation Running Scores": [0.5, 0.5]})))

    assert validation(run) == (0.5, 0.93)


@pytest.mark.parametrize(
    "changed",
    [
        scores().replace("\n", "\r\n").encode(),
        scores().replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + scores().encode(),
        scores().encode("utf-16"),
        scores().replace(",", ";").encode(),
        scores().replace(",", "\t").encode(),
        scores().replace(",", ";").replace(".", ",").encode(),
        b"\n\n" + scores().encode(),
        b"\n".join(b"," + line if not at else b"7," + line for at, line in enumerate(scores().strip().encode().split(b"\n"))),
        scores().replace("Epochs", "epochs").encode(),
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in scores().split("\n")).encode(),
        scores().replace(",", " , ").replace("\n", " \n").encode(),
        b"# made by hand\n# on Monday\n\n" + scores().encode(),
        b"sep=,\n" + scores().encode(),
        b'\xef\xbb\xbf"sep=;"\r\n' + scores().replace(",", ";").replace("\n", "\r\n").encode(),
        scores().encode("utf-16-le"),
        scores().encode("utf-16-be"),
    ],
    ids=[
        *("crlf", "cr", "bom", "utf-16", "semicolons", "tabs", "decimal-commas", "blank", "index", "case", "quotes"),
        *("padded", "comments", "sep", "sep-semicolon", "utf-16-le", "utf-16-be"),
    ],
)
def test_the_same_table_in_another_form_is_the_same(tmp_path: Path, changed: bytes) -> None:
    """Line ends, byte order mark, encoding, delimiter, a saved index and quotes change no score."""
    run = read_run(with_scores(tmp_path, changed))

    assert validation(run) == SCORES
    assert run.canonical.running is not None
    assert run.canonical.running.values == SCORES


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        (b"\n", b"\r\n", "crlf-line-ends"),
        (b",", b";", "wrong-delimiter"),
        (b"Epochs", b"\xef\xbb\xbfEpochs", "byte-order-mark"),
        (b",", b" ,", "padded-cells"),
        (b"\n", b" \n", "padded-cells"),
        (b"Epochs,", b"Epochs ,", "padded-cells"),
        (b"Epochs", b"# comment\nEpochs", "comment"),
        (b"Epochs", b"sep=,\nEpochs", "separator-line"),
    ],
)
def test_another_form_is_noted(tmp_path: Path, old: bytes, new: bytes, slug: str) -> None:
    """The reader tells that it read another form than the library writes."""
    run = read_run(with_scores(tmp_path, scores().encode().replace(old, new)))

    assert [note.file for note in noted(run, slug)] == ["runScores.csv"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_noted(tmp_path: Path, codec: str) -> None:
    """With and without its mark."""
    run = read_run(with_scores(tmp_path, scores().encode(codec)))

    assert [note.file for note in noted(run, "encoding")] == ["runScores.csv"]


@pytest.mark.parametrize(
    ("cell", "expected", "slug"),
    [
        ("5e-324", 0.0, "too-small"),
        ("-1e-200", 0.0, "too-small"),
        ("1e-100", 1e-100, None),
        ("1e91", 1e91, None),
        ("1e100", 1e100, None),
        ("1.01e100", None, "not-finite"),
        ("1e308", None, "not-finite"),
        ("9" * 5000, None, "not-finite"),
        (str(2**70), float(2**70), None),
        ("tensor(0.93)", 0.93, "tensor-text"),
        ("tensor(0.93, device='cuda:0')", 0.93, "tensor-text"),
        ("0x10", None, "not-a-number"),
        ("1_000", None, "not-a-number"),
        ("\u0661\u0662", None, "not-a-number"),  # twelve in Arabic-Indic digits
        ("\uff11", None, "not-a-number"),  # a wide one
        ("NaN!", None, "not-a-number"),
        ("0,5", None, "not-a-number"),
        ("1e", None, "not-a-number"),
        ("--1", None, "not-a-number"),
        ("1 000", None, "not-a-number"),
        ("nan", None, "not-finite"),
        ("-Infinity", None, "not-finite"),
        ("+.5", 0.5, None),
        ("5.", 5.0, None),
    ],
)
def test_one_strict_rule_for_numbers(tmp_path: Path, cell: str, expected: float | None, slug: str | None) -> None:
    """Every column follows it: scores, extra scores, rates, times, best scores; what is not simply its number has a note."""
    quoted = f'"{cell}"' if "," in cell else cell
    series = [0.5, quoted, 0.5]
    files = {
        "Scores.csv": stack({"Validation Scores": series, "Validation Running Scores": series, "Train": series}),
        "learning_rate.csv": stack({"learning_rate": series}),
        "Times.csv": stack({"Normal Epoch Times": series, "PAI Epoch Times": [1.0]}),
        "_best_arch_scores.csv": f"Param Counts,Max Valid Scores,Train\n100,{quoted},{quoted}\n",
        "switch_epochs.csv": "Switch Number,Switch Epoch\n",
        "param_counts.csv": "Switch Number,Param Count\n0,100\n",
    }
    run = read_run(write_run(tmp_path / "run", files=files))
    canonical = run.canonical

    assert canonical.learning_rate is not None
    assert canonical.times is not None
    assert canonical.running is not None
    for values in (validation(run), canonical.running.values, canonical.learning_rate.values, canonical.extras[0].values):
        assert values == (0.5, expected, 0.5)
    assert canonical.times.neuron == (0.5, expected, 0.5)
    assert canonical.best_rows == (BestRow(parameters=100, validation=expected, extras=(("Train", expected),)),)
    files_noted = [f"run{name}" for name in ("Scores.csv", "learning_rate.csv", "Times.csv", "_best_arch_scores.csv")]
    if slug is not None:
        assert sorted({note.file or "" for note in noted(run, slug)}) == sorted(files_noted)
    else:
        assert {note.slug for note in run.notes} <= {"missing-snapshots"}


@pytest.mark.parametrize("cell", ["1_0", "\u0661", "0x1", "1e400", "9" * 5000, "1.5", "-1", "tensor(nan)", ""])
def test_counts_follow_the_same_rule(tmp_path: Path, cell: str) -> None:
    """Switch epochs and sizes are whole numbers in plain digits."""
    files = {
        "switch_epochs.csv": f"Switch Number,Switch Epoch\n0,2\n1,{cell}\n",
        "param_counts.csv": f"Switch Number,Param Count\n0,100\n1,{cell}\n",
    }
    run = read_run(write_run(tmp_path / "run", files=files))

    assert (run.canonical.switch_epochs, run.canonical.parameter_counts) == ((2,), (100,))
    assert {note.file for note in noted(run, "not-a-count")} == {"runswitch_epochs.csv", "runparam_counts.csv"}


def test_an_epoch_in_other_digits_is_none(tmp_path: Path) -> None:
    """The row is left out with a note, and no other moves."""
    run = read_run(with_scores(tmp_path, scores().replace("\n3,25.0", "\n\u0663,25.0")))

    assert validation(run) == (10.0, 20.0, 30.0, None, 40.0, 50.0)
    assert noted(run, "no-epoch")


def test_columns_in_another_order_and_a_size_twice_are_noted(tmp_path: Path) -> None:
    """Names may have been moved from column to column: what is read by them says so."""
    files = {"_best_arch_scores.csv": "Max Valid Scores,Param Counts\n30.0,100\n50.0,100\n"}
    run = read_run(write_run(tmp_path / "run", files=files))
    moved = "Epochs,Validation Running Scores,Validation Scores\n0,,1.0\n0,2.0,\n"
    other = read_run(write_run(tmp_path / "other", files={"Scores.csv": moved}))

    assert row_noted(run, "column-order") == [("run_best_arch_scores.csv", 1)]
    assert row_noted(run, "same-size") == [("run_best_arch_scores.csv", 3)]
    assert row_noted(other, "column-order") == [("runScores.csv", 1)]


@pytest.mark.parametrize(("table", "column"), [("switch_epochs", "Switch Epoch"), ("param_counts", "Param Count")])
def test_numbered_tables_whose_columns_changed_places_are_named(table: str, column: str, tmp_path: Path) -> None:
    """A header that was sorted or moved: the columns are read by their names, and the note says so."""
    run = read_run(write_run(tmp_path, files={f"{table}.csv": f"{column},Switch Number\n3,0\n3,1\n"}))

    assert row_noted(run, "column-order") == [(f"run{table}.csv", 1)]


def test_a_lost_row_moves_no_epoch(tmp_path: Path) -> None:
    """The missing epoch has no score; those after it keep their places."""
    lines = scores().split("\n")
    del lines[2]
    run = read_run(with_scores(tmp_path, "\n".join(lines)))

    assert validation(run) == (10.0, None, 30.0, 25.0, 40.0, 50.0)
    assert row_noted(run, "missing-epochs") == [("runScores.csv", 3)]


def test_a_lost_first_row_moves_no_epoch(tmp_path: Path) -> None:
    """The first epoch of a library's series is 0, also if its row is missing."""
    lines = scores().split("\n")
    del lines[1]
    run = read_run(with_scores(tmp_path, "\n".join(lines)))

    assert validation(run) == (None, 20.0, 30.0, 25.0, 40.0, 50.0)


def test_repeated_and_swapped_rows_change_nothing(tmp_path: Path) -> None:
    """An epoch counts once, and rows are put in the order of their epochs."""
    lines = scores().split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    lines.insert(2, lines[2])
    run = read_run(with_scores(tmp_path, "\n".join(lines)))

    assert validation(run) == SCORES
    assert noted(run, "repeated-epoch")


def test_a_truncated_last_line_is_left_out(tmp_path: Path) -> None:
    """Half a row at the end of a file is no row."""
    run = read_run(with_scores(tmp_path, scores()[:-4]))

    assert validation(run) == SCORES
    assert row_noted(run, "no-line-end") == [("runScores.csv", 13)]


def test_a_row_without_all_of_its_cells_at_the_end_is_left_out(tmp_path: Path) -> None:
    """The last row broke off before its value."""
    run = read_run(with_scores(tmp_path, scores() + "6,"))

    assert validation(run) == SCORES
    assert row_noted(run, "truncated-line") == [("runScores.csv", 14)]


def test_a_table_that_somebody_reshaped_is_read_by_column(tmp_path: Path) -> None:
    """Series beside each other instead of below each other are series all the same."""
    body = "".join(f"{epoch},{score},{score},{epoch / 10}\n" for epoch, score in enumerate(SCORES))
    run = read_run(with_scores(tmp_path, f"Epochs,Validation Scores,Validation Running Scores,Train\n{body}"))

    assert validation(run) == SCORES
    assert [series.values for series in run.canonical.extras] == [(0.0, 0.1, 0.2, 0.3, 0.4, 0.5)]
    assert noted(run, "side-by-side")


def test_a_stray_quote_spoils_only_its_line(tmp_path: Path) -> None:
    """Lines are taken apart one by one."""
    run = read_run(with_scores(tmp_path, scores().replace("3,25.0", '3,"25.0')))

    assert [score for at, score in enumerate(validation(run)) if at != 3] == [10.0, 20.0, 30.0, 40.0, 50.0]


def test_names_with_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    """The header follows the quoting of CSV, doubled quotes and line breaks in names included."""
    header = 'Epochs,Validation Scores,Validation Running Scores,"a, ""b""\nc"\n'
    body = "".join(f"{at},,,{at}\n" for at in range(2))
    run = read_run(with_scores(tmp_path, header + "0,1.0,,\n0,,1.0,\n" + body))

    assert [(series.name, series.values) for series in run.canonical.extras] == [('a, "b" c', (0.0, 1.0))]


def test_header_only_scores_are_a_run_without_epochs(tmp_path: Path) -> None:
    """A run that was killed before its first epoch ended has no scores, which is noted."""
    run = read_run(with_scores(tmp_path, "Epochs,Validation Scores,Validation Running Scores\n"))

    assert validation(run) == ()
    assert noted(run, "no-rows")


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00\x01\x02", bytes(range(256)) * 4])
def test_scores_that_are_no_table_are_an_expected_error(tmp_path: Path, content: bytes) -> None:
    """Without readable scores there is nothing to report, and one sentence says which file it is."""
    with pytest.raises(ExpectedError, match=r"runScores\.csv") as caught:
        read_run(with_scores(tmp_path, content))

    assert caught.value.slug == "no-scores"


@pytest.mark.parametrize(
    ("cells", "expected", "slug"),
    [
        (("2.0", "2.0"), (2, 2), "float-for-integer"),
        (("2", "-1"), (2,), "not-a-count"),
        (("2", "2.5"), (2,), "not-a-count"),
        (("2", "9" * 30), (2,), "not-a-count"),
        (("2", "4000"), (2,), "epoch-too-far"),
        (("4", "2"), (4,), "switch-out-of-order"),
        (("2", "7"), (2, 7), None),
    ],
)
def test_switch_rows_are_counts_that_never_fall(
    tmp_path: Path, cells: tuple[str, str], expected: tuple[int, ...], slug: str | None
) -> None:
    """Odd switch epochs are dropped with a note; one a little beyond the last score shows that scores were lost."""
    table = "Switch Number,Switch Epoch\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells))
    run = read_run(write_run(tmp_path / "run", files={"switch_epochs.csv": table}))

    assert run.canonical.switch_epochs == expected
    assert slug is None or {"runswitch_epochs.csv"} == {file for file, _ in row_noted(run, slug)}


def test_repeated_and_swapped_switch_rows_change_nothing(tmp_path: Path) -> None:
    """Rows of switches and parameter counts are told by their number."""
    files = {
        "switch_epochs.csv": "Switch Number,Switch Epoch\n1,2\n0,2\n0,2\n",
        "param_counts.csv": "Switch Number,Param Count\n0,100\n2,200\n1,150\n1,150\n",
    }
    run = read_run(write_run(tmp_path / "run", files=files))

    assert (run.canonical.switch_epochs, run.canonical.parameter_counts) == ((2, 2), (100, 150, 200))
    assert len(noted(run, "repeated-row")) == 2


@pytest.mark.parametrize("cell", ["", "x", "-5", "1.5", "1e30", "inf"])
def test_parameter_counts_end_before_an_unreadable_one(tmp_path: Path, cell: str) -> None:
    """A later count must not move into the place of another network's."""
    table = f"Switch Number,Param Count\n0,100\n1,{cell}\n2,200\n"
    run = read_run(write_run(tmp_path / "run", files={"param_counts.csv": table}))

    assert run.canonical.parameter_counts == (100,)
    assert noted(run, "missing-row")


def test_few_rows_cannot_fill_the_memory(tmp_path: Path) -> None:
    """Epochs far apart are kept as far as some twenty per row reach; what lies beyond is a misprint."""
    sparse = "Epochs,Validation Scores,Validation Running Scores\n" + "".join(f"{at * 900},{at},\n" for at in range(1000))
    run = read_run(with_scores(tmp_path, sparse))

    assert len(validation(run)) <= 21_001
    assert noted(run, "epoch-too-far")


def test_a_quote_in_the_header_that_is_never_closed(tmp_path: Path) -> None:
    """It ends with its line and takes no rows along."""
    run = read_run(with_scores(tmp_path, scores(Train=[1.0, 2.0]).replace("Train", '"Train')))

    assert validation(run) == SCORES
    assert [(series.name, series.values) for series in run.canonical.extras] == [("Train", (1.0, 2.0))]


def test_a_table_that_only_bears_the_name_is_not_read(tmp_path: Path) -> None:
    """A look-alike with foreign headers is noted and left out; the run is read without it."""
    table = "Cycle,Parameters,Test_Score,Notes\n1,100,50.0,good\n"
    run = read_run(write_run(tmp_path / "run", files={"_best_arch_scores.csv": table}))

    assert run.canonical.best_rows is None
    assert row_noted(run, "foreign-header") == [("run_best_arch_scores.csv", 1)]


def test_best_rows_without_a_number(tmp_path: Path) -> None:
    """An empty best score belongs to an epoch that was no number; other cells of its row still count."""
    table = "Param Counts,Max Valid Scores,Train\n100,,7.5\n200.0,50.0,\n"
    run = read_run(write_run(tmp_path / "run", files={"_best_arch_scores.csv": table}))

    assert run.canonical.best_rows == (
        BestRow(parameters=100, validation=None, extras=(("Train", 7.5),)),
        BestRow(parameters=200, validation=50.0, extras=(("Train", None),)),
    )


def test_times_of_training_and_validation_add_up(tmp_path: Path) -> None:
    """Where a script measures both, the last validation time is not yet written and its epoch has no total."""
    names = ("Normal Epoch Train Times", "PAI Epoch Train Times", "Normal Epoch Val Times", "PAI Epoch Val Times")
    table = stack(dict(zip(names, ([1.0, 2.0, 3.0], [], [0.5, 0.5], []), strict=True)))
    run = read_run(write_run(tmp_path / "run", files={"Times.csv": table}))

    assert run.canonical.times is not None
    assert run.canonical.times.neuron == (1.5, 2.5, None)


def test_times_of_dendrite_phases_have_their_own_axis(tmp_path: Path) -> None:
    """Neuron and dendrite epochs are counted apart, in either era's spelling."""
    for name in ("PAI Epoch Times", "PB Epoch Times"):
        table = stack({"Normal Epoch Times": [1.0, 2.0], name: [9.0]})
        run = read_run(write_run(tmp_path / name, files={"Times.csv": table}))

        assert run.canonical.times is not None
        assert (run.canonical.times.neuron, run.canonical.times.dendrite) == ((1.0, 2.0), (9.0,))


def test_many_notes_of_one_kind_are_counted(tmp_path: Path) -> None:
    """A thousand empty cells in one file are ten notes and a number."""
    run = read_run(with_scores(tmp_path, scores([f"x{epoch}" for epoch in range(1000)])))

    assert len(noted(run, "not-a-number")) == 11
    assert "1990 more" in noted(run, "not-a-number")[-1].text


def test_the_same_flaw_in_epochs_that_follow_each_other_is_one_note(tmp_path: Path) -> None:
    """Empty cells of epochs 1 to 3 are told once, with the row of the first."""
    run = read_run(with_scores(tmp_path, scores([10.0, "", "", "", 40.0, ""])))
    texts = [(note.row, note.text) for note in noted(run, "empty-cell")]

    assert [row for row, _ in texts] == [3, 7, 9, 13]
    assert "epochs 1 to 3" in texts[0][1]
    assert "epoch 5:" in texts[1][1]


def test_camel_case_era(tmp_path: Path) -> None:
    """The oldest names and headers are read; 'Max Test Scores' is a further column of the best rows."""
    files = {
        "Scores.csv": scores(),
        "switchEpochs.csv": rows("Switch Number,Switch Epoch", (2, 2)),
        "paramCounts.csv": rows("Switch Number,Param Count", (100, 200, 200)),
        "bestTestScores.csv": "Param Counts,Max Valid Scores,Max Test Scores\n100,30.0,29.0\n200,50.0,49.0\n",
        "learningRate.csv": stack({"learningRate": [0.1] * 6}),
    }
    folder = tmp_path / "run"
    folder.mkdir()
    for suffix, content in files.items():
        (folder / f"run{suffix}").write_text(content)
    run = read_run(folder)

    assert (run.era, run.canonical.switch_epochs, run.canonical.parameter_counts) == ("camel-case", (2, 2), (100, 200, 200))
    assert run.canonical.learning_rate is not None
    assert run.canonical.learning_rate.values == (0.1,) * 6
    assert [row.extras for row in run.canonical.best_rows or ()] == [(("Max Test Scores", 29.0),), (("Max Test Scores", 49.0),)]


def test_large_tables_read_as_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """pandas, which parses the large tables, yields what the line by line reading does, to the last bit."""
    values = [0.1 + 0.7 / (epoch + 3) for epoch in range(500)]
    data = scores(values, Train=[value * 3e-7 for value in values]).encode()
    table = read_table("x", data, Ledger())
    assert table is not None
    by_line = stacked(table)
    monkeypatch.setattr(columns, "LARGE", 0)

    assert by_line.series == columns._clean_stack(table)
    assert by_line == stacked(table)


@pytest.mark.parametrize(
    ("old", "new"),
    [("7,", "7,nan,"), ("\n9,", "\nx,"), ("\n0,", "\n2,"), (",,", ",7,"), ("\n3,", "\n3,inf,"), ("\n4,", "\n3,")],
)
def test_large_tables_with_a_flaw_are_read_line_by_line(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """What pandas would guess at is left to the reading that repairs and notes."""
    data = scores([0.1 + 0.7 / (epoch + 3) for epoch in range(50)])
    table = read_table("x", data.replace(old, new, 1).encode(), Ledger())
    assert table is not None
    assert old in data
    by_line = stacked(table)
    monkeypatch.setattr(columns, "LARGE", 0)

    assert by_line == stacked(table)
    assert columns._clean_stack(table) is None
