"""A machine with nothing: no network, no fonts, no home to write to, no locale. The reports are the same."""

import os
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from conftest import PROJECT, SAMPLES
from pypdf import PdfReader

NO_FONTS = '<?xml version="1.0"?><fontconfig><dir>{0}/none</dir><cachedir>{0}/none</cachedir></fontconfig>'
COMMAND = "import sys; from pai_report.cli import main; sys.exit(main())"
FORMATS = ("md", "html", "pdf", "json")
NOWHERE = "/dev/null/nowhere"  # cannot be made, not even by root


def alone() -> list[str]:
    """The command that takes the network away; skips the test where the machine does not allow it."""
    options = "-n" if os.geteuid() == 0 else "-rn"
    try:
        subprocess.run(["unshare", options, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the network cannot be taken away here: unshare {options} failed ({error})")
    return ["unshare", options]


def made(folder: Path, before: list[str], environment: Mapping[str, str]) -> dict[str, bytes]:
    """The report of a sample in every format, made by the command line, which says no more than what it wrote."""
    folder.mkdir()
    outputs = [part for fmt in FORMATS for part in ("-o", str(folder / f"report.{fmt}"))]
    done = subprocess.run(
        [*before, sys.executable, "-c", COMMAND, str(SAMPLES / "improved"), *outputs],
        env={**environment, "PYTHONPATH": str(PROJECT)}, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("Wrote ")]
    assert said == []
    return {fmt: (folder / f"report.{fmt}").read_bytes() for fmt in FORMATS}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are a feature of Linux")
def test_the_same_reports_in_an_empty_world(tmp_path: Path) -> None:
    """Without network, fonts, locale, home and cache every format is byte for byte what a well-furnished machine makes."""
    (tmp_path / "fonts.conf").write_text(NO_FONTS.format(tmp_path), "utf-8")
    (tmp_path / "tmp").mkdir()
    bare = {
        "PATH": os.environ["PATH"], "HOME": NOWHERE, "MPLCONFIGDIR": NOWHERE, "XDG_CACHE_HOME": NOWHERE, "LC_ALL": "C",
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "TMPDIR": str(tmp_path / "tmp"), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    usual = {name: held for name, held in os.environ.items() if name not in {"SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"}}

    empty, furnished = made(tmp_path / "empty", alone(), bare), made(tmp_path / "furnished", [], usual)

    texts = [[page.extract_text() for page in PdfReader(BytesIO(held["pdf"])).pages] for held in (empty, furnished)]
    assert texts[0] == texts[1]
    assert [fmt for fmt in FORMATS if empty[fmt] != furnished[fmt]] == []
