"""What the first bytes of a PNG say."""

import struct


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG (RFC 2083, 3.1 and 4.1.1), None for anything else and for a PNG cut short."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or b"IEND" not in data[-64:]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height
