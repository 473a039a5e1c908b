"""Those who carry messages: a mail server, and GOV.UK Notify for texts."""

from __future__ import annotations

import logging
import smtplib
import ssl
from types import TracebackType
from typing import Any, Protocol, Self

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from portal.carriers.rules import MailServer, NotCarried, Parcel, as_email, is_about_the_address

SECONDS_TO_WAIT = 20  # for each answer
BAD_REQUEST = 400


class CarriesMessages(Protocol):
    """What the worker knows of a carrier."""

    def __enter__(self) -> Self:
        """Get ready; nothing is opened before there is something to send."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye."""

    def deliver(self, parcel: Parcel) -> str:
        """Hand one message over: what the carrier calls it, or "". Raises `NotCarried`."""


class Postman:
    """Hands messages to the mail server over one connection, opened again when it was lost."""

    def __init__(self, server: MailServer, *, mail_from: str) -> None:
        self.server = server
        self.mail_from = mail_from
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is opened before there is something to send."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Say goodbye."""
        self.hang_up()

    def deliver(self, parcel: Parcel) -> str:
        """Hand one message over; a mail server has no name for it but ours. Raises `NotCarried`."""
        try:
            self._deliver(parcel)
        except smtplib.SMTPRecipientsRefused as refused:
            answers = list(refused.recipients.values())
            words = "; ".join(_answer(*answer) for answer in answers)
            is_wrong = all(is_about_the_address(*answer) for answer in answers)
            raise NotCarried(words, is_address_wrong=is_wrong) from refused
        except smtplib.SMTPDataError as refused:
            is_wrong = is_about_the_address(refused.smtp_code, refused.smtp_error)
            raise NotCarried(_answer(refused.smtp_code, refused.smtp_error), is_address_wrong=is_wrong) from refused
        except smtplib.SMTPResponseException as refused:
            words = _answer(refused.smtp_code, refused.smtp_error)
            raise NotCarried(words, is_away=not self.is_connected) from refused
        except (OSError, smtplib.SMTPException) as failed:
            raise NotCarried(str(failed) or type(failed).__name__, is_away=not self.is_connected) from failed
        return ""

    def _deliver(self, parcel: Parcel) -> None:
        try:
            email = as_email(
                message_id=parcel.message_id, mail_from=self.mail_from, to_address=parcel.to_address,
                to_name=parcel.to_name, subject=parcel.subject, body=parcel.body, queued_at=parcel.queued_at,
                calendar=parcel.calendar, is_discreet=parcel.is_discreet,
            )  # fmt: skip
        except ValueError as wrong:
            raise NotCarried(str(wrong), is_address_wrong=True) from wrong
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


def _answer(code: int, reason: bytes | str) -> str:
    return f"{code} {reason.decode('utf-8', 'replace') if isinstance(reason, bytes) else reason}"


class TextService:
    """Hands texts to GOV.UK Notify, which knows each by our own reference.

    Notify needs one text template whose only words are ((message)).
    """

    def __init__(self, *, key: str, template_id: str, url: str) -> None:
        # the client says on every failure what Notify answered, and that can hold a number: it stays out of the log
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL + 1)
        self.template_id = template_id
        self._client = NotificationsAPIClient(key, base_url=url, timeout=SECONDS_TO_WAIT)

    def __enter__(self) -> Self:
        """Nothing is opened before there is something to send."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let the connection go."""
        self._client.request_session.close()

    def deliver(self, parcel: Parcel) -> str:
        """Hand one text over: Notify's name for it. What Notify has already is not sent twice. Raises `NotCarried`."""
        reference = parcel.message_id.strip("<>")
        try:
            if parcel.is_again and (known := self._known(reference)):
                return known
            taken = self._client.send_sms_notification(
                parcel.to_address, self.template_id, personalisation={"message": parcel.body.strip()},
                reference=reference,
            )  # fmt: skip
            return str(taken["id"])
        except APIError as failed:
            raise _not_carried(failed) from failed
        except (KeyError, TypeError) as unreadable:
            raise NotCarried("Notify gave an answer that cannot be read", is_away=True) from unreadable

    def _known(self, reference: str) -> str:
        """What Notify calls the text of this reference; "" when it has none."""
        found = self._client.get_all_notifications(template_type="sms", reference=reference)["notifications"]
        return next((str(each["id"]) for each in found if each["reference"] == reference), "")


def _not_carried(error: APIError) -> NotCarried:
    """A number that cannot be is given up at once; a wrong key or template, and a silent Notify, are for later."""
    words = _said(error.message)
    is_set_up_wrong = any(each in words.lower() for each in ("template", "personalisation"))
    if error.status_code == BAD_REQUEST and not is_set_up_wrong:
        return NotCarried(f"400 {words}", is_final=True, is_address_wrong="phone_number" in words)
    return NotCarried(f"{error.status_code} {words}", is_away=True)


def _said(message: Any) -> str:
    """The words of Notify's errors, one after the other."""
    if isinstance(message, list):
        return "; ".join(str(each.get("message", each)) if isinstance(each, dict) else str(each) for each in message)
    return str(message)
