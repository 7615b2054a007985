"""The fonts of the PDF: those that matplotlib brings, so that every machine has them and sets the same lines."""

from pathlib import Path

SCHEME = "font:"  # `font:STIXGeneral.ttf` in a style sheet
_FILES = frozenset(
    {
        "STIXGeneral.ttf",
        "STIXGeneralItalic.ttf",
        "STIXGeneralBol.ttf",
        "STIXGeneralBolIta.ttf",
        "DejaVuSans.ttf",
        "DejaVuSans-Oblique.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSansMono.ttf",
        "DejaVuSansMono-Bold.ttf",
    }
)


def font(url: str) -> bytes:
    """The font file that `url` names in `SCHEME`; ValueError for any other than the report's own."""
    name = url.removeprefix(SCHEME)
    if name not in _FILES:
        raise ValueError(f"{url} is not one of the report's fonts")
    return (_folder() / name).read_bytes()


def _folder() -> Path:
    from matplotlib import get_data_path  # noqa: PLC0415 only the PDF needs it

    return Path(get_data_path()) / "fonts" / "ttf"
