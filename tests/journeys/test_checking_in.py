"""A trainer opens check-in on a phone, learners check in on theirs, and the names come in by themselves."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portal import clock
from portal.attendance.models import Mark
from portal.checkin import queries, rules
from portal.database import session
from tests.checkin.groups import hall
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import Quiet
from tests.journeys.vnu import mistakes_in
from tests.skips import needs

SOON = 15_000  # milliseconds: three looks of the trainer's screen, on a busy machine


@pytest.fixture
def phone(migrated: Any, tmp_path: Path) -> Iterator[Callable[[Any], Phone]]:
    """`phone(user)` is a new phone, signed in. In the end nothing may have been wrong with any page."""
    needs(EXECUTABLE)
    findings = Findings(tmp_path / "pages")
    server = make_server("127.0.0.1", 0, migrated.wsgi_app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with Phones() as phones:
            address = f"http://127.0.0.1:{server.server_port}"
            yield lambda user: Phone(migrated, phones.chrome, address, findings).sign_in_as(user)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []


def test_names_come_in_by_themselves_as_learners_check_in(phone: Callable[[Any], Phone]) -> None:
    here = hall(starts_at=clock.now() - timedelta(minutes=5))
    asha, ben = here.learner(name="Asha Green"), here.learner(name="Ben Brown")
    users, session_id = (asha.volunteer.user, ben.volunteer.user), here.sitting.id
    session.commit()
    session.expunge_all()  # nothing of this test is read again: its transaction would keep everybody else waiting

    trainer = phone(here.trainer).get(f"/sessions/{session_id}/check-in").submit("Open check-in")
    screen = trainer.screen
    expect(screen.locator(".check-in__qr")).to_be_visible()
    expect(screen.get_by_text("0 of 2 checked in")).to_be_visible()

    window = queries.window_of(session_id)
    assert window is not None
    code = rules.code_at(window.secret, clock.now())
    session.rollback()
    scanning = phone(users[0]).get(f"/check-in/{session_id}?code={code}").submit("I am here")
    assert scanning.heading == "You are checked in"
    expect(screen.get_by_text("1 of 2 checked in")).to_be_visible(timeout=SOON)
    expect(screen.get_by_text("Asha Green")).to_be_visible()

    shown = re.sub(r"\D", "", screen.locator(".check-in__code").inner_text())
    typing = phone(users[1]).get("/check-in").fill({"The six digits on the screen": shown})
    assert typing.submit("I am here").heading == "You are checked in"
    expect(screen.get_by_text("2 of 2 checked in")).to_be_visible(timeout=SOON)

    session.rollback()
    assert len(session.scalars(select(Mark)).all()) == 2
