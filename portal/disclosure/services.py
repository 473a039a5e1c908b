"""Taking what somebody tells us in confidence, opening it with a stated purpose, and having considered it."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.database import session
from portal.decisions.models import Offer
from portal.disclosure.models import Disclosure
from portal.disclosure.rules import reasons_not_to_answer, reasons_not_to_consider
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

OFFERED = {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING}


def answer(volunteer: Volunteer, *, statement: str, by: Actor) -> Disclosure:
    """Take what they tell us; `rules.NOTHING` is an answer like any other. A new answer is considered anew."""
    Refused.unless_empty(reasons_not_to_answer(is_offered=volunteer.stage in OFFERED, statement=statement))
    at = clock.now()
    disclosure = session.scalar(select(Disclosure).where(Disclosure.volunteer_id == volunteer.id))
    if disclosure is None:
        offer = session.scalar(
            select(Offer).where(Offer.volunteer_id == volunteer.id).order_by(Offer.id.desc()).limit(1)
        )
        disclosure = Disclosure(
            volunteer=volunteer,
            asked_at=offer.offered_at if offer else at,
            asked_by_id=offer.offered_by_id if offer else None,
        )
        session.add(disclosure)
    disclosure.statement, disclosure.answered_at = statement, at
    disclosure.considered_at = disclosure.considered_by_id = None
    session.flush()
    return disclosure


def open_statement(disclosure: Disclosure, *, purpose: str, by: Actor) -> str:
    """What they told us, for somebody who says what for. The record says who read it, when and why."""
    if not purpose.strip():
        raise Refused("Say what you need to read it for")
    if disclosure.statement is None:
        raise Refused("They have not answered yet")
    audit.seen(
        "disclosure",
        disclosure.id,
        by=by,
        purpose=purpose[:500],
        volunteer_id=disclosure.volunteer_id,
        scheme_id=disclosure.volunteer.scheme_id,
    )
    return disclosure.statement


def consider(disclosure: Disclosure, *, by: Actor) -> None:
    """Somebody has read it and weighed it; what they thought of it belongs to the suitability decision, not here."""
    Refused.unless_empty(
        reasons_not_to_consider(
            is_answered=disclosure.answered_at is not None,
            is_considered=disclosure.considered_at is not None,
            is_own=by.id is None or by.id == disclosure.volunteer.user_id,
        )
    )
    disclosure.considered_at, disclosure.considered_by_id = clock.now(), by.id
