"""Publishing an agreement, acknowledging it, withdrawing it, and asking those who have not read it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.agreements import messages
from portal.agreements.models import Acknowledgement, Agreement, AgreementKind
from portal.agreements.queries import OFFERED, Asked, acknowledgement, asked_of, latest_of, to_write_to
from portal.agreements.rules import REMINDED_AFTER, reasons_not_to_acknowledge
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import session
from portal.files.models import StoredFile
from portal.locks.services import once
from portal.messages.models import Message
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer


def publish(
    scheme: Scheme, *, title: str, text: str, by: Actor, kind: AgreementKind = AgreementKind.VOLUNTEER,
    asks_again: bool = True,
) -> Agreement:  # fmt: skip
    """Publish a new version of one kind. Older ones stay as they were.

    `asks_again` is False for a mistake put right: then what was acknowledged before counts for this one too.
    """
    if by.id is None:
        raise Refused("An agreement is published by a worker with an account")
    Refused.unless_empty(f"Enter the {what}" for what, value in (("title", title), ("text", text)) if not value.strip())
    session.execute(select(Scheme.id).where(Scheme.id == scheme.id).with_for_update())  # one version at a time
    latest = latest_of(scheme.id, kind)
    Refused.unless_empty(reasons_not_to_publish(latest, title=title, text=text))
    made = Agreement(
        scheme=scheme, kind=kind, number=(latest.number if latest else 0) + 1, title=title, text=text,
        asks_again=asks_again or latest is None, published_at=clock.now(), published_by_id=by.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def reasons_not_to_publish(latest: Agreement | None, *, title: str, text: str) -> list[str]:
    """Why these words are no new version after the last one of their kind."""
    is_same = latest is not None and latest.withdrawn_at is None and (latest.title, latest.text) == (title, text)
    return ["This is the version that stands already: nothing was changed"] if is_same else []


def names_of(volunteer: Volunteer) -> tuple[str, ...]:
    """The names that somebody may put under an agreement."""
    return volunteer.name, volunteer.known_as, volunteer.romanised


def withdraw(agreement: Agreement, *, by: Actor) -> None:
    """Ask nobody for this kind any more. What was acknowledged stays on record."""
    latest = latest_of(agreement.scheme_id, agreement.kind)
    if latest is not agreement:
        raise Refused("There is a newer version: withdraw that one")
    if agreement.withdrawn_at is not None:
        raise Refused("It has been withdrawn already")
    agreement.withdrawn_at = clock.now()
    session.flush()


def acknowledge(
    volunteer: Volunteer, *, agreement: Agreement, typed_name: str, by: Actor, file: StoredFile | None = None
) -> Acknowledgement:
    """The volunteer has read it and typed their name; or a worker records that it was on paper, perhaps with a scan."""
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())  # two taps at once
    is_own = by.id is None or by.id == volunteer.user_id
    asked = asked_of([volunteer])[volunteer.id]
    Refused.unless_empty(
        reasons_not_to_acknowledge(
            is_offered=volunteer.stage in OFFERED,
            is_latest=any(each.agreement.id == agreement.id for each in asked),
            is_done=acknowledgement(volunteer, agreement.id) is not None, typed_name=typed_name,
            names=names_of(volunteer) if is_own else None,
        )
    )  # fmt: skip
    made = Acknowledgement(
        volunteer=volunteer, agreement=agreement, typed_name=typed_name, at=clock.now(),
        recorded_by_id=None if is_own else by.id, file=file,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def send_link_again(agreement: Agreement, volunteer: Volunteer, *, by: Actor) -> Message:
    """Their link was too old, or is lost: the letter once more, at most once a day. Says how they hear of it."""
    asked = next((each for each in asked_of([volunteer])[volunteer.id] if each.agreement.id == agreement.id), None)
    if asked is None or asked.is_done or volunteer.stage not in OFFERED:
        raise Refused("They are not asked for this now")
    if not once(f"agreement:{agreement.id}:{volunteer.id}:by-hand:{clock.today().isoformat()}"):
        raise Refused("They have been sent a link today already")
    message = queue(messages.to_read(agreement, volunteer, is_new=asked.has_older))
    assert message is not None
    return message


def ask(at: datetime) -> int:
    """Write to everybody who has something to read: at once, after a week and after two, each once. For the worker."""
    audit.acting(WORKER)
    people = to_write_to()
    asked, sent = asked_of(people), 0
    for each in people:
        for one in asked[each.id]:
            if not one.is_done:
                sent += _write(each, one, at)
    return sent


def _write(volunteer: Volunteer, asked: Asked, at: datetime) -> int:
    agreement = asked.agreement
    key = f"agreement:{agreement.id}:{volunteer.id}"
    since = max(agreement.published_at, volunteer.stage_since if volunteer.stage is Stage.OFFERED else at - _LONG)
    come = [day for day in REMINDED_AFTER if since + timedelta(days=day) <= at]
    is_first = once(f"{key}:asked")
    if is_first:
        queue(messages.to_read(agreement, volunteer, is_new=asked.has_older))
    if come and once(f"{key}:{come[-1]}") and not is_first:
        queue(messages.reminder(agreement, volunteer))
        return 1
    return int(is_first)


_LONG = timedelta(days=36_500)
