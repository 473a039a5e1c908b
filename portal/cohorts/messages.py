"""What people are told about their place on a course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal import clock
from portal.cohorts.models import CohortSession, Enrolment, Pause
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by


def enrolled(enrolment: Enrolment, sessions: Sequence[CohortSession]) -> Letter:
    """They have a place: where, and every date still to come."""
    now = clock.now()
    dates = [_when(each) for each in sessions if each.cancelled_at is None and each.ends_at > now]
    return _letter("enrolled", enrolment, venue=enrolment.cohort.venue, dates=dates)


def put_on_waiting_list(enrolment: Enrolment, position: int) -> Letter:
    """The group is full: they are told as soon as a place falls free."""
    return _letter("put_on_waiting_list", enrolment, position=position)


def paused(enrolment: Enrolment, pause: Pause) -> Letter:
    """Their break: from when, and until when if that is known; the reason stays inside."""
    return _letter("paused", enrolment, from_on=_day(pause.from_on), until_on=_day(pause.until_on))


def resumed(enrolment: Enrolment, sessions: Sequence[CohortSession]) -> Letter:
    """Welcome back, with every date still to come."""
    now = clock.now()
    dates = [_when(each) for each in sessions if each.cancelled_at is None and each.ends_at > now]
    return _letter("resumed", enrolment, venue=enrolment.cohort.venue, dates=dates)


def course_cancelled(enrolment: Enrolment, *, calendar: str) -> Letter:
    """The course does not take place; the reason stays inside, and its dates leave their calendar."""
    return _letter("course_cancelled", enrolment, calendar=calendar)


def taken_off(enrolment: Enrolment, *, calendar: str, was_waiting: bool) -> Letter:
    """They are no longer on the course, or on its waiting list; the reason stays inside."""
    return _letter("taken_off", enrolment, calendar=calendar, was_waiting=was_waiting)


def _letter(template: str, enrolment: Enrolment, *, calendar: str = "", **facts: object) -> Letter:
    volunteer = enrolment.volunteer
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "cohort": enrolment.cohort.name,
            "has_dates": bool(calendar), **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, calendar=calendar,
    )  # fmt: skip


def _when(session: CohortSession) -> str:
    starts, ends = clock.in_london(session.starts_at), clock.in_london(session.ends_at)
    return f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M} to {ends:%H:%M}: {session.title}"


def _day(day: date | None) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""
