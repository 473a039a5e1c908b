"""Whose feed an address is, and what stands in somebody's calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.attendance.models import CatchUpBooking
from portal.calendars.models import CalendarFeed
from portal.catchups.messages import event as catch_up_event
from portal.cohorts.models import Cohort, CohortSession, Enrolment, EnrolmentState
from portal.cohorts.queries import may_see
from portal.database import keyring, session
from portal.documents.calendar_entries import Event, uid
from portal.messages.documents import post_room
from portal.timetable.documents import session_event
from portal.timetable.queries import GOES_THERE
from portal.volunteers.models import Volunteer

LONGEST_TOKEN = 100
LOOKS_BACK = timedelta(days=90)
MOST = 2000


def hashed(token: str) -> str:
    """How the secret of a feed is kept: whoever reads the database can follow nobody's."""
    return keyring.hash(f"calendar:{token}")


def feed_by_token(token: str) -> CalendarFeed | None:
    """The feed of this address; None when there is none, it was ended, or its owner's account is closed."""
    if len(token) > LONGEST_TOKEN:
        return None
    query = (
        select(CalendarFeed)
        .join(CalendarFeed.user)
        .where(CalendarFeed.token_hash == hashed(token), CalendarFeed.revoked_at.is_(None), User.active)
        .options(contains_eager(CalendarFeed.user).selectinload(User.roles_held))
    )
    feed = session.scalars(query).one_or_none()
    return feed if feed is not None and feed.user.may_sign_in else None


def current_feed(user: User) -> CalendarFeed | None:
    """The feed that somebody follows now."""
    query = (
        select(CalendarFeed)
        .where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def events(user: User) -> list[Event]:
    """What somebody goes to, teaches, or is answerable for, by date: sessions, and catch-ups.

    What was called off stays in, so that a calendar takes it out of its own accord. A fixed number of statements.
    """
    since = clock.now() - LOOKS_BACK
    found = {event.uid: event for event in (*_of_staff(user, since), *_of_learner(user), *_catch_ups(user, since))}
    return sorted(
        (each for each in found.values() if each.ends_at > since), key=lambda each: (each.starts_at, each.uid)
    )


def session_event_of(session_id: int, user: User) -> Event | None:
    """One session of their own for their calendar; None when it is not in it."""
    wanted = uid("session", session_id, public_url=post_room.public_url)
    return next((each for each in events(user) if each.uid == wanted), None)


def _of_staff(user: User, since: datetime) -> list[Event]:
    """What a trainer teaches, and whatever runs in the areas of those who answer for its registers."""
    if not user.may(Can.MARK_REGISTER):
        return []
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(may_see(user, Can.MARK_REGISTER), CohortSession.ends_at > since)
        .options(contains_eager(CohortSession.cohort))
        .order_by(CohortSession.starts_at.desc())
        .limit(MOST)
    )
    url = post_room.public_url
    return [session_event(each, name=each.cohort.name, public_url=url) for each in session.scalars(query)]


def _of_learner(user: User) -> list[Event]:
    query = (
        select(Enrolment)
        .join(Enrolment.volunteer)
        .where(Volunteer.user_id == user.id, Enrolment.state.in_((*GOES_THERE, EnrolmentState.COMPLETED)))
        .options(
            contains_eager(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
            joinedload(Enrolment.cohort).selectinload(Cohort.sessions),
        )
    )
    return [
        session_event(
            each, name=enrolment.volunteer.scheme.name, is_hidden=enrolment.volunteer.contact.hide_scheme_name,
            public_url=post_room.public_url,
        )
        for enrolment in session.scalars(query).unique()
        for each in enrolment.cohort.sessions
    ]  # fmt: skip


def _catch_ups(user: User, since: datetime) -> list[Event]:
    query = (
        select(CatchUpBooking)
        .join(CatchUpBooking.enrolment)
        .join(Enrolment.volunteer)
        .where(or_(Volunteer.user_id == user.id, CatchUpBooking.tutor_id == user.id), CatchUpBooking.starts_at > since)
        .options(
            joinedload(CatchUpBooking.session),
            contains_eager(CatchUpBooking.enrolment)
            .contains_eager(Enrolment.volunteer)
            .options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
        )
        .order_by(CatchUpBooking.starts_at.desc())
        .limit(MOST)
    )
    return [catch_up_event(each) for each in session.scalars(query)]
