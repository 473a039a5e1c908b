"""Reading agreements and who acknowledged them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import Can, Holder, within
from portal.agreements.models import Acknowledgement, Agreement
from portal.database import session
from portal.volunteers.models import Volunteer


def latest_agreement(scheme_id: int) -> Agreement | None:
    """The agreement as it stands."""
    return session.scalar(
        select(Agreement).where(Agreement.scheme_id == scheme_id).order_by(Agreement.number.desc()).limit(1)
    )


def agreements(*, seen_by: Holder) -> list[Agreement]:
    """Every version in the schemes they manage, the newest first."""
    return list(
        session.scalars(
            select(Agreement)
            .where(within(seen_by, Can.MANAGE_SCHEME, Agreement.scheme_id))
            .options(joinedload(Agreement.scheme))
            .order_by(Agreement.published_at.desc(), Agreement.id.desc())
        )
    )


def acknowledgement(volunteer: Volunteer, agreement: Agreement | None) -> Acknowledgement | None:
    """Whether and when they acknowledged this version."""
    if agreement is None:
        return None
    return session.scalar(
        select(Acknowledgement).where(
            Acknowledgement.volunteer_id == volunteer.id, Acknowledgement.agreement_id == agreement.id
        )
    )
