"""A key worker types for somebody without e-mail, who signs a print; and for another who reads it by a link."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.applications.models import Application, ConfirmedBy
from portal.audit.models import AuditLine
from portal.database import session
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from tests.applications import applicant
from tests.factories import AreaFactory, UserFactory
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import served
from tests.journeys.vnu import mistakes_in
from tests.skips import needs

HELPER = {
    "Your name": "Petra Key", "Where you work or help": "Wear Recovery", "Your email address": "petra@wear.example",
    "How did they hear about us?": "A probation practitioner or key worker told them about it", "agreed": True,
}  # fmt: skip


def begin(phone: Phone, start: str, **theirs: str) -> None:
    """The key worker says who they are and whom they help."""
    phone.get(start).click("I am helping somebody apply").fill({**HELPER, **theirs}).submit("Start")
    assert phone.heading == "How to come back later", phone.errors


def everything(phone: Phone, name: str, **reaching: Any) -> None:
    """All that the next step needs, typed for somebody."""
    assert phone.get("/application").sees(f"You are typing for {name}")
    applicant.about_you(phone)
    applicant.reaching_you(phone, **reaching)
    applicant.why(phone, "I know what it is like.")
    applicant.referee(phone, 1)
    applicant.referee(phone, 2)
    applicant.checks(phone)
    phone.get("/application/check").click("Ask them to confirm")


def test_a_key_worker_types_and_the_person_signs_a_print_or_answers_by_link(migrated: Any, tmp_path: Path) -> None:
    needs(EXECUTABLE)
    area = AreaFactory()
    carol = UserFactory(role=Role.COORDINATOR, area=area, name="Carol Reed")
    session.refresh(carol)
    start = f"/schemes/{area.scheme.slug}/{area.slug}/start"
    findings = Findings(tmp_path / "pages")
    session.rollback()
    with served(migrated) as address, Phones() as phones:
        petra = Phone(migrated, phones.chrome, address, findings)
        begin(petra, start, **{"Their name": "Tom Quiet"})
        everything(petra, "Tom Quiet")
        assert petra.sees(
            "No email and no text message of ours reaches them, in the way they chose. So they sign a print"
        )
        petra.click("The answers to print (PDF)")
        printed = PdfReader(io.BytesIO(petra.body))
        words = " ".join(page.extract_text() for page in printed.pages)
        assert "Typed by Petra Key, Wear Recovery" in " ".join(words.split())
        assert "Signed: ____" in words

        signed = tmp_path / "signed.pdf"
        writer = PdfWriter()
        writer.add_blank_page(200, 200)
        writer.write(signed)
        staff = Phone(migrated, phones.chrome, address, findings).sign_in_as(carol)
        session.rollback()
        staff.get("/applications").click("Applications typed for somebody").click("Tom Quiet")
        today = clock.today()
        staff.screen.set_input_files("input[type=file]", str(signed))
        for part, number in (("day", today.day), ("month", today.month), ("year", today.year)):
            staff.screen.fill(f"#signed_on-{part}", str(number))
        staff.screen.fill("#typed_name", "Tom Quiet")
        staff.submit("Keep the scan and send")
        assert staff.sees("Petra Key, Wear Recovery", "Tom Quiet, on a signed print", "Carol Reed"), staff.errors

        petra.get("/application")
        assert petra.heading == "Carry on with your application"  # it is Tom's now
        begin(petra, start, **{"Their name": "Ann Reader", "Their own email address": "ann@example.org"})
        everything(petra, "Ann Reader")
        petra.submit("Send them the link")
        query = select(Message.body).where(Message.template == "confirmation_asked")
        link = re.search(r"/is-this-yours/[\w-]+", session.scalars(query).one() or "")
        session.rollback()
        assert link
        ann = Phone(migrated, phones.chrome, address, findings).get(link.group())
        assert ann.sees("Petra Key (Wear Recovery) typed this for you", "I know what it is like.")
        ann.submit("Send my answer", status=422)
        ann.fill(answer="Yes, this is mine. Send it", typed_name="Ann Reader").submit("Send my answer")
        assert ann.heading == "We have your application"
        ann.get(link.group(), status=410)
    sent = {each.volunteer.name: each for each in session.scalars(select(Application))}
    assert {each.volunteer.stage for each in sent.values()} == {Stage.APPLIED}
    assert sent["Tom Quiet"].helper.confirmed_by is ConfirmedBy.PRINT
    assert sent["Ann Reader"].helper.confirmed_by is ConfirmedBy.LINK
    names = set(session.scalars(select(AuditLine.actor_name)))
    assert f"Petra Key, Wear Recovery (helping {sent['Tom Quiet'].volunteer.reference})" in names
    assert f"Ann Reader (applicant {sent['Ann Reader'].volunteer.reference})" in names
    session.rollback()
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
