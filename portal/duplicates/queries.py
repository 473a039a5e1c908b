"""Reading people who may be on the list twice, and what was decided about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
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
LATELY = timedelta(days=30)
MOST_LATELY = 40
"""People: so many are compared with everybody for a start page, which must not wait for the whole list."""


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
    return _found(session.execute(_compared(seen_by)).all())


def lately_perhaps_the_same(*, seen_by: Holder) -> list[Found]:
    """The same for people who came or moved on lately, without comparing everybody: for a start page.

    Who turns the words of their name round is found by `perhaps_the_same` only.
    """
    new = session.execute(
        _compared(seen_by)
        .where(Volunteer.stage_since >= clock.now() - LATELY)
        .order_by(None)
        .order_by(Volunteer.stage_since.desc(), Volunteer.id.desc())
        .limit(MOST_LATELY)
    ).all()  # fmt: skip
    if not new:
        return []
    # One pass over the people, each looked up among what the new ones have: joined with each other, they took seconds.
    alike = (
        Volunteer.phone.in_({row.phone for row in new if row.phone}),
        Volunteer.email.in_({row.email for row in new if row.email}),
        Volunteer.born_on.in_({row.born_on for row in new if row.born_on}),
        (Volunteer.postcode_area + func.substr(Volunteer.sort_name, 1, 2)).in_(
            {row.postcode_area + row.sort_name[:2] for row in new if row.postcode_area}
        ),
    )
    recent = {row.id for row in new}
    return _found(session.execute(_compared(seen_by).where(or_(Volunteer.id.in_(recent), *alike))).all(), recent)


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return and_(
        within(seen_by, DECIDES, Volunteer.scheme_id, Volunteer.area_id),
        Volunteer.stage != Stage.JOINED,
        not_(is_blind()),
    )


def _compared(seen_by: Holder) -> Any:
    return (
        select(
            Volunteer.id, Volunteer.scheme_id, Volunteer.name, Volunteer.known_as, Volunteer.romanised,
            Volunteer.phone, Volunteer.email, Volunteer.postcode_area, Volunteer.born_on, Volunteer.reference,
            Volunteer.sort_name, Area.name.label("area"),
        )
        .join(Area, Area.id == Volunteer.area_id)
        .where(_seen(seen_by))
        .order_by(Volunteer.id)
    )  # fmt: skip


def _found(rows: Sequence[Any], about: Collection[int] | None = None) -> list[Found]:
    rows_by_id = {row.id: row for row in rows}
    known = [
        Known(
            row.id, row.scheme_id, tuple(map(searchable, filter(None, (row.name, row.known_as, row.romanised)))),
            row.phone, row.email, row.postcode_area, row.born_on,
        )
        for row in rows
    ]  # fmt: skip
    return [
        Found(one.id, _shown(rows_by_id[one.id]), other.id, _shown(rows_by_id[other.id]), ", ".join(what))
        for one, other, what in sorted(rules.pairs(known, judged(), about=about), key=_surest_and_newest_first)
    ]


def _shown(row: Any) -> str:
    return f"{row.name} ({row.reference}, {row.area})"


def _surest_and_newest_first(pair: tuple[Known, Known, list[str]]) -> tuple[int, int]:
    return -len(pair[2]), -pair[1].id


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
