"""Schemes and their areas: what anybody may read, and what their admins look after."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Can, Holder, within
from portal.database import session
from portal.schemes.models import Area, Scheme


def open_schemes() -> Sequence[Scheme]:
    """Every scheme with its areas, by name. No `seen_by`: it is what the public page shows to anybody."""
    return session.scalars(select(Scheme).options(selectinload(Scheme.areas)).order_by(Scheme.name)).all()


def scheme_by_slug(slug: str) -> Scheme | None:
    """A scheme with its areas, by its part of the address. No `seen_by`: its public page is for anybody."""
    return session.scalar(select(Scheme).where(Scheme.slug == slug).options(selectinload(Scheme.areas)))


def area_by_slugs(scheme_slug: str, area_slug: str) -> Area | None:
    """An area with its scheme, by their parts of the address. No `seen_by`: anybody may apply there."""
    query = select(Area).join(Area.scheme).where(Scheme.slug == scheme_slug, Area.slug == area_slug)
    return session.scalar(query.options(joinedload(Area.scheme)))


def schemes_of(*, seen_by: Holder, can: Can) -> Sequence[Scheme]:
    """The schemes in which somebody may do this, with their areas, by name."""
    query = select(Scheme).where(within(seen_by, can, Scheme.id)).options(selectinload(Scheme.areas))
    return session.scalars(query.order_by(Scheme.name)).all()


def scheme(scheme_id: int, *, seen_by: Holder) -> Scheme | None:
    """A scheme that this person looks after, with its areas."""
    query = select(Scheme).where(Scheme.id == scheme_id, within(seen_by, Can.MANAGE_SCHEME, Scheme.id))
    return session.scalar(query.options(selectinload(Scheme.areas)))


def area(area_id: int, *, seen_by: Holder) -> Area | None:
    """An area of a scheme that this person looks after."""
    query = select(Area).where(Area.id == area_id, within(seen_by, Can.MANAGE_SCHEME, Area.scheme_id))
    return session.scalar(query.options(joinedload(Area.scheme)))
