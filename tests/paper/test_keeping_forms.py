"""A filled-in form is put in, opened, set aside and taken back; what is wrong with its file is said at the field."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit.models import Action, AuditLine
from portal.files.services import content_of
from portal.paper import queries, services
from portal.paper.models import PaperForm
from portal.refusals import Refused
from tests.factories import AreaFactory, PaperFormFactory, SchemeFactory, UserFactory
from tests.files import given

KEEP = "/paper-forms/keep"


@pytest.fixture
def area(session):
    return AreaFactory(scheme=SchemeFactory(), name="Quayside")


@pytest.fixture
def staff(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme, name="Cora Coordinator")


@pytest.fixture
def page(browser, session, staff):
    session.commit()
    return browser.sign_in_as(staff)


def script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


BAD = {
    "too large": (b"%PDF-1.7" + b"0" * (30 * 1024 * 1024), "form.pdf", "The file is too large. It must be 20 MB"),
    "another kind": (given.docx(), "form.docx", "The file must be PDF, JPEG or PNG"),
    "a script": (given.pdf(script), "form.pdf", "script"),
    "a zip": (given.zipped({"form.txt": "hello"}), "form.pdf", "The file must be PDF, JPEG or PNG"),
    "a program": (b"MZ\x90\x00", "form.pdf", "The file must be PDF, JPEG or PNG"),
    "nothing": (b"", "form.pdf", "The file is empty"),
}


@pytest.mark.parametrize("wrong", BAD)
def test_a_file_that_cannot_be_kept_is_refused_at_its_field_and_nothing_else_is_lost(page, session, wrong):
    content, name, said = BAD[wrong]
    yesterday = clock.today() - timedelta(days=1)
    page.get(KEEP).fill({"When did it come?": yesterday}).fill(first=(io.BytesIO(content), name))
    page.submit("Keep the form", status=422)
    page.response.request.environ["wsgi.input"].close()  # the test client spools what is large into a file of its own
    assert said.lower() in " ".join(page.errors).lower()
    assert len(page.errors) == 1
    assert f'value="{yesterday.day}"' in page.html
    assert session.scalars(select(PaperForm)).all() == []


def test_a_scan_is_kept_and_waits(page, session, area, staff):
    scan = given.pdf()
    page.get(KEEP).fill(first=(io.BytesIO(scan), "Scan 0001.pdf")).submit("Keep the form")
    assert page.banners == ["The form is kept. It waits to be typed in"]
    kept = session.scalars(select(PaperForm)).one()
    assert (kept.area_id, kept.received_on, kept.kept_by_id) == (area.id, clock.today(), staff.id)
    assert content_of(kept.file) == scan
    page.get("/paper-forms")
    assert page.sees("Waiting to be typed in: 1", f"Form {kept.id}, Quayside", "Came today")


def test_several_photos_become_one_file_in_their_order(page, session):
    page.get(KEEP).fill(first=(io.BytesIO(given.picture("JPEG", (60, 80))), "1.jpg"))
    page.fill(second=(io.BytesIO(given.picture("PNG", (300, 80))), "2.png"), third=(io.BytesIO(given.pdf()), "3.pdf"))
    page.submit("Keep the form")
    kept = session.scalars(select(PaperForm)).one()
    with pikepdf.open(io.BytesIO(content_of(kept.file))) as whole:
        shapes = [float(p.mediabox[2]) / float(p.mediabox[3]) for p in whole.pages]
    assert shapes[:2] == pytest.approx([0.75, 3.75])
    assert len(shapes) == 3


def test_a_form_of_tomorrow_or_of_long_ago_is_refused(page):
    for when, said in ((1, "must be today or earlier"), (-800, "more than two years ago")):
        page.get(KEEP).fill({"When did it come?": clock.today() + timedelta(days=when)})
        page.fill(first=(io.BytesIO(given.pdf()), "a.pdf")).submit("Keep the form", status=422)
        assert said in page.errors[0]


def test_no_file_and_no_date_are_both_told(page):
    page.get(KEEP).fill({"When did it come?": ("", "", "")}).submit("Keep the form", status=422)
    assert page.errors == [
        "Enter the day on which it came", "Choose the scan, or a photo of the first page",
    ]  # fmt: skip


def test_the_list_says_who_waits_longest_and_who_waits_too_long(page, area, session):
    PaperFormFactory(area=area, received_on=clock.today())
    PaperFormFactory(area=area, received_on=clock.today() - timedelta(days=9))
    session.commit()
    page.get("/paper-forms")
    assert page.text.index("9 days ago") < page.text.index("Came today")
    assert page.text.count("Late") == 1


def test_the_scan_is_shown_only_once_it_was_opened_and_every_opening_is_noted(page, area, session, staff):
    kept = PaperFormFactory(area=area)
    session.commit()
    page.get(f"/paper-forms/{kept.id}/scan")
    assert page.heading == f"Form {kept.id} on paper"
    for times in (1, 2):
        page.get(f"/paper-forms/{kept.id}").submit("Open the scan")
        assert page.body == content_of(kept.file)
        seen = session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all()
        assert [(line.row_id, line.actor_id) for line in seen] == [(kept.id, staff.id)] * times
    assert page.response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page.response.headers["Content-Security-Policy"]
    assert page.response.headers["Cache-Control"] == "no-store"


def test_an_opened_scan_is_closed_again_after_an_hour_and_for_the_next_person(page, area, session):
    kept = PaperFormFactory(area=area)
    other = UserFactory(role=Role.COORDINATOR, scheme=area.scheme)
    session.commit()
    page.get(f"/paper-forms/{kept.id}").submit("Open the scan")
    page.sign_in_as(other).get(f"/paper-forms/{kept.id}/scan")
    assert page.heading == f"Form {kept.id} on paper"


def test_who_may_not_read_applications_there_finds_no_form(browser, area, session):
    kept = PaperFormFactory(area=area)
    elsewhere = UserFactory(role=Role.COORDINATOR, area=AreaFactory(scheme=area.scheme))
    session.commit()
    browser.sign_in_as(elsewhere)
    for path in ("", "/scan", "/set-aside"):
        browser.get(f"/paper-forms/{kept.id}{path}", status=404)
    assert queries.forms_to_type(seen_by=elsewhere) == ([], 0)


def test_a_form_is_set_aside_with_a_reason_and_taken_back(page, area, session):
    kept = PaperFormFactory(area=area)
    session.commit()
    page.get(f"/paper-forms/{kept.id}").click("Set it aside").submit("Set it aside", status=422)
    assert page.errors == ["Say why, in a few words"]
    page.fill({"Why?": "Handed in twice"}).submit("Set it aside")
    assert page.sees("Every form is typed in.", "Set aside: Handed in twice.")
    page.click(f"Form {kept.id}, Quayside").submit("Take it back")
    assert page.banners == ["The form waits to be typed in again"]
    session.expire_all()
    assert (kept.set_aside_at, kept.set_aside_because) == (None, "")


def test_two_people_who_set_aside_at_once_are_both_told(page, area, session, staff):
    kept = PaperFormFactory(area=area)
    session.commit()
    page.get(f"/paper-forms/{kept.id}/set-aside")
    services.set_aside(kept, because="Not ours", by=staff)
    session.commit()
    page.fill({"Why?": "Handed in twice"}).submit("Set it aside", status=409)
    assert "Someone else changed this" in page.errors[0]
    with pytest.raises(Refused, match="has been set aside already"):
        services.set_aside(kept, because="Again", by=staff)
