"""Text from run folders made harmless before any format escapes it."""

import re

# What XML 1.0 forbids, C1 controls, lone surrogates, and the bidirectional controls that could reorder the text around a name.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile("[ ]*[\t\n\x0b\x0c\r\x85\u2028\u2029]+[ ]*")


def clean(text: str) -> str:
    """`text` on one line; characters that no document may hold show as the replacement character."""
    return _BREAKS.sub(" ", _FORBIDDEN.sub("\ufffd", text))


def clean_code(code: str) -> str:
    """`code` like `clean`, with its lines and tabs kept."""
    return _FORBIDDEN.sub("\ufffd", code.replace("\r\n", "\n").replace("\r", "\n"))


def escaped_json(data: bytes) -> bytes:
    """JSON text with the same characters as JSON escapes them, so that the data stays and no terminal obeys it."""
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", data.decode()).encode()
