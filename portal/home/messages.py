"""The letter that brings somebody's link again."""

from __future__ import annotations

from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by, where_path
from portal.volunteers.models import Volunteer


def where_link(volunteer: Volunteer) -> Letter:
    """Where am I? The answer is behind the link."""
    return Letter(
        template="where_link", to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "where": where_path(volunteer)},
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
