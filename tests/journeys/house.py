"""A scheme on a real database file or server, a clock that the story moves, and the people who come and go."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.database import session
from portal.messages.models import Message
from portal.volunteers.models import Volunteer
from tests.browser import Browser

LINK = re.compile(r"https?://[^/\s]+(/\S+)")
SIX_DIGITS = re.compile(r"\b\d{6}\b")


class House:
    """What the steps of a story share. `visit` makes a person with a browser, whichever kind the story uses."""

    def __init__(self, app: Any, visit: Callable[[], Browser]) -> None:
        """The clock stands until the story moves it."""
        self.app, self._visit = app, visit
        self.now = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
        self.staff: dict[Role | str, Any] = {}
        self.scheme: Any = None
        self.area: Any = None
        self.volunteer_id = 0
        self._desks: dict[Any, Browser] = {}
        served = app.wsgi_app

        def at_this_hour(environ: Any, start_response: Any) -> Any:
            with clock.moved_to(self.now):
                return served(environ, start_response)

        app.wsgi_app = at_this_hour

    def at(self, day: date, hour: int = 10) -> None:
        """Let it be this hour of this day in London from here on."""
        self.now = datetime.combine(day, time(hour), clock.LONDON).astimezone(UTC)

    def hour(self) -> AbstractContextManager[None]:
        """The story's hour, for what a test does without a page."""
        return clock.moved_to(self.now)

    def visitor(self) -> Browser:
        """Somebody who is not signed in."""
        return self._visit()

    def desk(self, role: Role | str) -> Browser:
        """A member of staff at their browser, signed in at this hour."""
        if role not in self._desks:
            self._desks[role] = self._visit()
        return self._signed_in(self._desks[role], self.staff[role])

    def she(self) -> Browser:
        """The volunteer at her browser, signed in at this hour."""
        return self._signed_in(self.visitor(), session.get_one(Volunteer, self.volunteer_id).user)

    def email(self, role: Role) -> str:
        """The address of a member of staff."""
        address: str = self.staff[role].email
        session.rollback()
        return address

    def _signed_in(self, browser: Browser, user: Any) -> Browser:
        with self.hour():
            browser.sign_in_as(user)
        session.rollback()  # the pages are served by another thread: nothing may be held here
        return browser

    def letters(self, address: str, template: str) -> list[str]:
        """What was written to this address, the newest last."""
        session.rollback()
        found = session.scalars(
            select(Message.body).where(Message.to_address == address, Message.template == template).order_by(Message.id)
        )
        bodies = [body or "" for body in found]
        session.rollback()
        return bodies

    def link_to(self, address: str, template: str) -> str:
        """The path of the link in the newest letter."""
        found = LINK.search(self.letters(address, template)[-1])
        assert found, f"no link in the letter {template} to {address}"
        return found[1]

    def code_to(self, address: str) -> str:
        """The newest code to sign in."""
        found = SIX_DIGITS.search(self.letters(address, "sign_in_code")[-1])
        assert found
        return found[0]
