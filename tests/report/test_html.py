"""The HTML report: one file, safe with any text, usable by everyone."""

import re
from base64 import b64decode
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from document_fixture import EMOJI, HOSTILE, HOSTILE_NAMES, PNG, assets, hostile_document, run_document, t
from jinja2 import UndefinedError

from pai_report.report.assets import folders
from pai_report.report.clean import clean
from pai_report.report.document import Column, Table
from pai_report.report.html import html_page
from pai_report.report.html_text import aligned_rows, html_text
from pai_report.report.rendition import Assets
from pai_report.report.templates import environment

SVG = "{http://www.w3.org/2000/svg}"


def parsed(source: str) -> Element:
    """The page as a browser reads it."""
    root: Element = tinyhtml5.parse(source, namespace_html_elements=False)
    return root


@pytest.fixture(scope="module")
def page() -> Element:
    """The realistic report."""
    return parsed(html_page(run_document(), assets()))


def words(element: Element) -> str:
    """Text of an element and all inside it, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def test_one_headline_answers(page: Element) -> None:
    """The page has exactly one h1, and it is the answer."""
    assert [words(h1) for h1 in page.iter("h1")] == ["Cannot tell: a gain of 0.67 points is within this run’s noise."]


def test_landmarks_and_language(page: Element) -> None:
    """Header, main, navigation and footer are there once each, and the page names its language."""
    found = Counter(str(element.tag) for element in page.iter())

    assert [found[name] for name in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]
    assert page.get("lang") == "en"


def test_nothing_is_fetched_and_nothing_runs(page: Element) -> None:
    """No script, no handler, no address but data URIs and places on the page; the policy forbids the rest."""
    tags = {str(element.tag).rpartition("}")[2] for element in page.iter()}
    addresses = [
        element.get(name) or "" for element in page.iter() for name in ("src", "href", "data", "action") if element.get(name)
    ]
    handlers = [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
    policy = next(meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv"))

    assert not tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in addresses)
    assert not handlers
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
    assert not re.findall(r"url\((?!#)|@import", html_page(run_document(), assets()))


def test_headings_never_skip_a_level(page: Element) -> None:
    """Going down the page, a heading is at most one level deeper than the one before."""
    levels = [int(str(element.tag)[1]) for element in page.iter() if re.fullmatch("h[1-6]", str(element.tag))]

    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_lead_to_them(page: Element) -> None:
    """No id occurs twice, and every link on the page leads to one."""
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    targets = {str(element.get("href"))[1:] for element in page.iter("a")}

    assert [name for name, count in ids.items() if count > 1] == []
    assert targets
    assert targets <= set(ids)


def test_every_section_is_in_the_contents(page: Element) -> None:
    """The contents list the sections in reading order."""
    listed = [words(link) for link in next(page.iter("nav")).iter("a")]

    assert [section.title for section in run_document().sections] == listed


def test_tables_have_captions_and_scoped_headers(page: Element) -> None:
    """Every table has a caption, and every header says what it is the header of."""
    tables = list(page.iter("table"))

    assert tables
    assert all(len(list(table.iter("caption"))) == 1 for table in tables)
    assert {"col", "row"} == {str(header.get("scope")) for header in page.iter("th")}


def test_figures_have_a_text_alternative_and_their_numbers(page: Element) -> None:
    """A drawing is an image named by its alt text, with the numbers behind it folded below."""
    figure = next(figure for figure in page.iter("figure") if figure.get("id") == "scores")
    drawing = next(figure.iter(f"{SVG}svg"))

    assert drawing.get("role") == "img"
    assert str(drawing.get("aria-label")).startswith("Line chart of 40 recorded epochs.")
    assert len(list(next(figure.iter("details")).iter("tr"))) == 41  # a header and 40 epochs


def test_library_picture_is_the_original(page: Element) -> None:
    """The library's picture is in the page byte for byte."""
    image = next(page.iter("img"))

    assert b64decode(str(image.get("src")).removeprefix("data:image/png;base64,")) == PNG
    assert (image.get("width"), image.get("height")) == ("8", "4")


def tags(element: Element) -> Counter[str]:
    """How often each tag occurs, without the places where a long name may break."""
    return Counter(str(held.tag) for held in element.iter() if held.tag != "wbr")


@pytest.mark.parametrize("word", HOSTILE_NAMES)
def test_hostile_text_stays_text(word: str) -> None:
    """Whatever a run's names hold, the page shows it as text: no element, attribute or expression comes from it."""
    page = parsed(html_page(hostile_document(word), assets()))
    harmless = parsed(html_page(hostile_document("x"), assets()))

    assert tags(page) == tags(harmless)
    assert words(next(page.iter("h1"))) == " ".join(f"before {clean(word)} after".split())


@pytest.mark.parametrize("word", ["</style><p>", 'a"; } * { color: red', "\\", "名 é"])
def test_printed_pages_name_the_run(word: str) -> None:
    """Browsers know no running text: the foot stands in the style sheet, as a string that nothing in a name can end."""
    page = html_page(replace(run_document(), footer=word), assets())
    foot = re.search(r'@bottom-left \{ content: "([A-Za-z0-9 \\]*)"; \} \}\n</style>', page)

    assert foot
    assert re.sub(r"\\([0-9a-f]+) ", lambda escape: chr(int(escape[1], 16)), foot[1]) == word


def test_headings_of_findings_tell_the_severity_apart() -> None:
    """Read without its style, the title of a finding ends before the word of its severity, as in Markdown."""
    heading = next(parsed(html_page(run_document(), assets())).iterfind(".//article//h3"))

    assert words(heading) == "A gain of 0.67 points is four validation samples, within this run’s noise — high"


def test_templates_see_no_code_in_names() -> None:
    """An expression in a run's name is shown, not evaluated."""
    assert "{{ 7 * 7 }}" in words(next(parsed(html_page(hostile_document(HOSTILE), assets())).iter("h1")))


def test_control_characters_are_replaced() -> None:
    """Characters that no document may hold, and those that turn the reading direction, show as a replacement character."""
    assert clean(EMOJI) == "🧠 dendrites 🌳 你好 \ufffd\ufffd[31m"
    assert clean("a\u202eb\ud800c\r\nd") == "a\ufffdb\ufffdc d"


def test_names_keep_their_direction_to_themselves(page: Element) -> None:
    """Names from the run are isolated, so that right-to-left letters in one leave the sentence in order."""
    kicker = next(element for element in page.iter("p") if element.get("class") == "kicker")

    assert [words(name) for name in kicker.iter("bdi")] == ["PAI"]


def test_lists_of_modules_break_between_them() -> None:
    """A line may break before a module's name, although it begins with a point."""
    assert (
        str(html_text(t("on ", "<.fc1>", ", ", "<fc2>"))) == 'on <wbr><bdi class="name">.fc1</bdi>, <bdi class="name">fc2</bdi>'
    )


def test_numbers_with_an_exponent_stay_on_one_line() -> None:
    """A browser would break 1e-6 after its hyphen; the words around it, and what a reader copies, stay as they are."""
    html = html_text(t("from 1e-6 to 3.33e-05 <, step-like"))

    assert str(html).replace('<span class="whole">', "[").replace("</span>", "]") == (
        "from [1e-6] to [3.33e-05] &lt;, step-like"
    )


def test_long_names_break_where_their_words_end() -> None:
    """Names over 40 characters may break at underscores, points and capitals, else every 24 letters; shorter ones may not."""
    parts = ("PAI_", "23", ".11", ".2026", ".20", ".49", ".12_", "no", "Improve_", "lr_", "3", "Scores", ".csv")
    shown = [str(html_text(t(f"<{name}>"))) for name in ("".join(parts), "x" * 50, "PAI_best_arch_scores.csv")]

    assert shown == [
        f'<bdi class="name">{"<wbr>".join(parts)}</bdi>',
        f'<bdi class="name">{"x" * 24}<wbr>{"x" * 24}<wbr>xx</bdi>',
        '<bdi class="name">PAI_best_arch_scores.csv</bdi>',
    ]


def test_decimal_points_are_under_each_other() -> None:
    """In a decimal column every number is filled up on the right to the longest fraction of the column."""
    cells = ("97.67", "99.0", "3", "+0.167", "—", "1,026.5", "n/a")
    table = Table(
        id="x", caption=t("x"), columns=(Column(title=t("x"), align="decimal"),), rows=tuple((t(cell),) for cell in cells)
    )

    shown = [str(row[0].html) for row in aligned_rows(table)]

    assert shown == [
        "97.67\u2007",
        "99.0\u2007\u2007",
        "3\u2008\u2007\u2007\u2007",
        "+0.167",
        "—\u2008\u2007\u2007\u2007",
        "1,026.5\u2007\u2007",
        "n/a",
    ]


def test_a_cut_table_says_so(page: Element) -> None:
    """A table that shows fewer rows than there are says how many, and where the rest is."""
    captions = [words(caption) for caption in page.iter("caption")]

    assert "Scores per recorded epoch. (25 of 40 rows; report.json holds all)" in captions


def test_old_and_new_value_stand_at_the_code(page: Element) -> None:
    """The line to paste has the old and the new value beside it."""
    snippet = next(element for element in page.iter("div") if element.get("class") == "snippet")

    assert words(snippet) == "GPA.pc.set_max_dendrites(2) 5 → 2"


def test_a_broken_picture_leaves_its_description() -> None:
    """Bytes that are no PNG are replaced by the words for them, not by a broken image."""
    page = parsed(html_page(run_document(), Assets(report_json=b"{}", picture=("PAI.png", b"not a picture"))))

    assert not list(page.iter("img"))
    assert any(words(element).startswith("The library's own picture with four panels") for element in page.iter("p"))


def test_a_picture_without_bytes_is_our_mistake() -> None:
    """A document that shows a picture cannot be rendered without its bytes."""
    with pytest.raises(ValueError, match=r"PAI\.png"):
        html_page(run_document(), Assets(report_json=b"{}"))


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    """Templates fail loudly: a name that nobody gave is not silently empty."""
    template = environment(folders("templates")).from_string("{{ documnet.title }}")

    with pytest.raises(UndefinedError):
        template.render(document=run_document())
