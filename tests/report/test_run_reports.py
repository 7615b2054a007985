"""What holds for the report of every sample and every real run: its length, its size, its silence."""

from pathlib import Path

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from conftest import real_run
from run_reports import Report, report_of, titles, told  # noqa: F401 a fixture

pytestmark = pytest.mark.slow

BODY = 6  # pages, from the first to the next steps
APPENDIX = 6  # pages
LARGEST = 1_000_000  # bytes, without the library's picture and attachments


def test_length(told: Report) -> None:  # noqa: F811
    """Page one stands alone; body and appendix have at most six pages each."""
    pages = told.bookmarks
    first = next(section.title for section in told.document.sections)
    appendix = next(section.title for section in told.document.sections if section.appendix)

    assert pages[first] == 2
    assert pages[appendix] - 1 <= BODY
    assert len(told.pages) - pages[appendix] + 1 <= APPENDIX


def test_no_page_holds_the_next_steps_alone(told: Report) -> None:  # noqa: F811
    """Where the next steps need another page, some of what they follow from goes with them."""
    page = told.pages[told.bookmarks["Next steps"] - 1]

    assert "NEXT STEPS" in page
    assert not page.lstrip().startswith("NEXT STEPS")


def test_a_long_save_name_costs_no_page(tmp_path: Path) -> None:
    """With a name of 83 characters the contents stay on page one, the body on its six pages, and the name stands in full."""
    name, folder = "very_long_save_name_" * 4 + "end", real_run("digits-329-two-kept", "PAI")
    for path in folder.iterdir():
        if path.name.startswith("PAI"):
            (tmp_path / path.name.replace("PAI", name, 1)).write_bytes(path.read_bytes())
    report = report_of(tmp_path)

    assert "CONTENTS" in report.pages[0]
    assert (report.bookmarks["Training summary"], report.bookmarks["Checked, nothing to change"]) == (2, BODY + 1)
    assert name in report.md.decode()


def test_page_one_speaks_the_readers_language(told: Report) -> None:  # noqa: F811
    """No id of a requirement, of a finding or of a definition is on page one."""
    words = told.pages[0]

    assert told.document.headline[0].text.split()[0] in words
    assert not any(held.code in words for held in told.studied.judgement.findings)
    assert "I1.1" not in words


def test_size(told: Report) -> None:  # noqa: F811
    """HTML and PDF stay below a megabyte each."""
    assert len(told.html) < LARGEST
    assert len(told.pdf) < LARGEST


def test_weasyprint_is_silent(told: Report) -> None:  # noqa: F811
    """Nothing is unknown to WeasyPrint: no style, no link, no letter."""
    assert told.complaints == ()


def test_ids_are_unique_and_links_lead_somewhere(told: Report) -> None:  # noqa: F811
    """No id stands twice in the HTML, and every link, label and description points at one that is there."""
    page = tinyhtml5.parse(told.html.decode(), namespace_html_elements=False)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    links = [element.get("href").removeprefix("#") for element in page.iter("a")]
    labels = [element.get("aria-labelledby") for element in page.iter() if element.get("aria-labelledby")]

    assert sorted(ids) == sorted(set(ids))
    assert set(links) | set(labels) <= set(ids)


def test_every_heading_is_a_bookmark(told: Report) -> None:  # noqa: F811
    """Each section of the document can be reached from the outline."""
    assert [title for title in titles(told.document.sections) if title not in told.bookmarks] == []
