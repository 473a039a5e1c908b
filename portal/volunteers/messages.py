"""Letters about the person's own decisions."""

from __future__ import annotations

from portal.messages.rules import Letter
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import where_token


def signed_by(volunteer: Volunteer) -> str:
    """Who a letter says it is from: the scheme, unless the person asked us not to name it."""
    return "Alongside" if volunteer.contact.hide_scheme_name else volunteer.scheme.name


def where_path(volunteer: Volunteer) -> str:
    """The page that says where they are, without a name and without signing in: for their letters."""
    return f"/where/{where_token(volunteer)}"


def withdrawn(volunteer: Volunteer, *, calendar: str = "", undo_until: str = "") -> Letter:
    """They withdrew: thank them, and leave the door open. Their dates leave their calendar."""
    return Letter(
        template="withdrawn", to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "reference": volunteer.reference,
            "has_dates": bool(calendar), "undo_until": undo_until, "where": where_path(volunteer),
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, calendar=calendar,
    )  # fmt: skip
