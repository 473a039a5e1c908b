"""The verbs of a scheme's own words: to write them, to go back to ours, to try them out."""

from __future__ import annotations

from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import User
from portal.carriers.rules import Carrier
from portal.database import session
from portal.messages.documents import Purpose
from portal.messages.models import Message, Wording
from portal.messages.services import queue_trial
from portal.refusals import Refused
from portal.schemes.models import Scheme
from portal.wordings import rules


class ChangedMeanwhile(Refused):
    """Somebody else wrote a version since the page was drawn."""


def write(
    scheme: Scheme, purpose: Purpose, carrier: Carrier, *, subject: str, body: str, drawn_from: int, by: User
) -> Wording:
    """Keep words as the newest version, which every letter queued from now on is made of.

    `drawn_from` is the number of the version the page showed, 0 for our words. An empty `body` means back to ours.
    Raises `ChangedMeanwhile`, or `Refused` for words that cannot be used.
    """
    if body:
        reasons = rules.reasons_against_body(purpose, carrier, body)
        Refused.unless_empty(reasons + rules.reasons_against_subject(purpose, subject))
    session.execute(select(Scheme.id).where(Scheme.id == scheme.id).with_for_update(key_share=True))
    newest = session.scalar(
        select(func.max(Wording.number)).where(
            Wording.scheme_id == scheme.id, Wording.template == purpose.template, Wording.carrier == carrier
        )
    )
    if (newest or 0) != drawn_from:
        raise ChangedMeanwhile("Someone else changed these words while you had the page open")
    wording = Wording(
        scheme_id=scheme.id, template=purpose.template, carrier=carrier, number=drawn_from + 1,
        subject=subject if body and carrier is Carrier.EMAIL else "", body=body, written_at=clock.now(),
        written_by_id=by.id,
    )  # fmt: skip
    session.add(wording)
    session.flush()
    return wording


def try_out(
    scheme: Scheme, purpose: Purpose, *, subject: str, body: str, by: User, to_phone: str = ""
) -> Message:  # fmt: skip
    """Send words, filled in with samples, to whoever asks: as a text to the number they give, else to their e-mail."""
    return queue_trial(
        scheme_id=scheme.id, template=purpose.template, subject=f"Trial: {subject or 'text message'}", body=body,
        carrier=Carrier.TEXT if to_phone else Carrier.EMAIL, to_address=to_phone or by.email, to_name=by.name,
    )  # fmt: skip
