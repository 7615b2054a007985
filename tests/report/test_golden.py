"""Whole reports of the samples as they were last read and found true: a change of them is seen, not slipped in."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import GOLDEN, SAMPLES

from pai_report import pipeline
from pai_report.pipeline import Target
from pai_report.report.rendition import Rendered
from pai_report.settings import Settings

NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())
LAST_DIGITS = 1e-9  # relative: what processors may differ by


def made(sample: str, name: str) -> str:
    """The report of a sample as the file `name`."""
    (_, rendered), *_ = pipeline.tell(
        pipeline.study(SAMPLES / sample, Settings()), [Target(name=name, format="md" if name.endswith("md") else "json")]
    )
    assert isinstance(rendered, Rendered)
    return rendered.main.decode()


@pytest.mark.parametrize("sample", NAMES)
def test_markdown(sample: str, holds: Callable[[Path, str], None]) -> None:
    """The Markdown report of the sample reads as it did."""
    holds(GOLDEN / f"{sample}.md", made(sample, f"{sample}.md"))


@pytest.mark.parametrize("sample", NAMES)
def test_numbers(sample: str, holds: Callable[[Path, str], None], request: pytest.FixtureRequest) -> None:
    """Every value of report.json is what it was, numbers to nine digits; what is said of them stands in the Markdown."""
    path, now = GOLDEN / f"{sample}.json", json.loads(made(sample, "report.json"))
    del now["judgement"]
    if request.config.getoption("--accept") or not path.is_file():
        holds(path, json.dumps(now, indent=1) + "\n")
    assert list(_differing("", json.loads(path.read_text("utf-8")), now)) == []


def _differing(place: str, kept: Any, now: Any) -> Iterator[str]:
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in {**kept, **now}:
            yield from _differing(f"{place}.{key}", kept.get(key, "nothing"), now.get(key, "nothing"))
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for number, pair in enumerate(zip(kept, now, strict=True)):
            yield from _differing(f"{place}[{number}]", *pair)
    elif kept != now and not _close(kept, now):
        yield f"{place}: was {kept!r}, is {now!r}"


def _close(kept: Any, now: Any) -> bool:
    return isinstance(kept, float) and isinstance(now, float) and math.isclose(kept, now, rel_tol=LAST_DIGITS)
