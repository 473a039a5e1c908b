"""The verbs of a calendar feed: make its secret address, and end it."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.calendars import queries
from portal.calendars.models import CalendarFeed
from portal.database import session
from portal.refusals import Refused

TOKEN_BYTES = 24  # 192 random bits: nobody finds an address by trying


def make_feed(user: User, *, by: User) -> str:
    """Make a new address and end the old one; the secret part is returned once and kept only hashed."""
    _end(user)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(user_id=user.id, token_hash=queries.hashed(token), made_at=clock.now()))
    session.flush()
    return token


def end_feed(user: User, *, by: User) -> None:
    """End the address: whoever follows it sees nothing more."""
    if not _end(user):
        raise Refused("Your calendar has no address that could be ended")


def _end(user: User) -> int:
    # the owner's row is held until the end: two taps at once must not leave two addresses that work
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    feeds = session.scalars(
        select(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
    ).all()
    for feed in feeds:
        feed.revoked_at = clock.now()
    session.flush()
    return len(feeds)
