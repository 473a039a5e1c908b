"""Reading times that are offered, whose link it is, and which times an applicant can choose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock, paging
from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.appointments.rules import (
    Part,
    Step,
    step_after,
    step_before,
    step_to_decide,
    step_without_a_time,
)
from portal.database import session
from portal.interviews.models import Interview, InterviewLink, ScoreSheet, Slot
from portal.interviews.queries import has_open_link, hashed, not_scored_by, open_interview, talks_of
from portal.interviews.rules import LONGEST, Span, reached_at
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

LONGEST_TOKEN = 100
MOST_OFFERED = 60
MOST_LISTED = 200
PAGE = 25
SHORTEST_NOTICE = timedelta(hours=2)  # nobody chooses a talk that begins before its interviewer has read of it


def volunteer_by_link(token: str) -> Volunteer | None:
    """Whose link this is; None for one that never was, or is dead.

    It dies when it is closed or old, when they have another address, and when they are no applicant any more.
    """
    link = _link(token)
    if link is None or link.closed_at is not None or link.expires_at <= clock.now():
        return None
    person = link.volunteer
    return person if link.to_address == reached_at(person) and person.stage is Stage.INTERVIEWING else None


def was_link(token: str) -> bool:
    """Whether this link was ever somebody's."""
    return _link(token) is not None


def _link(token: str) -> InterviewLink | None:
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(
        select(InterviewLink)
        .where(InterviewLink.token_hash == hashed(token))
        .options(
            joinedload(InterviewLink.volunteer).options(
                joinedload(Volunteer.scheme), joinedload(Volunteer.contact), joinedload(Volunteer.area)
            )
        )
    )


def may_choose(volunteer: Volunteer) -> bool:
    """Whether they were asked to choose a time, and have not talked with us since."""
    if volunteer.stage is not Stage.INTERVIEWING:
        return False
    return open_interview(volunteer) is not None or has_open_link(volunteer)


def free_slots(volunteer: Volunteer) -> list[Slot]:
    """The times of their area that nobody has taken and at which both who hold it are free, the soonest first."""
    taken = select(Interview.slot_id).where(Interview.slot_id.is_not(None))
    slots = session.scalars(
        select(Slot)
        .where(
            Slot.area_id == volunteer.area_id, Slot.withdrawn_at.is_(None), Slot.id.not_in(taken),
            Slot.starts_at > clock.now() + SHORTEST_NOTICE,
        )
        .options(joinedload(Slot.interviewer), joinedload(Slot.second))
        .order_by(Slot.starts_at, Slot.id)
        .limit(MOST_OFFERED)
    ).all()  # fmt: skip
    return [each for each in slots if not _is_busy(each, busy_talks(slots))] if slots else []


def _is_busy(slot: Slot, talks: Collection[tuple[int, Span]]) -> bool:
    span, people = Span(slot.starts_at, slot.minutes), {slot.interviewer_id, slot.second_id}
    return any(user_id in people and span.meets(talk) for user_id, talk in talks)


def busy_talks(slots: Sequence[Slot]) -> list[tuple[int, Span]]:
    """When those who hold these times have a talk planned: one statement for any number of times."""
    people = {each.interviewer_id for each in slots} | {each.second_id for each in slots if each.second_id}
    starts = [each.starts_at for each in slots]
    return talks_of(people, min(starts), max(starts) + LONGEST)


def is_free(slot: Slot) -> bool:
    """Whether nobody has taken this time, and who holds it has no other talk then."""
    taken = session.scalar(select(Interview.id).where(Interview.slot_id == slot.id))
    return taken is None and slot.withdrawn_at is None and not _is_busy(slot, busy_talks([slot]))


def busy(user_ids: Collection[int], begins: datetime, ends: datetime) -> list[Span]:
    """When these people have a talk, or offer one, in this time."""
    offered = session.execute(
        select(Slot.starts_at, Slot.minutes).where(
            or_(Slot.interviewer_id.in_(user_ids), Slot.second_id.in_(user_ids)), Slot.withdrawn_at.is_(None),
            Slot.starts_at > begins - LONGEST, Slot.starts_at < ends,
        )
    )  # fmt: skip
    return [Span(*row) for row in offered] + [span for _, span in talks_of(user_ids, begins, ends)]


def slots(*, seen_by: Holder) -> list[tuple[Slot, Volunteer | None]]:
    """The times to come of one's areas, the soonest first, each with who has taken it; one statement."""
    rows = session.execute(
        select(Slot, Volunteer)
        .outerjoin(Interview, Interview.slot_id == Slot.id)
        .outerjoin(Volunteer, Volunteer.id == Interview.volunteer_id)
        .where(
            within(seen_by, Can.DECIDE_APPLICATIONS, Slot.scheme_id, Slot.area_id), Slot.withdrawn_at.is_(None),
            Slot.starts_at > clock.now(),
        )
        .options(joinedload(Slot.area), joinedload(Slot.interviewer), joinedload(Slot.second))
        .order_by(Slot.starts_at, Slot.id)
        .limit(MOST_LISTED)
    )  # fmt: skip
    return [(slot, taken_by) for slot, taken_by in rows]


def slot(slot_id: int, *, seen_by: Holder) -> Slot | None:
    """One of them; None when it is not theirs."""
    return session.scalar(
        select(Slot).where(
            Slot.id == slot_id, within(seen_by, Can.DECIDE_APPLICATIONS, Slot.scheme_id, Slot.area_id)
        )
    )  # fmt: skip


def areas(*, seen_by: Holder) -> list[Area]:
    """The areas whose applications they decide, by name, with their schemes."""
    condition = within(seen_by, Can.DECIDE_APPLICATIONS, Area.scheme_id, Area.id)
    return list(
        session.scalars(select(Area).where(condition).options(joinedload(Area.scheme)).order_by(Area.name, Area.id))
    )


def slot_at(interviewer: User, starts_at: datetime) -> Slot | None:
    """A time this worker offered before, perhaps withdrawn since."""
    return session.scalar(select(Slot).where(Slot.interviewer_id == interviewer.id, Slot.starts_at == starts_at))


def talks_missed(volunteer: Volunteer) -> int:
    """How often they did not come."""
    query = select(func.count()).where(Interview.volunteer_id == volunteer.id, Interview.missed_at.is_not(None))
    return session.scalar(query) or 0


@dataclass(frozen=True)
class TalkRow:
    """One line of the list of all interviews. `at`: when the talk is or was held, or since when they wait for one."""

    volunteer_id: int
    interview_id: int | None
    name: str
    area: str
    at: datetime
    how: str
    who: tuple[str, ...]
    step: Step

    @property
    def ids(self) -> dict[str, int | None]:
        """What the link to the next thing needs."""
        return {name: getattr(self, name) for name in self.step.needs}


def talks(part: Part, *, seen_by: User, after: str | None = None) -> paging.Page[TalkRow]:
    """One part of the list, the soonest or longest waiting first; as many statements for one line as for a page."""
    if part is Part.NO_TIME:
        return _without_a_time(seen_by, after)
    now = clock.now()
    midnight = datetime.combine(clock.today() + timedelta(days=1), time(), tzinfo=clock.LONDON)
    is_open = Interview.held_at.is_(None), Interview.cancelled_at.is_(None)
    held = select(func.max(Interview.id)).where(Interview.held_at.is_not(None)).group_by(Interview.volunteer_id)
    open_ones = select(Interview.volunteer_id).where(*is_open)
    at, which = {
        Part.TODAY: (Interview.planned_at, (*is_open, Interview.planned_at > now, Interview.planned_at < midnight)),
        Part.TO_COME: (Interview.planned_at, (*is_open, Interview.planned_at >= midnight)),
        Part.TO_RECORD: (Interview.planned_at, (*is_open, Interview.planned_at <= now)),
        Part.TO_DECIDE: (Interview.held_at, (Interview.id.in_(held), Interview.volunteer_id.not_in(open_ones))),
    }[part]
    query = (
        select(Interview)
        .join(Interview.volunteer)
        .where(
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id),
            Volunteer.stage == Stage.INTERVIEWING, *which,
        )
        .options(
            contains_eager(Interview.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.area)),
            joinedload(Interview.interviewer), joinedload(Interview.second),
            selectinload(Interview.sheets).load_only(ScoreSheet.scorer_id),
        )
        .order_by(at, Interview.id)
        .limit(PAGE + 1)
    )  # fmt: skip
    if key := paging.read_instant(after):
        query = query.where(tuple_(at, Interview.id) > tuple_(*key))
    rows = [_talk_row(each, part, seen_by) for each in session.scalars(query)]
    return paging.page_of(rows, PAGE, key=lambda row: (row.at.isoformat(), row.interview_id or 0))


def _talk_row(talk: Interview, part: Part, seen_by: User) -> TalkRow:
    people = [each for each in (talk.interviewer, talk.second) if each is not None]
    if part is Part.TO_DECIDE:
        step = step_to_decide(talk.scores)
    elif part is Part.TO_RECORD:
        missing = not_scored_by(talk)
        step = step_after(
            waits_for=[each.name for each in missing], waits_for_me=any(each.id == seen_by.id for each in missing)
        )
    else:
        step = step_before(comes=talk.accepted_at is not None, asks_for_another_time=talk.change_asked_at is not None)
    at = talk.held_at if part is Part.TO_DECIDE and talk.held_at else talk.planned_at
    return TalkRow(
        talk.volunteer_id, talk.id, talk.volunteer.shown_name, talk.volunteer.area.name, at, talk.setting.words,
        tuple(each.name for each in people), step,
    )  # fmt: skip


def _without_a_time(seen_by: User, after: str | None) -> paging.Page[TalkRow]:
    """Those who are invited, have not been heard, and have no talk planned: whoever waits longest first."""
    heard = select(Interview.volunteer_id).where(Interview.cancelled_at.is_(None))  # planned, or held
    asked = (
        select(InterviewLink.id)
        .where(
            InterviewLink.volunteer_id == Volunteer.id, InterviewLink.closed_at.is_(None),
            InterviewLink.expires_at > clock.now(),
        )
        .exists()
    )  # fmt: skip
    query = (
        select(Volunteer, asked)
        .where(
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id),
            Volunteer.stage == Stage.INTERVIEWING, Volunteer.id.not_in(heard),
        )
        .options(joinedload(Volunteer.scheme), joinedload(Volunteer.area))
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(PAGE + 1)
    )  # fmt: skip
    if key := paging.read_instant(after):
        query = query.where(tuple_(Volunteer.stage_since, Volunteer.id) > tuple_(*key))
    rows = [
        TalkRow(
            each.id, None, each.shown_name, each.area.name, each.stage_since, "", (),
            step_without_a_time(is_asked=is_asked),
        )
        for each, is_asked in session.execute(query)
    ]  # fmt: skip
    return paging.page_of(rows, PAGE, key=lambda row: (row.at.isoformat(), row.volunteer_id))
