"""What a carrier is handed, the e-mail it becomes, and what can go wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP, default
from email.utils import format_datetime, parseaddr
from enum import Enum
from urllib.parse import unquote, urlsplit

METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
OUR_ID = re.compile(r"^Message-ID:\s*(<[0-9a-f]{32}@alongside>)", re.IGNORECASE | re.MULTILINE)
ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
NO_SUCH_MAILBOX = {550, 551, 553}
ABOUT_ADDRESSES, ABOUT_MAILBOXES, MAILBOX_FULL = 1, 2, 2
DISCREET = "Alongside"
"""Who letters are from when the scheme must not be named."""


class Carrier(Enum):
    """What carries a message."""

    EMAIL = "email"
    TEXT = "text"
    HAND = "hand"

    @property
    def words(self) -> str:
        """As a list shows it."""
        return {"email": "Email", "text": "Text message", "hand": "Told by us"}[self.value]


class NotCarried(Exception):
    """A carrier could not take a message; the words are for the outbox, never for the log."""

    def __init__(
        self, words: str, *, is_final: bool = False, is_address_wrong: bool = False, is_away: bool = False
    ) -> None:
        super().__init__(words)
        self.is_final = is_final or is_address_wrong
        """Trying again is of no use."""
        self.is_address_wrong = is_address_wrong
        """Nobody can be reached there."""
        self.is_away = is_away
        """The carrier takes nothing from anybody now: the other messages keep their tries."""


@dataclass(frozen=True)
class Parcel:
    """One message as a carrier is given it."""

    id: int
    message_id: str
    to_address: str
    to_name: str
    subject: str
    body: str
    queued_at: datetime
    calendar: str | None = None
    is_discreet: bool = False
    """The sender's name must not say which scheme it is."""
    is_again: bool = False
    """The carrier may have it already: an answer was lost, or a worker died."""


def is_about_the_address(code: int, reason: bytes | str) -> bool:
    """Whether a mail server's refusal means that nobody has this address, for good.

    Source: RFC 5321, 4.2.3, and the finer codes of RFC 3463: 5.1 is the address, 5.2 the mailbox. A full mailbox
    empties again; 5.7 is about who we are, and 5.6 about what we say.
    """
    if not 500 <= code < 600:
        return False
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    if found := ENHANCED.search(words):
        subject, detail = int(found[1]), int(found[2])
        return subject == ABOUT_ADDRESSES or (subject == ABOUT_MAILBOXES and detail != MAILBOX_FULL)
    return code in NO_SUCH_MAILBOX


@dataclass(frozen=True)
class Bounce:
    """What a mail server says came of a message that it had taken."""

    message_id: str
    words: str
    is_address_wrong: bool


class NoBounce(ValueError):
    """It is no delivery status notification of one of our messages."""


def read_bounce(raw: bytes) -> Bounce:
    """A delivery status notification (RFC 3464) as a mail server sends it. Raises `NoBounce`, in words.

    Which message it is about stands in the copy of its headers (RFC 3462: the third part), never in the report.
    """
    report = message_from_bytes(raw, policy=default)
    parts = list(report.walk())
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not statuses:
        raise NoBounce("This is no delivery status notification")
    groups = [group for part in statuses for group in part.walk() if group["Action"]]
    failed = [group for group in groups if str(group["Action"]).strip().lower() == "failed"]
    found = OUR_ID.search(_returned(parts))
    if found is None:
        raise NoBounce("It does not name one of our messages")
    words = "; ".join(_said_of(group) for group in failed or groups)
    return Bounce(found[1], words[:300], bool(failed) and all(_is_for_good(group) for group in failed))


def _returned(parts: Sequence[Message]) -> str:
    """The headers of the message that came back, as text."""
    for part in parts:
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/global-headers"}:
            return str(part.get_payload(0) if part.is_multipart() else part.get_payload())
    return ""


def _is_for_good(group: Message) -> bool:
    return is_about_the_address(550, f"{group['Status'] or ''} {group['Diagnostic-Code'] or ''}")


def _said_of(group: Message) -> str:
    said = " ".join(str(group["Diagnostic-Code"] or "").split())
    return f"{group['Status'] or ''} {said}".strip() or "It came back"


def as_email(
    *, message_id: str, mail_from: str, to_address: str, to_name: str, subject: str, body: str, queued_at: datetime,
    calendar: str | None = None, is_discreet: bool = False,
) -> EmailMessage:  # fmt: skip
    """The e-mail as it goes out: the same bytes' worth of headers at every try, so that a copy is known as one.

    Raises `ValueError` for an address that is none. What people typed cannot add a header: line breaks are taken out
    of names and subjects, and the library refuses any that are left.
    """
    sender_name, sender = parseaddr(mail_from)
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(DISCREET if is_discreet else sender_name, addr_spec=sender)
    email["To"] = Address(_one_line(to_name), addr_spec=_address(to_address))
    email["Subject"] = _one_line(subject)
    email["Date"] = format_datetime(queued_at)
    email["Message-ID"] = message_id
    email["Auto-Submitted"] = "auto-generated"  # no out-of-office answers, please (RFC 3834)
    email.set_content(body, charset="utf-8")
    if calendar:
        _enclose(email, calendar)
    return email


def _enclose(email: EmailMessage, calendar: str) -> None:
    """Put a calendar in twice: as another form of the letter, which clients offer to add, and as a file for the rest.

    Source: RFC 6047, sections 2.4 and 4; in base64, because relays break lines that a calendar must keep.
    """
    method = METHOD.search(calendar)
    params = {"method": method[1]} if method else {}
    email.add_alternative(calendar, subtype="calendar", charset="utf-8", cte="base64", params=params)
    is_over = bool(method and method[1] == "CANCEL")
    email.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="cancelled.ics" if is_over else "dates.ics"
    )


def _one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _address(text: str) -> str:
    if text.count("@") != 1 or _one_line(text) != text or " " in text:
        raise ValueError("the address is not an e-mail address")
    try:
        text.encode("ascii")
    except UnicodeEncodeError:
        # a mailbox such as żaneta@… cannot be reached over every server; the domain can be written in ASCII
        mailbox, _, domain = text.partition("@")
        return f"{mailbox}@{domain.encode('idna').decode()}"
    return text


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed over: `smtp://name:password@host:587`, `smtps://` for TLS from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False

    @classmethod
    def read(cls, url: str) -> MailServer:
        """From SMTP_URL; raises `ValueError` saying what is wrong with it, never with the password in it."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://name:password@host:587 or smtps://…")
        is_tls = parts.scheme == "smtps"
        try:
            port = parts.port or (465 if is_tls else 587 if parts.username else 25)
        except ValueError:
            raise ValueError("SMTP_URL has a port that is no number from 1 to 65535") from None
        return cls(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), is_tls)

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that no line can be listened to."""
        return self.host in {"localhost", "127.0.0.1", "::1"}
