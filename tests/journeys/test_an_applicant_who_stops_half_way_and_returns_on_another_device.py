"""Somebody stops half-way, is reminded, goes on at another device, and sends from two tabs as the power goes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application, SentApplication
from portal.database import session
from portal.messages.models import Message
from portal.returning import services as returning
from tests.applications import applicant
from tests.factories import AreaFactory
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import served
from tests.journeys.vnu import mistakes_in
from tests.skips import needs


def link_in(template: str, path: str) -> str:
    """The newest link of this kind that was sent."""
    query = select(Message.body).where(Message.template == template).order_by(Message.id.desc())
    found = re.search(path + r"[\w-]+", session.scalars(query).first() or "")
    session.rollback()  # the pages are served by another thread: nothing may be held here
    assert found, f"no letter {template} carries a link to {path}"
    return found.group()


def test_somebody_stops_is_reminded_goes_on_elsewhere_and_sends_once(migrated: Any, tmp_path: Path) -> None:
    needs(EXECUTABLE)
    made = AreaFactory()
    area = SimpleNamespace(slug=made.slug, scheme=SimpleNamespace(slug=made.scheme.slug))
    session.rollback()  # the pages are served by another thread: nothing may be held here
    findings = Findings(tmp_path / "pages")
    with served(migrated) as address, Phones() as phones:
        first = Phone(migrated, phones.chrome, address, findings)
        applicant.start(first, area, name="Łucja Ó", phone="+44 (0)7700 900 123")
        applicant.about_you(first)
        first.get("/application/why").fill(hope_to_get="Some company").submit("Save and come back to this")
        assert first.sees("Why you want to do this Come back to this")
        first.get("/application/code").submit("Stop and leave this device")
        first.close()

        returning.remind(clock.now() + timedelta(days=3, minutes=1))
        session.commit()
        second = Phone(migrated, phones.chrome, address, findings)
        second.get("/application").click("Get a new link")
        second.fill({"Your email address or phone number": "SAM@example.org"}).submit("Send me a link")
        assert second.heading == "Look at your messages"
        assert link_in("application_unfinished", "/application/come-back/")
        second.get(link_in("come_back", "/application/come-back/"))
        assert second.get("/application/why").value("hope_to_get") == "Some company"
        second.submit("Save and continue")
        applicant.reaching_you(second)
        applicant.referee(second, 1)
        applicant.referee(second, 2)
        applicant.checks(second)
        second.get("/application/check").click("Change why you want to do this")
        second.fill(why_now="It is my turn").submit("Save and continue")
        assert second.heading == "Check your answers"

        # the power goes as they press send: the answer never comes, and they do not know what happened
        second.screen.route("**/application/sent", lambda route: route.abort())
        second.screen.get_by_role("button", name="Send my application").click(no_wait_after=True)
        second.screen.wait_for_timeout(1)
        cookies = second.context.cookies()
        second.close()
        third = Phone(migrated, phones.chrome, address, findings)
        third.context.add_cookies(cookies)
        third.get("/application")
        if third.heading == "Your application":  # it had not arrived: everything is still there, to be sent
            third.get("/application/check").submit("Send my application")
        assert third.heading == "We have your application"
        third.get("/application/check")
        assert third.heading == "We have your application"
        assert third.sees("It is my turn") or third.sees("What you told us")
    application = session.scalars(select(Application)).one()
    assert (application.times_sent, len(session.scalars(select(SentApplication)).all())) == (1, 1)
    assert application.volunteer.phone == "+447700900123"
    session.rollback()
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
