"""Typing an application for somebody, and their word that it is theirs. Without it, nothing is sent."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.applications import queries as applications
from portal.applications import services as application_services
from portal.applications.models import Application, ConfirmedBy, Helper
from portal.applications.rules import new_code
from portal.assisted import messages, queries
from portal.assisted.rules import LINK_LASTS, NOT_ASKED_FOR, WRONG_WORDS
from portal.audit import services as audit
from portal.audit.rules import Actor, Outsider
from portal.carriers.rules import Carrier
from portal.database import keyring, session
from portal.files import services as files
from portal.files.rules import Examined
from portal.messages.models import MessageState
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Area
from portal.schemes.rules import Route
from portal.volunteers.journey import Move

TOKEN_BYTES = 24  # 192 bits: nobody guesses one


def start_for_somebody(
    *, area: Area, name: str, email: str, phone: str, route: Route, helper: str, organisation: str,
    helper_email: str, helper_phone: str, user: User | None = None, by: Actor,
) -> tuple[Application, str]:  # fmt: skip
    """Begin an application that somebody types for another person. `user` is the helper's account, if they have one.

    The person's own `email` and `phone` may both be empty: then they confirm on paper. Answers the application and
    the return code, which goes to the helper alone. Raises `Refused`.
    """
    Refused.unless_empty(_reasons_not_to_help(email, phone, helper_email, helper_phone))
    who = ", ".join(filter(None, (helper, organisation)))
    through = "" if email or phone else f"Through {who}"[:500]
    application, code = application_services.begin(
        area=area, name=name, email=email, phone=phone, route=route, through=through, by=by
    )
    typed_by = Helper(
        application=application, name=helper, organisation=organisation, email=helper_email.lower(),
        phone=helper_phone, user_id=user.id if user else None, began_at=clock.now(), confirmed_name="", sent_to="",
    )  # fmt: skip
    session.add(typed_by)
    session.flush()
    queue(messages.helping_started(application, typed_by, code))
    return application, code


def _reasons_not_to_help(email: str, phone: str, helper_email: str, helper_phone: str) -> list[str]:
    reasons = [] if helper_email or helper_phone else ["Give an email address or a phone number of yours"]
    if email and email.casefold() == helper_email.casefold():
        reasons.append("Give an email address of their own, or leave it empty: this one is yours")
    if phone and phone == helper_phone:
        reasons.append("Give a phone number of their own, or leave it empty: this one is yours")
    return reasons


def ask_to_confirm(application: Application, *, by: Actor) -> ConfirmedBy:
    """Send the person a link to read what was typed and to say whether it is theirs; a link before it is dead.

    It goes the way they like to be reached. Answers which way that was. Raises `Refused` when something is missing,
    when they said so already, or when neither an e-mail nor a text message may go to them.
    """
    helper, person = _helped(application), application.volunteer
    Refused.unless_empty(application_services.missing(application))
    if applications.is_confirmed(application):
        raise Refused("They have confirmed it already")
    own = {person.email, person.phone} - {""}
    if not own or {helper.email, helper.phone} & own:
        raise Refused("There is no way to reach them by themselves. Print it for them to sign")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    message = queue(messages.confirmation_asked(application, helper, token))
    if message is None or message.state is MessageState.BY_HAND:
        raise Refused("We can send them neither an email nor a text message. Print it for them to sign")
    is_text = message.carrier is Carrier.TEXT
    helper.token_hash, helper.expires_at = queries.hashed(token), clock.now() + LINK_LASTS
    helper.sent_to = person.phone if is_text else person.email
    _forget_words(application)
    session.flush()
    return ConfirmedBy.TEXT if is_text else ConfirmedBy.LINK


def confirm(application: Application, *, name: str, drawn_from: int) -> None:
    """They say by their link that it is theirs: from then on it is sent. `drawn_from` is the likeness they read.

    Raises `Refused` when it was changed while they read, or when something is missing.
    """
    helper = _held(application)
    if drawn_from != applications.likeness_of(application):
        raise Refused("Somebody changed this while you read it. It is shown anew: please read it again")
    how = ConfirmedBy.LINK if "@" in helper.sent_to else ConfirmedBy.TEXT
    by = Outsider(f"{name} (applicant {application.volunteer.reference})")
    audit.acting(by)
    _confirm(application, helper, how=how, name=name, at=clock.now())
    application_services.submit(application, by=by)


def say_it_is_wrong(application: Application, *, words: str) -> None:
    """They want something changed: it goes back to whoever types, with their words; the link is used."""
    if not words:
        raise Refused("Tell us what is wrong")
    helper = _held(application)
    audit.acting(Outsider(f"Applicant {application.volunteer.reference}"))
    helper.token_hash = helper.expires_at = None
    application.prompted = {**application.prompted, WRONG_WORDS: words}
    application.saved_at = clock.now()
    session.flush()
    queue(messages.put_right(application, helper))


def stop(application: Application) -> None:
    """They did not ask for it: nothing goes on, and staff ring them."""
    helper = _held(application)
    by = Outsider(f"Applicant {application.volunteer.reference}")
    audit.acting(by)
    _shut_out(application, helper)
    application.volunteer.make(Move.WITHDRAW, by=by, because=NOT_ASKED_FOR)
    session.flush()


def record_signed_print(
    application: Application, *, name: str, signed_on: date, scan: Examined, drawn_from: int, by: User
) -> None:
    """Staff hold the print that the person signed: its scan is kept, and the application is sent.

    `drawn_from` is the likeness of the answers when the page was drawn. Raises `Refused` when they are other ones
    now, when the day is to come or before it was begun, or when something is missing.
    """
    helper = _held(application)
    if drawn_from != applications.likeness_of(application):
        raise Refused("The answers were changed since. Print them again, and let them sign what they say now")
    if not clock.in_london(helper.began_at).date() <= signed_on <= clock.today():
        raise Refused("Give the day it was signed: not before it was begun, and not a day to come")
    at = min(clock.now(), datetime.combine(signed_on, time(12), clock.LONDON))
    helper.file = files.keep(scan, scheme_id=application.volunteer.scheme_id, by=by)
    helper.recorded_by_id = by.id
    _confirm(application, helper, how=ConfirmedBy.PRINT, name=name, at=at)
    application_services.submit(application, by=by)


def _confirm(application: Application, helper: Helper, *, how: ConfirmedBy, name: str, at: datetime) -> None:
    _forget_words(application)
    helper.confirmed_at, helper.confirmed_by, helper.confirmed_name = at, how, name
    helper.likeness = applications.likeness_of(application)
    _shut_out(application, helper)
    queue(messages.helping_finished(application, helper))


def _shut_out(application: Application, helper: Helper) -> None:
    """From here on it is its person's own: the link is used, and the helper's code opens nothing any more."""
    helper.token_hash = helper.expires_at = None
    application.return_code_hash = keyring.hash(new_code())
    session.flush()


def _helped(application: Application) -> Helper:
    helper = application.typed_by
    if helper is None:
        raise Refused("Nobody types this application for somebody else")
    if not application.is_open:
        raise application_services.Locked("This application has been sent, or it was stopped")
    return helper


def _held(application: Application) -> Helper:
    """The helper, with the application held until the end: two answers at the same moment are one."""
    session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    session.refresh(application, ["submitted_at", "version"])
    return _helped(application)


def _forget_words(application: Application) -> None:
    if WRONG_WORDS in application.prompted:
        application.prompted = {key: said for key, said in application.prompted.items() if key != WRONG_WORDS}
