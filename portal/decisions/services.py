"""Offering a place, and declining one kindly."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application
from portal.audit.rules import Actor
from portal.database import session
from portal.decisions import messages
from portal.decisions.models import Offer
from portal.decisions.rules import DeclineKind, reasons_not_to_offer
from portal.interviews.models import Interview
from portal.messages.services import queue
from portal.references import services as references
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused


def offer(volunteer: Volunteer, *, interview: Interview, because: str, by: Actor) -> Offer:
    """Offer a place, on the conditions that the scheme has set; ask the referees; write to the applicant."""
    if by.id is None or by.id == volunteer.user_id:
        raise Refused("A place is offered by a worker of the scheme, never by oneself")
    Refused.unless_empty(
        reasons_not_to_offer(
            interview.scores,
            is_cancelled=interview.cancelled_at is not None,
            is_same_person=interview.volunteer_id == volunteer.id,
            because=because,
        )
    )
    at = clock.now()
    volunteer.make(Move.OFFER, by=by, at=at, because=because)
    made = Offer(volunteer=volunteer, interview=interview, because=because, offered_at=at, offered_by_id=by.id)
    session.add(made)
    _decide_application(volunteer, "offered", at=at, by=by)
    session.flush()
    queue(messages.place_offered(volunteer))
    references.request_all(volunteer, by=by)
    return made


def decline(
    volunteer: Volunteer, *, because: str, by: Actor, kind: DeclineKind = DeclineKind.NOT_YET, words: str = ""
) -> None:
    """Say no, kindly. `because` is for the record, `words` are added to the letter, `kind` chooses its sentence."""
    if not because.strip():
        raise Refused("Say why, for the record")
    if volunteer.stage is Stage.TRAINING:
        raise MoveRefused("They are on a course: take them off the course first (The coordinator)")
    at = clock.now()
    volunteer.make(Move.DECLINE, by=by, at=at, because=f"{kind.words}. {because}")
    _decide_application(volunteer, "declined", at=at, by=by)
    for interview in session.scalars(select(Interview).where(Interview.volunteer_id == volunteer.id)):
        if interview.is_open:
            interview.cancelled_at, interview.cancelled_because = at, "The application has ended"
    queue(messages.place_declined(volunteer, kind, words))


def _decide_application(volunteer: Volunteer, decision: str, *, at: datetime, by: Actor) -> None:
    application = session.scalar(select(Application).where(Application.volunteer_id == volunteer.id))
    if application is not None:
        application.decision, application.decided_at, application.decided_by_id = decision, at, by.id
