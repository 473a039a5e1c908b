"""On which days somebody is reminded, how long a link lasts, and the addresses people type."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import phonenumbers

DAYS = (3, 10, 24)
"""Days after the last save on which an unfinished application is spoken of, each once."""
GIVEN_UP_AFTER = timedelta(days=60)
LINK_LASTS = timedelta(days=14)


def days_due(age: timedelta) -> tuple[int, ...]:
    """The reminders that were due by now; none any more for what has lain for very long."""
    return tuple(day for day in DAYS if timedelta(days=day) <= age) if age <= GIVEN_UP_AFTER else ()


def to_say_now(due: Collection[int], said: Collection[int]) -> int | None:
    """The one reminder to send: the latest that is due, unless it went. Those that a night was missed for are not made
    up for: nobody gets two at once.
    """
    return latest if due and (latest := max(due)) not in said else None


def address(typed: str) -> str:
    """An e-mail address or a phone number as it is kept; "" for what is neither."""
    if "@" in typed:
        return typed.strip().lower()
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
