"""Planning, recording and cancelling interviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.audit.rules import Actor
from portal.database import session
from portal.interviews import messages
from portal.interviews.models import Interview, Setting
from portal.interviews.rules import reasons_not_to_plan, reasons_not_to_record
from portal.messages.services import queue
from portal.references import services as references
from portal.refusals import Refused
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused


def invite(
    volunteer: Volunteer, *, planned_at: datetime, setting: Setting, place: str, interviewer: User, by: Actor
) -> Interview:
    """Plan a talk and write to the applicant. The first one moves them on; a later one may follow it."""
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())  # one at a time
    open_interview = session.scalar(
        select(Interview.id).where(
            Interview.volunteer_id == volunteer.id, Interview.held_at.is_(None), Interview.cancelled_at.is_(None)
        )
    )
    Refused.unless_empty(
        reasons_not_to_plan(planned_at=planned_at, now=clock.now(), has_open_interview=open_interview is not None)
    )
    if volunteer.stage is not Stage.INTERVIEWING:
        volunteer.make(Move.INVITE, by=by)
    interview = Interview(
        volunteer=volunteer, planned_at=planned_at, setting=setting, place=place, interviewer=interviewer
    )
    session.add(interview)
    session.flush()
    queue(messages.interview_planned(interview))
    return interview


def record(
    interview: Interview,
    *,
    held_at: datetime,
    scores: Mapping[str, int],
    notes: str,
    second_interviewer_name: str,
    by: Actor,
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
        )
    )
    interview.held_at, interview.scores, interview.notes = held_at, dict(scores), notes
    interview.second_interviewer_name = second_interviewer_name
    references.request_if_due(interview.volunteer, when=ReferencesAsked.AFTER_INTERVIEW, by=by)


def cancel(interview: Interview, *, because: str, by: Actor) -> None:
    """Call a planned talk off, and tell the applicant."""
    if not interview.is_open:
        raise Refused("Only an interview that is still to be held can be cancelled")
    if not because.strip():
        raise Refused("Say why it is cancelled")
    interview.cancelled_at, interview.cancelled_because = clock.now(), because[:500]
    queue(messages.interview_cancelled(interview))
