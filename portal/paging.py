"""Lists page by key, not by offset: page 400 costs what page 1 costs, and nobody is shown twice."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Item = TypeVar("Item")
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, and the key that opens the next one; None on the last."""

    items: Sequence[Item]
    next_key: str | None = None

    def __iter__(self) -> Iterator[Item]:
        """Walk the items of this page."""
        return iter(self.items)

    def __len__(self) -> int:
        """How many items are on this page."""
        return len(self.items)


def page_of(rows: Sequence[Item], size: int, *, key: Callable[[Item], Key]) -> Page[Item]:
    """Cut a page of `size` from rows read with a limit of `size + 1`; the extra one says there is more."""
    shown = rows[:size]
    return Page(shown, written(key(shown[-1])) if len(rows) > size else None)


def written(key: Key) -> str:
    """The key as it stands in a link."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def read(text: str | None, *, like: Key) -> Key | None:
    """The key from a link, or None when it is missing or not of the kinds that `like` has."""
    if not text or len(text) > 1000:
        return None
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(values, list) or [type(value) for value in values] != [type(kind) for kind in like]:
        return None
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        return None  # larger than any database key: SQLite would refuse to compare it
    if any(isinstance(value, str) and ("\0" in value or not _is_text(value)) for value in values):
        return None
    return tuple(values)


def read_instant(text: str | None) -> tuple[datetime, int] | None:
    """The key of a list by instant and number; None for the first page, and for a link that somebody made up."""
    key = read(text, like=("", 0))
    try:
        at = datetime.fromisoformat(str(key[0])) if key else None
    except ValueError:
        return None
    return (at, int(key[1])) if key and at and at.tzinfo else None


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)
