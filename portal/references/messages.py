"""Letters to referees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import clock
from portal.messages.rules import Letter
from portal.references.models import Reference
from portal.references.queries import another_path
from portal.volunteers.messages import signed_by


def reference_requested(reference: Reference, token: str) -> Letter:
    """Ask a referee for a reference, with the link that is theirs alone."""
    return to_referee("reference_requested", reference, path=link_path(token), last_day=in_words(reference.expires_at))


def reference_received(reference: Reference) -> Letter:
    """Thank a referee."""
    return to_referee("reference_received", reference)


def referee_wanted(reference: Reference) -> Letter:
    """Ask the applicant for somebody else. It names whom they gave, and says nothing of why."""
    person = reference.volunteer
    return Letter(
        template="referee_wanted", to_address=person.email, to_volunteer=True, to_name=person.preferred_name,
        facts={
            "signed_by": signed_by(person), "phone": person.scheme.phone, "referee": reference.referee.name,
            "path": another_path(reference),
        },
        scheme_id=person.scheme_id, volunteer_id=person.id,
    )  # fmt: skip


def link_path(token: str) -> str:
    """Where a referee answers."""
    return f"/references/{token}"


def in_words(instant: datetime) -> str:
    """A day as letters write it."""
    day = clock.in_london(instant)
    return f"{day.day} {day:%B %Y}"


def to_referee(template: str, reference: Reference, **facts: Any) -> Letter:
    """A letter to a referee, with what all of them say."""
    volunteer, referee = reference.volunteer, reference.referee
    return Letter(
        template=template, to_address=referee.email, to_name=referee.name,
        facts={
            "volunteer": volunteer.name, "scheme": volunteer.scheme.name, "phone": volunteer.scheme.phone, **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
