"""Reading references: by the secret of a link, and for staff."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Can, Holder, within
from portal.applications.models import Application, Referee
from portal.database import keyring, session
from portal.references.models import Reference
from portal.volunteers.models import Volunteer

LONGEST_TOKEN = 100


def hashed(token: str) -> str:
    """What is kept of a link's secret."""
    return keyring.hash(f"reference:{token}")


def step_key(reference: Reference, who: str, step: int) -> str:
    """What one reminder of one round is known by, for `locks.services.once`."""
    return f"reference:{reference.id}:{reference.link_number}:{who}:{step}"


def reference_by_link(token: str) -> Reference | None:
    """The reference that this link's secret opens, whether it still may or not; None when it never did."""
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(whole().where(Reference.token_hash == hashed(token)))


def reference(reference_id: int, *, volunteer_id: int, seen_by: Holder) -> Reference | None:
    """One reference with its referee and volunteer; None when it is not theirs to see."""
    return session.scalar(
        whole()
        .join(Reference.volunteer)
        .where(Reference.id == reference_id, Reference.volunteer_id == volunteer_id, _seen(seen_by))
    )


def references_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Reference]:
    """All their references, in the order in which the referees were named."""
    return list(
        session.scalars(
            select(Reference)
            .join(Reference.volunteer)
            .where(Reference.volunteer_id == volunteer.id, _seen(seen_by))
            .options(joinedload(Reference.referee))
            .order_by(Reference.referee_id)
        )
    )


def referees_not_asked(volunteer: Volunteer, *, seen_by: Holder) -> list[Referee]:
    """The referees they named whom nobody has asked yet."""
    return list(
        session.scalars(
            select(Referee)
            .join(Referee.application)
            .join(Application.volunteer)
            .where(
                Application.volunteer_id == volunteer.id,
                _seen(seen_by),
                Referee.id.not_in(select(Reference.referee_id).where(Reference.volunteer_id == volunteer.id)),
            )
            .order_by(Referee.id)
        )
    )


def whole() -> Select[Reference]:
    """References with all that their pages and letters say."""
    return select(Reference).options(
        joinedload(Reference.referee),
        joinedload(Reference.file),
        joinedload(Reference.volunteer).joinedload(Volunteer.scheme),
        joinedload(Reference.volunteer).joinedload(Volunteer.area),
        joinedload(Reference.volunteer).joinedload(Volunteer.contact),
    )


def application_of(volunteer: Volunteer, *, seen_by: Holder) -> Application | None:
    """Their application with everybody they named, for the rules about one more."""
    return session.scalar(
        select(Application)
        .join(Application.volunteer)
        .where(Application.volunteer_id == volunteer.id, _seen(seen_by))
        .options(selectinload(Application.referees))
    )


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.SEE_REFERENCES, Volunteer.scheme_id, Volunteer.area_id)
