"""Nights from end to end: what is rendered again, what becomes of runs that fail, what two nights say of each other."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NoReturn

import pytest
from nights import SMALL, Collected, copied, files, known, outcomes, poisoned, spent, synthetic_run

from pai_report.batch.model import Failure, Job
from pai_report.batch.night import Night, night
from pai_report.batch.shift import Order, Tasks
from pai_report.batch.work import shielded
from pai_report.configuration import configured
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.settings import Settings


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with two small runs."""
    return copied(tmp_path / "runs", *SMALL)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the reports go."""
    return tmp_path / "reports"


def digest(output: Path) -> list[str]:
    """The lines of the digest that say something."""
    return [line for line in (output / "digest.md").read_text("utf-8").splitlines() if line]


def reasons(ended: Night) -> dict[str, str]:
    """Slug of the reason of every run that failed."""
    return {row.run: row.failure.slug for row in ended.rows if row.failure}


# What is rendered


def test_first_night_renders_all_and_the_second_none(runs: Path, output: Path) -> None:
    """What has a good report is left alone, and no output changes but the digest."""
    _, first = spent(runs, output)
    before = files(output)
    _, second = spent(runs, output)

    assert first.rendered == {"none-tried/none-tried", "rejected/rejected"}
    assert second.rendered == set()
    after = files(output)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {"digest.md"}


def test_a_changed_file_renders_its_run_again(runs: Path, output: Path) -> None:
    """Only the run whose content changed is reported again."""
    spent(runs, output)
    with (runs / "rejected" / "rejectedTimes.csv").open("a") as file:
        file.write("\n")
    _, watch = spent(runs, output)

    assert watch.rendered == {"rejected/rejected"}


def test_times_alone_render_nothing(runs: Path, output: Path) -> None:
    """A copy with new times is the same run."""
    spent(runs, output)
    for path in runs.rglob("*"):
        os.utime(path, (1, 1))
    _, watch = spent(runs, output)

    assert watch.rendered == set()


def test_a_snapshot_picture_is_no_input(runs: Path, output: Path) -> None:
    """The reader opens the library's own picture, never those of snapshots: only their names count."""
    picture = runs / "rejected" / "rejected_beforeSwitch_0.png"
    picture.write_bytes(b"one")
    spent(runs, output)
    picture.write_bytes(b"other")
    _, watch = spent(runs, output)

    assert watch.rendered == set()


@pytest.mark.parametrize("name", ["report.json", "report.md", "report_files/front-scores.svg"])
def test_a_missing_output_renders_its_run_again(runs: Path, output: Path, name: str) -> None:
    """Whichever file of a report was deleted, it comes back."""
    spent(runs, output, "json", "md")
    lost = next(output.glob(f"runs/rejected-*/{name}"))
    held = lost.read_bytes()
    lost.unlink()
    _, watch = spent(runs, output, "json", "md")

    assert watch.rendered == {"rejected/rejected"}
    assert lost.read_bytes() == held


def test_a_damaged_output_renders_its_run_again(runs: Path, output: Path) -> None:
    """A report of another size than the one written was cut off or replaced."""
    spent(runs, output)
    next(output.glob("runs/rejected-*/report.json")).write_bytes(b"")
    _, watch = spent(runs, output)

    assert watch.rendered == {"rejected/rejected"}


def test_a_missing_index_comes_back(runs: Path, output: Path) -> None:
    """Pages of the index are outputs like any other."""
    spent(runs, output)
    before = files(output)
    (output / "index.html").unlink()
    (output / "index.json").unlink()
    spent(runs, output)

    after = files(output)
    assert {name for name in before if before[name] != after.get(name)} == {"digest.md"}


def test_a_damaged_index_comes_back(runs: Path, output: Path) -> None:
    """A page that was emptied or that grew is no page of ours."""
    spent(runs, output)
    before = files(output)
    (output / "index.html").write_bytes(b"")
    (output / "index-run.html").write_bytes(before["index-run.html"] + b"x")
    spent(runs, output)

    after = files(output)
    assert {name for name in before if before[name] != after.get(name)} == {"digest.md"}


def test_other_formats_render_again_and_replace_the_old_ones(runs: Path, output: Path) -> None:
    """A report in a format that is no longer asked for would never be renewed: it goes."""
    spent(runs, output, "md")
    _, watch = spent(runs, output, "json")

    assert len(watch.rendered) == 2
    assert {path.name for path in output.glob("runs/*/*")} == {"report.json"}


def test_what_others_put_beside_a_report_stays(runs: Path, output: Path) -> None:
    """Only files that bear the names of reports are ours to remove."""
    spent(runs, output, "md")
    note = next(output.glob("runs/rejected-*")) / "notes.txt"
    note.write_text("mine")
    spent(runs, output, "json")

    assert note.read_text() == "mine"


def test_the_date_of_a_pdf_renders_it_again_and_nothing_else(runs: Path, output: Path) -> None:
    """SOURCE_DATE_EPOCH stands in PDFs only, so that without them another date changes nothing."""
    spent(runs, output, environment={"SOURCE_DATE_EPOCH": "1000000000"})
    _, watch = spent(runs, output, environment={"SOURCE_DATE_EPOCH": "1100000000"})

    assert watch.rendered == set()


def test_other_settings_render_again(runs: Path, output: Path) -> None:
    """A changed limit may change a judgement."""
    spent(runs, output)
    _, watch = spent(runs, output, settings=Settings(limits=Limits(gap_notice=4.0)))

    assert len(watch.rendered) == 2


def test_known_findings_render_nothing_again(runs: Path, output: Path) -> None:
    """What is known concerns the digest, no report."""
    spent(runs, output)
    _, watch = spent(runs, output, settings=Settings(known=(known("PAI050", "2000-01-01"),)))

    assert watch.rendered == set()


def test_writing_down_the_first_known_finding_renders_nothing(runs: Path, output: Path, tmp_path: Path) -> None:
    """A file that holds known findings alone changes no report, and none names it; one that switches a rule off is named."""
    spent(runs, output)
    (tmp_path / "pai-report.toml").write_text('[[known]]\nrun = "*"\ncode = "PAI801"\nuntil = 2999-01-01\n')
    _, quiet = spent(runs, output, settings=configured(tmp_path))
    (tmp_path / "pai-report.toml").write_text('off = ["PAI604"]\n')
    _, switched = spent(runs, output, settings=configured(tmp_path))

    assert quiet.rendered == set()
    assert len(switched.rendered) == 2


@pytest.mark.parametrize(
    ("name", "other"),
    [("__version__", "99"), ("look_digest", lambda: "other")],
    ids=["version", "templates and styles"],
)
def test_whatever_makes_a_report_renders_it_again(
    name: str, other: object, runs: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of pai-report, other templates or styles."""
    spent(runs, output)
    monkeypatch.setattr(f"pai_report.batch.conditions.{name}", other)
    _, watch = spent(runs, output)

    assert len(watch.rendered) == 2


# What is found


def test_runs_are_found_at_any_depth_and_below_other_runs(tmp_path: Path, output: Path) -> None:
    """Every run counts: many in one folder, deep ones, and those in the folder of another."""
    runs = synthetic_run(tmp_path / "runs" / "one")
    synthetic_run(runs, name="two", scores=(1.0, 3.0, 2.0))
    synthetic_run(runs / "old" / "one")
    synthetic_run(runs / "a" / "b" / "c" / "d" / "e" / "deep")
    _, watch = spent(tmp_path / "runs", output)

    assert watch.rendered == {"one/one", "one/two", "one/old/one/one", "one/a/b/c/d/e/deep/deep"}


def test_hidden_folders_links_and_the_output_are_left_out(runs: Path) -> None:
    """Copies of editors, loops of links and the reports themselves are no runs."""
    shutil.copytree(runs / "rejected", runs / ".ipynb_checkpoints" / "rejected")
    (runs / "loop").symlink_to(runs)
    (runs / "gone").symlink_to(runs / "nowhere")
    shutil.copytree(runs / "rejected", runs / "reports" / "rejected")
    _, watch = spent(runs, runs / "reports")

    assert set(watch.rows) == {"none-tried/none-tried", "rejected/rejected"}


def test_one_of_many_runs_in_a_folder_changes_alone(tmp_path: Path, output: Path) -> None:
    """Runs that share a folder are told apart by their files."""
    synthetic_run(tmp_path / "runs", name="one")
    synthetic_run(tmp_path / "runs", name="two", scores=(1.0, 3.0, 2.0))
    spent(tmp_path / "runs", output)
    synthetic_run(tmp_path / "runs", name="two", scores=(1.0, 3.0, 4.0))
    _, watch = spent(tmp_path / "runs", output)

    assert watch.rendered == {"two"}


def test_names_that_differ_by_case_or_odd_characters_stay_apart(tmp_path: Path, output: Path) -> None:
    """Each run has a folder of reports of its own, in lower case and ASCII, the same every night."""
    names = ["run", "RUN", "ru n", "ru-n", "rün", "ru\nn", "ru<n>", "ru\u202en", "-", "…"]
    for name in names:
        synthetic_run(tmp_path / "runs" / name)
    synthetic_run(tmp_path / "runs" / os.fsdecode(b"ru\xffn"), name="raw")
    _, watch = spent(tmp_path / "runs", output)
    folders = sorted(path.name for path in output.glob("runs/*"))
    spent(tmp_path / "runs", output)

    assert len(watch.rendered) == len(names) + 1 == len({name.lower() for name in folders})
    assert all(name.isascii() and name == name.lower() and name.replace("-", "").isalnum() for name in folders)
    assert folders == sorted(path.name for path in output.glob("runs/*"))


def test_no_run_at_all_is_an_error(tmp_path: Path, output: Path) -> None:
    """A folder that is empty because something was not mounted must not pass for a night without changes."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExpectedError) as raised:
        spent(tmp_path / "empty", output)

    assert raised.value.slug == "no-run-found"


def test_an_empty_folder_changes_nothing_of_the_nights_before(runs: Path, output: Path) -> None:
    """After a night over nothing, the next good one goes on from the last good one."""
    spent(runs, output)
    before = files(output)
    runs.rename(runs.with_name("away"))
    runs.mkdir()
    with pytest.raises(ExpectedError):
        spent(runs, output)

    assert files(output) == before


# What fails


@pytest.mark.slow
def test_bad_runs_fail_alone(tmp_path: Path, output: Path) -> None:
    """A crash, an endless loop, four gigabytes, a lost worker and a mistake each spoil one row; all others are done."""
    bad = ("segfault", "endless", "greedy", "quitter", "broken")
    for name in (*bad, "good", "better", "best"):
        synthetic_run(tmp_path / "runs" / name)
    ended, watch = spent(tmp_path / "runs", output, tasks=Tasks(render=poisoned), timeout=30, jobs=2)

    assert watch.rendered == {"good/good", "better/better", "best/best"}
    assert reasons(ended) == {
        "segfault/segfault": "crash",
        "endless/endless": "timeout",
        "greedy/greedy": "out-of-memory",
        "quitter/quitter": "crash",
        "broken/broken": "mistake",
    }
    sentences = {row.name.partition("-")[0]: row.failure.sentence for row in ended.rows if row.failure}
    assert sentences["segfault"] == "It ended its worker (SIGSEGV)."
    assert sentences["endless"] == "It took longer than 30 s and was stopped."
    assert sentences["quitter"] == "It ended its worker (exit code 3)."


def test_what_the_machine_may_have_caused_is_tried_again(tmp_path: Path, output: Path) -> None:
    """A run that once ended its worker is reported as soon as it lets itself be reported, and told as recovered."""
    synthetic_run(tmp_path / "runs" / "quitter")
    spent(tmp_path / "runs", output, tasks=Tasks(render=poisoned))
    _, watch = spent(tmp_path / "runs", output)

    assert watch.rendered == {"quitter/quitter"}
    assert digest(output)[:2] == ["# 1 change since the last night", "## Recovered"]


@pytest.mark.parametrize(("slug", "again"), [("pango-missing", True), ("renderer-complained", True), ("no-scores", False)])
def test_what_another_installation_may_mend_is_tried_again(slug: str, again: bool) -> None:
    """A library that is missing, a renderer of another version: the run did not cause it, and the next night asks anew."""

    def fail(_: None) -> NoReturn:
        raise ExpectedError(slug, "It failed.")

    failure = shielded(fail, None)

    assert isinstance(failure, Failure)
    assert failure.again == again


def test_garbage_fails_with_its_reason_and_is_not_tried_again(runs: Path, output: Path) -> None:
    """Files that are none of the library's fail every night with the sentence a single report would give, without work."""
    (runs / "rubbish").mkdir()
    (runs / "rubbish" / "rubbishScores.csv").write_bytes(b"\x00\xff" * 500)
    (runs / "table").mkdir()
    (runs / "table" / "tableScores.csv").write_text("a,b\n1,2\n")
    (runs / "hollow").mkdir()
    (runs / "hollow" / "hollowswitch_epochs.csv").write_text("Switch Number,Switch Epoch\n")
    ended, _ = spent(runs, output)
    again, watch = spent(runs, output, tasks=Tasks(look=_forbidden, render=_forbidden))

    expected = {"rubbish/rubbish": "no-scores", "table/table": "foreign-table", "hollow/hollow": "no-scores"}
    assert reasons(ended) == expected == reasons(again)
    assert outcomes(watch) == {"unchanged": 2, "failed": 3}
    assert digest(output) == ["# Nothing changed since the last night"]


def _forbidden(_: object) -> NoReturn:
    raise AssertionError("nothing was to be done")


def test_garbage_beside_a_good_run_fails_alone(tmp_path: Path, output: Path) -> None:
    """In a folder of many runs each has its own row."""
    folder = synthetic_run(tmp_path / "runs", name="good")
    (folder / "badScores.csv").write_text("a,b\n1,2\n")
    ended, watch = spent(tmp_path / "runs", output)

    assert watch.rendered == {"good"}
    assert reasons(ended) == {"bad": "foreign-table"}


def test_a_folder_in_place_of_a_table_fails(runs: Path, output: Path) -> None:
    """Scores that cannot be read are a reason, not a crash."""
    folder = synthetic_run(runs / "odd")
    (folder / "oddswitch_epochs.csv").write_text("Switch Number,Switch Epoch\n")
    (folder / "oddScores.csv").unlink()
    (folder / "oddScores.csv").mkdir()
    ended, watch = spent(runs, output)

    assert len(watch.rendered) == 2
    assert reasons(ended) == {"odd/odd": "no-scores"}


def test_a_folder_that_cannot_be_listed_fails_as_the_runs_it_held(
    runs: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost permissions do not make a run vanish; it fails, and comes back when they do."""
    spent(runs, output)
    scandir = os.scandir

    def refused(path: str | Path) -> object:
        if Path(path).name == "rejected":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("pai_report.batch.survey.os.scandir", refused)
    ended, _ = spent(runs, output)
    told = digest(output)
    still, _ = spent(runs, output)
    monkeypatch.undo()
    _, watch = spent(runs, output)

    assert reasons(ended) == {"rejected/rejected": "unreadable-folder"}
    assert reasons(still) == reasons(ended)
    assert told == [
        "# 1 change since the last night",
        "## Failed",
        "- `rejected/rejected`: The folder rejected cannot be read: Permission denied.",
    ]
    assert watch.rendered == {"rejected/rejected"}


def test_a_folder_named_like_a_run_is_not_that_run(tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run `PAI` in `team`, beside an empty folder `PAI` that cannot be listed: both have a row, and the folder's goes."""
    runs = tmp_path / "runs"
    synthetic_run(runs / "team", name="PAI")
    (runs / "team" / "PAI").mkdir()
    scandir = os.scandir

    def refused(path: str | Path) -> object:
        if Path(path).name == "PAI":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr("pai_report.batch.survey.os.scandir", refused)
        ended, _ = spent(runs, output)
        still, _ = spent(runs, output)
    mended, _ = spent(runs, output)

    assert reasons(ended) == reasons(still) == {"team/PAI/": "unreadable-folder"}
    assert [row.run for row in ended.rows] == ["team/PAI", "team/PAI/"]
    assert [(row.run, row.failure) for row in mended.rows] == [("team/PAI", None)]
    assert digest(output)[0] == "# Nothing changed since the last night"


def test_a_run_without_a_name_is_not_one_that_is_called_unnamed(tmp_path: Path, output: Path) -> None:
    """Two runs of one folder never share a row."""
    synthetic_run(tmp_path / "runs" / "two", name="unnamed")
    (tmp_path / "runs" / "two" / "Scores.csv").write_text("Model,Accuracy\nlarge,0.9\n")
    ended, _ = spent(tmp_path / "runs", output)

    assert {row.run: row.failure is None for row in ended.rows} == {"two/unnamed": True, "two/(unnamed)": False}
    assert sum(ended.counts.values()) == 2


def refused_by_the_disk(_: Job) -> NoReturn:
    """A file that may not be removed."""
    raise PermissionError(13, "Permission denied", "report_files/gap.svg")


def test_what_the_disk_refused_is_tried_again(runs: Path, output: Path) -> None:
    """An error of the system is no mistake of ours, and not for ever."""
    ended, _ = spent(runs, output, tasks=Tasks(render=refused_by_the_disk))
    _, watch = spent(runs, output)

    assert {row.failure.sentence for row in ended.rows if row.failure} == {"report_files/gap.svg: Permission denied."}
    assert len(watch.rendered) == 2


def test_a_message_shows_no_path_of_the_machine(tmp_path: Path, output: Path) -> None:
    """Reasons name files below the searched folder only."""
    synthetic_run(tmp_path / "runs" / "blocked")
    spent(tmp_path / "runs", output)
    report = next(output.glob("runs/*/report.json"))
    report.unlink()
    report.mkdir()
    ended, _ = spent(tmp_path / "runs", output)

    assert [row.failure.sentence for row in ended.rows if row.failure] == [
        f"runs/{report.parent.name}/report.json is a folder, not a file."
    ]
    assert all(str(tmp_path).encode() not in content for content in files(output).values())


# What changed


def test_the_first_digest_lists_every_run(runs: Path, output: Path) -> None:
    """Before the first night there was nothing: all runs are new."""
    spent(runs, output)

    assert digest(output)[:2] == ["# First night: 2 runs", "## New runs"]
    assert len(digest(output)) == 4


def test_the_digest_names_exactly_the_changes(runs: Path, output: Path) -> None:
    """A new run, one that is gone and one that fails; of the one that stayed nothing is said."""
    spent(runs, output)
    synthetic_run(runs / "fresh")
    shutil.rmtree(runs / "rejected")
    copied(runs, "premature")
    (runs / "premature" / "prematureScores.csv").write_bytes(b"")
    for path in (runs / "premature").glob("premature?*Scores.csv"):
        path.write_bytes(b"")
    spent(runs, output)

    told = digest(output)
    assert told[0] == "# 3 changes since the last night"
    assert [line.partition(":")[0] for line in told[1:]] == [
        "## Failed",
        "- `premature/premature`",
        "## New runs",
        told[4].partition(":")[0],
        "## Vanished runs",
        "- `rejected/rejected`",
    ]
    assert told[4].startswith("- [`fresh/fresh`](runs/fresh-")


def test_a_night_without_changes_says_so(runs: Path, output: Path) -> None:
    """Nothing is told twice."""
    spent(runs, output)
    spent(runs, output)

    assert digest(output) == ["# Nothing changed since the last night"]


def test_an_expired_finding_is_told_again(runs: Path, output: Path) -> None:
    """A known finding stays quiet up to its day, that day included, and is news on the day after."""
    day = {"SOURCE_DATE_EPOCH": "1800000000"}  # 2027-01-15
    later = {"SOURCE_DATE_EPOCH": "1800086400"}  # 2027-01-16
    ended, _ = spent(runs, output, environment=day)
    row = next(row for row in ended.rows if row.run == "rejected/rejected")
    code = row.flaws[0].code
    quiet = (known(code, "2027-01-15", "rejected/*"),)
    hushed, _ = spent(runs, output, environment=day, settings=Settings(known=quiet))
    silent = digest(output)
    loud, _ = spent(runs, output, environment=later, settings=Settings(known=quiet))

    assert hushed.quiet == {(row.name, code)}
    assert silent == ["# Nothing changed since the last night"]
    assert loud.quiet == frozenset()
    assert digest(output)[1] == "## New findings"
    assert digest(output)[2].endswith("(was known; its time is over)")


def test_the_gate_counts_failures_and_what_is_not_known(runs: Path, output: Path) -> None:
    """A failed run always reaches the gate; a finding that is known does not."""
    ended, _ = spent(runs, output, environment={"SOURCE_DATE_EPOCH": "1800000000"})
    row = next(row for row in ended.rows if row.run == "none-tried/none-tried")
    assert ended.reaches(row, row.flaws[0].severity)

    listed = tuple(known(flaw.code, "2027-01-15") for flaw in row.flaws)
    quiet, _ = spent(runs, output, environment={"SOURCE_DATE_EPOCH": "1800000000"}, settings=Settings(known=listed))

    assert not quiet.reaches(row, "low")
    (runs / "none-tried" / "none-triedScores.csv").write_text("a,b\n1,2\n")
    broken, _ = spent(runs, output)
    failed = [held for held in broken.rows if held.failure]
    assert [held.run for held in failed] == ["none-tried/none-tried"]
    assert broken.reaches(failed[0], "invalid")


# What survives


def test_what_is_journaled_is_not_done_again(runs: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night that ends before its last act goes on where it stopped, and tells the same as one that was not disturbed."""
    calm = output.with_name("calm")
    spent(runs, calm)

    def dead(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pai_report.batch.night.write_index", dead)
    with pytest.raises(KeyboardInterrupt):
        spent(runs, output)
    monkeypatch.undo()
    journal = output / ".pai-report" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"row":{"name":"cut o')
    part = next(output.glob("runs/*")) / ".pai-report-abcdefgh.part"
    part.write_bytes(b"half")
    _, watch = spent(runs, output)

    assert watch.rendered == set()
    assert files(output) == files(calm)


def test_unfinished_pages_are_swept(runs: Path, output: Path) -> None:
    """What a killed night left of an index or of its memory goes with the next night, also where nothing else is to be done."""
    spent(runs, output)
    before = files(output).keys()
    for name in (".pai-report-abcdefgh.part", ".pai-report/.pai-report-abcdefgh.part"):
        (output / name).write_bytes(b"half")
    spent(runs, output)

    assert files(output).keys() == before


def test_a_state_that_cannot_be_read_starts_anew(runs: Path, output: Path) -> None:
    """A damaged memory costs work, never a night."""
    spent(runs, output)
    before = files(output)
    (output / ".pai-report" / "state.json").write_bytes(b"{")
    ended, watch = spent(runs, output)

    told = digest(output)[0]
    after = files(output)

    assert len(watch.rendered) == 2
    assert ended.forgotten
    assert told == "# The memory of earlier nights could not be read: 2 runs"
    assert {name for name in before if before[name] != after[name]} == {"digest.md"}


def test_a_damaged_line_of_the_journal_costs_one_run(runs: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an unfinished night remembered of the others still counts."""
    with monkeypatch.context() as patch:
        patch.setattr("pai_report.batch.night._finished", _killed)
        with pytest.raises(RuntimeError):
            spent(runs, output)
    journal = output / ".pai-report" / "journal.jsonl"
    first, second = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"{damaged" + first[20:] + second)
    _, watch = spent(runs, output)

    assert len(watch.rendered) == 1


def _killed(*_: object) -> NoReturn:
    raise RuntimeError("killed")


def test_outputs_do_not_depend_on_the_number_of_workers(runs: Path, output: Path) -> None:
    """The same runs give the same bytes, whoever was first."""
    spent(runs, output, "md", jobs=1)
    spent(runs, output.with_name("other"), "md", jobs=3)

    assert files(output) == files(output.with_name("other"))


def test_the_watch_hears_of_every_run_once(runs: Path, output: Path) -> None:
    """What the progress shows adds up, also where a folder turns out to hold several runs."""
    synthetic_run(runs / "three", name="one")
    synthetic_run(runs / "three", name="two", scores=(1.0, 3.0, 2.0))
    ended, watch = spent(runs, output)

    assert sum(ended.counts.values()) == len(ended.rows) == len(watch.rows) == watch.expected == 4


class Flaky:
    """An engine that loses a task the first time it gets it, and does it at once the next time."""

    width = 3

    def __init__(self, losses: int) -> None:
        self._left: Counter[str] = Counter()
        self._losses = losses

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> "Future[Any]":
        """Lose it or do it."""
        future: Future[Any] = Future()
        self._left[repr(arguments)] += 1
        if self._left[repr(arguments)] <= self._losses:
            future.set_exception(RuntimeError("gone"))
        else:
            future.set_result(function(*arguments))
        return future

    def explain(self, error: BaseException) -> Failure:
        """Lost, as the local engine calls it."""
        return Failure(slug="lost", sentence=f"Its worker was lost ({error}).", again=True)

    def close(self) -> None:
        """Nothing to stop."""


@pytest.mark.parametrize(("losses", "counts"), [(1, {"rendered": 2}), (2, {"failed": 2})])
def test_a_lost_task_is_handed_out_once_more(losses: int, counts: dict[str, int], runs: Path, output: Path) -> None:
    """A pool that broke down spoils a run only if it does so twice; the interface of the engine is all that a night needs."""
    watch = Collected()
    order = Order(root=runs, output=output, formats=("json",), settings=Settings(), environment={})
    night(order, lambda: Flaky(losses), watch)

    assert outcomes(watch) == counts
