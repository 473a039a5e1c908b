"""Letters about interviews. None says anything that somebody else at home should not read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import clock
from portal.interviews.models import Interview
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def interview_planned(interview: Interview) -> Letter:
    """Invite somebody to talk with us."""
    return _letter(
        "interview_planned",
        interview.volunteer,
        day=_day(interview.planned_at),
        time=_time(interview.planned_at),
        setting=interview.setting.value,
        place=interview.place,
        interviewer=interview.interviewer.name,
    )


def interview_cancelled(interview: Interview) -> Letter:
    """Tell them that it will not take place then."""
    return _letter(
        "interview_cancelled",
        interview.volunteer,
        day=_day(interview.planned_at),
        time=_time(interview.planned_at),
    )


def _letter(template: str, volunteer: Volunteer, **facts: Any) -> Letter:
    scheme = volunteer.scheme
    return Letter(
        template=template,
        to_address=volunteer.email,
        to_volunteer=True,
        to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": scheme.phone, **facts},
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )


def _day(instant: datetime) -> str:
    day = clock.in_london(instant)
    return f"{day:%A} {day.day} {day:%B %Y}"


def _time(instant: datetime) -> str:
    time = clock.in_london(instant)
    return f"{time.hour % 12 or 12}:{time.minute:02}{'am' if time.hour < 12 else 'pm'}"
