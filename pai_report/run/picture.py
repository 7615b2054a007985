"""Is a picture the library's own? Its bytes tell, not its name."""

from pai_report.png import png_size

SHAPE = 2.0  # width by height: the library draws on 28 by 14 inches, at 100 dots per inch unless the script says otherwise
_ROUNDING = 0.02  # of the shape: pixels are whole
WIDEST = 28 * 600  # pixels: no screen or printer shows more


def not_the_librarys(data: bytes) -> str | None:
    """Why `data` cannot be the picture that the library draws, as a clause; None where it can."""
    size = png_size(data)
    if size is None:
        return "it is no PNG, or one that was cut off"
    width, height = size
    if not height or abs(width / height / SHAPE - 1) > _ROUNDING or width > WIDEST:
        return f"it has {width:,} by {height:,} pixels, and the library draws twice as wide as high"
    return None
