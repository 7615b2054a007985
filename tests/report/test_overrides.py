"""Templates and styles of the user's own: what they replace, what is said about mistakes, and what docs/templates.md lists."""

import re
import subprocess
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args

import pytest
from conftest import PROJECT, SAMPLES

from pai_report import cli
from pai_report.report import document
from pai_report.report.assets import folder

PAGE = (PROJECT / "docs" / "templates.md").read_text("utf-8")
SAMPLE = str(SAMPLES / "none-tried")


def written(tmp_path: Path, *options: str, suffix: str = "html") -> str:
    """The report of a sample with these options."""
    output = tmp_path / f"report.{suffix}"
    assert cli.main([SAMPLE, "-o", str(output), *options]) == cli.WRITTEN
    return output.read_text("utf-8")


def own(tmp_path: Path, name: str, text: str) -> str:
    """A folder with one file."""
    place = tmp_path / "own"
    place.mkdir(exist_ok=True)
    (place / name).write_text(text, "utf-8")
    return str(place)


def test_a_style_of_ones_own_replaces_one_file(tmp_path: Path) -> None:
    """The colour of the house is in the page, ours is not, and the other style sheets are still there."""
    tokens = (folder("styles") / "tokens.css").read_text("utf-8")
    page = written(tmp_path, "--styles", own(tmp_path, "tokens.css", tokens.replace("--accent: #0b5fa5", "--accent: #7a1f5c")))

    assert "--accent: #7a1f5c" in page
    assert "--accent: #0b5fa5" not in page
    assert (folder("styles") / "base.css").read_text("utf-8").strip() in page


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/templates.md"])
def test_the_recipe_for_a_colour_leaves_none_of_ours(page: str, tmp_path: Path) -> None:
    """Followed to the letter, both accents are replaced, and only names of drawings' colours still hold the old one."""
    recipe = re.search(r"^mkdir our-styles\nsed .*$", (PROJECT / page).read_text("utf-8"), re.MULTILINE)
    assert recipe
    (tmp_path / "styles").symlink_to(folder("styles"))
    subprocess.run(["sh", "-ec", recipe[0]], cwd=tmp_path, check=True)
    told = written(tmp_path, "--styles", str(tmp_path / "our-styles"))

    assert re.findall(r"--accent: ([^;]*);", told) == ["#7a1f5c", "#e39ac9"]
    assert "#7db9ee" not in told
    assert "#0b5fa5" not in re.sub(r'(fill|stroke)="#0b5fa5"', "", told)


def test_a_template_of_ones_own_replaces_one_file(tmp_path: Path) -> None:
    """A page template of one line is all of the Markdown; the next report is ours again."""
    options = ("--templates", own(tmp_path, "report.md.j2", "# {{ document.headline | line }}\n"))

    assert written(tmp_path, *options, suffix="md") == "# Cannot tell: training ended before any dendrites were added.\n"
    assert "## Contents" in written(tmp_path, suffix="md")


def test_blocks_of_ones_own_are_used_by_our_page(tmp_path: Path) -> None:
    """Our page template takes the macros from the user's blocks."""
    blocks = (folder("templates") / "blocks.html.j2").read_text("utf-8")
    place = own(tmp_path, "blocks.html.j2", blocks.replace('<pre class="code">', '<pre class="code ours">'))
    assert '<pre class="code ours">' in written(tmp_path, "--templates", place)


def test_figures_take_the_style_sheet_of_ones_own(tmp_path: Path) -> None:
    """Lines that end bluntly are drawn otherwise than ours."""
    style = (folder("styles") / "figures.mplstyle").read_text("utf-8")
    blunt = own(tmp_path, "figures.mplstyle", style.replace("lines.solid_capstyle: round", "lines.solid_capstyle: butt"))
    assert written(tmp_path, "--styles", blunt) != written(tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("text.usetex: True", "figures.mplstyle, line 2: 'text.usetex' is no setting that pictures take."),
        ("backend: module://own", "figures.mplstyle, line 2: 'backend' is no setting that pictures take."),
        ("lines.linewidth: 9", "figures.mplstyle, line 2: 'lines.linewidth' is no setting that pictures take."),
        ("lines.dash_capstyle: sharp", "figures.mplstyle, line 2: 'sharp' is no value of lines.dash_capstyle."),
        ("\\input{x}", "is no setting that pictures take."),
    ],
)
@pytest.mark.parametrize("suffix", ["md", "html"])
def test_pictures_take_the_listed_settings_only(
    line: str, said: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any other setting, which could start LaTeX, is told with its line: exit 2, nothing written, no LaTeX asked for."""
    styles = own(tmp_path, "figures.mplstyle", f"lines.scale_dashes: False  # as ours\n{line}\n")
    output = tmp_path / f"report.{suffix}"

    assert cli.main([SAMPLE, "-o", str(output), "--styles", styles]) == cli.FAILED
    told = capsys.readouterr().err
    assert said in told
    assert "It takes lines.solid_capstyle, " in told
    assert not output.exists()


def test_no_style_sheet_ends_its_element(tmp_path: Path) -> None:
    """A sheet that closes the style element stays inside of it: what follows is no element of the page."""
    evil = "/* </style><script>alert(1)</script> */ q::before { content: '</STYLE ><b>' }"
    page = written(tmp_path, "--styles", own(tmp_path, "tokens.css", evil))

    assert page.lower().count("</style") == page.lower().count("<style")
    assert "<script" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    assert r"content: '<\/STYLE ><b>'" in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("report.html.j2", "\n{{ document.hedline }}", "report.html.j2, line 2: "),
        ("report.html.j2", "{% for %}", "report.html.j2, line 1: "),
        ("report.html.j2", "{{ 1 / 0 }}", "report.html.j2, line 1: division by zero."),
        ("mine.html.j2", "x", "replaces nothing: none of its files has the name of one of the templates."),
    ],
)
def test_mistakes_are_told(name: str, text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File and line, one sentence, exit 2, nothing written."""
    output = tmp_path / "report.html"

    assert cli.main([SAMPLE, "-o", str(output), "--templates", own(tmp_path, name, text)]) == cli.FAILED
    assert said in capsys.readouterr().err
    assert not output.exists()


def test_a_folder_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing folder is a mistake, not an empty one."""
    assert cli.main([SAMPLE, "-o", str(tmp_path / "report.html"), "--styles", str(tmp_path / "none")]) == cli.FAILED
    assert "does not exist" in capsys.readouterr().err


def test_every_file_is_listed() -> None:
    """docs/templates.md names every template and style sheet."""
    names = {f"{path.parent.name}/{path.name}" for kind in ("templates", "styles") for path in (PROJECT / kind).iterdir()}
    named = set(re.findall(r"`((?:templates|styles)/[\w.]+)`", PAGE))

    assert names == named


def test_every_block_is_listed_with_its_fields() -> None:
    """docs/templates.md lists each block, and each value inside of one, with its fields in order."""
    blocks = {block.__name__ for block in get_args(document.Block)}
    parts = {"Document", "Section", "Span", "KeyFigure", "Noted", "Row", "Column", "StepItem"}
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))

    assert blocks | parts == set(listed)
    for name, held in listed.items():
        cls = getattr(document, name)
        assert is_dataclass(cls)
        assert re.findall(r"`(\w+)`", held) == [field.name for field in fields(cls)], name
