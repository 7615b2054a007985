"""Who holds the output folder, where the file that says so was damaged."""

from pathlib import Path

import pytest

from pai_report.batch.lock import _holder


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"pid": "x", "host": 1}', b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_damaged_holder_names_nobody(content: bytes, tmp_path: Path) -> None:
    """Another process holds it, more is not known."""
    path = tmp_path / "holder"
    path.write_bytes(content)

    assert _holder(path) == "another process"


def test_a_holder_is_named_without_what_moves_a_terminal(tmp_path: Path) -> None:
    """The host comes from a file that anybody may have written."""
    path = tmp_path / "holder"
    path.write_bytes(b'{"pid": 7, "host": "a\\u001b]0;x\\u0007"}')

    assert "\x1b" not in _holder(path)
    assert _holder(path).startswith("process 7 on a")
