"""Queuing a letter in the same transaction as the change it tells of, and sending it afterwards."""

from __future__ import annotations

import secrets
import smtplib
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.database import session
from portal.messages.models import Message, MessageState, Once, Watch
from portal.messages.rules import Letter, MailServer, as_email, wait_after
from portal.refusals import Refused
from portal.web.text import phone

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "messages"


class PostRoom:
    """How letters are written here: the address of the portal in their links, and who they are from."""

    def __init__(self) -> None:
        self.public_url = "http://localhost"
        self.mail_from = ""
        # plain text, never HTML: escaping would put &amp; into people's names
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
        )

    def load(self, *, public_url: str, mail_from: str) -> None:
        """Take the addresses of the settings."""
        self.public_url = public_url.rstrip("/")
        self.mail_from = mail_from

    def link(self, path: str) -> str:
        """A path of the portal as a link somebody can open from a message."""
        return self.public_url + path


post_room = PostRoom()


def queue(letter: Letter) -> Message | None:
    """Render a letter and queue it; None when the person has no e-mail address.

    Raises `jinja2.UndefinedError` when the template asks for a fact that the letter does not carry.
    """
    if not letter.to_address:
        return None
    rendered = post_room.templates.get_template(f"{letter.template}.txt").render(
        to_name=letter.to_name, link=post_room.link, **_as_said(letter.facts)
    )
    first, _, body = rendered.partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())  # one line: no header can be smuggled in
    at = clock.now()
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@alongside>", scheme_id=letter.scheme_id, volunteer_id=letter.volunteer_id,
        template=letter.template, to_address=letter.to_address, to_name=letter.to_name, subject=subject[:200],
        body=body.strip() + "\n", calendar=letter.calendar or None, next_try_at=at, queued_at=at,
    )  # fmt: skip
    session.add(message)
    return message


def _as_said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A number to ring is kept as +44191…; people read and dial 0191…."""
    return {key: phone(fact) if key == "phone" else fact for key, fact in facts.items()}


UNFINISHED = (MessageState.QUEUED, MessageState.SENDING)
LEASE = timedelta(minutes=5)  # longer than one hand-over can take
SECONDS_TO_WAIT = 20  # for each answer of the mail server


@dataclass(frozen=True)
class Claimed:
    """A message that this worker may send until the lease ends."""

    id: int
    message_id: str
    to_address: str
    to_name: str
    subject: str
    body: str
    calendar: str | None
    attempts: int
    queued_at: datetime
    leased_until: datetime


def due(at: datetime) -> Any:
    """A WHERE condition: messages that may go now. Nobody's second message overtakes their first."""
    earlier = aliased(Message)
    overtakes = select(earlier.id).where(
        earlier.to_address == Message.to_address, earlier.id < Message.id, earlier.state.in_(UNFINISHED)
    )
    return and_(
        or_(
            and_(Message.state == MessageState.QUEUED, Message.next_try_at <= at),
            and_(Message.state == MessageState.SENDING, Message.leased_until < at),  # its worker died
        ),
        ~overtakes.exists(),
    )


def is_anything_due() -> bool:
    """Whether there is something to send; only reads, so that waiting costs nobody a lock."""
    return session.scalar(select(Message.id).where(due(clock.now())).limit(1)) is not None


def claim(*, lease: timedelta = LEASE) -> Claimed | None:
    """Take the oldest message that is due, so that no other worker sends it; commit before sending it."""
    at = clock.now()
    # a WITH that locks is read once: PostgreSQL could read a plain subquery again and take more than one
    oldest = (
        select(Message.id).where(due(at)).order_by(Message.id).limit(1).with_for_update(skip_locked=True).cte("oldest")
    )
    row = session.execute(
        update(Message)
        .where(Message.id.in_(select(oldest.c.id)))
        .values(state=MessageState.SENDING, leased_until=at + lease)
        .returning(*(getattr(Message, name) for name in Claimed.__dataclass_fields__))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claimed(*row) if row else None


def note_sent(claimed: Claimed) -> None:
    """It has gone: keep who, when and what about, and erase what it said."""
    _settle(
        claimed, state=MessageState.SENT, sent_at=clock.now(), body=None, calendar=None, last_error="",
        attempts=claimed.attempts + 1,
    )  # fmt: skip


def note_failed(claimed: Claimed, error: str) -> None:
    """It could not go: wait longer after each try, and after the last one leave it for somebody to look at."""
    tries = claimed.attempts + 1
    wait = wait_after(tries)
    state = MessageState.QUEUED if wait else MessageState.DEAD
    next_try_at = clock.now() + (wait or timedelta())
    _settle(claimed, state=state, next_try_at=next_try_at, attempts=tries, last_error=error[:300])


def _settle(claimed: Claimed, **values: Any) -> None:
    # a lease that ran out may be another worker's by now: then what became of it is theirs to say
    mine = and_(Message.id == claimed.id, Message.leased_until == claimed.leased_until)
    session.execute(
        update(Message)
        .where(mine, Message.state == MessageState.SENDING)
        .values(leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )


def try_again(message: Message, *, by: Actor) -> None:
    """Put a message that was given up back into the queue, with all its tries before it."""
    if message.state is not MessageState.DEAD:
        raise Refused("Only a message that could not be sent can be tried again.")
    message.state, message.attempts, message.next_try_at = MessageState.QUEUED, 0, clock.now()
    audit.did("message", by=by, row_id=message.id, scheme_id=message.scheme_id, purpose="Tried again")


def once(key: str) -> bool:
    """Whether this is the first time, ever, that somebody asks about this key: then it is theirs to do, once.

    The answer is kept with what is done after it, in one transaction: a worker that dies in between did neither.
    `key` is at most 120 characters, such as "reference:41:1:referee:7".
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Once).values(key=key, at=clock.now()).on_conflict_do_nothing().returning(Once.key)
    return session.execute(row).scalar() is not None


def first_times(keys: Collection[str]) -> set[str]:
    """Those of many keys that `once` would say yes to, asked in one statement."""
    if not keys:
        return set()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    at = clock.now()
    rows = insert(Once.__table__).on_conflict_do_nothing().returning(Once.__table__.c.key)  # type: ignore[arg-type]
    return set(session.execute(rows, [{"key": key, "at": at} for key in keys]).scalars())


def hold(office: str, *, holder: str, lease: timedelta) -> bool:
    """Take or keep an office that one worker at a time may hold; False while another one holds it."""
    at = clock.now()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"holder": holder, "beat_at": at, "until_at": at + lease}
    taken = session.execute(
        insert(Watch)
        .values(office=office, **values)
        .on_conflict_do_update(
            index_elements=[Watch.office], set_=values, where=or_(Watch.holder == holder, Watch.until_at < at)
        )
        .returning(Watch.office)
    ).scalar()
    return taken is not None


def let_go(office: str, *, holder: str) -> None:
    """Give the office up, so that the next worker need not wait for the lease to end."""
    mine = and_(Watch.office == office, Watch.holder == holder)
    session.execute(update(Watch).where(mine).values(until_at=clock.now() - timedelta(seconds=1)))


class Postman:
    """Hands messages to the mail server over one connection, opened again when it was lost."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is opened before there is something to send."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Say goodbye."""
        self.hang_up()

    def deliver(self, claimed: Claimed) -> None:
        """Hand one message over; raises `OSError`, `SMTPException` or `ValueError` when that fails."""
        email = as_email(
            message_id=claimed.message_id, mail_from=post_room.mail_from, to_address=claimed.to_address,
            to_name=claimed.to_name, subject=claimed.subject, body=claimed.body, queued_at=claimed.queued_at,
            calendar=claimed.calendar,
        )  # fmt: skip
        line = self._line or self._open()
        try:
            line.send_message(email)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            raise  # refused in good order: the conversation goes on
        except BaseException:
            self.hang_up()  # whatever state the conversation is in, the next message starts a new one
            raise

    @property
    def is_connected(self) -> bool:
        """Whether the server was there a moment ago."""
        return self._line is not None

    def hang_up(self) -> None:
        """End the connection; a server that is gone already is no matter."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.quit()
        except (OSError, smtplib.SMTPException):
            line.close()

    def _open(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        if server.is_tls:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS_TO_WAIT, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS_TO_WAIT)
        try:
            line.ehlo()
            is_private = server.is_tls or server.is_here
            if not server.is_tls and line.has_extn("starttls"):
                line.starttls(context=context)
                line.ehlo()
                is_private = True
            if server.user:
                if not is_private:
                    raise smtplib.SMTPNotSupportedError("the mail server offers no TLS: the password stays here")
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        self._line = line
        return line
