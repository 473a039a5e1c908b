"""Reading what was decided."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from portal.access import Can, Holder, within
from portal.database import session
from portal.decisions.models import Offer
from portal.volunteers.models import Volunteer


def latest_offer(volunteer: Volunteer, *, seen_by: Holder) -> Offer | None:
    """The last offer made to them."""
    return session.scalar(
        select(Offer)
        .join(Offer.volunteer)
        .where(Offer.volunteer_id == volunteer.id, _seen(seen_by))
        .order_by(Offer.id.desc())
        .limit(1)
    )


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id)
