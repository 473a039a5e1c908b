"""Reading the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from portal.access import Can, Holder, within
from portal.carriers.rules import Carrier
from portal.database import session
from portal.messages.models import Message, MessageState
from portal.paging import Page, page_of, read

PAGE_SIZE = 40


def messages(
    *, seen_by: Holder, state: MessageState | None = None, carrier: Carrier | None = None, is_bounced: bool = False,
    after: str | None = None,
) -> Page[Message]:  # fmt: skip
    """What was sent and what was not in the schemes of whoever looks, the newest first."""
    query = select(Message).where(within(seen_by, Can.SEE_OUTBOX, Message.scheme_id))
    if state:
        query = query.where(Message.state == state)
    if carrier:
        query = query.where(Message.carrier == carrier)
    if is_bounced:
        query = query.where(Message.bounced_at.is_not(None))
    return _page(query, after)


def message(message_id: int, *, seen_by: Holder) -> Message | None:
    """One message of a scheme whose outbox they may see."""
    mine = within(seen_by, Can.SEE_OUTBOX, Message.scheme_id)
    return session.scalar(select(Message).where(Message.id == message_id, mine))


def waiting_letters(*, to: str = "", after: str | None = None) -> Page[Message]:
    """Every message with what it says, the newest first: for the demonstration's inbox only."""
    query = select(Message).where(Message.body.is_not(None))
    if to:
        query = query.where(func.lower(Message.to_address) == to.strip().lower())
    return _page(query, after)


def _page(query: Any, after: str | None) -> Page[Message]:
    if key := read(after, like=(0,)):
        query = query.where(Message.id < key[0])
    rows = session.scalars(query.order_by(Message.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page_of(rows, PAGE_SIZE, key=lambda row: (row.id,))


def to_pass_on(*, among: Any, after: str | None = None) -> Page[Message]:
    """Messages that somebody of the scheme has to tell, the oldest first.

    `among` is a SELECT of the numbers of those volunteers whom whoever looks may see.
    """
    query = _by_hand(among)
    if key := read(after, like=(0,)):
        query = query.where(Message.id > key[0])
    rows = session.scalars(query.order_by(Message.id).limit(PAGE_SIZE + 1)).all()
    return page_of(rows, PAGE_SIZE, key=lambda row: (row.id,))


def how_many_to_pass_on(*, among: Any) -> int:
    """How many messages wait to be told by somebody."""
    return session.scalar(select(func.count()).select_from(_by_hand(among).subquery())) or 0


def one_to_pass_on(message_id: int, *, among: Any) -> Message | None:
    """One of them; None when it is none, or has been told."""
    found: Message | None = session.scalar(_by_hand(among).where(Message.id == message_id))
    return found


def _by_hand(among: Any) -> Any:
    return select(Message).where(
        Message.state == MessageState.BY_HAND, Message.is_to_volunteer, Message.volunteer_id.in_(among)
    )


def messages_of(volunteer_id: int, *, after: str | None = None) -> Page[Message]:
    """Every message to a volunteer, or about them to others, the newest first; the caller has looked who may see."""
    return _page(select(Message).where(Message.volunteer_id == volunteer_id), after)
