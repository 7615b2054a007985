"""The picture of page one as a PNG."""

from dataclasses import replace
from io import BytesIO

import advice_cases as case
from PIL import Image
from ticket_cases import studied

from pai_report.report.figures import front_png


def test_it_is_the_picture_of_page_one() -> None:
    """170 by 62 mm at three pixels to the point, on white, the same bytes every time."""
    analysis = studied("synthetic-pb").analysis
    data = front_png(analysis)

    assert isinstance(data, bytes)
    assert data == front_png(analysis)
    with Image.open(BytesIO(data)) as image:
        assert image.size == (int(170 / 25.4 * 72 * 3), int(62 / 25.4 * 72 * 3))
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_areas_lie_where_the_lines_are() -> None:
    """The wash of the last phase reaches to the right end of the panel, 60 points before the edge, and not beyond."""
    data = front_png(studied("synthetic-pb").analysis)
    assert isinstance(data, bytes)
    with Image.open(BytesIO(data)) as image:
        pixels = image.convert("RGB")
    middle = pixels.height // 3

    assert pixels.getpixel((pixels.width - 63 * 3, middle)) != (255, 255, 255)
    assert pixels.getpixel((pixels.width - 57 * 3, pixels.height // 2)) == (255, 255, 255)


def test_without_scores_there_is_none() -> None:
    """A single score makes no picture."""
    analysis = case.improved_run()
    track = replace(analysis.track, validation=(50.0,))

    assert front_png(replace(analysis, track=track)) is None
