"""Reading people: one, one's own, and the list."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, JSON, ColumnElement, and_, case, literal, not_, or_, select, tuple_, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, paging
from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.database import keyring, session
from portal.schemes.models import Area, Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import likeness, searchable

PAGE = 40
MOST_WORDS = 5
WHERE_DAYS = 60
WHERE = re.compile(r"([0-9a-f]{1,8})-([0-9a-f]{5,6})-([0-9a-f]{40})", re.ASCII)
REFERENCE = re.compile(r"[a-z]-[0-9a-z]{6}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    name: str
    known_as: str
    sort_name: str
    reference: str
    stage: Stage
    stage_since: datetime
    area: str


def is_blind() -> ColumnElement[bool]:
    """A condition: who they are is hidden from those who decide (see `Volunteer.is_blind`)."""
    hides = type_coerce(Scheme.settings, JSON)["blind_shortlisting"].as_boolean()
    blind_schemes = select(Scheme.id).where(hides.is_(True))
    return and_(Volunteer.stage == Stage.APPLIED, Volunteer.scheme_id.in_(blind_schemes))


def shown_name() -> ColumnElement[str]:
    """The name for a list: the reference while it is hidden."""
    return case((is_blind(), Volunteer.reference), else_=Volunteer.name)


def hides_names(seen_by: Holder) -> bool:
    """Whether any scheme of theirs hides who applied: then lists are sorted by what they show."""
    hides = type_coerce(Scheme.settings, JSON)["blind_shortlisting"].as_boolean()
    query = select(Scheme.id).where(within(seen_by, Can.SEE_PEOPLE, Scheme.id), hides.is_(True))
    return session.scalar(query.limit(1)) is not None


def volunteer(volunteer_id: int, *, seen_by: Holder, can: Can = Can.SEE_PEOPLE) -> Volunteer | None:
    """One person with scheme, area, contact and history; None when it is nobody whom `seen_by` may see."""
    return session.scalar(
        select(Volunteer)
        .where(Volunteer.id == volunteer_id, within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id))
        .options(
            joinedload(Volunteer.scheme),
            joinedload(Volunteer.area),
            joinedload(Volunteer.contact),
            selectinload(Volunteer.history),
        )
    )


def own_volunteer(user: User) -> Volunteer | None:
    """The volunteer that this account is; None when it is none."""
    return session.scalar(
        select(Volunteer)
        .where(Volunteer.user_id == user.id)
        .options(joinedload(Volunteer.scheme), joinedload(Volunteer.area), joinedload(Volunteer.contact))
    )


def people(
    *,
    seen_by: Holder,
    search: str = "",
    stage: Stage | None = None,
    area_id: int | None = None,
    scheme_id: int | None = None,
    after: str | None = None,
) -> paging.Page[PersonRow]:
    """The people `seen_by` may see, by name, a page from the key `after`.

    `search` finds the beginning of any word of a name, as written, known as or romanised, without accents.
    """
    conditions = [within(seen_by, Can.SEE_PEOPLE, Volunteer.scheme_id, Volunteer.area_id), *_matches(search)]
    name: Any = Volunteer.name
    known_as: Any = Volunteer.known_as
    sort_name: Any = Volunteer.sort_name
    if hides_names(seen_by):
        name, known_as = shown_name(), case((is_blind(), ""), else_=Volunteer.known_as)
        sort_name = case((is_blind(), Volunteer.reference), else_=Volunteer.sort_name)
        if search and not REFERENCE.fullmatch(search.strip()):
            conditions.append(not_(is_blind()))
    if stage is not None:
        conditions.append(Volunteer.stage == stage)
    else:  # a person who was on the list twice is on it once: the record that goes on
        conditions.append(Volunteer.stage != Stage.JOINED)
    if area_id is not None:
        conditions.append(Volunteer.area_id == area_id)
    if scheme_id is not None:
        conditions.append(Volunteer.scheme_id == scheme_id)
    if key := paging.read(after, like=("", 0)):
        conditions.append(tuple_(sort_name, Volunteer.id) > tuple_(*key))
    rows = session.execute(
        select(
            Volunteer.id, name, known_as, sort_name, Volunteer.reference,
            Volunteer.stage, Volunteer.stage_since, Area.name,
        )
        .join(Area, Area.id == Volunteer.area_id)
        .where(*conditions)
        .order_by(sort_name, Volunteer.id)
        .limit(PAGE + 1)
    )  # fmt: skip
    return paging.page_of([PersonRow(*row) for row in rows], PAGE, key=lambda row: (row.sort_name, row.id))


def _matches(search: str) -> list[ColumnElement[bool]]:
    """A reference as it is printed, or words that each begin a word of the name, read along the index of names."""
    if REFERENCE.fullmatch(search.strip()):
        reference = search.strip().upper()
        joined = select(Volunteer.same_as_id).where(Volunteer.reference == reference, Volunteer.same_as_id.is_not(None))
        return [or_(Volunteer.reference == reference, Volunteer.id.in_(joined))]
    return [
        or_(
            Volunteer.sort_name.startswith(word, autoescape=True),
            Volunteer.sort_name.contains(f" {word}", autoescape=True),
        )
        for word in searchable(search)[:200].split()[:MOST_WORDS]
    ]


def ids_of_one(volunteer_id: int) -> CTE:
    """The number of this record, and of every record of the same person that ended in it, straight or through another.

    A column `id`, for a condition of a query.
    """
    own = select(literal(volunteer_id).label("id")).cte("of_one", recursive=True)
    return own.union(select(Volunteer.id).join(own, Volunteer.same_as_id == own.c.id))


def joined_with(volunteer_id: int) -> list[Volunteer]:
    """The records of the same person that were joined with this one, with their histories, oldest first."""
    return list(
        session.scalars(
            select(Volunteer)
            .where(Volunteer.id.in_(select(ids_of_one(volunteer_id).c.id)), Volunteer.id != volunteer_id)
            .options(selectinload(Volunteer.history))
            .order_by(Volunteer.id)
        )
    )


def areas_seen_by(seen_by: Holder, *, can: Can = Can.SEE_PEOPLE) -> list[Area]:
    """The areas whose people they may see, by name, for the choice above a list."""
    condition = within(seen_by, can, Area.scheme_id, Area.id)
    return list(session.scalars(select(Area).where(condition).order_by(Area.name, Area.id)))


def is_reference_taken(reference: str) -> bool:
    """Whether somebody has this reference already."""
    return session.scalar(select(Volunteer.id).where(Volunteer.reference == reference)) is not None


def likeness_of(volunteer: Volunteer) -> int:
    """What a page about their details is drawn from: changes when any of them does, and not when they move on."""
    contact = volunteer.contact
    return likeness(
        (
            volunteer.name, volunteer.known_as, volunteer.romanised, volunteer.email, volunteer.phone,
            volunteer.postcode_area, volunteer.availability, volunteer.access_needs, volunteer.may_share_access_needs,
            volunteer.emergency_contact, contact.channel, contact.may_leave_voicemail, contact.hide_scheme_name,
            contact.safe_from, contact.safe_until, contact.notes,
        )
    )  # fmt: skip


def where_token(volunteer: Volunteer) -> str:
    """What opens the page that says where they are, until 60 days from today or their address or number changes."""
    day = clock.today().toordinal()
    return f"{volunteer.id:x}-{day:x}-{_where_mark(volunteer.id, volunteer.links_number, day)}"


def volunteer_by_where_token(token: str) -> Volunteer | None:
    """Whose page it opens; None for one that is no more, or never was any."""
    found = WHERE.fullmatch(token)
    if found is None:
        return None
    number, day = int(found[1], 16), int(found[2], 16)
    if not 0 <= clock.today().toordinal() - day <= WHERE_DAYS or number >= 2**31:
        return None
    volunteer = session.scalar(
        select(Volunteer)
        .where(Volunteer.id == number, Volunteer.same_as_id.is_(None), Volunteer.stage != Stage.JOINED)
        .options(joinedload(Volunteer.scheme), joinedload(Volunteer.area), joinedload(Volunteer.contact))
    )
    if volunteer is None or not hmac.compare_digest(_where_mark(number, volunteer.links_number, day), found[3]):
        return None
    return volunteer


def where_ends_on(token: str) -> date | None:
    """The last day on which it opens anything."""
    found = WHERE.fullmatch(token)
    return date.fromordinal(int(found[2], 16) + WHERE_DAYS) if found else None


def _where_mark(volunteer_id: int, links_number: int, day: int) -> str:
    return keyring.hash(f"where link:{volunteer_id}:{links_number}:{day}")[:40]
