"""Says on which line of a TOML file each value stands, which the standard parser does not."""

import tomllib
from typing import Any

from courses.shapes import Where

_CLOSERS = ("]", '"""', "'''")
"""What the last line of a list or a text that runs over several lines must contain."""


def lines(text: str) -> dict[Where, int]:
    """The line (from 1) of each table and key in `text`, which must already be known to be valid TOML.

    The file is cut into statements by asking the real parser whether the lines read so far are whole, so that
    multi-line strings and lists, comments and quoted keys are understood exactly as they are when loading.
    """
    found: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    table: Where = ()
    waiting: list[str] = []
    begun = 1
    for number, line in enumerate(text.splitlines(), start=1):
        if not waiting:
            begun = number
        waiting.append(line)
        if len(waiting) > 1 and not any(mark in line for mark in _CLOSERS):
            continue  # asking the parser at every line of a long text would take for ever
        try:
            statement = tomllib.loads("\n".join(waiting))
        except tomllib.TOMLDecodeError:
            continue  # not whole yet: a list or a text runs on
        waiting.clear()
        if not statement:
            continue  # a comment or an empty line
        if line.lstrip().startswith("[") and begun == number:
            table = _enter(_keys(statement), statement, counts)
            found.setdefault(table, number)
        else:
            _note((*table, *_keys(statement)), len(table), begun, found)
    return found


def line_of(where: Where, found: dict[Where, int]) -> int:
    """The line of the value at `where`, or of the nearest thing around it; 1 when nothing is known."""
    for end in range(len(where), 0, -1):
        if where[:end] in found:
            return found[where[:end]]
    return 1


def _keys(statement: dict[str, Any]) -> tuple[str, ...]:
    """The dotted key of a single statement; what is inside an inline table belongs to the value."""
    keys: list[str] = []
    value: Any = statement
    while isinstance(value, dict) and len(value) == 1:
        key = next(iter(value))
        keys.append(key)
        value = value[key]
    return tuple(keys)


def _enter(keys: tuple[str, ...], statement: dict[str, Any], counts: dict[Where, int]) -> Where:
    """The place a table header leads to; `[[name]]` begins the next of its kind."""
    value: Any = statement
    for key in keys:
        value = value[key]
    at: Where = ()
    for n, key in enumerate(keys):
        at = (*at, key)
        if n == len(keys) - 1 and isinstance(value, list):
            counts[at] = counts.get(at, 0) + 1
        if at in counts:
            at = (*at, counts[at] - 1)
    return at


def _note(path: Where, inside: int, number: int, found: dict[Where, int]) -> None:
    for end in range(inside + 1, len(path) + 1):
        found.setdefault(path[:end], number)
