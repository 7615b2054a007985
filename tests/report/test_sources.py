"""A run's files inside its PDF: nothing repeated, and every byte back."""

import json

import pytest
from conftest import SAMPLES
from hypothesis import given
from hypothesis import strategies as st

from pai_report.errors import ExpectedError
from pai_report.report.sources import MANIFEST, pack, unpack
from pai_report.run.model import Content
from pai_report.run.read import read_run

HEADER = b"Epochs,Validation Scores,Validation Running Scores\n"


def scores(name: str, data: bytes) -> Content:
    """A scores table."""
    return Content(name=name, kind="scores", data=data)


def stack(*blocks: tuple[str, ...]) -> bytes:
    """A table of stacked blocks, each with its epochs from 0 on."""
    return HEADER + b"".join(f"{epoch},{cell}\n".encode() for block in blocks for epoch, cell in enumerate(block))


CANONICAL = stack(("1,", "2,"), (",1", ",2"))
SNAPSHOT = stack(("1,", "2,", "9,"), (",1", ",7", ",8"))


def test_a_snapshot_is_kept_from_where_it_leaves_the_history() -> None:
    """Of the first block one row is new, of the second two; the header stands above them."""
    packed = dict(pack((scores("aScores.csv", CANONICAL), scores("a_beforeSwitch_0Scores.csv", SNAPSHOT))))

    assert packed["aScores.csv"] == CANONICAL
    assert packed["a_beforeSwitch_0Scores.csv"] == HEADER + b"2,9,\n1,,7\n2,,8\n"


def test_what_is_the_same_is_not_attached_again() -> None:
    """A table equal to an earlier one is only named in the manifest."""
    packed = dict(pack((scores("a", CANONICAL), scores("b", CANONICAL))))

    assert set(packed) == {MANIFEST, "a"}
    assert unpack(packed) == (("a", CANONICAL), ("b", CANONICAL))


def test_names_are_plain_and_kept_apart() -> None:
    """Names beyond ASCII, or taken, become plain and different ones; the real names come back."""
    contents = (scores("aé.csv", b"x\n1\n"), scores("a\n.csv", b"y\n2\n"), scores("report.json", b"z\n3\n"))
    packed = dict(pack(contents))

    assert list(packed) == [MANIFEST, "a_.csv", "_a_.csv", "_report.json"]
    assert unpack(packed) == tuple((held.name, held.data) for held in contents)


CELLS = st.sampled_from(["1.5", "2", "", "nan", '"q', "-3"])
TABLES = st.one_of(
    st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=3).map(lambda blocks: stack(*blocks)),
    st.binary(max_size=60),
    st.lists(st.sampled_from([b"0,1\n", b"1,1\r\n", b"0,2\n", b"1,2", b"\n", b"Epochs,A\n"]), max_size=8).map(b"".join),
)


@given(st.lists(st.tuples(st.sampled_from(["scores", "times"]), TABLES), max_size=6))
def test_every_byte_comes_back(tables: list[tuple[str, bytes]]) -> None:
    """Whatever the files hold, they come back byte for byte and in order."""
    contents = tuple(
        Content(name=f"{place}.csv", kind="scores" if kind == "scores" else "times", data=data)
        for place, (kind, data) in enumerate(tables)
    )
    if contents:
        assert unpack(dict(pack(contents))) == tuple((held.name, held.data) for held in contents)


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_samples_come_back(sample: str) -> None:
    """The files of every sample come back byte for byte, snapshots and configuration included."""
    folder = SAMPLES / sample
    held = dict(unpack(dict(pack(read_run(folder).contents))))

    assert held == {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in {".csv", ".json"}}


def test_changed_rows_are_noticed() -> None:
    """One digit changed in an attachment no longer fits the digest, and the sentence names the file."""
    packed = dict(pack((scores("a", CANONICAL), scores("b", SNAPSHOT))))
    packed["b"] = packed["b"].replace(b"9", b"8")

    with pytest.raises(ExpectedError, match="b in the report is damaged"):
        unpack(packed)


@pytest.mark.parametrize("damage", ["{}", "[", '{"schema_version": 1, "files": [{"name": "a"}]}'])
def test_a_broken_manifest_is_told(damage: str) -> None:
    """A manifest that is none is one sentence."""
    with pytest.raises(ExpectedError, match=r"sources\.json in the report is damaged"):
        unpack({MANIFEST: damage.encode()})


def test_a_missing_attachment_is_told() -> None:
    """A file that the manifest names and nobody attached is one sentence."""
    packed = dict(pack((scores("a", CANONICAL),)))
    del packed["a"]

    with pytest.raises(ExpectedError, match="damaged"):
        unpack(packed)


def test_the_manifest_names_size_and_digest() -> None:
    """Readers who take a file out can check it: SHA-256 of the empty file is a known value."""
    files = json.loads(dict(pack((scores("a", b""),)))[MANIFEST])["files"]

    assert [(held["name"], held["size"], held["sha256"][:8]) for held in files] == [("a", 0, "e3b0c442")]
