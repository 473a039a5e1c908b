"""The verbs of chasing: remind on the days for it, by hand or never; a message that came back; another address."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.applications.models import Referee
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import session
from portal.locks.services import first_times, once
from portal.messages.models import Message
from portal.messages.services import queue
from portal.outbox.services import when_bounced
from portal.references import services as references
from portal.references.models import WAITING, Reference
from portal.references.queries import step_key, whole
from portal.references.rules import EVER_ASKED
from portal.refusals import Refused
from portal.reminders import messages, queries
from portal.reminders.rules import APPLICANT_DAYS, LAPSED_AFTER, REFEREE_DAYS, ring_step, step_due
from portal.volunteers.models import Volunteer

CHASE_FROM, CHASE_UNTIL = 9, 20  # o'clock in London
BATCH = 200
LETTERS = {"reference_requested", "reference_reminded"}


def chase(at: datetime) -> int:
    """Remind referees and applicants on their days, each once; says how many reminders there were. For the worker.

    A referee who can only be rung is put on the list of people to ring instead.
    """
    if not CHASE_FROM <= clock.in_london(at).hour < CHASE_UNTIL:
        return 0
    audit.acting(WORKER)
    done, last_id = 0, 0
    while batch := _awaited(at, after=last_id):
        last_id = batch[-1].id
        done += _chase_each([each for each in batch if each.is_awaited], at)
    return done


def _awaited(at: datetime, *, after: int) -> list[Reference]:
    """The next references that may have a step due; the database knows no scheme's setting, so some have not."""
    return list(
        session.scalars(
            select(Reference)
            .join(Reference.volunteer)
            .where(
                Reference.id > after, Reference.state.in_(WAITING), Reference.bounced_at.is_(None),
                Reference.quiet_since.is_(None), Volunteer.stage.in_(EVER_ASKED),
                Reference.requested_at > at - timedelta(days=LAPSED_AFTER + 2),
                Reference.requested_at < at - timedelta(days=REFEREE_DAYS[0] - 1),
            )
            .options(
                joinedload(Reference.referee), joinedload(Reference.volunteer).joinedload(Volunteer.scheme),
                joinedload(Reference.volunteer).joinedload(Volunteer.contact),
            )
            .order_by(Reference.id)
            .limit(BATCH)
        )
    )  # fmt: skip


def _chase_each(batch: list[Reference], at: datetime) -> int:
    today = clock.in_london(at).date()
    due: dict[str, tuple[Reference, str, int]] = {}
    for reference in batch:
        asked_on = clock.in_london(reference.requested_at).date()
        to_referee = "ring" if reference.is_by_phone else "referee"
        for who, steps in ((to_referee, REFEREE_DAYS), ("applicant", APPLICANT_DAYS)):
            if step := step_due(asked_on, today, steps):
                due[step_key(reference, who, step)] = reference, who, step
    fresh = first_times(due)
    for key, (reference, who, step) in due.items():
        if key in fresh:
            references.hold_open(reference, at)
            if who == "referee":
                is_last = step == REFEREE_DAYS[-1]
                queue(messages.reference_reminded(reference, references.secret_of(reference), is_last=is_last))
            elif who == "applicant":
                queue(messages.reference_nudged(reference))
    return len(fresh)


def remind_now(reference: Reference, *, by: Actor) -> None:
    """Remind a referee today, with the same link, once a day at most."""
    if not reference.is_awaited:
        raise Refused("Nobody waits for this reference now")
    if reference.is_by_phone:
        raise Refused("They have no email address: ring them")
    if once(f"reference:{reference.id}:{reference.link_number}:by-hand:{clock.today().isoformat()}"):
        references.hold_open(reference, clock.now())
        queue(messages.reference_reminded(reference, references.secret_of(reference), is_last=False))


def stop_reminding(reference: Reference, *, by: Actor) -> None:
    """Remind nobody of this reference by itself any more. A new link begins anew."""
    reference.quiet_since = reference.quiet_since or clock.now()


def go_on_reminding(reference: Reference, *, by: Actor) -> None:
    """Let the reminders go on, from the next that is due."""
    reference.quiet_since = None


def note_no_answer(reference: Reference, *, by: Actor) -> None:
    """Somebody rang and nobody answered: they are off the list of people to ring until the next day for it."""
    if not (reference.is_awaited and reference.is_by_phone):
        raise Refused("Nobody needs to ring them now")
    once(step_key(reference, "rang", ring_step(clock.in_london(reference.requested_at).date(), clock.today())))
    references.hold_open(reference, clock.now())


def came_back(reference: Reference, *, by: Actor = WORKER) -> None:
    """Our message to the referee came back: the link is dead at once, the applicant is asked for another address."""
    if reference.state not in WAITING or reference.bounced_at is not None:
        return
    is_awaited = reference.is_awaited
    reference.bounced_at = clock.now()
    session.flush()
    if is_awaited and once(f"reference:{reference.id}:{reference.link_number}:came-back"):
        queue(messages.reference_address_wanted(reference, queries.address_path(reference)))


@when_bounced
def mind_bounce(message: Message) -> None:
    """The outbox says that nobody is at an address: was it a referee's, their link is closed."""
    if message.template not in LETTERS or message.volunteer_id is None:
        return
    found = session.scalars(
        whole()
        .join(Reference.referee)
        .where(
            Reference.volunteer_id == message.volunteer_id, Reference.state.in_(WAITING),
            func.lower(Referee.email) == message.to_address.lower(), Reference.requested_at <= message.queued_at,
        )
    )  # fmt: skip
    for reference in found:
        came_back(reference)


def give_address(reference: Reference, *, email: str, phone: str, by: Actor) -> None:
    """Another address for a referee whose own did not work: a new link goes there, and a new round begins."""
    if reference.bounced_at is None:
        raise Refused("We do not need another address for them now")
    references.send_again(reference, email=email, phone=phone, by=by)
