"""What people are told about their place on a course."""

from __future__ import annotations

from collections.abc import Sequence

from portal import clock
from portal.cohorts.models import CohortSession, Enrolment
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by


def enrolled(enrolment: Enrolment, sessions: Sequence[CohortSession]) -> Letter:
    """They have a place: where, and every date still to come."""
    now = clock.now()
    dates = [_when(each) for each in sessions if each.cancelled_at is None and each.ends_at > now]
    return _letter("enrolled", enrolment, venue=enrolment.cohort.venue, dates=dates)


def course_cancelled(enrolment: Enrolment) -> Letter:
    """The course does not take place; the reason stays inside."""
    return _letter("course_cancelled", enrolment)


def _letter(template: str, enrolment: Enrolment, **facts: object) -> Letter:
    volunteer = enrolment.volunteer
    return Letter(
        template=template, to_address=volunteer.email, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "cohort": enrolment.cohort.name,
            **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip


def _when(session: CohortSession) -> str:
    starts, ends = clock.in_london(session.starts_at), clock.in_london(session.ends_at)
    return f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M} to {ends:%H:%M}: {session.title}"
