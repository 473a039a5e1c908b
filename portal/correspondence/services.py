"""Writing down what was said, and passing messages on."""

from __future__ import annotations

from datetime import date, datetime

from portal import clock
from portal.audit.rules import Actor
from portal.correspondence.models import Contact, Reached, Way
from portal.correspondence.rules import reasons_not_to_write_down
from portal.database import session
from portal.messages.models import Message
from portal.outbox import services as outbox
from portal.refusals import Refused
from portal.volunteers.models import Volunteer


def write_down(
    volunteer: Volunteer, *, way: Way, reached: Reached, by: Actor, at: datetime | None = None, words: str = "",
    message: Message | None = None, quiet_until: date | None = None,
) -> Contact:  # fmt: skip
    """Keep that somebody rang, wrote or met them, and what came of it; or why nobody needs to before a day."""
    if by.id is None:
        raise Refused("This is written down by a worker with an account")
    now = clock.now()
    Refused.unless_empty(
        reasons_not_to_write_down(
            reached=reached.value, may_leave_voicemail=volunteer.contact.may_leave_voicemail, words=words,
            at=at or now, now=now, quiet_until=quiet_until, today=clock.today(),
        )
    )  # fmt: skip
    made = Contact(
        volunteer=volunteer, at=at or now, way=way, reached=reached, words=words, by_id=by.id,
        message_id=message.id if message else None, quiet_until=quiet_until if reached is Reached.LATER else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def tell(
    message: Message, volunteer: Volunteer, *, way: Way, reached: Reached, words: str, by: Actor
) -> Contact:  # fmt: skip
    """Pass a message on. When nobody answered it waits for the next try; a voicemail does not say what it said."""
    made = write_down(volunteer, way=way, reached=reached, words=words, message=message, by=by)
    if reached in {Reached.SPOKE, Reached.SENT, Reached.THEY_CAME}:
        outbox.pass_on(message, by=by)
    return made
