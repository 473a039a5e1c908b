"""What people are told about making up for a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from portal import clock
from portal.accounts.models import User
from portal.attendance.models import CatchUpBooking
from portal.catchups import queries
from portal.cohorts.models import CohortSession, Enrolment
from portal.documents.calendar_entries import Event, Party, for_letter, published, uid
from portal.messages.documents import post_room
from portal.messages.rules import Letter
from portal.timetable import rules
from portal.timetable.documents import session_event
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer, keeps_dates


def catch_up_booked(booking: CatchUpBooking) -> Letter:
    """When and where they can make up for it, for their calendar."""
    return _letter("catch_up_booked", booking, is_moved=booking.sequence > 0)


def catch_up_cancelled(booking: CatchUpBooking, *, is_owed: bool = True) -> Letter:
    """It does not take place then; the reason stays inside, and their calendar forgets it."""
    return _letter("catch_up_cancelled", booking, is_owed=is_owed)


def catch_up_fell_out(bookings: Sequence[CatchUpBooking]) -> Letter:
    """Tell a tutor that these people, who were to come together, do not come: one letter for all of them."""
    first = bookings[0]
    cohort = first.enrolment.cohort
    return Letter(
        template="catch_up_fell_out", to_address=first.tutor.email, to_name=first.tutor.name,
        facts={
            "names": [each.enrolment.volunteer.preferred_name for each in bookings], "number": first.session.number,
            "title": first.session.title, "cohort": cohort.name, "when": _when(first), "place": first.place,
            "because": first.cancelled_because, "path": f"/cohorts/{cohort.id}",
        },
        scheme_id=cohort.scheme_id,
    )  # fmt: skip


@keeps_dates
def off_the_calendar(volunteer: Volunteer) -> str:
    """Everything to come of somebody who leaves, taken out of their calendar; "" when nothing was to come."""
    now, url = clock.now(), post_room.public_url
    sittings, bookings = queries.still_to_come(volunteer, now)
    is_hidden = volunteer.contact.hide_scheme_name
    events = [
        session_event(each, name=volunteer.scheme.name, is_hidden=is_hidden, public_url=url) for each in sittings
    ] + [event(each) for each in bookings]
    gone = [replace(each, sequence=each.sequence + 1, is_cancelled=True, changed_at=now) for each in events]
    return published(gone, organiser=Party.read(post_room.mail_from), at=now) if gone else ""


def catch_up_asked_for(trainer: User, cohort_session: CohortSession, enrolment: Enrolment) -> Letter:
    """Tell a trainer that somebody would like to make up for a session."""
    return Letter(
        template="catch_up_asked_for", to_address=trainer.email, to_name=trainer.name,
        facts={
            "name": enrolment.volunteer.preferred_name, "number": cohort_session.number,
            "title": cohort_session.title, "cohort": enrolment.cohort.name,
            "path": f"/sessions/{cohort_session.id}/catch-ups/book?person={enrolment.id}",
        },
        scheme_id=enrolment.cohort.scheme_id, volunteer_id=enrolment.volunteer_id,
    )  # fmt: skip


def event(booking: CatchUpBooking) -> Event:
    """A booked catch-up as calendars know it: like a session, it never says what it is about."""
    held, volunteer = booking.session, booking.enrolment.volunteer
    name = rules.title(volunteer.scheme.name, held.number, is_hidden=volunteer.contact.hide_scheme_name)
    return Event(
        uid=uid("catch-up", booking.id, public_url=post_room.public_url), sequence=booking.sequence,
        starts_at=booking.starts_at, ends_at=booking.starts_at + timedelta(minutes=booking.minutes),
        title=name if name == rules.APPOINTMENT else f"{name}, catch-up", where=rules.where(booking.place),
        url=post_room.link("/my/course"), is_cancelled=booking.cancelled_at is not None,
    )  # fmt: skip


def _letter(template: str, booking: CatchUpBooking, **facts: object) -> Letter:
    volunteer, held = booking.enrolment.volunteer, booking.session
    calendar = for_letter(
        [event(booking)], organiser=Party.read(post_room.mail_from), at=clock.now(),
        attendee=Party(volunteer.email, volunteer.preferred_name),
    )  # fmt: skip
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "number": held.number,
            "title": held.title, "when": _when(booking),
            "minutes": booking.minutes, "place": booking.place, "tutor": booking.tutor.name, **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, calendar=calendar,
    )  # fmt: skip


def _when(booking: CatchUpBooking) -> str:
    starts = clock.in_london(booking.starts_at)
    return f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M}"
