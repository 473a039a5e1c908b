"""Reading people who may be on the list twice, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import not_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Can, Holder, within
from portal.applications.models import Application
from portal.database import session
from portal.duplicates import rules
from portal.duplicates.models import Pair
from portal.duplicates.rules import Known
from portal.references.models import Reference
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import is_blind
from portal.volunteers.rules import searchable

DECIDES = Can.DECIDE_APPLICATIONS
MOST = 100


@dataclass(frozen=True)
class Found:
    """Two people who may be one, and what they share."""

    one_id: int
    one: str
    other_id: int
    other: str
    shares: str


def perhaps_the_same(*, seen_by: Holder) -> list[Found]:
    """Every pair that nobody has judged, among people both of whom they may see. Two queries for any number.

    Whoever is hidden from those who decide is compared as soon as they are hidden no more.
    """
    rows = session.execute(
        select(
            Volunteer.id, Volunteer.scheme_id, Volunteer.name, Volunteer.known_as, Volunteer.romanised,
            Volunteer.phone, Volunteer.email, Volunteer.postcode_area, Volunteer.born_on, Volunteer.reference,
            Area.name.label("area"),
        )
        .join(Area, Area.id == Volunteer.area_id)
        .where(within(seen_by, DECIDES, Volunteer.scheme_id, Volunteer.area_id), Volunteer.stage != Stage.JOINED,
            not_(is_blind()))
        .order_by(Volunteer.id)
    ).all()  # fmt: skip
    shown = {row.id: f"{row.name} ({row.reference}, {row.area})" for row in rows}
    known = [
        Known(
            row.id, row.scheme_id, tuple(filter(None, map(searchable, (row.name, row.known_as, row.romanised)))),
            row.phone, row.email, row.postcode_area, row.born_on,
        )
        for row in rows
    ]  # fmt: skip
    return [
        Found(one.id, shown[one.id], other.id, shown[other.id], ", ".join(what))
        for one, other, what in rules.pairs(known, judged())
    ]


def judged() -> set[tuple[int, int]]:
    """The pairs that somebody has decided about, whichever way; one that was undone may be asked about again."""
    found = session.execute(select(Pair.kept_id, Pair.other_id).where(Pair.undone_at.is_(None)))
    return {(min(kept, other), max(kept, other)) for kept, other in found}


def whole(volunteer_id: int, *, seen_by: Holder) -> Volunteer | None:
    """One person with all that is compared side by side."""
    return session.scalar(
        select(Volunteer)
        .where(
            Volunteer.id == volunteer_id, within(seen_by, DECIDES, Volunteer.scheme_id, Volunteer.area_id)
        )
        .options(
            joinedload(Volunteer.scheme), joinedload(Volunteer.area), joinedload(Volunteer.contact),
            selectinload(Volunteer.history),
        )
    )  # fmt: skip


def application_of(volunteer: Volunteer) -> Application | None:
    """What this person applied with, and who speaks for them."""
    return session.scalar(
        select(Application)
        .where(Application.volunteer_id == volunteer.id)
        .options(selectinload(Application.referees), joinedload(Application.helper))
    )


def references_of(volunteer: Volunteer) -> list[Reference]:
    """The references asked for this person."""
    return list(
        session.scalars(
            select(Reference)
            .where(Reference.volunteer_id == volunteer.id)
            .options(joinedload(Reference.referee))
            .order_by(Reference.id)
        )
    )


def joined_pair(duplicate_id: int, *, seen_by: Holder) -> Pair | None:
    """What was decided about two people, both of whom they may see."""
    pair = session.scalar(
        select(Pair).where(Pair.id == duplicate_id).options(joinedload(Pair.kept), joinedload(Pair.other))
    )
    if pair is None or whole(pair.kept_id, seen_by=seen_by) is None or whole(pair.other_id, seen_by=seen_by) is None:
        return None
    return pair


def pairs_of(volunteer_id: int) -> list[Pair]:
    """What was decided about one person, the newest first. Whoever asks may see the person."""
    return list(
        session.scalars(
            select(Pair)
            .where((Pair.kept_id == volunteer_id) | (Pair.other_id == volunteer_id))
            .options(
                joinedload(Pair.kept).joinedload(Volunteer.scheme), joinedload(Pair.other).joinedload(Volunteer.scheme),
                joinedload(Pair.other).selectinload(Volunteer.history),
            )
            .order_by(Pair.id.desc())
            .limit(MOST)
        )
    )  # fmt: skip
