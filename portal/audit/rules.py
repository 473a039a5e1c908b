"""Who acts, how a line of the record is chained to the one before it, and how lines are handed out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Protocol

HIDDEN = "[hidden]"
FIRST = "0" * 64
PLAIN = (str, int, bool, float)  # most values are: asking this first halves the time of a long line
HASHED = (
    "at", "actor_id", "actor_name", "action", "table_name", "row_id", "scheme_id", "volunteer_id", "before", "after",
    "purpose", "request_id",
)  # fmt: skip


class Actor(Protocol):
    """Whoever acts: a user, or somebody without an account."""

    @property
    def id(self) -> int | None:
        """The user's number, None without an account."""

    @property
    def name(self) -> str:
        """How the record calls them."""


LONGEST_NAME = 200


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account: a referee by link, an applicant by code, the worker.

    A name may be as long as the columns that hold it, and still say who it was: the middle of a longer one is left out.
    """

    name: str
    id: int | None = None

    def __post_init__(self) -> None:
        """Fit the name into 200 characters."""
        if len(self.name) > LONGEST_NAME:
            end = self.name[-60:]
            object.__setattr__(self, "name", f"{self.name[: LONGEST_NAME - 61]}…{end}")


WORKER = Outsider("Alongside (by itself)")


def chained(previous: str, line: Mapping[str, Any]) -> str:
    """The hash of a line that stands behind `previous`: SHA-256, 64 hexadecimal digits.

    Altering, removing or inserting a line anywhere breaks every hash behind it.
    """
    body = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if value is None or type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if hasattr(value, "to_json"):
        return plain(value.to_json())
    return value


def hashed_part(line: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a line that its hash covers, as plain values."""
    return {name: plain(line[name]) for name in HASHED}


def what_broke(previous: str, line: Mapping[str, Any]) -> str | None:
    """What is wrong with a line that stands behind the hash `previous`; None when the chain holds."""
    if line["previous_hash"] != previous:
        return "a line just before it was removed, or one was put in"
    if line["line_hash"] != chained(previous, hashed_part(line)):
        return "it was altered after it had been written"
    return None


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as comma-separated text for a spreadsheet, which must take no cell for a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_cell(words) for words in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # a spreadsheet skips white space before it looks for a formula, and treats a tab or a line break as a start
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} or text.lstrip()[:1] in {"=", "+", "-", "@"} else text
