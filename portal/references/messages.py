"""Letters about references."""

from __future__ import annotations

from portal import clock
from portal.messages.rules import Letter
from portal.references.models import Reference


def reference_requested(reference: Reference, token: str) -> Letter:
    """Ask a referee for a reference, with the link that is theirs alone."""
    volunteer, last_day = reference.volunteer, clock.in_london(reference.expires_at)
    return Letter(
        template="reference_requested",
        to_address=reference.referee.email,
        to_name=reference.referee.name,
        facts={
            "volunteer": volunteer.name,
            "scheme": volunteer.scheme.name,
            "phone": volunteer.scheme.phone,
            "path": f"/references/{token}",
            "last_day": f"{last_day.day} {last_day:%B %Y}",
        },
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )


def reference_received(reference: Reference) -> Letter:
    """Thank a referee."""
    volunteer = reference.volunteer
    return Letter(
        template="reference_received",
        to_address=reference.referee.email,
        to_name=reference.referee.name,
        facts={"volunteer": volunteer.name, "scheme": volunteer.scheme.name, "phone": volunteer.scheme.phone},
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )
