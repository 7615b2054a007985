"""JSON and TOML from files that anybody may have written: too deep or too long for a parser is an error like any other.

The parsers of the standard library answer hostile input with RecursionError, OverflowError or a ValueError about digits, and
values that they let pass break later where they are compared or written. An error here never quotes the file.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

DEEPEST = 64  # levels; the library's configuration has 2, a report of ours about 12
MOST_DIGITS = 1000  # of one number: three times what the largest float has


class DecodeError(ValueError):
    """What is wrong with a file, as a clause without content of the file ("it is nested more than 64 levels deep")."""


def json_value(data: bytes, *, strict: bool = False) -> Any:
    """The JSON value in `data`, at most `DEEPEST` levels deep and with numbers of at most `MOST_DIGITS` digits.

    `strict` refuses what Python reads and nobody can write again: NaN, infinities, halves of characters. Raises DecodeError.
    """
    try:
        value = _checked(lambda: json.loads(_text(data), parse_int=_whole))
    except json.JSONDecodeError as error:
        raise DecodeError(f"it is no JSON from line {error.lineno}, column {error.colno} on") from error
    if strict:
        _check_writable(value)
    return value


def toml_table(data: bytes) -> dict[str, Any]:
    """The TOML document in `data`, within the same bounds. Raises DecodeError."""
    try:
        table: dict[str, Any] = _checked(lambda: tomllib.loads(_text(data)))
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(")[2].rstrip(")") if "(at " in str(error) else "its text"
        raise DecodeError(f"it is no TOML {place}") from error
    return table


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError(f"it is not UTF-8 from byte {error.start + 1} on") from error


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise DecodeError(f"a number in it has more than {MOST_DIGITS} digits")
    return int(digits)


def _checked(parse: Callable[[], Any]) -> Any:
    try:
        value = parse()
        _check(value)
    except RecursionError as error:
        raise DecodeError(f"it is nested more than {DEEPEST} levels deep") from error
    except (DecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError):
        raise
    except (ValueError, OverflowError) as error:  # digits that Python refuses, a date that no calendar has
        raise DecodeError("a number or date in it is out of range") from error
    return value


def _check(value: Any) -> None:
    """DecodeError where `value` is too deep or holds too large a number."""
    for depth, level in enumerate(_levels(value)):
        if depth >= DEEPEST:
            raise DecodeError(f"it is nested more than {DEEPEST} levels deep")
        if any(isinstance(content, int) and abs(content) >= 10**MOST_DIGITS for content in level):
            raise DecodeError(f"a number in it has more than {MOST_DIGITS} digits")


def _check_writable(value: Any) -> None:
    """DecodeError where `value` is not JSON in UTF-8."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise DecodeError("a text in it holds half a character") from error
    except ValueError as error:
        raise DecodeError("a number in it is infinite or none") from error


def _levels(value: Any) -> Iterator[list[Any]]:
    """What stands in `value`, level by level, so that no depth can hurt."""
    level = [value]
    while level:
        yield level
        below: list[Any] = []
        for content in level:
            if isinstance(content, dict):
                below.extend(content.values())
            elif isinstance(content, list):
                below.extend(content)
        level = below
