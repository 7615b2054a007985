"""From what a user types to one run: folder, parent, pile of files, save name, single file or training script (L1 to L4)."""

import os
import shutil
from pathlib import Path

import pytest
from run_files import SCORES, rows, scores, stack, validation, write_run

from pai_report.errors import ExpectedError
from pai_report.run import read_run, search

QUESTION = "What was your save_name?"
CALL = "from perforatedai import utils_perforatedai as UPA\nUPA.perforate_model(model, save_name={})\n"


def refused(path: Path, save_name: str | None = None) -> ExpectedError:
    """The error that reading `path` ends in, with nobody to ask."""
    with pytest.raises(ExpectedError) as caught:
        read_run(path, save_name=save_name)
    return caught.value


def script(folder: Path, argument: str) -> Path:
    """A training script with that save name argument."""
    path = folder / "train.py"
    path.write_text(CALL.format(argument))
    return path


def test_the_folder_name_is_no_save_name(tmp_path: Path) -> None:
    """The save name is what all files begin with, whatever the folder is called."""
    run = read_run(write_run(tmp_path / "final version", "a b.c_1"))

    assert (run.save_name, run.folder) == ("a b.c_1", "final version")


@pytest.mark.parametrize(
    "name", ["PAI", "a.b", "two words", "under_score_", "run_2", "Scores", "PAIScores", "größe", "x" * 100]
)
def test_save_names_of_all_kinds(tmp_path: Path, name: str) -> None:
    """Names are parsed from their end, so that dots, blanks and underscores in a save name do no harm."""
    files = {"_beforeSwitch_0Scores.csv": scores(), "before_finalScores.csv": scores()}
    run = read_run(write_run(tmp_path / "run", name, files))

    assert name == run.save_name
    assert {"before-switch", "before-final"} == {snapshot.kind for snapshot in run.snapshots}


def test_a_folder_above_that_holds_one_run(tmp_path: Path) -> None:
    """The only run below a folder is found, other files and hidden folders notwithstanding."""
    write_run(tmp_path / "results" / "july" / "mine", "mine")
    write_run(tmp_path / ".cache" / "old", "old")
    (tmp_path / "notes.txt").write_text("x")

    assert read_run(tmp_path).save_name == "mine"


def test_a_run_put_aside_inside_of_a_run_folder_is_not_searched(tmp_path: Path) -> None:
    """What lies below a run folder does not compete with the run."""
    write_run(tmp_path / "mine", "mine")
    write_run(tmp_path / "mine" / "before", "mine")

    assert (validation(read_run(tmp_path)), read_run(tmp_path / "mine").folder) == (SCORES, "mine")


def test_links_make_no_loops(tmp_path: Path) -> None:
    """A folder that links to itself is searched once."""
    write_run(tmp_path / "mine", "mine")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "up").symlink_to(tmp_path, target_is_directory=True)

    assert read_run(tmp_path).save_name == "mine"


def test_a_linked_run_folder_can_be_named(tmp_path: Path) -> None:
    """A link that the user types is followed; the folder is named as it really is."""
    write_run(tmp_path / "mine", "mine")
    (tmp_path / "latest").symlink_to(tmp_path / "mine", target_is_directory=True)

    assert read_run(tmp_path / "latest").folder == "mine"


def test_several_runs_in_one_folder_are_listed(tmp_path: Path) -> None:
    """The candidates are named, and --save-name picks one; the other's files are listed as ignored."""
    write_run(tmp_path / "pile", "first")
    write_run(tmp_path / "pile", "second", {"Scores.csv": scores([1.0, 2.0, 3.0, 4.0])})
    error = refused(tmp_path)
    run = read_run(tmp_path, save_name="second")

    assert error.slug == "several-runs"
    assert "--save-name" in error.hint
    assert "first" in error.hint
    assert "second" in error.hint
    assert (validation(run), run.save_name) == ((1.0, 2.0, 3.0, 4.0), "second")
    assert "firstScores.csv" in run.ignored


def test_a_user_on_a_terminal_is_asked_which_run(tmp_path: Path) -> None:
    """Where somebody can answer, several runs are a question instead of an error."""
    write_run(tmp_path / "pile", "first")
    write_run(tmp_path / "pile", "second")

    assert read_run(tmp_path, ask=lambda _question, names: names[0]).save_name == "first"


def test_the_same_save_name_in_several_folders_needs_a_folder(tmp_path: Path) -> None:
    """A save name cannot tell two folders apart; both are named."""
    write_run(tmp_path / "seed1", "PAI")
    write_run(tmp_path / "seed2", "PAI")
    error = refused(tmp_path, "PAI")

    assert error.slug == "several-runs"
    assert str(tmp_path / "seed1") in error.hint
    assert "folder" in error.hint


def test_a_save_name_that_is_not_there(tmp_path: Path) -> None:
    """The runs that are there are named instead."""
    write_run(tmp_path / "mine", "mine")
    error = refused(tmp_path, "yours")

    assert error.slug == "no-run-found"
    assert "yours" in error.sentence
    assert "mine" in error.hint


def test_a_pile_of_other_files_around_a_run(tmp_path: Path) -> None:
    """Scripts, checkpoints, scratch tables and other pictures beside a run are ignored and listed."""
    write_run(tmp_path, "mine")
    others = ["best_model.pt", "pd.csv", "figure.png", "README.md", "array_dims.csv", "model_config.json"]
    for name in others:
        (tmp_path / name).write_text("x")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    run = read_run(tmp_path)

    assert sorted(others) == list(run.ignored)
    assert run.config is None


def test_a_file_of_the_run_leads_to_it(tmp_path: Path) -> None:
    """Naming one of several runs' files picks that run."""
    write_run(tmp_path, "first")
    write_run(tmp_path, "second", {"_beforeSwitch_0Scores.csv": scores()})

    assert read_run(tmp_path / "firstScores.csv").save_name == "first"
    assert read_run(tmp_path / "second_beforeSwitch_0Scores.csv").save_name == "second"


def test_a_file_of_no_run(tmp_path: Path) -> None:
    """A notebook or a picture is neither a run nor a script."""
    write_run(tmp_path, "mine")
    (tmp_path / "train.ipynb").write_text("{}")

    assert refused(tmp_path / "train.ipynb").slug == "not-a-run"


def test_what_does_not_exist_is_searched_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that leads nowhere is told as such, also where a folder beside it holds a run of that save name."""
    write_run(tmp_path / "renamed", "mine")
    monkeypatch.chdir(tmp_path)

    for path in (Path("mine"), Path("renamed/mine"), tmp_path / "mine", Path("../mine")):
        error = refused(path)
        assert (error.slug, error.sentence) == ("no-such-path", f"There is no file or folder {path}.")
        assert "pai-report FOLDER --save-name mine" in error.hint
    assert read_run(tmp_path, save_name="mine").folder == "renamed"
    assert refused(Path("no/such/folder")).slug == "no-such-path"
    assert refused(Path("x" * 5000)).slug == "no-such-path"


def test_nothing_found_is_told_without_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No save name would lead anywhere where there is no run: what was looked for is told, also on a terminal."""
    error = refused(tmp_path)
    assert (error.slug, error.sentence) == ("no-run-found", f"No run was found in {tmp_path}.")

    monkeypatch.chdir(tmp_path)
    assert refused(Path()).sentence == "No run was found in the working folder."
    with pytest.raises(ExpectedError, match="No run was found"):
        read_run(tmp_path, ask=lambda *_: pytest.fail("was asked"))


def test_scores_are_missing_beside_their_companions(tmp_path: Path) -> None:
    """A folder whose scores and best scores are gone is no empty folder: the missing file is named."""
    folder = write_run(tmp_path / "run", "mine")
    (folder / "mineScores.csv").unlink()
    for best in folder.glob("mine*best_*scores.csv"):
        best.unlink()
    error = refused(folder)

    assert error.slug == "no-scores"
    assert "mineScores.csv is missing" in error.sentence


def test_files_without_a_save_name_but_with_the_librarys_headers(tmp_path: Path) -> None:
    """A run whose files lost their save name is read, unless another run is there."""
    write_run(tmp_path / "pile", "")

    assert (read_run(tmp_path).save_name, validation(read_run(tmp_path))) == ("unnamed", SCORES)

    write_run(tmp_path / "pile", "mine")

    assert read_run(tmp_path).save_name == "mine"


def test_too_many_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of a whole disk ends with advice instead of in an hour."""
    monkeypatch.setattr(search, "MOST_FOLDERS", 3)
    for name in "abcd":
        (tmp_path / name).mkdir()

    assert refused(tmp_path).slug == "too-many-folders"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root and Windows may read everything")
def test_an_unreadable_folder(tmp_path: Path) -> None:
    """A folder without permission is an expected problem."""
    tmp_path.chmod(0)
    try:
        assert refused(tmp_path).slug == "unreadable-folder"
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX systems")
def test_a_pipe_or_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    """A named pipe that bears the name of a table is not waited for."""
    write_run(tmp_path, "mine")
    os.mkfifo(tmp_path / "mineTimes.csv")
    (tmp_path / "mineBest PBScores.csv").symlink_to(tmp_path / "mineBest PBScores.csv")

    assert read_run(tmp_path).canonical.times is None


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX systems")
def test_a_file_name_that_is_no_unicode(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are shown replaced, so that every report can be written."""
    folder = os.fsencode(write_run(tmp_path / "run", "mine"))
    shutil.copy(folder + b"/mineScores.csv", folder + b"/mine_\xff_beforeSwitch_0Scores.csv")
    shutil.copy(folder + b"/mineScores.csv", folder + b"/\xff.txt")

    assert "\ufffd.txt" in read_run(tmp_path, save_name="mine").ignored


def test_a_script_with_a_constant(tmp_path: Path) -> None:
    """The script's constant picks its run among several, and its facts and digest come along."""
    write_run(tmp_path / "mine", "mine")
    write_run(tmp_path / "other", "other")
    run = read_run(script(tmp_path, '"mine"'))

    assert run.script is not None
    assert (run.save_name, run.script.save_name_from, run.script.file) == ("mine", "constant", "train.py")
    assert "train.py" in {source.name for source in run.sources}
    assert refused(script(tmp_path, "name")).sentence == QUESTION


def test_a_script_run_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results lie where the script was started: the current folder is searched after the script's own."""
    (tmp_path / "code").mkdir()
    write_run(tmp_path / "work" / "mine", "mine")
    monkeypatch.chdir(tmp_path / "work")

    assert read_run(script(tmp_path / "code", '"mine"')).save_name == "mine"


def test_a_script_whose_run_is_not_there(tmp_path: Path) -> None:
    """The save name of the script and the runs that are there are both told."""
    write_run(tmp_path / "other", "other")
    error = refused(script(tmp_path, '"mine"'))

    assert error.slug == "no-run-found"
    assert "mine" in error.sentence
    assert "other" in error.hint


def test_a_variable_save_name_is_asked_for(tmp_path: Path) -> None:
    """The question is put with the candidates, and the answer picks the run; elsewhere it is the error."""
    write_run(tmp_path / "first", "first")
    write_run(tmp_path / "second", "second")
    asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(question: str, candidates: tuple[str, ...]) -> str:
        asked.append((question, candidates))
        return " second "

    run = read_run(script(tmp_path, "sys.argv[1]"), ask=ask)
    error = refused(script(tmp_path, "sys.argv[1]"))

    assert run.save_name == "second"
    assert asked == [(QUESTION, ("first", "second"))]
    assert (error.slug, error.sentence) == ("save-name-unknown", QUESTION)
    assert "first" in error.hint
    assert "second" in error.hint
    assert read_run(script(tmp_path, "sys.argv[1]"), save_name="second").save_name == "second"


def test_a_default_of_the_command_line_is_used_only_if_it_is_the_one_run(tmp_path: Path) -> None:
    """The default is a guess: with one run of that name it is taken, with several the question comes with it first."""
    path = tmp_path / "train.py"
    parser = 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--name", default="mine")\nargs = p.parse_args()\n'
    path.write_text(parser + CALL.format("args.name"))
    write_run(tmp_path / "mine", "mine")
    alone = read_run(path).save_name
    write_run(tmp_path / "a", "a")
    candidates: list[tuple[str, ...]] = []

    def ask(_: str, names: tuple[str, ...]) -> str:
        candidates.append(names)
        return "a"

    assert alone == "mine"
    assert refused(path).sentence == QUESTION
    assert read_run(path, ask=ask).save_name == "a"
    assert candidates == [("mine", "a")]


def test_an_answer_that_names_no_run(tmp_path: Path) -> None:
    """A wrong answer is told with the runs that are there."""
    write_run(tmp_path / "first", "first")
    with pytest.raises(ExpectedError) as caught:
        read_run(script(tmp_path, "name"), ask=lambda _question, _names: "nothing")

    assert caught.value.slug == "no-run-found"


def test_the_requirements_own_file_names(tmp_path: Path) -> None:
    """`{save}_scores.csv` with epochs and one score is read, with a note of its header and first epoch; so are the others."""
    files = {
        "_scores.csv": stack({"accuracy": SCORES}, epochs="epoch", start=1),
        "_train_scores.csv": stack({"score": SCORES}, epochs="epoch", start=1),
        "_switch_epochs.csv": rows("Switch Number,Switch Epoch", (2, 2)),
        "_learning_rate.csv": stack({"learning_rate": [0.1] * 6}, epochs="Epoch", start=1),
        "_best_arch_scores.csv": "Param Counts,Max Valid Scores\n100,30.0\n200,50.0\n",
        "Best_PBScores.csv": "Epochs,Best ever for all nodes Layer .fc1\n0,0.01\n",
    }
    for suffix, content in files.items():
        (tmp_path / f"mine{suffix}").write_text(content)
    run = read_run(tmp_path)

    assert (run.save_name, validation(run), run.canonical.switch_epochs, run.ignored) == ("mine", SCORES, (2, 2), ())
    assert run.canonical.learning_rate is not None
    assert run.canonical.learning_rate.values == (0.1,) * 6
    assert [(series.name, series.values) for series in run.canonical.extras] == [("Train", SCORES)]
    assert run.modules == (".fc1",)
    header = next(note for note in run.notes if note.slug == "own-header")
    assert "'epoch,accuracy'" in header.text
    assert "start at 1" in header.text
    assert "mine_scores.csv" in next(note.text for note in run.notes if note.slug == "document-names")


def test_the_requirements_names_with_the_librarys_content(tmp_path: Path) -> None:
    """The library's tables under the requirements' names are read alike, snapshots included."""
    names = {"_scores.csv": scores(), "_switch_epochs.csv": rows("Switch Number,Switch Epoch", (2, 2))}
    for suffix, content in names.items():
        for infix in ("", "_beforeSwitch_0"):
            (tmp_path / f"my_run{infix}{suffix}").write_text(content)
    run = read_run(tmp_path)

    assert (run.save_name, validation(run), run.canonical.switch_epochs) == ("my_run", SCORES, (2, 2))
    assert [(one.switch_epochs, one.validation.values) for one in run.snapshots if one.validation] == [((2, 2), SCORES)]


def test_the_librarys_file_wins_over_an_alias(tmp_path: Path) -> None:
    """With both spellings there the library's is read, and the other is noted (C3)."""
    run = read_run(write_run(tmp_path / "run", "mine", {"_scores.csv": scores([1.0])}))

    assert validation(run) == SCORES
    assert [note.file for note in run.notes if note.slug == "second-file"] == ["mine_scores.csv"]


@pytest.mark.parametrize("header", ["epoch,val,test", "step,accuracy", "epoch"])
def test_tables_with_more_or_less_than_one_score_are_foreign(tmp_path: Path, header: str) -> None:
    """Only epochs with exactly one score are believed under the requirements' name."""
    (tmp_path / "mine_scores.csv").write_text(header + "\n" + ",".join(["1"] * len(header.split(","))) + "\n")
    error = refused(tmp_path)

    assert error.slug == "foreign-table"
    assert "mine_scores.csv" in error.sentence
    assert header in error.sentence


def test_a_foreign_table_elsewhere_does_not_hide_a_run(tmp_path: Path) -> None:
    """Someone's own Scores.csv beside a run folder is no second run."""
    write_run(tmp_path / "mine", "mine")
    (tmp_path / "Scores.csv").write_text("epoch,val\n1,2\n")

    assert read_run(tmp_path).save_name == "mine"


def test_a_user_snapshot_is_told_from_a_second_run(tmp_path: Path) -> None:
    """A longer save name with the same opening scores is a snapshot, with other scores a run, with a configuration a run."""
    write_run(tmp_path / "a", "mine")
    write_run(tmp_path / "a", "mine_final")
    write_run(tmp_path / "b", "mine")
    write_run(tmp_path / "b", "mine_final", {"Scores.csv": scores([9.0, 8.0, 7.0])})
    write_run(tmp_path / "c", "mine")
    write_run(tmp_path / "c", "mine_final", {"_config.json": "{}"})

    assert [snapshot.infix for snapshot in read_run(tmp_path / "a").snapshots] == ["_final"]
    assert refused(tmp_path / "b").slug == "several-runs"
    assert refused(tmp_path / "c").slug == "several-runs"
