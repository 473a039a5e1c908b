"""Signing in, as tests need it: counted from nought, with a phone in hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import services
from portal.accounts.models import User
from portal.messages.models import Message
from portal.web.limits import limiter

PASSWORD = "lantern otter quarry"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(app: Any) -> None:
    """Tries are counted in the process; each test begins with none."""
    limiter.reset()


@pytest.fixture
def with_password(session: Any) -> Callable[[User], User]:
    """Give a user the password of these tests."""

    def give(user: User) -> User:
        user.password = services.locks.hash(PASSWORD)
        session.commit()
        return user

    return give


@pytest.fixture
def letters(session: Any) -> Callable[..., list[Message]]:
    """What lies in the outbox for an address, the newest last."""

    def to(address: str, template: str | None = None) -> list[Message]:
        query = select(Message).where(Message.to_address == address).order_by(Message.id)
        return [each for each in session.scalars(query) if template in {None, each.template}]

    return to


def code_in(message: Message) -> str:
    """The six digits of a letter."""
    found = re.search(r"\b\d{6}\b", message.body or "")
    assert found, message.body
    return found[0]


def path_in(message: Message) -> str:
    """The path of the first link of a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body or "")
    assert found, message.body
    return found[1]
