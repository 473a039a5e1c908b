"""A letter before it is queued, how and when it may reach somebody, and when to try again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from portal.carriers.rules import DISCREET, Carrier
from portal.clock import LONDON, in_london

MOST_TRIES = 8
LONGEST_TEXT = 300  # characters of the texts that come with the portal
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 8 * 60, 24 * 60))


@dataclass(frozen=True)
class Letter:
    """One message to one person: which template, and the facts it may use.

    `template` names `templates/messages/<template>.txt`, whose first line is `Subject: …`, and `<template>.text.txt`,
    the same in one paragraph for a text message or a call. An empty `to_address` means that the person has no e-mail:
    a letter that is not `to_volunteer` is then not queued, and the caller's page must say so.
    """

    template: str
    to_address: str
    to_name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    scheme_id: int | None = None
    volunteer_id: int | None = None
    to_volunteer: bool = False
    """It is for the volunteer of `volunteer_id`: it goes the way, and at the hours, that are safe for them."""
    reach: Reach | None = None
    """How and when somebody may be reached who is no volunteer, as they told us; nobody here rings them for it."""
    is_worth_a_call: bool = True
    """When nothing can carry it, somebody of the scheme tells them; else it is left out, as a weekly reminder is."""
    calendar: str = ""
    """An iCalendar object that goes with it: see `portal.documents.calendar_entries`."""

    @property
    def may_be_a_text(self) -> bool:
        """Whether it has a short form beside the letter."""
        return self.to_volunteer or self.reach is not None


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after this many tries in vain (1 or more); None means give up."""
    return WAITS[tries - 1] if tries < MOST_TRIES else None


@dataclass(frozen=True)
class Reach:
    """How and when a volunteer may be reached, as they told us."""

    wants: Carrier
    """By hand is a call, or a letter when `by_post`."""
    email: str = ""
    phone: str = ""
    by_post: bool = False
    safe_from: time | None = None
    safe_until: time | None = None
    hidden_name: str = ""
    """The scheme's name, when it must not be said to them; else ""."""


def way_to(reach: Reach, *, texts_are_sent: bool) -> tuple[Carrier, str]:
    """What carries a message to somebody, and to which address: never another way than the one they chose.

    A text becomes an e-mail only where the portal sends no texts. Where nothing can carry it, somebody tells them.
    """
    if reach.wants is Carrier.TEXT and texts_are_sent and reach.phone:
        return Carrier.TEXT, reach.phone
    is_by_email = reach.wants is Carrier.EMAIL or (reach.wants is Carrier.TEXT and not texts_are_sent)
    if is_by_email and reach.email:
        return Carrier.EMAIL, reach.email
    return Carrier.HAND, "" if reach.by_post else reach.phone


def is_open(at: time, safe_from: time | None, safe_until: time | None) -> bool:
    """Whether this time of the day, in London, is safe. Hours may pass midnight; none given, every time is."""
    if safe_from is None or safe_until is None:
        return True
    if safe_from < safe_until:
        return safe_from <= at < safe_until
    return at >= safe_from or at < safe_until


def next_safe(at: datetime, safe_from: time | None, safe_until: time | None) -> datetime:
    """The first safe instant from `at` on; by London's clocks, also on the days on which they change."""
    if safe_from is None or is_open(in_london(at).time(), safe_from, safe_until):
        return at
    day = in_london(at).date()
    for days in range(3):
        # an hour that the clocks leave out in spring is none: that day has no safe hours, or they begin later
        opens = datetime.combine(day + timedelta(days=days), safe_from, LONDON).astimezone(at.tzinfo)
        if opens > at and is_open(in_london(opens).time(), safe_from, safe_until):
            return opens
    return at


def without_name(text: str, name: str) -> str:
    """The text with the scheme's name taken out, however it is written; links stay as they are."""
    if not name.strip():
        return text
    words = r"\s+".join(re.escape(word) for word in name.split())
    found = re.compile(rf"\S+://\S+|(?<!\w){words}(?!\w)", re.IGNORECASE)
    return found.sub(lambda each: each[0] if "://" in each[0] else DISCREET, text)
