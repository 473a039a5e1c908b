"""A letter before it is queued, the e-mail it becomes, and when to try again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

MOST_TRIES = 8
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 8 * 60, 24 * 60))


@dataclass(frozen=True)
class Letter:
    """One message to one person: which template, and the facts it may use.

    `template` names `templates/messages/<template>.txt`, whose first line is `Subject: …`. An empty `to_address`
    means that the person has no e-mail: the letter is not queued, and the caller's page must say so.
    """

    template: str
    to_address: str
    to_name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    scheme_id: int | None = None
    volunteer_id: int | None = None
    to_volunteer: bool = False
    """It is for the volunteer of `volunteer_id`: it goes the way, and at the hours, that are safe for them."""
    calendar: str = ""
    """An iCalendar object that goes with it: see `portal.documents.calendar_entries`."""


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after this many tries in vain (1 or more); None means give up."""
    return WAITS[tries - 1] if tries < MOST_TRIES else None


def as_email(
    *, message_id: str, mail_from: str, to_address: str, to_name: str, subject: str, body: str, queued_at: datetime,
    calendar: str | None = None,
) -> EmailMessage:  # fmt: skip
    """The e-mail as it goes out: the same bytes' worth of headers at every try, so that a copy is known as one.

    Raises `ValueError` for an address that is none. What people typed cannot add a header: line breaks are taken out
    of names and subjects, and the library refuses any that are left.
    """
    sender_name, sender = parseaddr(mail_from)
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(sender_name, addr_spec=sender)
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
