"""Planning, recording and cancelling interviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.audit.rules import Actor
from portal.database import session
from portal.interviews import messages, queries
from portal.interviews.models import Interview, InterviewLink, Setting, Slot
from portal.interviews.rules import (
    LEFT,
    MISSED,
    reached_at,
    reasons_at_busy,
    reasons_not_missed,
    reasons_not_to_plan,
    reasons_not_to_record,
)
from portal.locks.services import once
from portal.messages.services import queue
from portal.references import services as references
from portal.refusals import Refused
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer, keeps_dates, when_moved
from portal.volunteers.rules import MoveRefused

LINK_LASTS = timedelta(days=28)
REMIND_FROM = 9  # o'clock in London on the day before


def link_for(volunteer: Volunteer) -> str:
    """The secret of their link to their talk: the one that they have, while it still works, else a new one.

    It is made from what is kept, so that every letter can carry the same link; what is kept is only its hash.
    """
    at, address = clock.now(), reached_at(volunteer)
    for link in session.scalars(queries.open_links(volunteer)):
        if link.to_address == address and link.expires_at > at + timedelta(days=1):
            return queries.token_of(link)
        link.closed_at = at
    link = InterviewLink(volunteer=volunteer, to_address=address, made_at=at, expires_at=at + LINK_LASTS)
    token = queries.token_of(link)
    link.token_hash = queries.hashed(token)
    session.add(link)
    session.flush()
    return token


def close_links(volunteer: Volunteer) -> None:
    """There is nothing more to choose: whoever opens the link reads so."""
    for link in session.scalars(queries.open_links(volunteer)):
        link.closed_at = clock.now()


def hold(volunteer: Volunteer, *users: User) -> None:
    """One at a time: nobody else plans with this applicant, or with these workers, until the end."""
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())
    ids = sorted({user.id for user in users})
    if ids:
        session.execute(select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update(key_share=True))


def invite(
    volunteer: Volunteer, *, planned_at: datetime, setting: Setting, place: str, interviewer: User, by: Actor,
    second: User | None = None, minutes: int = 45, slot: Slot | None = None,
) -> Interview:  # fmt: skip
    """Plan a talk and write to the applicant. The first one moves them on; a later one may follow it.

    Raises `Refused`, at whoever it is, when one of those who are named has another talk then.
    """
    hold(volunteer, *[each for each in (interviewer, second) if each is not None])
    Refused.unless_empty(
        reasons_not_to_plan(
            planned_at=planned_at, now=clock.now(), has_open_interview=queries.open_interview(volunteer) is not None,
            is_alone=second is None or second.id != interviewer.id, minutes=minutes,
        )
    )  # fmt: skip
    _refuse_the_busy(interviewer, second, planned_at=planned_at, minutes=minutes)
    if volunteer.stage is not Stage.INTERVIEWING:
        volunteer.make(Move.INVITE, by=by)
    interview = Interview(
        volunteer=volunteer, planned_at=planned_at, setting=setting, place=place, interviewer=interviewer,
        second=second, minutes=minutes, slot=slot, questions_sent_at=clock.now(),
    )  # fmt: skip
    session.add(interview)
    session.flush()
    queue(messages.interview_planned(interview, link_for(volunteer)))
    _tell_interviewers(interview, "planned")
    return interview


def change(
    interview: Interview, *, planned_at: datetime, setting: Setting, place: str, interviewer: User,
    second: User | None, minutes: int, by: Actor, slot: Slot | None = None,
) -> None:  # fmt: skip
    """Move a talk: the same entry of everybody's calendar moves with it. They are asked again whether they can come."""
    hold(interview.volunteer, *[each for each in (interviewer, second) if each is not None])
    if not interview.is_open:
        raise Refused("Only an interview that is still to be held can be changed")
    Refused.unless_empty(
        reasons_not_to_plan(
            planned_at=planned_at, now=clock.now(), has_open_interview=False,
            is_alone=second is None or second.id != interviewer.id, minutes=minutes,
        )
    )  # fmt: skip
    _refuse_the_busy(interviewer, second, planned_at=planned_at, minutes=minutes, but=interview.id)
    before = tuple(each for each in (interview.interviewer, interview.second) if each is not None)
    interview.planned_at, interview.setting, interview.place = planned_at, setting, place
    interview.interviewer, interview.second, interview.minutes, interview.slot = interviewer, second, minutes, slot
    interview.sequence += 1
    interview.accepted_at = interview.change_asked_at = None
    interview.change_wish = ""
    session.flush()
    queue(messages.interview_changed(interview, link_for(interview.volunteer)))
    _tell_interviewers(interview, "changed", also=before)


def _refuse_the_busy(
    interviewer: User, second: User | None, *, planned_at: datetime, minutes: int, but: int | None = None
) -> None:
    named = {"interviewer": interviewer} | ({"second": second} if second is not None else {})
    people = {field: (each.id, each.name) for field, each in named.items()}
    talks = queries.talks_of(
        {user_id for user_id, _ in people.values()}, planned_at, planned_at + timedelta(minutes=minutes), but=but
    )
    Refused.unless_empty_by_field(reasons_at_busy(people, planned_at=planned_at, minutes=minutes, talks=talks))


def record(
    interview: Interview,
    *,
    held_at: datetime,
    scores: Mapping[str, int],
    notes: str,
    second_interviewer_name: str,
    by: Actor,
    strengths: str = "",
    agreed_because: str = "",
    alone_because: str = "",
    may_use_strengths: bool = False,
) -> None:
    """Write down what was heard: a score from 0 to 4 for each area, once and for all."""
    if interview.volunteer.stage is not Stage.INTERVIEWING:
        stage = interview.volunteer.stage.words.to_staff
        raise MoveRefused(f"You cannot record an interview of a volunteer who is {stage}")
    Refused.unless_empty(
        reasons_not_to_record(
            scores,
            held_at=held_at,
            now=clock.now(),
            is_held=interview.held_at is not None,
            is_cancelled=interview.cancelled_at is not None,
            sheets=[each.scores for each in interview.sheets],
            waits_for_a_sheet=interview.second_id is not None and not queries.is_all_in(interview),
            agreed_because=agreed_because,
        )
    )
    interview.strengths, interview.agreed_because = strengths.strip(), agreed_because.strip()
    interview.may_use_strengths = may_use_strengths and bool(interview.strengths)
    interview.alone_because = alone_because.strip() or interview.alone_because
    interview.held_at, interview.scores, interview.notes = held_at, dict(scores), notes
    interview.second_interviewer_name = second_interviewer_name
    close_links(interview.volunteer)
    references.request_if_due(interview.volunteer, when=ReferencesAsked.AFTER_INTERVIEW, by=by)


def say_about_strengths(interview: Interview, *, may_use: bool, by: Actor) -> None:
    """They read what others saw in them, and say whether it may stand in their CV evidence; they may change it."""
    if not interview.strengths:
        raise Refused("Nothing was written down that could be shown")
    interview.may_use_strengths = may_use
    session.flush()


def cancel(interview: Interview, *, because: str, by: Actor) -> None:
    """Call a planned talk off, and tell the applicant and the interviewers why. The link offers other times."""
    hold(interview.volunteer)
    if not interview.is_open:
        raise Refused("Only an interview that is still to be held can be cancelled")
    if not because.strip():
        raise Refused("Say why it is cancelled")
    call_off(interview, because)
    queue(messages.interview_cancelled(interview, link_for(interview.volunteer), because=because.strip()))
    _tell_interviewers(interview, "cancelled")


def call_off(interview: Interview, because: str) -> None:
    """Close it and give its slot back, telling nobody."""
    interview.cancelled_at, interview.cancelled_because = clock.now(), because.strip()[:500]
    interview.slot = None
    interview.sequence += 1
    session.flush()


def cancelled_by_them(interview: Interview, *, because: str, by: Actor) -> None:
    """They cannot come then, and said so: the interviewers are told, and another time can be chosen at once."""
    hold(interview.volunteer)
    if not interview.is_open:
        raise Refused("This talk is not planned any more")
    call_off(interview, because.strip() or "They cannot come then")
    queue(messages.interview_cancelled(interview, link_for(interview.volunteer)))
    _tell_interviewers(interview, "cancelled")


def did_not_come(interview: Interview, *, by: Actor) -> None:
    """Nobody came: said without blame, and another time is offered."""
    hold(interview.volunteer)
    Refused.unless_empty(
        reasons_not_missed(is_open=interview.is_open, planned_at=interview.planned_at, now=clock.now())
    )
    call_off(interview, MISSED)
    interview.missed_at = interview.cancelled_at
    session.flush()
    queue(messages.interview_missed(interview, link_for(interview.volunteer)))


def remind(at: datetime) -> None:
    """The day before each talk, remind the applicant once of when and where. For the worker."""
    now = clock.in_london(at)
    if now.hour < REMIND_FROM:
        return
    begins = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for each in session.scalars(queries.planned_between(begins, begins + timedelta(days=1))).all():
        if once(f"interview:{each.id}:{each.planned_at.astimezone(UTC):%Y%m%dT%H%M}:reminder"):
            queue(messages.interview_reminder(each, link_for(each.volunteer)))


@when_moved(Move.WITHDRAW, Move.DECLINE, Move.JOIN)
def forget_talks_of_a_leaver(volunteer: Volunteer) -> None:
    """Whoever is no applicant any more has no talk to come: its interviewers are told, and the time is free again."""
    if volunteer.id is None:
        return  # nobody talks with somebody who is not kept yet
    interview = queries.open_interview(volunteer)
    if interview is not None:
        call_off(interview, LEFT)
        _tell_interviewers(interview, "cancelled")
    close_links(volunteer)


@keeps_dates
def off_the_calendar(volunteer: Volunteer) -> str:
    """Their talk to come, taken out of their calendar; "" when none is."""
    interview = queries.open_interview(volunteer)
    return messages.off_the_calendar(interview) if interview is not None else ""


def _tell_interviewers(interview: Interview, what: str, *, also: tuple[User, ...] = ()) -> None:
    for letter in messages.for_interviewers(interview, what, also=also):
        queue(letter)
