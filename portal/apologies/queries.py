"""Who said that they cannot come to a session, which sessions are to come, and texts that wait to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.apologies.models import Apology, ApologyLink, ReceivedText
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import TAKES_A_PLACE, may_see
from portal.database import keyring, session
from portal.messages.documents import post_room
from portal.volunteers.models import Channel, ContactPreference, Volunteer

LONGEST_TOKEN = 100
RUNS = (CohortState.ENROLLING, CohortState.RUNNING)
MOST_TEXTS = 100
MOST_CHOICES = 8


def of_session(session_id: int) -> dict[int, Apology]:
    """The apologies for a session that still stand, by enrolment; in one statement."""
    query = select(Apology).where(Apology.session_id == session_id, Apology.taken_back_at.is_(None))
    return {each.enrolment_id: each for each in session.scalars(query)}


def apology_of(cohort_session: CohortSession, enrolment: Enrolment) -> Apology | None:
    """What this person said about this session, be it taken back since."""
    query = select(Apology).where(Apology.session_id == cohort_session.id, Apology.enrolment_id == enrolment.id)
    return session.scalars(query).one_or_none()


def told_by(enrolment_id: int) -> set[int]:
    """The sessions to which this learner said that they cannot come, and did not take it back."""
    query = select(Apology.session_id).where(Apology.enrolment_id == enrolment_id, Apology.taken_back_at.is_(None))
    return set(session.scalars(query))


@dataclass(frozen=True)
class Coming:
    """A session that has not begun, and whether this learner said that they cannot come."""

    id: int
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    is_told: bool


def coming(enrolment: Enrolment) -> list[Coming]:
    """The sessions of a learner's course that have not begun, the next one first; in one statement."""
    return _sessions_after(enrolment, clock.now())


def open_to_text(text: ReceivedText) -> list[Coming]:
    """The sessions that had not begun when a text came in: what it can be about."""
    return _sessions_after(text.enrolment, text.received_at)


def _sessions_after(enrolment: Enrolment, instant: datetime) -> list[Coming]:
    told = (Apology.session_id == CohortSession.id) & (Apology.enrolment_id == enrolment.id)
    rows = session.execute(
        select(
            CohortSession.id, CohortSession.number, CohortSession.title, CohortSession.starts_at,
            CohortSession.ends_at, Apology.id.is_not(None),
        )
        .outerjoin(Apology, told & Apology.taken_back_at.is_(None))
        .where(
            CohortSession.cohort_id == enrolment.cohort_id, CohortSession.cancelled_at.is_(None),
            CohortSession.starts_at > instant,
        )
        .order_by(CohortSession.starts_at)
    )  # fmt: skip
    return [Coming(*row) for row in rows]


def own_session(session_id: int, volunteer: Volunteer) -> tuple[CohortSession, Enrolment] | None:
    """A session of a course this learner has a place on, with that place; None for any other."""
    query = _places().join(CohortSession, CohortSession.cohort_id == Enrolment.cohort_id)
    enrolment = session.scalars(
        query.where(CohortSession.id == session_id, Enrolment.volunteer_id == volunteer.id)
    ).one_or_none()
    return (session.get_one(CohortSession, session_id), enrolment) if enrolment else None


def hashed(token: str) -> str:
    """What is kept of a link's secret."""
    return keyring.hash(f"cannot come:{token}")


def place_by_link(token: str) -> Enrolment | None:
    """Whose link this is; None for one that never was, or is dead.

    It dies when they have another address or number, when they leave, and when the course ends.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    query = (
        _places()
        .join(ApologyLink, ApologyLink.enrolment_id == Enrolment.id)
        .where(
            ApologyLink.token_hash == hashed(token), ApologyLink.expires_at > clock.now(), Cohort.state.in_(RUNS),
            ApologyLink.to_address != "",
            or_(
                func.lower(ApologyLink.to_address) == func.lower(Volunteer.email),
                ApologyLink.to_address == Volunteer.phone,
            ),
        )
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def goes_to() -> ColumnElement[str]:
    """The address or number by which the outbox reaches a volunteer joined with their `contact`; "" for none.

    As `messages.rules.way_to` says it, in SQL: whoever wants to be rung, or written to on paper, is sent no link.
    """
    by_text = ContactPreference.channel == Channel.TEXT
    by_email = or_(ContactPreference.channel.is_(None), ContactPreference.channel == Channel.EMAIL)
    if post_room.sends_texts:
        return case((by_text, Volunteer.phone), (by_email, Volunteer.email), else_="")
    return case((or_(by_text, by_email), Volunteer.email), else_="")


def was_link(token: str) -> bool:
    """Whether this link was ever somebody's."""
    query = select(ApologyLink.id).where(ApologyLink.token_hash == hashed(token))
    return len(token) <= LONGEST_TOKEN and session.scalar(query) is not None


def session_by_number(enrolment: Enrolment, number: int) -> CohortSession | None:
    """A session of this learner's course."""
    query = select(CohortSession).where(CohortSession.cohort_id == enrolment.cohort_id, CohortSession.number == number)
    return session.scalars(query).one_or_none()


def cohort_session(session_id: int, *, seen_by: User) -> CohortSession | None:
    """A session with its cohort; None when it is not theirs to mark."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(CohortSession.id == session_id, may_see(seen_by, Can.MARK_REGISTER))
        .options(contains_eager(CohortSession.cohort))
    )
    return session.scalars(query).one_or_none()


def who_can_apologise(cohort: Cohort) -> Sequence[Enrolment]:
    """Who is on the course just now, by name."""
    query = _places().where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
    return session.scalars(query.order_by(Volunteer.sort_name, Enrolment.id)).all()


def _places() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .where(Enrolment.state.in_(TAKES_A_PLACE))
        .options(
            contains_eager(Enrolment.cohort),
            contains_eager(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
        )
    )


def phones() -> list[tuple[int, str]]:
    """The number of everybody who is on a course that has not ended, with their place, the latest course first."""
    query = (
        select(Enrolment.id, Volunteer.phone)
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .where(Enrolment.state.in_(TAKES_A_PLACE), Cohort.state.in_(RUNS), Volunteer.phone != "")
        .order_by(Enrolment.id.desc())
    )
    return [(enrolment_id, number) for enrolment_id, number in session.execute(query)]


def places(enrolment_ids: Sequence[int]) -> list[Enrolment]:
    """These places on courses, with whose they are."""
    return list(session.scalars(_places().where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)))


def is_known(notify_id: str, enrolment: Enrolment) -> bool:
    """Whether this text was handed in before."""
    query = select(ReceivedText.id).where(
        ReceivedText.notify_id == notify_id, ReceivedText.enrolment_id == enrolment.id
    )
    return session.scalar(query) is not None


def is_in_session(enrolment: Enrolment, instant: datetime, *, just_over: timedelta) -> bool:
    """Whether a session of their course is on at this instant, or ended a short time before."""
    query = select(CohortSession.id).where(
        CohortSession.cohort_id == enrolment.cohort_id, CohortSession.cancelled_at.is_(None),
        CohortSession.starts_at <= instant, CohortSession.ends_at > instant - just_over,
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def texts_to_read(*, seen_by: User) -> list[ReceivedText]:
    """Texts that nobody has read, of the groups whose registers they may mark, the oldest first; one statement."""
    query = _texts(seen_by).order_by(ReceivedText.received_at, ReceivedText.id).limit(MOST_TEXTS)
    return list(session.scalars(query))


def text_to_read(text_id: int, *, seen_by: User) -> ReceivedText | None:
    """One of them; None when it is not theirs or has been read."""
    return session.scalars(_texts(seen_by).where(ReceivedText.id == text_id)).one_or_none()


def is_text_of_theirs(text_id: int, *, seen_by: User) -> bool:
    """Whether this is a text of one of their groups, read or not."""
    query = (
        select(ReceivedText.id)
        .join(ReceivedText.enrolment)
        .join(Enrolment.cohort)
        .where(ReceivedText.id == text_id, may_see(seen_by, Can.MARK_REGISTER))
    )
    return session.scalar(query) is not None


def _texts(seen_by: User) -> Select[ReceivedText]:
    return (
        select(ReceivedText)
        .join(ReceivedText.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.volunteer)
        .where(ReceivedText.settled_at.is_(None), may_see(seen_by, Can.MARK_REGISTER))
        .options(
            contains_eager(ReceivedText.enrolment).options(
                contains_eager(Enrolment.cohort), contains_eager(Enrolment.volunteer)
            )
        )
    )
