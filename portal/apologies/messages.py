"""What learners are sent so that they come, or tell us that they cannot."""

from __future__ import annotations

from datetime import datetime

from portal import clock
from portal.cohorts.models import CohortSession, Enrolment
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by


def link_to_tell(enrolment: Enrolment, token: str) -> Letter:
    """Their own link, to keep until the course ends."""
    return _letter("link_to_tell", enrolment, token)


def reminder(cohort_session: CohortSession, enrolment: Enrolment, token: str) -> Letter:
    """Tomorrow's session: when, where or how to join, and what to do if they cannot come."""
    online = cohort_session.held_online_at
    # Whoever has an account joins through the portal's door; others could not open it, and are sent the meeting itself.
    has_door = bool(online) and enrolment.volunteer.user_id is not None
    return _letter(
        "session_reminder", enrolment, token, when=_when(cohort_session.starts_at, cohort_session.ends_at),
        title=cohort_session.title, number=cohort_session.number, venue=cohort_session.held_in, online=online,
        join_path=f"/sessions/{cohort_session.id}/join" if has_door else "",
    )  # fmt: skip


def _letter(template: str, enrolment: Enrolment, token: str, **facts: object) -> Letter:
    volunteer = enrolment.volunteer
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "path": f"/cannot-come/{token}",
            **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, is_worth_a_call=False,
    )  # fmt: skip


def _when(starts_at: datetime, ends_at: datetime) -> str:
    starts, ends = clock.in_london(starts_at), clock.in_london(ends_at)
    return f"{starts:%A} {starts.day} {starts:%B}, {starts:%H:%M} to {ends:%H:%M}"
