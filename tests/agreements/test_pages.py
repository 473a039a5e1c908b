"""The pages about agreements, for admin, volunteer and coordinator."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.agreements import queries
from portal.agreements.models import Acknowledgement, Agreement
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import (
    AcknowledgementFactory,
    AgreementFactory,
    AreaFactory,
    RoleHeldFactory,
    UserFactory,
    VolunteerFactory,
)


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def volunteer(area):
    return VolunteerFactory(area=area, stage=Stage.OFFERED, name="Anwen Ŵyn")


def desk_of(app, role, area, **given):
    return Browser(app).sign_in_as(UserFactory(role=role, scheme=area.scheme, **given))


@pytest.fixture
def coordinator(app, area):
    return desk_of(app, Role.COORDINATOR, area)


def own(app, volunteer):
    user = UserFactory()
    volunteer.user = user
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=volunteer.scheme, area=volunteer.area)
    return Browser(app).sign_in_as(user)


def test_an_admin_publishes_a_version_and_a_volunteer_puts_their_name_under_it(app, area, volunteer, session):
    admin, me = desk_of(app, Role.SCHEME_ADMIN, area), own(app, volunteer)
    assert me.get("/my/agreement").sees("There is nothing to read yet")
    admin.get("/agreement").submit("See what changes", status=422)
    assert admin.errors == ["Enter the title", "Enter the text"]
    admin.fill({"Title": "How we work together", "What you expect of each other": "We support you.\n\nYou tell us."})
    admin.submit("See what changes").submit("Publish")
    assert admin.sees("The new version is published", "version 1")
    assert admin.value("Title") == "How we work together"
    me.get("/my/agreement")
    assert me.heading == "How we work together"
    me.submit("Put my name under it", status=422)
    assert me.errors == ["Tick the box", "Type your name"]
    me.fill({"I have read it, and I would like to take part in this way": True, "Your name": "Anwen"})
    me.submit("Put my name under it")
    assert me.sees("Your name is under it", "there is nothing more to do here")
    admin.get("/agreement").fill({"Title": "Second"}).submit("See what changes").submit("Publish")
    assert session.scalars(select(Agreement.number).order_by(Agreement.number)).all() == [1, 2]
    me.get("/my/agreement")
    assert me.heading == "Second"


def test_two_who_publish_at_once_the_second_sees_the_difference_to_the_firsts(app, area, session):
    AgreementFactory(scheme_id=area.scheme.id, number=1, text="We listen.")
    admin = desk_of(app, Role.SCHEME_ADMIN, area).get("/agreement")
    admin.fill({"What you expect of each other": "We listen.\nWe ring you."}).submit("See what changes")
    AgreementFactory(scheme_id=area.scheme.id, number=2, text="We listen.\nWe write to you.")
    session.commit()
    admin.submit("Publish", status=409)
    assert admin.sees("Someone else published version 2 meanwhile", "Gone: We write to you.", "New: We ring you.")
    assert session.scalars(select(Agreement.number).order_by(Agreement.number)).all() == [1, 2]
    admin.submit("Publish")
    assert admin.sees("The new version is published", "version 3")


def test_what_is_the_same_is_said_before_it_is_asked_whether_to_publish(app, area):
    AgreementFactory(scheme_id=area.scheme.id)
    admin = desk_of(app, Role.SCHEME_ADMIN, area).get("/agreement").submit("See what changes", status=422)
    assert admin.errors == ["This is the version that stands already: nothing was changed"]


def test_nobodys_name_comes_under_a_version_that_was_not_on_their_screen(app, volunteer, session):
    AgreementFactory(scheme_id=volunteer.scheme_id, number=1, title="First")
    me = own(app, volunteer).get("/my/agreement")
    AgreementFactory(scheme_id=volunteer.scheme_id, number=2, title="Second")
    session.commit()
    me.fill({"Your name": "Anwen", "agrees": True}).submit("Put my name under it")
    assert me.heading == "Second"
    assert me.sees("there is a newer version")
    assert session.scalars(select(Acknowledgement.id)).all() == []
    me.fill({"Your name": "Somebody Else", "agrees": True}).submit("Put my name under it", status=422)
    assert me.errors == ["Type your own name, as you told it us: it can be short, but it has to be yours"]
    me.fill({"Your name": "Anwen"}).submit("Put my name under it")
    assert session.scalars(select(Acknowledgement.agreement_id)).one()


def test_before_an_offer_the_agreement_can_only_be_read(app, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    AgreementFactory(scheme_id=area.scheme.id)
    assert own(app, volunteer).get("/my/agreement").sees("once we have offered you a place")


def test_a_second_tap_does_not_put_a_name_under_it_twice(app, volunteer, session):
    AgreementFactory(scheme_id=volunteer.scheme_id)
    me = own(app, volunteer)
    twin = me.get("/my/agreement").fill({"Your name": "Anwen", "agrees": True}).submit("Put my name under it")
    token = twin.get("/my/withdraw")._inputs()[0].get("value")
    twin.post("/my/agreement", {"csrf_token": token, "agrees": "y", "typed_name": "Again"})
    assert twin.sees("Anwen", "there is nothing more to do here")
    assert session.scalars(select(Acknowledgement.typed_name)).all() == ["Anwen"]


def test_an_agreement_on_paper_is_recorded_by_the_coordinator(coordinator, volunteer):
    coordinator.get(f"/people/{volunteer.id}/agreement")
    assert coordinator.sees("No agreement has been published yet")
    AgreementFactory(scheme_id=volunteer.scheme_id)
    coordinator.get(f"/people/{volunteer.id}/place").click("They acknowledged the agreement on paper")
    coordinator.fill({
        "I have the paper, with their name on this version": True, "Their name, as they wrote it": "A. Ŵyn",
    }).submit("Record it")  # fmt: skip
    assert coordinator.sees("It is recorded", "acknowledged")


def test_the_publisher_sees_what_changes_and_which_words_to_avoid(app, area):
    AgreementFactory(scheme_id=area.scheme.id, text="We listen.\nYou come.")
    admin = desk_of(app, Role.SCHEME_ADMIN, area).get("/agreement")
    admin.fill({"What you expect of each other": "We listen.\nYou must come."}).submit("See what changes")
    assert admin.sees("like a contract: must", "Gone: You come.", "New: You must come.", "0 people with a place")
    admin.submit("Change something").fill({"What you expect of each other": "We listen.\nYou come if you can."})
    admin.submit("See what changes").submit("Publish")
    assert admin.sees("The new version is published")


def test_a_kind_is_withdrawn(app, area):
    AgreementFactory(scheme_id=area.scheme.id)
    admin = desk_of(app, Role.SCHEME_ADMIN, area).get("/agreement")
    admin.click(f"Ask nobody for it any more: Volunteer agreement, {area.scheme.name}").submit("Ask nobody any more")
    assert admin.sees("nobody is asked for it any more")


def test_by_link_somebody_without_an_account_puts_their_name_under_it(app, browser, volunteer, coordinator, session):
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    link = f"/acknowledge/{queries.token_of(agreement, volunteer)}"
    browser.get(link).fill({"agrees": True, "Your name": "Somebody Else"}).submit("Put my name under it", status=422)
    assert browser.errors == ["Type your own name, as you told it us: it can be short, but it has to be yours"]
    browser.fill({"Your name": "Anwen"}).submit("Put my name under it")
    assert browser.sees("Your name is under it")
    assert browser.get(link).sees("there is nothing more to do here")
    coordinator.get(f"/people/{volunteer.id}/agreement")
    assert coordinator.sees("Volunteer agreement", "Anwen acknowledged it", "Everything that stands is acknowledged")
    coordinator.get(f"/people/{volunteer.id}/agreement/{agreement.id}.pdf")
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(coordinator.body)).pages)
    assert all(each in words for each in ("Anwen", f"version {agreement.number}", "We will support you"))


def test_an_old_or_guessed_link_is_a_calm_page(browser, volunteer, session):
    old = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    link = f"/acknowledge/{queries.token_of(old, volunteer)}"
    AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    numbers, day, mark = f"{volunteer.id}-{old.id}", link.split("-")[2], "0" * 48
    guessed = (f"{numbers}-{day}-{mark}", f"9{numbers}-{day}-{mark}", f"{numbers}-zzzzz-{mark}", f"٣-{day}")
    for path in (link, "/acknowledge/guess", f"{link}x", *(f"/acknowledge/{each}" for each in guessed)):
        browser.get(path, status=410)
        assert browser.sees("This link does not open anything now")


def test_the_list_of_who_has_not_yet_leads_to_each(coordinator, volunteer):
    AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    coordinator.get("/agreements/to-acknowledge").click("Anwen Ŵyn")
    assert coordinator.heading == "Agreements"


def paper():
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def test_a_paper_is_recorded_with_its_scan_and_what_is_no_scan_is_refused_at_its_field(coordinator, volunteer, session):
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    coordinator.get(f"/people/{volunteer.id}/agreement")
    said = {
        "I have the paper, with their name on this version": True, "Their name, as they wrote it": "A. Ŵyn",
        "A scan or photo of the paper": (BytesIO(b"PK\x03\x04 not one"), "paper.pdf"),
    }  # fmt: skip
    coordinator.fill(said).submit("Record it", status=422)
    assert coordinator.errors == ["The file must be PDF, PNG or JPEG"]
    assert coordinator.value("Their name, as they wrote it") == "A. Ŵyn"
    coordinator.fill(said | {"A scan or photo of the paper": (BytesIO(paper()), "paper.pdf")}).submit("Record it")
    assert coordinator.sees("A. Ŵyn acknowledged it", "on paper", "scan of the paper")
    coordinator.get(f"/people/{volunteer.id}/agreement/{agreement.id}/scan")
    assert coordinator.body == paper()


def test_a_scan_is_for_those_who_decide_about_them(app, coordinator, volunteer):
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    path = f"/people/{volunteer.id}/agreement/{agreement.id}/scan"
    coordinator.get(path, status=404)
    desk_of(app, Role.COORDINATOR, AreaFactory()).get(path, status=404)


def test_a_link_works_for_sixty_days_and_says_so_then_another_is_sent(browser, coordinator, volunteer, session):
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    link, start = f"/acknowledge/{queries.token_of(agreement, volunteer)}", clock.now()
    last = queries.link_ends_on(clock.today())
    assert browser.get(link).sees(f"This link works until {last.day} {last:%B %Y}")
    with time_machine.travel(start + timedelta(days=60), tick=False):
        browser.get(link)
    with time_machine.travel(start + timedelta(days=61), tick=False):
        browser.get(link, status=410)
        newer = f"/acknowledge/{queries.token_of(agreement, volunteer)}"
        browser.get(newer)
    coordinator.get(f"/people/{volunteer.id}/agreement")
    coordinator.submit(f"Send them a new link to {agreement.title}")
    coordinator.submit(f"Send them a new link to {agreement.title}")
    assert coordinator.sees("They have been sent a link today already")
    (letter,) = session.scalars(select(Message).where(Message.template == "agreement_to_read"))
    assert f"The link works until {last.day} {last:%B %Y}" in letter.body


def test_a_mentor_who_is_asked_again_has_it_as_the_next_step_and_the_coordinator_sees_it(app, area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.ACTIVE, name="Anwen Ŵyn")
    me = own(app, volunteer)
    first = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    AcknowledgementFactory(volunteer=volunteer, agreement=first)
    assert not me.get("/my").sees("Read and agree the volunteer agreement")
    AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    me.get("/my").click("Read the volunteer agreement")
    assert me.sees("version 2")
    coordinator.get("/start")
    assert coordinator.sees("Agreements not yet acknowledged", "Volunteer agreement (asked again)")
    coordinator.click("Anwen Ŵyn")
    assert coordinator.sees("asked again, because they put their name under an earlier version")
