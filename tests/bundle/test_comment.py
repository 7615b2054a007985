"""The comment on a ticket: what it says, in every flavour, whatever a run's names hold, and never too long."""

import re

import advice_cases as case
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from ticket_cases import ALIVE, FLAVOURS, MARKER, NAMES, endless_ticket, hostile_ticket, sample_ticket, studied, told

from pai_report.advice.judge import judge
from pai_report.report.clean import clean
from pai_report.report.document import Span
from pai_report.report.ticket.compose import summary, ticket
from pai_report.report.ticket.flavours import Flavour, step_summary
from pai_report.report.ticket.jira_text import jira_block, jira_cell, jira_line, jira_plain, jira_text
from pai_report.settings import Settings

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ROWS = (
    "Best score without dendrites",
    "Best score with dendrites",
    "Gain",
    "Remaining error removed",
    "Parameters",
    "Epochs",
)
ESCAPED = "-#*_+?^~|%{}[]()!@"  # what Jira's own escape component knows; atlassian-renderer, BackslashEscape
ROOM = {"github": 60_000, "gitlab": 1_000_000, "jira": 32_767, "plain": 60_000}
LIVE = re.compile(r"""[@#!&%$~][\w"]|\bGH-\d|://|\bwww\.|:\w+:""")


def visible(text: str) -> str:
    """`text` without escapes, invisible breaks and typographic blanks, for words that every flavour writes in its own way."""
    return re.sub(r"\\(?=[^\w\s])", "", text).replace("\u200b", "").replace("\u00a0", " ")


def inline(text: str) -> list[Token]:
    """The inline parts of a comment in Markdown."""
    return [child for token in GFM.parse(text) for child in token.children or ()]


# What it says


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", NAMES)
def test_every_flavour_of_every_sample_answers(name: str, flavour: Flavour) -> None:
    """The answer, the six rows, every action and every finding's title are in each comment, which fits where it goes."""
    held = studied(name)
    text = told(sample_ticket(name), flavour)
    words = visible(" ".join(text.split())).replace("`", "").replace("**", "")
    titles = [finding.code for finding in held.judgement.findings]

    assert len(text) < ROOM[flavour]
    assert [row for row in ROWS if row not in words] == []
    assert [code for code in titles if code not in words] == []
    assert ("What to do next" in words) == bool(held.judgement.actions)
    assert text.count(MARKER) == 1


def test_the_six_rows_of_the_sample() -> None:
    """The scores and sizes are those of samples/README.md; 9.10 of the 25.20 points missing to 100 are 36.1 %."""
    rows = re.findall(r"^\| (.*) \| (.*) \|$", told(sample_ticket("improved"), "github"), re.MULTILINE)[2:8]

    assert [(label, visible(value)) for label, value in rows] == [
        ("Best score without dendrites", "74.80 in epoch 54"),
        ("Best score with dendrites", "83.90 in epoch 141 with 2 sets"),
        ("Gain", "higher by 9.10 points (12.2 % relative), better, +182 of 2,000 validation samples; beyond the noise"),
        ("Remaining error removed", "36.1 %"),
        ("Parameters", "163 → 579, 3.6 times as many"),
        ("Epochs", "204 trained, 142 recorded"),
    ]


def test_what_is_not_known_is_said_so() -> None:
    """A run that never tried dendrites has no score with them, no gain and no error removed."""
    rows = dict(re.findall(r"^\| (.*) \| (.*) \|$", told(sample_ticket("none-tried"), "github"), re.MULTILINE))

    assert rows["Best score with dendrites"] == "not known: no dendrite set was kept"
    assert rows["Gain"] == "not known"
    assert rows["Remaining error removed"] == "not known"


def test_a_loss_is_told_as_a_loss() -> None:
    """The gain of a minimized run is a fall, and a loss has no share of a remaining error."""
    rows = dict(re.findall(r"^\| (.*) \| (.*) \|$", told(sample_ticket("minimizing"), "github"), re.MULTILINE))

    assert rows["Gain"].startswith("lower by 0.003")
    assert rows["Remaining error removed"] == "not known: the score has no best possible value to measure from"


@pytest.mark.parametrize("flavour", ["github", "gitlab"])
def test_the_marker_is_the_first_line_and_hidden(flavour: Flavour) -> None:
    """Markdown comments begin with the id in an HTML comment, which both places keep and do not show."""
    assert told(sample_ticket("improved"), flavour).split("\n")[0] == f"<!-- {MARKER} -->"


@pytest.mark.parametrize("flavour", ["jira", "plain"])
def test_the_marker_is_the_last_line_where_nothing_hides_it(flavour: Flavour) -> None:
    """Jira and plain text have no comments; the id stands where it disturbs least."""
    assert told(sample_ticket("improved"), flavour).rstrip("\n").split("\n")[-1] == MARKER


def test_the_picture_has_its_place_and_no_broken_link() -> None:
    """The comment holds no image, relative or inlined; a hidden line says where it goes, the text what it shows."""
    text = told(sample_ticket("improved"), "github")

    assert "<!-- picture: scores.png -->\n\n`scores.png`: Validation reaches 74.80" in text
    assert not [child for child in inline(text) if child.type in {"image", "link_open"}]
    assert "data:" not in text


def test_the_rest_is_folded() -> None:
    """What follows the picture is folded under the titles of the report, findings first; every fold is closed."""
    text = told(sample_ticket("improved"), "github")

    assert text.index("scores.png") < text.index("<details>")
    assert re.findall(r"<summary>(.*)</summary>", text)[:2] == ["Optimization: 2 findings", "Training summary"]
    assert text.count("<details>") == text.count("</details>")
    assert "\n\n\n" not in text


def test_jira_embeds_the_attachment() -> None:
    """Jira shows a picture that is attached to the issue, and does not know {expand}."""
    text = told(sample_ticket("improved"), "jira")

    assert "\n!scores.png|width=720!\n" in text
    assert "{expand" not in text
    assert "||Result||Value||\n|Best score without dendrites|74.80 in epoch 54|" in text
    assert "{code:python}\nGPA.pc.set_max_dendrites(1)\n{code}" in text


def test_the_summary_of_a_step_is_short() -> None:
    """The short version has the answer, the rows, the actions and a line for each finding; no folds, no marker."""
    held = studied("improved")
    text = step_summary(summary(held.analysis, held.judgement))

    assert text.startswith("## Better: 9.10\u00a0points")
    assert [row for row in ROWS if f"| {row} |" not in text] == []
    assert "### What was found\n\n- 1\u00a0set brought the gain" in text
    assert "<" not in text
    assert len(text) < 3_000


# Hostile names


@pytest.mark.parametrize("flavour", ["github", "gitlab"])
@pytest.mark.parametrize("word", ALIVE)
def test_nothing_is_alive_in_markdown(word: str, flavour: Flavour) -> None:
    """No mention, reference, address or emoji outside of code, no link, no element but the folds, whatever names hold."""
    text = told(hostile_ticket(word), flavour)
    parts = inline(text)
    elements = {line for token in GFM.parse(text) if token.type == "html_block" for line in token.content.split("\n") if line}

    assert [part.content for part in parts if part.type == "text" and LIVE.search(part.content)] == []
    assert [part.type for part in parts if part.type in {"link_open", "image", "html_inline"}] == []
    assert all(re.fullmatch(r"</?details>|<summary>[^<>]*</summary>|<!-- [\w: .-]+ -->", line) for line in elements), elements
    assert not [line for line in text.split("\n") if line.startswith("/")], "GitLab would run it"


@pytest.mark.parametrize("word", ALIVE)
def test_the_words_are_shown(word: str) -> None:
    """Defused or not, the reader sees the name as it is."""
    parts = inline(told(hostile_ticket(word), "github"))
    shown = {visible(part.content) for part in parts if part.type == "code_inline"}

    assert clean(word).strip() in {held.replace("\\", "") for held in shown} | shown


@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from(ESCAPED + "\\:;/<>hbq.1\n ")), max_size=30))
def test_jira_reads_plain_words_as_written(text: str) -> None:
    """Every special character has its backslash, no two backslashes meet, and without escapes the words are the same."""
    made = jira_plain(text)

    assert re.sub(r"\\([-#*_+?^~|%{}\[\]()!@])", "", made).strip(ESCAPED) == re.sub(r"\\([-#*_+?^~|%{}\[\]()!@])", "", made)
    assert "\\\\" not in made
    assert re.sub(r"\\(?=[-#*_+?^~|%{}\[\]()!@])", "", made).replace("\u200b", "") == clean(text).replace("\u200b", "")


@pytest.mark.parametrize(
    ("word", "markup"),
    [
        ("{code}", r"{{\{code\}}}"),
        ("[~admin]", r"{{\[\~admin\]}}"),
        ("!x.png!", r"{{\!x.png\!}}"),
        ("a\\b", "{{a\\\u200bb}}"),
        ("http://x", "{{http:\u200b//x}}"),
        ("h1. big", "{{h1\u200b. big}}"),
        ("two\nlines", "{{two lines}}"),
        (" ", ""),
    ],
)
def test_names_in_jira(word: str, markup: str) -> None:
    """A name is set like code with every character escaped that Jira knows an escape for."""
    assert jira_text((Span(text=word, style="name"),)) == markup


def test_a_bar_in_a_cell_of_jira_ends_no_cell() -> None:
    """Jira's Cloud has no escape for a bar inside a table: a sign that looks the same stands for it. No cell is empty."""
    assert jira_cell((Span(text="a|b", style="name"),)) == "{{a\u2223b}}"
    assert jira_cell(()) == "\u200b"


def test_marks_around_special_characters_are_left_out() -> None:
    """Inside bold words Jira's Cloud forgets escapes, so words that need one are not bold."""
    assert jira_line((Span(text="Stop at one", style="strong"), Span(text=": x"))) == "*Stop at one*: x"
    assert jira_line((Span(text="a*b", style="strong"),)) == r"a\*b"


def test_code_in_jira_ends_only_at_its_end() -> None:
    """A line of code that holds the macro's own name does not close it."""
    assert jira_block("x = '{code}'\n") == "x = '{\u200bcode}'"


# Too much


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("cards", [1, 40, 400])
def test_no_comment_is_too_long(flavour: Flavour, cards: int) -> None:
    """However much was found, the comment fits, keeps answer, rows and actions, and says what was cut."""
    text = told(endless_ticket(cards), flavour)
    words = visible(text)

    assert len(text) < ROOM[flavour]
    assert "74.80 in epoch 54" in words
    assert text.count("<details>") == text.count("</details>")
    if flavour == "jira" and cards > 1:
        assert "Too long for a comment, cut or left out: Optimization" in words


def test_what_fits_is_kept() -> None:
    """A section that is too long loses its last findings, not its first; the reader is told."""
    text = told(endless_ticket(400), "github")

    assert "Finding PAI000" in text
    assert "Finding PAI399" not in text
    assert "cut or left out: Optimization" in text
    assert len(text) > 50_000


def test_nobody_takes_a_cut_list_for_the_whole() -> None:
    """Code that was cut ends in a sign that Python refuses."""
    text = told(endless_ticket(1), "github")
    code = re.findall(r"```python\n(.*?)\n *```", text, re.DOTALL)[0]

    assert code.endswith("…")
    with pytest.raises(SyntaxError):
        compile(code, "snippet", "exec")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_network_of_very_many_modules(flavour: Flavour) -> None:
    """The advice on 3,000 modules with correlation scores of their own is told in a comment that fits."""
    analysis = case.improved_run(modules=case.modules(*(place / 100_000 for place in range(3_000))))
    text = told(ticket(analysis, judge(analysis, Settings())), flavour)

    assert len(text) < ROOM[flavour]
