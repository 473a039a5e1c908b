"""Reading first hellos: one's own, and those that wait for staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal import paging
from portal.access import Can, Holder, within
from portal.database import session
from portal.enquiries.models import Enquiry
from portal.schemes.models import Area, Doors

PAGE = 40
LONGEST_SEARCH = 100


def own_enquiry(enquiry_id: int | None, *, area: Area) -> Enquiry | None:
    """The enquiry this browser made here. No `seen_by`: the browser was told its number, and nobody else."""
    if enquiry_id is None:
        return None
    return session.scalar(
        select(Enquiry)
        .where(Enquiry.id == enquiry_id, Enquiry.area_id == area.id, Enquiry.name != "")
        .options(joinedload(Enquiry.area), joinedload(Enquiry.scheme))
    )


def same_enquiries(*, area: Area, name: str, email: str, phone: str) -> list[Enquiry]:
    """Every enquiry of this name with this way to reach them in an area, the newest first."""
    same = (Enquiry.area_id == area.id, func.lower(Enquiry.name) == name.lower())
    reached = (Enquiry.email == email, Enquiry.phone == phone)
    return list(session.scalars(select(Enquiry).where(*same, *reached).order_by(Enquiry.id.desc())))


def enquiry(enquiry_id: int, *, seen_by: Holder) -> Enquiry | None:
    """One enquiry, for whoever answers those of its area."""
    return session.scalar(
        select(Enquiry)
        .where(Enquiry.id == enquiry_id, _mine(seen_by))
        .options(
            joinedload(Enquiry.area), joinedload(Enquiry.scheme), joinedload(Enquiry.answered_by),
            joinedload(Enquiry.volunteer),
        )
    )  # fmt: skip


def enquiries(
    *, seen_by: Holder, is_answered: bool, search: str = "", after: str | None = None
) -> paging.Page[Enquiry]:
    """Those that wait, by the day they were promised an answer; or those answered, the newest first."""
    query = select(Enquiry).where(_mine(seen_by), *_matches(search)).options(joinedload(Enquiry.area))
    if is_answered:
        query = query.where(Enquiry.answered_at.is_not(None)).order_by(Enquiry.id.desc())
        if key := paging.read(after, like=(0,)):
            query = query.where(Enquiry.id < key[0])
        return paging.page_of(session.scalars(query.limit(PAGE + 1)).all(), PAGE, key=lambda row: (row.id,))
    query = query.where(Enquiry.answered_at.is_(None)).order_by(Enquiry.reply_by, Enquiry.id)
    if (key := paging.read(after, like=("", 0))) and (by := _day(key[0])):
        query = query.where(tuple_(Enquiry.reply_by, Enquiry.id) > tuple_(by, key[1]))
    rows = session.scalars(query.limit(PAGE + 1)).all()
    return paging.page_of(rows, PAGE, key=lambda row: (row.reply_by.isoformat(), row.id))


def waiting(*, seen_by: Holder, most: int) -> tuple[Sequence[Enquiry], int]:
    """The first of those that wait, and how many there are in all: one query."""
    rows = session.execute(
        select(Enquiry, func.count().over())
        .where(_mine(seen_by), Enquiry.answered_at.is_(None))
        .order_by(Enquiry.reply_by, Enquiry.id)
        .limit(most)
    ).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def to_be_told_of_open_doors() -> Sequence[Enquiry]:
    """Who asked to hear when an area opens, in those that are open now. No `seen_by`: the worker asks."""
    return session.scalars(
        select(Enquiry)
        .join(Enquiry.area)
        .where(
            Enquiry.tell_when_open.is_(True), Enquiry.told_open_at.is_(None), Enquiry.volunteer_id.is_(None),
            Area.doors == Doors.OPEN,
        )
        .options(joinedload(Enquiry.area), joinedload(Enquiry.scheme))
        .order_by(Enquiry.id)
    ).all()  # fmt: skip


def to_forget(*, answered_before: datetime, made_before: datetime, most: int) -> Sequence[Any]:
    """Hellos whose time is over: number, scheme and addresses. No `seen_by`: the worker asks.

    Answered before the one instant and, when they asked to hear that doors open, told before it too; or waiting to
    hear since before the other.
    """
    has_heard = or_(Enquiry.tell_when_open.is_(False), Enquiry.volunteer_id.is_not(None))
    return session.execute(
        select(Enquiry.id, Enquiry.scheme_id, Enquiry.email, Enquiry.phone)
        .where(
            Enquiry.name != "",
            Enquiry.answered_at < answered_before,
            or_(
                Enquiry.told_open_at < answered_before,
                and_(Enquiry.told_open_at.is_(None), or_(has_heard, Enquiry.made_at < made_before)),
            ),
        )
        .order_by(Enquiry.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def _mine(seen_by: Holder) -> ColumnElement[bool]:
    return and_(within(seen_by, Can.DECIDE_APPLICATIONS, Enquiry.scheme_id, Enquiry.area_id), Enquiry.name != "")


def _matches(search: str) -> list[Any]:
    words = search.strip()[:LONGEST_SEARCH]
    if not words:
        return []
    digits = "".join(letter for letter in words if letter.isdigit()).lstrip("0")
    found = [Enquiry.name.icontains(words, autoescape=True), Enquiry.email.icontains(words, autoescape=True)]
    if len(digits) >= 4:
        found.append(Enquiry.phone.contains(digits, autoescape=True))
    if words.upper().startswith("H-") and digits and len(digits) < 10:
        found.append(Enquiry.id == int(digits))
    return [or_(*found)]


def _day(written: str | int) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None
