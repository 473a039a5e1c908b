"""Letters about a place and what it hangs on. What a certificate showed is never in a letter."""

from __future__ import annotations

from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by, where_path
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


def conditions_met(volunteer: Volunteer, *, done: list[str], left: list[str]) -> Letter:
    """Something is newly met: what, and what is left. Never why something is not."""
    return Letter(
        template="conditions_met",
        to_address=volunteer.email,
        to_volunteer=True,
        to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "done": done, "left": left,
            "where": where_path(volunteer),
        },
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
        is_worth_a_call=False,
    )  # fmt: skip
