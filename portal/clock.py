"""What time it is: instants in UTC, days in London. Nobody else asks the machine."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_rehearsed: ContextVar[datetime | None] = ContextVar("rehearsed", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _rehearsed.get() or datetime.now(UTC)


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let it be this instant inside: a rehearsal plays the past through the services of today."""
    token = _rehearsed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _rehearsed.reset(token)


def today() -> date:
    """Today's date in London."""
    return now().astimezone(LONDON).date()


def months_after(day: date, months: int) -> date:
    """The same day some months later, or earlier; the last of the month when there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_london(instant: datetime) -> datetime:
    """The same instant as a clock on a London wall shows it."""
    return instant.astimezone(LONDON)
