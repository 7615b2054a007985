"""The library's own picture as bytes: its size, and a smaller version for paper."""

import warnings
from io import BytesIO

from PIL import Image

from pai_report.png import png_size

_WIDEST = 1000  # pixels over 84 mm: 300 dots per inch, beyond which print gains nothing
_QUALITY = 92
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def reduced_jpeg(data: bytes) -> tuple[bytes, int, int] | None:
    """A picture of `data` fit for paper (JPEG bytes, width, height), None where `data` cannot be read as a picture."""
    if png_size(data) is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=["PNG"]) as opened:
                image = opened.reduce(max(1, round(opened.width / _WIDEST)))
        except _UNREADABLE:
            return None
    out = BytesIO()
    _on_white(image).save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue(), image.width, image.height


def _on_white(image: Image.Image) -> Image.Image:
    """`image` without transparency, which JPEG does not have."""
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    ground.alpha_composite(layered)
    return ground.convert("RGB")
