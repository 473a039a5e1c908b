"""Who is to be written to this morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from portal.access import GRANTS, Can
from portal.accounts.models import RoleHeld, User
from portal.chasers.models import Chaser
from portal.database import session

MARKS_REGISTERS = [role for role, grants in GRANTS.items() if Can.MARK_REGISTER in grants]


def staff_not_written_to(day: date) -> Sequence[User]:
    """Everybody with an open account who marks registers anywhere and has had no letter about them that day."""
    holds = select(RoleHeld.user_id).where(
        RoleHeld.role.in_(MARKS_REGISTERS), RoleHeld.ended_at.is_(None), RoleHeld.from_on <= day,
        or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= day),
    )  # fmt: skip
    told = select(Chaser.user_id).where(Chaser.on == day)
    is_open = User.active & or_(User.ends_on.is_(None), User.ends_on >= day)
    return session.scalars(
        select(User).where(User.id.in_(holds), User.id.not_in(told), is_open).order_by(User.id)
    ).all()
