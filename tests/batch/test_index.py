"""The index: order, escaping, and nothing that a browser would have to fetch or run."""

import json
import re
from pathlib import Path

import msgspec
from nights import copied, spent
from rows import failed, flaw, reported

from pai_report.batch.index import ORDERS, index_json, write_index
from pai_report.batch.page import html_index, markdown_index
from pai_report.report.html_text import html_text
from pai_report.report.text import named

ROWS = (
    reported("b", flaw("PAI101", "low"), relative=0.3, epochs=5),
    failed("c", "<script>alert(1)</script>"),
    reported("d", flaw("PAI101", "critical"), flaw("PAI102", "low"), relative=None, epochs=40, verdict="incomplete"),
    reported("e", flaw("PAI101", "critical"), flaw("PAI103", "critical"), relative=-0.1, epochs=20, verdict="worse"),
    reported("A", relative=0.2, epochs=30),
)


def in_order(page: bytes) -> list[str]:
    """Keys of the runs in the order of an HTML page."""
    return re.findall(r'<th scope="row">.*?<bdi class="name">(.*?)</bdi>', page.decode())


def pages(folder: Path) -> dict[str, str]:
    """The pages for browsers."""
    return {path.name: path.read_text("utf-8") for path in folder.glob("index*.html")}


def test_each_order_has_a_page() -> None:
    """Worst first: failures, then the severity of the worst finding, then how many of those. What is unknown comes last."""
    made = {order.id: in_order(html_index(sorted(ROWS, key=order.key), order.id)) for order in ORDERS}

    assert made == {
        "findings": ["c", "e", "d", "b", "A"],
        "run": ["A", "b", "c", "d", "e"],
        "gain": ["b", "A", "e", "c", "d"],
        "parameters": ["d", "A", "e", "b", "c"],
        "epochs": ["d", "A", "e", "b", "c"],
    }


def test_pages_lead_to_each_other_and_to_reports(tmp_path: Path) -> None:
    """Every link of every page leads to a file that is there."""
    spent(copied(tmp_path / "runs", "none-tried", "rejected"), tmp_path / "reports", "html", "md")
    reports = tmp_path / "reports"

    for name, page in pages(reports).items():
        links = [link for link in re.findall(r'href="([^"]*)"', page) if not link.startswith("#")]
        assert {order.page for order in ORDERS} - {name} < set(links)
        assert all((reports / link).is_file() for link in links)
    links = re.findall(r"\]\(([^)]*)\)", (reports / "index.md").read_text("utf-8"))
    assert len(links) == 2
    assert all((reports / link).is_file() and link.endswith(".md") for link in links)


def test_pages_run_and_fetch_nothing(tmp_path: Path) -> None:
    """No script, no address, and a policy that forbids both."""
    spent(copied(tmp_path / "runs", "none-tried", "improved"), tmp_path / "reports")

    for page in pages(tmp_path / "reports").values():
        assert "Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"" in page
        assert not re.search(r"<script|<link|<img|src=|url\(|https?:|@import| on\w+=", page)
        assert page.count('<svg class="sketch"') == 2


def test_failed_runs_are_marked_with_their_reason() -> None:
    """A failed run is a row in the colour of failure with its reason in it, escaped."""
    page = html_index(ROWS, "findings").decode()

    assert '<tr class="failed">' in page
    assert "<strong>Not reported. </strong>&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "1 could not be reported" in page


def test_markdown_rows_have_one_cell_per_column() -> None:
    """Whatever a run is called, each row of the table has as many cells as the head."""
    hostile = (*ROWS, reported("p|q`r\n| x |", flaw("PAI101", "high")), failed("f|g", "a|b\n| c |"))
    page = markdown_index(hostile).decode()
    rows = [line for line in page.splitlines() if line.startswith("|")]

    assert len(rows) == 2 + len(hostile)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9}


def test_json_holds_what_programs_need() -> None:
    """A version, unrounded numbers, null where nothing is known, and the files of each format."""
    held = json.loads(index_json(ROWS))

    assert held["schema_version"] == 1
    assert [run["run"] for run in held["runs"]] == ["b", "c", "d", "e", "A"]
    first, broken = held["runs"][0], held["runs"][1]
    assert first["relative"] == 0.3
    assert first["failure"] is None
    assert first["findings"] == [{"code": "PAI101", "slug": "slug", "severity": "low", "title": "Something was seen"}]
    assert first["reports"] == {"html": f"runs/{ROWS[0].name}/report.html"}
    assert (broken["failure"], broken["verdict"], broken["gain"]) == ("crash", None, None)


def test_an_index_that_is_right_is_left_alone(tmp_path: Path) -> None:
    """Pages are written when a row changed or one is missing, and not otherwise."""
    before = write_index(ROWS, tmp_path, "")
    (tmp_path / "index.md").write_text("mine")

    assert write_index(ROWS, tmp_path, before) == before
    assert (tmp_path / "index.md").read_text() == "mine"
    assert write_index(ROWS[1:], tmp_path, before) != before
    assert (tmp_path / "index.md").read_text() != "mine"


def test_names_are_isolated() -> None:
    """Names from runs do not turn the direction of the text around them."""
    assert "<bdi" in html_text(named("\u202eabc"))
    assert "\u202e" not in html_index([reported("\u202eabc")], "run").decode()


def test_rows_survive_being_remembered(tmp_path: Path) -> None:
    """What a worker says of a real run is the same after a way through JSON."""
    ended, _ = spent(copied(tmp_path / "runs", "improved"), tmp_path / "reports")
    row = ended.rows[0]

    assert msgspec.json.decode(msgspec.json.encode(row), type=type(row)) == row
    assert row.told is not None
    assert (row.told.scores_text, row.told.gain_text) == ("74.80 → 83.90", "+12.2\u00a0%, +9.10\u00a0points, better")
    assert row.told.verdict == "improved"
    assert row.told.sketch is not None
    assert len(row.told.sketch.bars) == 12
    assert row.told.sketch.line.startswith("M2 ")
