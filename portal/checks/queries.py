"""Reading checks and eligibility; the work list of the DBS officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.checks.models import DbsCheck, Eligibility, Suitability
from portal.database import session
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

MOST = 40
RECHECK_NOTICE = timedelta(days=60)
OVER = (Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT)


@dataclass(frozen=True)
class Work:
    """One heading of the work list: its checks, the oldest first, and whether there are more than are shown."""

    checks: Sequence[DbsCheck]
    has_more: bool


def work(*, seen_by: Holder) -> dict[str, Work]:
    """What waits: "overdue", "to_see", "to_decide" and "rechecks", in five queries however much there is."""
    schemes = session.scalars(select(Scheme).where(within(seen_by, Can.RECORD_DBS, Scheme.id))).all()
    today = clock.today()
    late = or_(
        *(
            and_(
                Volunteer.scheme_id == scheme.id,
                DbsCheck.applied_on < today - timedelta(days=scheme.settings.dbs_overdue_after_days),
            )
            for scheme in schemes
        ),
        false(),  # of no scheme at all: nothing is late
    )
    unseen = (DbsCheck.seen_on.is_(None), DbsCheck.closed_at.is_(None))
    undecided = or_(DbsCheck.decision.is_(None), DbsCheck.decision == Suitability.DEFERRED)
    newer = aliased(DbsCheck)
    is_renewed = exists().where(
        newer.volunteer_id == DbsCheck.volunteer_id, newer.applied_on > DbsCheck.applied_on, newer.closed_at.is_(None)
    )
    return {
        "overdue": _waiting(seen_by, *unseen, late),
        "to_see": _waiting(seen_by, *unseen, ~late),
        "to_decide": _waiting(seen_by, DbsCheck.seen_on.is_not(None), DbsCheck.closed_at.is_(None), undecided),
        "rechecks": _waiting(
            seen_by, DbsCheck.closed_at.is_(None), DbsCheck.recheck_due_on <= today + RECHECK_NOTICE, ~is_renewed
        ),
    }


def _waiting(seen_by: Holder, *conditions: ColumnElement[bool]) -> Work:
    found = session.scalars(
        select(DbsCheck)
        .join(DbsCheck.volunteer)
        .where(_seen(seen_by, Can.RECORD_DBS), Volunteer.stage.not_in(OVER), *conditions)
        .options(joinedload(DbsCheck.volunteer).joinedload(Volunteer.area))
        .order_by(DbsCheck.applied_on, DbsCheck.id)
        .limit(MOST + 1)
    ).all()
    return Work(found[:MOST], len(found) > MOST)


def check(check_id: int, *, volunteer_id: int, seen_by: Holder, can: Can) -> DbsCheck | None:
    """One check with its volunteer and what it was decided on; None when it is not theirs to see."""
    return session.scalar(
        select(DbsCheck)
        .join(DbsCheck.volunteer)
        .where(DbsCheck.id == check_id, DbsCheck.volunteer_id == volunteer_id, _seen(seen_by, can))
        .options(
            joinedload(DbsCheck.eligibility),
            joinedload(DbsCheck.volunteer).joinedload(Volunteer.scheme),
            joinedload(DbsCheck.volunteer).joinedload(Volunteer.area),
        )
    )


def checks_of(volunteer: Volunteer, *, seen_by: Holder) -> list[DbsCheck]:
    """All their checks, the newest first."""
    return list(
        session.scalars(
            select(DbsCheck)
            .join(DbsCheck.volunteer)
            .where(DbsCheck.volunteer_id == volunteer.id, _seen(seen_by, Can.RECORD_DBS))
            .options(joinedload(DbsCheck.eligibility))
            .order_by(DbsCheck.applied_on.desc(), DbsCheck.id.desc())
        )
    )


def names(checks: Sequence[DbsCheck]) -> dict[int, str]:
    """The names of the workers who saw and decided these checks."""
    ids = {each for check in checks for each in (check.seen_by_id, check.decided_by_id) if each}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def eligibilities(scheme_id: int) -> list[Eligibility]:
    """What a scheme has decided about its roles, the newest first."""
    return list(
        session.scalars(select(Eligibility).where(Eligibility.scheme_id == scheme_id).order_by(Eligibility.id.desc()))
    )


def eligibilities_decided(*, seen_by: Holder) -> list[Eligibility]:
    """What was decided in the schemes where they decide, the newest first."""
    return list(
        session.scalars(
            select(Eligibility)
            .where(within(seen_by, Can.DECIDE_SUITABILITY, Eligibility.scheme_id))
            .options(joinedload(Eligibility.scheme))
            .order_by(Eligibility.id.desc())
        )
    )


def schemes_where(can: Can, *, seen_by: Holder) -> list[Scheme]:
    """The schemes in which they may do it."""
    return list(session.scalars(select(Scheme).where(within(seen_by, can, Scheme.id)).order_by(Scheme.name, Scheme.id)))


def _seen(seen_by: Holder, can: Can) -> ColumnElement[bool]:
    return within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id)
