"""Letters about agreements, for the volunteer themselves."""

from __future__ import annotations

from portal import clock
from portal.agreements.models import Agreement
from portal.agreements.queries import link_ends_on, token_of
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def to_read(agreement: Agreement, volunteer: Volunteer, *, is_new: bool) -> Letter:
    """There is something to read, or a new version of it."""
    return _letter("agreement_to_read", agreement, volunteer, is_new=is_new)


def reminder(agreement: Agreement, volunteer: Volunteer) -> Letter:
    """They have not put their name under it yet."""
    return _letter("agreement_reminder", agreement, volunteer)


def _letter(template: str, agreement: Agreement, volunteer: Volunteer, **facts: object) -> Letter:
    last_day = link_ends_on(clock.today())
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "title": agreement.title,
            "path": f"/acknowledge/{token_of(agreement, volunteer)}",
            "last_day": f"{last_day.day} {last_day:%B %Y}", **facts,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
