"""Letters to mentors about their place in the pool. None says a condition or a reason."""

from __future__ import annotations

from typing import Any

from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def approved(volunteer: Volunteer, *, has_conditions: bool) -> Letter:
    """They may begin as a peer mentor."""
    return _letter("approved", volunteer, has_conditions=has_conditions)


def rested(volunteer: Volunteer) -> Letter:
    """Their break has begun."""
    return _letter("rested", volunteer)


def welcomed_back(volunteer: Volunteer) -> Letter:
    """Their break is over."""
    return _letter("welcomed_back", volunteer)


def left(volunteer: Volunteer) -> Letter:
    """They have left: thank them."""
    return _letter("left", volunteer)


def _letter(template: str, volunteer: Volunteer, **facts: Any) -> Letter:
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, **facts},
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
