"""The pictures as drawings: every renderer can take them, every label can be read, long runs stay small."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import figure_cases as case
import matplotlib as mpl
import numpy as np
import pytest
from conftest import PROJECT, SAMPLES, real_run
from figure_reading import SVG, drawn, every, parsed

from pai_report.analysis import analyse
from pai_report.report.document import Figure
from pai_report.report.figures.canvas import text_box
from pai_report.report.figures.palette import PALETTE, Lettering
from pai_report.report.figures.scores import scores
from pai_report.report.figures.series import decimated
from pai_report.run import read_run
from pai_report.settings import Settings

REAL = (
    ("digits-329-two-kept", "PAI"),
    ("digits-329-minimize", "minimize"),
    ("digits-329-loop-exit", "early_exit"),
    ("digits-329-capacity", "capacity"),
    ("digits-329-premature-fixed3", "premature"),
    ("digits-329-premature-once", "fixed20"),
    ("digits-329-overfit", "overfit"),
    ("digits-329-first-failed", "late_extra"),
    ("digits-329-odd-names", "uni.name_x"),
    ("digits-329-comma-crash", "commaname"),
    ("digits-329-nan-loop-exit", "nan_exit"),
    ("digits-204", "PAI"),
    ("bank-lead-mixed-runs", "PAI"),
    ("efficientnet-pb-loss", "PAI"),
    ("fire-every-epoch", "fire_model"),
    ("monai-renamed-folder", "PAI_MONAI_Compressed_dendritic"),
    ("resnet-pb-killed", "PAI"),
    ("yolo-dendrite-100", "dendrite_100"),
    ("v2run", "v2run"),
)


def test_every_picture_of_a_full_run_is_there_in_reading_order() -> None:
    """A run that recorded everything has all eight pictures, and one for page one."""
    run = replace(case.plain_run(), modules=case.with_modules(case.module(".fc1", 0.03)))
    expected = ["front-scores", "scores", "gains", "architecture", "gap", "learning-rate", "budget", "modules", "times"]

    assert expected == [figure.id for figure in every(run)]


def test_svg_can_be_inlined() -> None:
    """A picture is one svg element without prolog, style sheet, script or link out of itself; page and picture share no id."""
    for figure in every(case.plain_run()):
        root = parsed(figure)
        ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        references = re.findall(r'(?:href="|url\()(?!#)', figure.svg)

        assert figure.svg.startswith("<svg ")
        assert {f"{SVG}svg", f"{SVG}title"} <= {element.tag for element in root.iter()}
        assert not {f"{SVG}style", f"{SVG}script", f"{SVG}metadata"} & {element.tag for element in root.iter()}
        assert [attribute for element in root.iter() for attribute in element.attrib if attribute in {"style", "class"}] == []
        assert references == []
        assert len(ids) == len(set(ids))
        assert [name for name in ids if not name.startswith(f"{figure.id}-")] == []


def test_ids_differ_between_pictures_of_one_page() -> None:
    """All pictures of a report can stand in one HTML page."""
    ids = [name for figure in every(case.plain_run()) for name in re.findall(r' id="([^"]+)"', figure.svg)]

    assert sorted(set(ids)) == sorted(ids)


def test_only_colours_of_the_palette_are_used() -> None:
    """Every colour is one that the dark style sheet maps."""
    used = {colour for figure in every(case.plain_run()) for colour in re.findall(r"#[0-9a-fA-F]{3,6}\b", figure.svg)}

    assert set() == used - set(PALETTE)


def test_marks_take_their_colour_from_where_they_are_used() -> None:
    """A style sheet reaches the use of a mark, never its definition."""
    for figure in every(case.plain_run()):
        defined = [mark.attrib.keys() & {"fill", "stroke"} for mark in parsed(figure).iterfind(f".//{SVG}defs/{SVG}path")]
        used = [mark.attrib.keys() & {"fill", "stroke"} for mark in parsed(figure).iter(f"{SVG}use")]

        assert [colours for colours in defined if colours] == []
        assert all(used)


def test_dark_style_sheet_maps_every_colour() -> None:
    """A colour that the dark style sheet forgot would be unreadable there."""
    dark = (PROJECT / "styles" / "screen.css").read_text("utf-8")
    rules = {f'[{where}="{colour}"]' for where in ("fill", "stroke") for colour in PALETTE}

    assert set() == {rule for rule in rules if rule not in dark}


def test_prefixes_registered_by_other_libraries_change_nothing() -> None:
    """ElementTree's prefix table is global, and PDF libraries write to it: a prefixed svg element would not be drawn."""
    before = dict(ET._namespace_map)  # type: ignore[attr-defined]
    try:
        ET.register_namespace("svg", SVG[1:-1])
        drawing = drawn(scores(case.plain_run())).svg
    finally:
        ET._namespace_map.clear()  # type: ignore[attr-defined]
        ET._namespace_map.update(before)  # type: ignore[attr-defined]

    assert drawing.startswith("<svg ")
    assert "svg:" not in drawing


def test_same_bytes_for_the_same_analysis_whatever_matplotlib_was_told() -> None:
    """The user's own matplotlib settings never reach a report."""
    before = [figure.svg for figure in every(case.plain_run())]
    with mpl.rc_context({"lines.linewidth": 9, "path.sketch": (1, 100, 2), "axes.facecolor": "red", "svg.fonttype": "path"}):
        after = [figure.svg for figure in every(case.plain_run())]

    assert before == after


def assert_legible(figure: Figure) -> None:
    """No label covers another or leaves the page."""
    root = parsed(figure)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    boxes = []
    for element in root.iter(f"{SVG}text"):
        style = Lettering(size=float(element.attrib["font-size"]), bold=element.get("font-weight") == "700")
        anchor = {"start": "left", "middle": "center", "end": "right"}[element.get("text-anchor", "start")]
        x, y = float(element.attrib["x"]), height - float(element.attrib["y"])
        boxes.append((element.text, text_box(x, y, element.text or "", style, anchor)))  # type: ignore[arg-type]
    page = [words for words, box in boxes if box.left < -1 or box.right > width + 1 or box.bottom < -2 or box.top > height + 1]
    covered = [(one, two) for n, (one, box) in enumerate(boxes) for two, other in boxes[n + 1 :] if box.meets(other)]

    assert (page, covered) == ([], []), figure.id


@pytest.mark.parametrize("name", case.EXTREMES)
def test_extreme_runs_are_legible(name: str) -> None:
    """Hostile names, a hundred sets, negative, huge, tiny and constant scores: every label is readable."""
    for figure in every(case.extreme(name)):
        assert_legible(figure)


@pytest.mark.parametrize(("folder", "inner"), REAL)
def test_real_runs_are_legible(folder: str, inner: str) -> None:
    """In no picture of a real run does a label cover another or leave the page."""
    for figure in every(analyse(read_run(real_run(folder, inner)), Settings())):
        assert_legible(figure)


@pytest.mark.parametrize("folder", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_samples_are_legible(folder: str) -> None:
    """The same for the samples of the project."""
    for figure in every(analyse(read_run(SAMPLES / folder), Settings())):
        assert_legible(figure)


def test_plain_run_is_legible() -> None:
    """The plain run too."""
    for figure in every(case.plain_run()):
        assert_legible(figure)


def test_long_runs_stay_small_and_keep_their_spikes() -> None:
    """20,000 epochs: every picture under 120 KB, and the score of 10 at epoch 5,000 is drawn in the whole course."""
    run = case.long_run(20_000)
    sizes = {figure.id: len(figure.svg) for figure in every(run)}
    start, shown = decimated(0, np.array([np.nan if score is None else score for score in run.track.validation]))

    assert {name: size for name, size in sizes.items() if size > 120_000} == {}
    assert shown[list(start).index(5000.0)] == 10.0


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter."""
    held = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run([sys.executable, "-c", code], env=held, capture_output=True, text=True, check=False)


def test_pictures_need_matplotlib_only_when_drawn() -> None:
    """Importing the pictures does not import matplotlib: formats without them stay fast."""
    done = run_python("import sys, pai_report.report.figures; print('matplotlib' in sys.modules)")

    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.slow
def test_read_only_home_is_no_reason_to_talk(tmp_path: Path) -> None:
    """A nightly job without a home folder draws in silence."""
    nowhere = tmp_path / "file"
    nowhere.write_text("not a folder", "utf-8")
    done = run_python(
        "import pai_report.report.figures.scores", HOME=str(nowhere), MPLCONFIGDIR=str(nowhere), XDG_CACHE_HOME=str(nowhere)
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
