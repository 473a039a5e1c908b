"""A first hello: taking it in once, answering it, making an application of it, and telling people when doors open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import update

from portal import clock
from portal.applications import messages as application_messages
from portal.applications import services as applications
from portal.applications.models import Application
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import keyring, session
from portal.enquiries import messages, queries
from portal.enquiries.models import Enquiry, Outcome
from portal.enquiries.rules import FORGOTTEN, KEPT_MONTHS, LONGEST_WAIT_MONTHS
from portal.locks.services import once
from portal.messages.services import forget_readers, queue
from portal.refusals import Refused
from portal.schemes.models import Area, Doors
from portal.schemes.rules import Route, reply_by
from portal.volunteers import services as volunteers
from portal.volunteers.models import Channel
from portal.volunteers.services import Details, Reaching

LONGEST_WORDS = 4000
LETTERS = ("enquiry_received", "enquiry_area_open")
MOST = 500  # a night; the rest the night after
ROUND = timedelta(days=1)  # a letter is queued just after the answer it goes with
OPENED = "The doors have opened. They asked to hear of it, and can only be rung."


@dataclass(frozen=True)
class Hello:
    """What somebody left with us: a name, and an e-mail address or a phone number."""

    name: str
    email: str = ""
    phone: str = ""
    channel: Channel = Channel.EMAIL
    words: str = ""
    may_leave_voicemail: bool = False
    hide_scheme_name: bool = False
    safe_from: time | None = None
    safe_until: time | None = None
    tell_when_open: bool = False


def say_hello(area: Area, hello: Hello, *, by: Actor) -> Enquiry:
    """Take in a hello, and thank them for it.

    Said again before we answered, with the same name and the same way to reach them, it is the same one: new words
    are put to the old, and there is no second letter. Raises `Refused` when there is no way to reach them.
    """
    if not (hello.email or hello.phone):
        raise Refused("Give an email address or a phone number, so that we can reach you")
    same = queries.same_enquiries(area=area, name=hello.name, email=hello.email.lower(), phone=hello.phone)
    answered = sum(each.answered_at is not None for each in same)
    # the key is taken once: of two taps at the same moment the second waits here, and then finds the first one's
    if not once(_key(area, hello, answered)):
        session.expire_all()
        same = queries.same_enquiries(area=area, name=hello.name, email=hello.email.lower(), phone=hello.phone)
        if open_one := next((each for each in same if each.answered_at is None), None):
            return _said_again(open_one, hello)
    at, today = clock.now(), clock.today()
    enquiry = Enquiry(
        scheme=area.scheme, area=area, made_at=at,
        reply_by=reply_by(today, area.scheme.settings.reply_within_days),
        tell_when_open=hello.tell_when_open and area.doors is not Doors.OPEN,
        name=hello.name, email=hello.email.lower(), phone=hello.phone, channel=hello.channel, words=hello.words,
        may_leave_voicemail=hello.may_leave_voicemail, hide_scheme_name=hello.hide_scheme_name,
        safe_from=hello.safe_from, safe_until=hello.safe_until, note="",
    )  # fmt: skip
    session.add(enquiry)
    session.flush()
    queue(messages.enquiry_received(enquiry))
    return enquiry


def answer(enquiry: Enquiry, *, outcome: Outcome, note: str, by: Actor) -> None:
    """Write down what became of it. Raises `Refused` when somebody has done so already."""
    if enquiry.answered_at is not None:
        raise Refused("This enquiry is answered already")
    if outcome is Outcome.APPLYING:
        raise Refused("Start their application with the button: then it is kept with it")
    _answered(enquiry, outcome, by)
    enquiry.note = note
    session.flush()


def undo_answer(enquiry: Enquiry, *, by: Actor) -> None:
    """It was the wrong answer, or the wrong person: it waits again, with the day it was promised."""
    if enquiry.answered_at is None:
        raise Refused("This enquiry is not answered yet")
    if enquiry.volunteer_id is not None:
        raise Refused("An application has begun from it, so it cannot wait again. Withdraw the application instead")
    _reopen(enquiry)
    session.flush()


def begin_application(enquiry: Enquiry, *, by: Actor) -> tuple[Application, str]:
    """Make an application of it: their name and how to reach them safely go with it; they are sent the way back.

    Answers the application and its return code, to be read out to who has no e-mail. Raises `Refused` when the area
    is closed, or when it has become one already.
    """
    if enquiry.volunteer_id is not None:
        raise Refused("An application has begun from this enquiry already")
    application, code = applications.begin(
        area=enquiry.area, name=enquiry.name, email=enquiry.email, phone=enquiry.phone, route=Route.OPEN_WEB, by=by
    )
    volunteers.change_details(
        application.volunteer, details=Details(), by=by,
        reaching=Reaching(
            channel=enquiry.channel, may_leave_voicemail=enquiry.may_leave_voicemail,
            hide_scheme_name=enquiry.hide_scheme_name, safe_from=enquiry.safe_from, safe_until=enquiry.safe_until,
        ),
    )  # fmt: skip
    enquiry.volunteer = application.volunteer
    _answered(enquiry, Outcome.APPLYING, by)
    session.flush()
    queue(application_messages.application_started(application, code))
    return application, code


def tell_of_open_doors(at: datetime) -> int:
    """Tell everybody who asked to hear when their area opens, once; who can only be rung waits for a call again."""
    told = 0
    for enquiry in queries.to_be_told_of_open_doors():
        if not once(f"enquiry:{enquiry.id}:open"):
            continue
        enquiry.told_open_at = at
        if queue(messages.enquiry_area_open(enquiry)) is None:
            if enquiry.answered_at is not None:
                _reopen(enquiry)
            enquiry.reply_by = reply_by(clock.in_london(at).date(), enquiry.area.scheme.settings.reply_within_days)
            enquiry.note = f"{OPENED} {enquiry.note}".strip()[:500]
        told += 1
    session.flush()
    return told


def forget(at: datetime) -> int:
    """Forget hellos half a year after our answer: names, words, addresses, and what the outbox kept of them.

    What is left says that somebody said hello, and when and how it was answered, so that figures stay true.
    """
    due = queries.to_forget(
        answered_before=_months_before(at, KEPT_MONTHS), made_before=_months_before(at, LONGEST_WAIT_MONTHS), most=MOST
    )
    session.execute(
        update(Enquiry)
        .where(Enquiry.id.in_([row.id for row in due]))
        .values(
            name="", email=FORGOTTEN, phone="", words="", note="", volunteer_id=None, safe_from=None, safe_until=None,
            may_leave_voicemail=False, hide_scheme_name=False, tell_when_open=False, version=Enquiry.version + 1,
        )
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip
    for row in due:
        reached = [each for each in (row.email, row.phone) if each]
        forget_readers(row.scheme_id, LETTERS, reached, queued_before=_months_before(at, KEPT_MONTHS) + ROUND)
        audit.did("enquiry", by=WORKER, row_id=row.id, scheme_id=row.scheme_id, purpose="Forgotten: its time is over")
    return len(due)


def _months_before(at: datetime, months: int) -> datetime:
    """Midnight in London after the same day some months earlier: that day is over, whatever the hour."""
    day = clock.months_after(clock.in_london(at).date(), -months)
    return datetime.combine(day, time(), tzinfo=clock.LONDON)


def _answered(enquiry: Enquiry, outcome: Outcome, by: Actor) -> None:
    enquiry.answered_at, enquiry.outcome, enquiry.answered_by_id = clock.now(), outcome, by.id


def _reopen(enquiry: Enquiry) -> None:
    enquiry.answered_at = enquiry.outcome = enquiry.answered_by_id = None


def _said_again(enquiry: Enquiry, hello: Hello) -> Enquiry:
    if hello.words and hello.words not in enquiry.words:
        enquiry.words = f"{enquiry.words}\n\n{hello.words}".strip()[:LONGEST_WORDS]
        session.flush()
    return enquiry


def _key(area: Area, hello: Hello, answered: int) -> str:
    """One key for one name and way to reach them, until it is answered. Hashed: keys are kept for ever."""
    who = "|".join((hello.name.casefold(), hello.email.lower(), hello.phone))
    return f"enquiry:{area.id}:{keyring.hash(who)[:48]}:{answered}"
