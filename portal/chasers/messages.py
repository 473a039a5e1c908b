"""What trainers and coordinators are told about registers left open."""

from __future__ import annotations

from collections.abc import Sequence

from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.chasers.queries import SessionRow
from portal.messages.rules import Letter


def registers_left_open(user: User, rows: Sequence[SessionRow]) -> Letter:
    """Which registers wait, the oldest first, each with its link. It names no learner."""
    schemes = {scheme_id for scheme_id, _area in user.reach(Can.MARK_REGISTER)}
    lines = [(_when(row), f"/sessions/{row.id}/register") for row in rows]
    return Letter(
        template="registers_left_open", to_address=user.email, to_name=user.name,
        facts={"lines": lines, "count": len(rows)}, scheme_id=schemes.pop() if len(schemes) == 1 else None,
    )  # fmt: skip


def _when(row: SessionRow) -> str:
    starts = clock.in_london(row.starts_at)
    missing = row.people - row.marked
    without = "nobody is marked" if not row.marked else f"{missing} of {row.people} without a mark"
    return f"{row.cohort}, session {row.number}, {starts:%A} {starts.day} {starts:%B %Y}: {without}"
