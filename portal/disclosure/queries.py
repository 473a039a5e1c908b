"""Reading that there is an answer. What it says is opened only by `services.open_statement`."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from portal.access import Can, Holder, within
from portal.database import session
from portal.disclosure.models import Disclosure
from portal.volunteers.models import Volunteer


def disclosure_of(volunteer: Volunteer, *, seen_by: Holder) -> Disclosure | None:
    """Their answer, for those behind the wall; the statement itself is left closed."""
    return session.scalar(
        select(Disclosure)
        .join(Disclosure.volunteer)
        .where(
            Disclosure.volunteer_id == volunteer.id,
            within(seen_by, Can.READ_DISCLOSURES, Volunteer.scheme_id, Volunteer.area_id),
        )
        .options(defer(Disclosure.statement), joinedload(Disclosure.volunteer).joinedload(Volunteer.scheme))
    )


def own_disclosure(volunteer: Volunteer) -> Disclosure | None:
    """Whether and when this volunteer answered; for their own page, which does not show it again."""
    return session.scalar(
        select(Disclosure).where(Disclosure.volunteer_id == volunteer.id).options(defer(Disclosure.statement))
    )
