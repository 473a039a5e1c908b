"""Publishing an agreement, and acknowledging it."""

from __future__ import annotations

from sqlalchemy import func, select

from portal import clock
from portal.agreements.models import Acknowledgement, Agreement
from portal.agreements.rules import reasons_not_to_acknowledge
from portal.audit.rules import Actor
from portal.database import session
from portal.refusals import Refused
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

OFFERED = {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING}


def publish(scheme: Scheme, *, title: str, text: str, by: Actor) -> Agreement:
    """Publish a new version. Older ones stay as they were; everybody is asked to read the new one."""
    if by.id is None:
        raise Refused("An agreement is published by a worker with an account")
    Refused.unless_empty(f"Enter the {what}" for what, value in (("title", title), ("text", text)) if not value.strip())
    latest = session.scalar(select(func.max(Agreement.number)).where(Agreement.scheme_id == scheme.id)) or 0
    agreement = Agreement(
        scheme=scheme, number=latest + 1, title=title, text=text, published_at=clock.now(),
        published_by_id=by.id,
    )  # fmt: skip
    session.add(agreement)
    session.flush()
    return agreement


def acknowledge(volunteer: Volunteer, *, agreement: Agreement, typed_name: str, by: Actor) -> Acknowledgement:
    """The volunteer has read it and typed their name; or a worker records that it was on paper."""
    latest = session.scalar(select(func.max(Agreement.number)).where(Agreement.scheme_id == volunteer.scheme_id))
    done = session.scalar(
        select(Acknowledgement.id).where(
            Acknowledgement.volunteer_id == volunteer.id, Acknowledgement.agreement_id == agreement.id
        )
    )
    Refused.unless_empty(
        reasons_not_to_acknowledge(
            is_offered=volunteer.stage in OFFERED,
            is_latest=agreement.scheme_id == volunteer.scheme_id and agreement.number == latest,
            is_done=done is not None,
            typed_name=typed_name,
        )
    )
    made = Acknowledgement(
        volunteer=volunteer, agreement=agreement, typed_name=typed_name, at=clock.now(),
        recorded_by_id=None if by.id == volunteer.user_id else by.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
