"""Calendar files (iCalendar, RFC 5545) for every stage: one event to answer, several to keep, or a whole feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

import icalendar
from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from portal.clock import in_london

PRODUCT = "-//Alongside//Training//EN"
REFRESHED_EVERY = timedelta(hours=4)
# A VTIMEZONE gives its changes by the clock on the wall, so without a zone.
SPRING, AUTUMN = datetime(1996, 3, 31, 1), datetime(1996, 10, 27, 2)  # noqa: DTZ001 - see above
"""The first changes of the clocks under the rule that still stands (Summer Time Order 2002, before it 1994/2798)."""


@dataclass(frozen=True)
class Event:
    """One thing in a calendar. The same `uid` with a higher `sequence` takes the place of what was there before."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    where: str = ""
    url: str = ""
    is_cancelled: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Party:
    """Somebody who arranges an event, or is asked to it."""

    address: str
    name: str = ""

    @classmethod
    def read(cls, mail_from: str) -> Party:
        """From an address as letters carry it: "Alongside <post@example.org>"."""
        name, address = parseaddr(mail_from)
        return cls(address, name)


def uid(kind: str, number: int, *, public_url: str) -> str:
    """The name of an event that stays the same for ever: what it is, its number, and whose portal knows it."""
    return f"{kind}-{number}@{urlsplit(public_url).hostname or 'localhost'}"


def for_letter(events: Sequence[Event], *, organiser: Party, attendee: Party, at: datetime) -> str:
    """What goes with a letter: one event as a request (or its cancellation), several as news to keep (RFC 5546)."""
    if len(events) != 1:
        return published(events, organiser=organiser, at=at)
    (event,) = events
    calendar = _calendar("CANCEL" if event.is_cancelled else "REQUEST")
    made = _event(event, at)
    made["organizer"] = _address(organiser)
    guest = _address(attendee)
    if not event.is_cancelled:
        guest.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    made.add("attendee", guest, encode=False)
    calendar.add_component(made)
    return str(calendar.to_ical(), "utf-8")


def published(events: Sequence[Event], *, at: datetime, organiser: Party | None = None, name: str = "") -> str:
    """Several events, or a feed with a name: nobody is asked to answer."""
    calendar = _calendar("PUBLISH")
    if name:
        # NAME and REFRESH-INTERVAL are RFC 7986; the others are what clients read that are older than it
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT4H")
    for event in events:
        made = _event(event, at)
        if organiser:
            made["organizer"] = _address(organiser)
        calendar.add_component(made)
    return str(calendar.to_ical(), "utf-8")


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_london())
    return calendar


def _event(event: Event, at: datetime) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", at.astimezone(UTC))
    if event.changed_at:
        made.add("last-modified", event.changed_at.astimezone(UTC))
    made.add("dtstart", in_london(event.starts_at))
    made.add("dtend", in_london(event.ends_at))
    made.add("summary", event.title)
    if event.where:
        made.add("location", event.where)
    if event.url:
        made.add("url", event.url)
        made.add("description", event.url)  # few clients show URL; a link in the text can be tapped in all of them
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    return made


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    if party.name:
        # a quote would end the parameter, and there is no way to write one inside it (RFC 5545, 3.2)
        address.params["CN"] = vText(party.name.replace('"', "'"))
    return address


def _london() -> Timezone:
    """London's clocks by their rule, so that a calendar file is right for every year and the same every time."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for kind, first, name, before, after, month in (
        (TimezoneDaylight, SPRING, "BST", 0, 1, 3),
        (TimezoneStandard, AUTUMN, "GMT", 1, 0, 10),
    ):
        change = kind()
        change.add("dtstart", first)
        change.add("tzname", name)
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        change.add("rrule", vRecur({"FREQ": ["YEARLY"], "BYMONTH": [month], "BYDAY": ["-1SU"]}))
        zone.add_component(change)
    return zone
