"""Letters about a place and what it hangs on. What a certificate showed is never in a letter."""

from __future__ import annotations

from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def place_confirmed(volunteer: Volunteer) -> Letter:
    """Tell them that everything is done, and the place is theirs."""
    return Letter(
        template="place_confirmed",
        to_address=volunteer.email,
        to_volunteer=True,
        to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "area": volunteer.area.name},
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )
