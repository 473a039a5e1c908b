"""Drafts of courses, for those who may write them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import Can, within
from portal.accounts.models import User
from portal.courses.models import CourseDraft
from portal.database import session


def draft(draft_id: int, *, seen_by: User, to_change: bool = False) -> CourseDraft | None:
    """One draft with what it is based on; held until the end of the request when it is to be changed."""
    query = (
        select(CourseDraft)
        .where(CourseDraft.id == draft_id, within(seen_by, Can.MANAGE_COURSES, CourseDraft.scheme_id))
        .options(
            joinedload(CourseDraft.scheme), joinedload(CourseDraft.based_on), joinedload(CourseDraft.changed_by)
        )
    )  # fmt: skip
    if to_change:
        query = query.with_for_update(of=CourseDraft)
    return session.scalars(query).one_or_none()


def draft_of(scheme_id: int, code: str) -> CourseDraft | None:
    """The draft of a scheme's course, if somebody is writing one."""
    query = (
        select(CourseDraft)
        .where(CourseDraft.scheme_id == scheme_id, CourseDraft.code == code)
        .options(joinedload(CourseDraft.changed_by))
    )
    return session.scalars(query).one_or_none()
