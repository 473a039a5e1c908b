"""Reading the board, the gates of anybody, the approvals and the pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, or_, select
from sqlalchemy.orm import joinedload

from portal import clock, paging
from portal.access import Can, Holder, may, within
from portal.assessment.gates import gates as assessment_gates
from portal.assessment.models import CriterionDecision
from portal.attendance.gates import gates as attendance_gates
from portal.certification.gates import gates as certificate_gates
from portal.cohorts.models import Enrolment
from portal.conditions.gates import gates_to_train
from portal.database import session
from portal.pool.models import Approval
from portal.pool.rules import KEYS, ON_THE_BOARD, FrozenGate, Standing, in_order, standing
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import FREE, Gate, availability_in_words

PAGE = 40
SOURCES = (gates_to_train, attendance_gates, assessment_gates, certificate_gates)
PAGE_OF_GATE = {
    "recommendation": Can.SEE_REFERENCES,
    "interview": Can.DECIDE_APPLICATIONS,
    "references": Can.SEE_REFERENCES,
    "disclosure": Can.READ_DISCLOSURES,
    "dbs": Can.RECORD_DBS,
    "agreement": Can.RECORD_DBS,
    "attendance": Can.SEE_ATTENDANCE,
    "criteria": Can.SEE_ASSESSMENT,
    "iqa": Can.SEE_ASSESSMENT,
    "certificate": Can.CERTIFY,
}


@dataclass(frozen=True)
class BoardRow:
    """One person on the readiness board; `days` is how long they have been at their stage.

    `gates` has every key of the journey: None where their scheme does not ask for it.
    """

    id: int
    name: str
    known_as: str
    stage: Stage
    since: datetime
    area: str
    gates: dict[str, Gate | None]
    standing: Standing
    days: int


@dataclass(frozen=True)
class PoolRow:
    """One mentor in the pool; `conditions` are those of their approval."""

    id: int
    name: str
    known_as: str
    sort_name: str
    area: str
    phone: str
    availability: list[str]
    since: datetime
    conditions: str
    is_approved: bool

    @property
    def free(self) -> str:
        """When they are free, in words; empty when they did not say."""
        return availability_in_words(self.availability)


@dataclass(frozen=True)
class ApprovalRow:
    """One approval as its page shows it, years later."""

    approved_at: datetime
    approved_by: str
    because: str
    conditions: str
    gates: list[FrozenGate]


def readiness(volunteers: Sequence[Volunteer], seen_by: Holder) -> dict[int, list[Gate]]:
    """Every gate of each volunteer, in the journey's order, in a constant number of queries for any number of them.

    A gate links to its page only for those who may open that page.
    """
    found: dict[int, list[Gate]] = {each.id: [] for each in volunteers}
    if not volunteers:
        return found
    for source in SOURCES:
        for volunteer_id, gates in source(volunteers).items():
            found[volunteer_id] += gates
    closed = {key for key, can in PAGE_OF_GATE.items() if not may(seen_by, can)}
    return {
        volunteer_id: [replace(gate, link=None) if gate.key in closed else gate for gate in in_order(gates)]
        for volunteer_id, gates in found.items()
    }


def board(
    *, seen_by: Holder, stage: Stage | None = None, area_id: int | None = None, after: str | None = None
) -> paging.Page[BoardRow]:
    """Everybody on the way to the pool: by stage in the journey's order, the longest there first."""
    place = case(*((Volunteer.stage == each, number) for number, each in enumerate(ON_THE_BOARD)))
    conditions = [
        within(seen_by, Can.SEE_PEOPLE, Volunteer.scheme_id, Volunteer.area_id),
        Volunteer.stage.in_([stage] if stage in ON_THE_BOARD else ON_THE_BOARD),
    ]
    if area_id is not None:
        conditions.append(Volunteer.area_id == area_id)
    if (begins := _board_key(after)) is not None:
        number, since, last = begins
        same = and_(Volunteer.stage_since == since, Volunteer.id > last)
        conditions.append(or_(place > number, and_(place == number, or_(Volunteer.stage_since > since, same))))
    people = session.scalars(
        select(Volunteer)
        .where(*conditions)
        .options(joinedload(Volunteer.area), joinedload(Volunteer.scheme))
        .order_by(place, Volunteer.stage_since, Volunteer.id)
        .limit(PAGE + 1)
    ).all()
    gates = readiness(people[:PAGE], seen_by)
    page = paging.page_of(people, PAGE, key=lambda row: (ON_THE_BOARD.index(row.stage), _written(row), row.id))
    return paging.Page([_board_row(each, gates[each.id]) for each in page.items], page.next_key)


def _written(volunteer: Volunteer) -> str:
    return volunteer.stage_since.astimezone(UTC).isoformat()


def _board_key(after: str | None) -> tuple[int, datetime, int] | None:
    key = paging.read(after, like=(0, "", 0))
    if key is None:
        return None
    try:
        since = datetime.fromisoformat(str(key[1]))
    except ValueError:
        return None
    return (int(key[0]), since, int(key[2])) if since.tzinfo else None


def _board_row(each: Volunteer, gates: list[Gate]) -> BoardRow:
    required = each.scheme.settings.gates_to_approve
    return BoardRow(
        id=each.id, name=each.shown_name, known_as="" if each.is_blind else each.known_as,
        stage=each.stage, since=each.stage_since,
        area=each.area.name, gates=dict.fromkeys(KEYS) | {gate.key: gate for gate in gates if gate.key in required},
        standing=standing(gates, required), days=(clock.now() - each.stage_since).days,
    )  # fmt: skip


def assessors_of(volunteer: Volunteer) -> set[int]:
    """The users who decided any of this volunteer's criteria, on any course."""
    return set(
        session.scalars(
            select(CriterionDecision.decided_by_id)
            .join(Enrolment, Enrolment.id == CriterionDecision.enrolment_id)
            .where(Enrolment.volunteer_id == volunteer.id, CriterionDecision.decided_by_id.is_not(None))
            .distinct()
        )
    )


def approvals(volunteer: Volunteer) -> list[ApprovalRow]:
    """Every approval of somebody whom the caller has been shown, the latest first."""
    found = session.scalars(
        select(Approval)
        .where(Approval.volunteer_id == volunteer.id)
        .options(joinedload(Approval.approved_by))
        .order_by(Approval.id.desc())
    )
    return [
        ApprovalRow(
            each.approved_at, each.approved_by.name, each.because, each.conditions,
            [FrozenGate.from_json(gate) for gate in each.gates],
        )
        for each in found
    ]  # fmt: skip


def pool(
    *, seen_by: Holder, stage: Stage = Stage.ACTIVE, area_id: int | None = None, free: str | None = None,
    after: str | None = None,
) -> paging.Page[PoolRow]:  # fmt: skip
    """The mentors at this stage (active, or resting), by name. `free` is a key of `FREE`: only those free then."""
    conditions: list[ColumnElement[bool]] = [
        within(seen_by, Can.SEE_POOL, Volunteer.scheme_id, Volunteer.area_id),
        Volunteer.stage == stage,
    ]
    if area_id is not None:
        conditions.append(Volunteer.area_id == area_id)
    if free in FREE:
        conditions.append(cast(Volunteer.availability, String).contains(f'"{free}"'))
    if key := paging.read(after, like=("", 0)):
        name, last = str(key[0]), int(key[1])
        conditions.append(or_(Volunteer.sort_name > name, and_(Volunteer.sort_name == name, Volunteer.id > last)))
    people = session.scalars(
        select(Volunteer)
        .where(*conditions)
        .options(joinedload(Volunteer.area))
        .order_by(Volunteer.sort_name, Volunteer.id)
        .limit(PAGE + 1)
    ).all()
    latest = _latest_conditions([each.id for each in people])
    rows = [
        PoolRow(
            id=each.id, name=each.name, known_as=each.known_as, sort_name=each.sort_name, area=each.area.name,
            phone=each.phone, availability=each.availability or [], since=each.stage_since,
            conditions=latest.get(each.id, ""), is_approved=each.id in latest,
        )
        for each in people
    ]  # fmt: skip
    return paging.page_of(rows, PAGE, key=lambda row: (row.sort_name, row.id))


def _latest_conditions(ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Approval.volunteer_id, Approval.conditions).where(Approval.volunteer_id.in_(ids)).order_by(Approval.id)
    )
    return {row.volunteer_id: row.conditions for row in rows}
