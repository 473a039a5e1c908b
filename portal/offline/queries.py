"""The registers of today as a phone may keep them, and batches that came before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, select

from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.attendance.models import Mark
from portal.attendance.queries import blocked, on_a_break
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import may_see
from portal.database import session
from portal.offline.rules import shown
from portal.registers.models import Batch
from portal.registers.rules import Person, opens_at
from portal.volunteers.models import Volunteer


@dataclass(frozen=True)
class Kept:
    """One register as a phone may keep it: names as the register shows them, and codes."""

    id: int
    cohort: str
    number: int
    title: str
    starts_at: datetime
    minutes: int
    version: int
    people: list[Person]

    def as_json(self) -> dict[str, Any]:
        """What is sent: nothing that says why somebody was away, and no note."""
        return {
            "id": self.id, "cohort": self.cohort, "number": self.number, "title": self.title,
            "starts_at": _milliseconds(self.starts_at), "opens_at": _milliseconds(opens_at(self.starts_at)),
            "minutes": self.minutes, "version": self.version,
            "people": [
                {"id": each.enrolment_id, "name": each.name, "why": each.blocked, "mark": shown(each),
                 "seen": each.fingerprint}
                for each in self.people
            ],
        }  # fmt: skip


def registers_today(*, seen_by: User) -> list[Kept]:
    """Today's registers that they may mark, the earliest first: two statements, however many there are."""
    begins = datetime.combine(clock.today(), time(), tzinfo=clock.LONDON)
    heads = session.execute(
        select(
            CohortSession.id, CohortSession.cohort_id, Cohort.name, CohortSession.number, CohortSession.title,
            CohortSession.starts_at, CohortSession.minutes, CohortSession.register_version,
        )
        .join(CohortSession.cohort)
        .where(
            may_see(seen_by, Can.MARK_REGISTER), Cohort.state != CohortState.CANCELLED,
            CohortSession.cancelled_at.is_(None), CohortSession.starts_at >= begins,
            CohortSession.starts_at < begins + timedelta(days=1),
        )
        .order_by(CohortSession.starts_at, CohortSession.id)
    ).all()  # fmt: skip
    people = _people([head.id for head in heads])
    return [
        Kept(
            head.id, head.name, head.number, head.title, head.starts_at, head.minutes, head.register_version,
            people[head.id],
        )
        for head in heads
    ]  # fmt: skip


def _people(session_ids: list[int]) -> dict[int, list[Person]]:
    day = clock.today()
    rows = session.execute(
        select(
            CohortSession.id.label("session_id"), Enrolment.id, Enrolment.volunteer_id, Enrolment.state,
            Enrolment.joined_on, Enrolment.ended_on, Volunteer.name, Volunteer.known_as, Volunteer.stage,
            Volunteer.stage_since, Mark.id.label("mark_id"), Mark.code, Mark.minutes, Mark.reason, Mark.note,
            on_a_break(day).label("is_paused"),
        )
        .join(Enrolment, Enrolment.cohort_id == CohortSession.cohort_id)
        .join(Enrolment.volunteer)
        .outerjoin(Mark, and_(Mark.enrolment_id == Enrolment.id, Mark.session_id == CohortSession.id))
        .where(CohortSession.id.in_(session_ids), Enrolment.state != EnrolmentState.WAITING)
        .order_by(Volunteer.sort_name, Enrolment.id)
    )  # fmt: skip
    found: dict[int, list[Person]] = defaultdict(list)
    for row in rows:
        if row.mark_id is not None or row.ended_on is None or row.ended_on >= row.joined_on:
            found[row.session_id].append(
                Person(
                    row.id, row.volunteer_id, row.known_as or row.name, blocked(row, day, bool(row.is_paused)),
                    row.mark_id, row.code, row.minutes, row.reason, row.note or "",
                )
            )  # fmt: skip
    return found


def batch(key: str) -> Batch | None:
    """The batch that came under this key; whose it is, is for the caller to ask."""
    return session.scalars(select(Batch).where(Batch.key == key)).one_or_none()


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
