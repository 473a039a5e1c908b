"""A line of work, and a block of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

MOST = 5
"""Lines of a block; the rest is behind a link."""


@dataclass(frozen=True)
class Line:
    """One thing that waits: who or what, since when, and the page where it is done."""

    words: str
    endpoint: str
    ids: dict[str, int] = field(default_factory=dict)
    note: str = ""
    since: date | datetime | None = None
    is_late: bool = False
    """Whether more days have gone by than were promised."""


@dataclass(frozen=True)
class Block:
    """One kind of work: the oldest lines of it, how many there are in all, and where the rest is."""

    title: str
    lines: list[Line]
    count: int
    empty: str
    more: str = ""
