"""Letters about offers and declines. None says anything that somebody else at home should not read."""

from __future__ import annotations

from typing import Any

from portal.decisions.rules import DeclineKind, conditions
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def place_offered(volunteer: Volunteer) -> Letter:
    """Offer a place, and say what must still be done."""
    return _letter(
        "place_offered", volunteer, conditions=conditions(volunteer.scheme.settings.to_train(volunteer.route))
    )


def place_declined(volunteer: Volunteer, kind: DeclineKind, words: str) -> Letter:
    """Say kindly that it is not to be this time, and whom to ring."""
    return _letter("place_declined", volunteer, reason=kind.to_applicant, words=words)


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
