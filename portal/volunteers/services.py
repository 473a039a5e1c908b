"""Writing about the person: starting, changing details, withdrawing, starting again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm.attributes import flag_modified

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.carriers.rules import Carrier
from portal.database import session
from portal.messages.rules import Reach
from portal.messages.services import follow, queue, reached_by
from portal.refusals import Refused
from portal.schemes.models import Area
from portal.schemes.rules import Route
from portal.volunteers import messages, queries
from portal.volunteers.journey import STARTS_AT, Move
from portal.volunteers.models import Channel, ContactPreference, HistoryLine, Volunteer, calendar_without
from portal.volunteers.rules import FREE, REFERENCE_LETTERS, sort_name

CARRIERS = {
    Channel.EMAIL: Carrier.EMAIL, Channel.TEXT: Carrier.TEXT, Channel.PHONE: Carrier.HAND, Channel.POST: Carrier.HAND,
}  # fmt: skip


class ChangedMeanwhile(Refused):
    """Somebody else saved the same details since the page was drawn."""


@dataclass(frozen=True)
class Details:
    """Who somebody is and how to reach them, as one form gives it. None leaves a field as it is."""

    name: str | None = None
    known_as: str | None = None
    romanised: str | None = None
    email: str | None = None
    phone: str | None = None
    postcode_area: str | None = None
    availability: list[str] | None = None
    access_needs: str | None = None
    may_share_access_needs: bool | None = None
    emergency_contact: str | None = None


@dataclass(frozen=True)
class Reaching:
    """How and when it is safe to contact somebody. Safe hours are both given or both left out."""

    channel: Channel
    may_leave_voicemail: bool = False
    hide_scheme_name: bool = False
    safe_from: time | None = None
    safe_until: time | None = None
    notes: str = ""


def start(*, area: Area, name: str, email: str, phone: str, route: Route, through: str = "", by: Actor) -> Volunteer:
    """Somebody begins: the person, their contact preferences, the first line of their history.

    `email` and `phone` may be empty, not both; unless they have neither, and `through` says who passes a word on.
    Raises `Refused`.
    """
    if not (email or phone or through):
        raise Refused("Give an email address or a phone number, so that we can reach you")
    at = clock.now()
    volunteer = Volunteer(
        scheme=area.scheme, area=area, reference=_new_reference(), name=name, sort_name=sort_name(name),
        email=email.lower(), phone=phone, route=route, stage=STARTS_AT, stage_since=at, created_at=at, availability=[],
    )  # fmt: skip
    channel = Channel.EMAIL if email else Channel.PHONE if phone else Channel.POST
    volunteer.contact = ContactPreference(channel=channel, notes=through)
    volunteer.history.append(
        HistoryLine(move="start", from_stage=None, to_stage=STARTS_AT, at=at, by_id=by.id, by_name=by.name)
    )
    session.add(volunteer)
    session.flush()
    return volunteer


def change_details(
    volunteer: Volunteer,
    *,
    details: Details,
    reaching: Reaching | None = None,
    drawn_from: int | None = None,
    by: Actor,
) -> None:
    """Change who they are and how to reach them.

    `drawn_from` is `queries.likeness_of(volunteer)` when the page was drawn: raises `ChangedMeanwhile` when somebody
    else saved since. Raises `Refused` when there would be no way left to reach them.
    """
    if drawn_from is not None and drawn_from != queries.likeness_of(volunteer):
        raise ChangedMeanwhile("Someone else changed these details while you had the page open")
    email = volunteer.email if details.email is None else details.email
    phone = volunteer.phone if details.phone is None else details.phone
    kept = Reaching(volunteer.contact.channel, notes=volunteer.contact.notes)
    is_passed_on = (reaching or kept).channel is Channel.POST and bool((reaching or kept).notes)
    Refused.unless_empty(_reasons_not_reachable(email, phone, reaching, is_passed_on=is_passed_on))
    given = {name: value for name, value in vars(details).items() if value is not None}
    if "availability" in given:
        given["availability"] = [key for key in FREE if key in given["availability"]]
    if "email" in given:
        given["email"] = given["email"].lower()
    if any(given.get(way, getattr(volunteer, way)) != getattr(volunteer, way) for way in ("email", "phone")):
        volunteer.links_number += 1  # whoever reads the old address or number sees nothing any more
    for name, value in given.items():
        setattr(volunteer, name, value)
    volunteer.sort_name = sort_name(volunteer.name, volunteer.known_as, volunteer.romanised)
    if reaching is not None:
        _change_contact(volunteer.contact, reaching)
    flag_modified(volunteer, "phone")  # contact is a row of its own: the version must change with it all the same
    session.flush()
    follow(volunteer.id)  # what waits to be sent to them must not go the old way


@reached_by
def reach_of(volunteer_id: int) -> Reach | None:
    """How the outbox may reach somebody, from what they told us about it."""
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None or volunteer.contact is None:
        return None
    contact = volunteer.contact
    return Reach(
        wants=CARRIERS[contact.channel], email=volunteer.email, phone=volunteer.phone,
        by_post=contact.channel is Channel.POST, safe_from=contact.safe_from, safe_until=contact.safe_until,
        hidden_name=volunteer.scheme.name if contact.hide_scheme_name else "",
    )  # fmt: skip


def reveal(volunteer: Volunteer, *, because: str, by: Actor) -> None:
    """Note that somebody looked who a hidden applicant is, and why."""
    if not because.strip():
        raise Refused("Say why you must know")
    audit.seen(
        "volunteer", volunteer.id, by=by, purpose=f"Name of a hidden applicant: {because.strip()[:150]}",
        volunteer_id=volunteer.id, scheme_id=volunteer.scheme_id,
    )  # fmt: skip


def withdraw(volunteer: Volunteer, *, because: str, by: Actor, undo_until: str = "") -> None:
    """They decided not to go on for now. Raises `MoveRefused` from a stage that has nothing to withdraw from.

    Pages ask `decisions.services.withdraw`, which also keeps whose decision it was and lets it be undone.
    """
    calendar = calendar_without(volunteer)  # before they leave: afterwards there are no dates of theirs any more
    volunteer.make(Move.WITHDRAW, by=by, because=because)
    queue(messages.withdrawn(volunteer, calendar=calendar, undo_until=undo_until))
    session.flush()


def reapply(volunteer: Volunteer, *, by: Actor) -> None:
    """They start again after withdrawing, or after we could not take them. Raises `MoveRefused`."""
    volunteer.make(Move.REAPPLY, by=by)
    session.flush()


def _reasons_not_reachable(email: str, phone: str, reaching: Reaching | None, *, is_passed_on: bool) -> list[str]:
    is_reached = bool(email or phone or is_passed_on)
    reasons = [] if is_reached else ["Give an email address or a phone number, so that we can reach you"]
    if reaching is None:
        return reasons
    if reaching.channel is Channel.EMAIL and not email and phone:
        reasons.append("Give an email address, or choose another way to be reached")
    if reaching.channel in {Channel.TEXT, Channel.PHONE} and not phone and email:
        reasons.append("Give a phone number, or choose another way to be reached")
    if (reaching.safe_from is None) != (reaching.safe_until is None):
        reasons.append("Give both times, or leave both empty")
    elif reaching.safe_from is not None and reaching.safe_from == reaching.safe_until:
        reasons.append("The two times must be different")
    return reasons


def _change_contact(contact: ContactPreference, reaching: Reaching) -> None:
    contact.channel = reaching.channel
    contact.may_leave_voicemail = reaching.may_leave_voicemail
    contact.hide_scheme_name = reaching.hide_scheme_name
    contact.safe_from, contact.safe_until = reaching.safe_from, reaching.safe_until
    contact.notes = reaching.notes


def _new_reference() -> str:
    """A-XXXXXX: short enough to read out, and never one that somebody has."""
    while True:
        reference = "A-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
        if not queries.is_reference_taken(reference):
            return reference
