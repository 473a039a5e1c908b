"""Sending somebody their link again."""

from __future__ import annotations

import phonenumbers
from sqlalchemy import or_, select

from portal import clock
from portal.database import session
from portal.home import messages
from portal.locks.services import once
from portal.messages.services import queue
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

MOST = 3


def send_where(contact: str) -> None:
    """Send the link to whoever gave us this address or number, by their own way; at most once an hour each.

    Says nothing of whether there is anybody.
    """
    at = clock.now()
    people = session.scalars(
        select(Volunteer)
        .where(
            or_(Volunteer.email == contact.strip().lower(), Volunteer.phone == _number(contact)),
            Volunteer.stage != Stage.JOINED, Volunteer.same_as_id.is_(None),
        )
        .order_by(Volunteer.id.desc())
        .limit(MOST)
    )  # fmt: skip
    for each in people:
        if once(f"where:{each.id}:{at:%Y-%m-%dT%H}"):
            queue(messages.where_link(each))


def _number(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return "none"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
