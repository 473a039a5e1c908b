"""Somebody else in the place of a referee who would rather not, or whose reference does not count."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.access import Role
from portal.applications.models import Referee
from portal.audit.rules import Outsider
from portal.locks.models import Once
from portal.messages.models import Message
from portal.references import queries, services
from portal.references.models import Reference, ReferenceState
from portal.refusals import Refused
from portal.reminders.queries import address_path
from portal.volunteers.journey import Stage
from portal.volunteers.messages import where_path
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.references.test_services import GOOD

BY = Outsider("Rhian Referee")
NEW = {
    "Their name": "Tess Tutor", "How do they know you?": "A teacher or tutor",
    "Their email address": "tess@example.org",
    "How many years have they known you?": "3", "Are they in your family?": "No", "Do they live with you?": "No",
}  # fmt: skip
SEND = "Send"


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def person(session, area):
    person = VolunteerFactory(area=area, stage=Stage.OFFERED, email="sam@example.org", name="Sam Example")
    application = ApplicationFactory(volunteer=person)
    for name in ("Rhian Referee", "Karim Keyworker"):
        RefereeFactory(application=application, name=name, email=f"{name.split()[0].lower()}@example.org")
    services.request_all(person, by=BY)
    session.commit()
    return person


@pytest.fixture
def lost(person, session):
    """Rhian would rather not."""
    reference = session.scalars(select(Reference).order_by(Reference.id)).first()
    services.decline_to_give(reference, by=BY)
    session.commit()
    return reference


@pytest.fixture
def desk(browser, session, area):
    worker = UserFactory(role=Role.COORDINATOR, area=area)
    session.commit()
    return browser.sign_in_as(worker)


def wanted(session):
    return session.scalars(select(Message).where(Message.template == "referee_wanted")).all()


def path_of(letter):
    return re.search(r"/referees/another/[\w-]+", letter.body).group()


def test_by_link_the_applicant_names_somebody_else_who_is_asked_at_once(browser, lost, session):
    (letter,) = wanted(session)
    browser.get(path_of(letter)).fill(NEW).submit(SEND)
    assert browser.heading == "Thank you"
    tess = session.scalars(select(Reference).join(Reference.referee).where(Referee.name == "Tess Tutor")).one()
    assert tess.state is ReferenceState.REQUESTED
    assert session.scalars(select(Message.to_address).where(Message.template == "reference_requested")).all()[-1] == (
        "tess@example.org"
    )
    browser.get(path_of(letter), status=410)
    assert browser.sees("no longer works")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Their name": ""}, "Enter their name"),
        ({"Their email address": ""}, "Give an email address or a phone number for them"),
        ({"Their email address": "sam@example.org"}, "your own details"),
        ({"Their email address": "karim@example.org"}, "already"),
        ({"Are they in your family?": "Yes"}, "not in your family"),
        ({"Do they live with you?": "Yes"}, "does not live with you"),
        ({"How many years have they known you?": "0"}, "for a year or more"),
    ],
)
def test_the_rules_of_the_application_hold_here_too_and_nothing_typed_is_lost(browser, lost, session, wrong, words):
    (letter,) = wanted(session)
    browser.get(path_of(letter)).fill(NEW | wrong).submit(SEND, status=422)
    assert words in " ".join(browser.errors)
    assert browser.value("Where they work or help") == ""
    assert browser.value("Their name") == (NEW | wrong)["Their name"]
    assert session.scalar(select(func.count(Referee.id))) == 2


def test_signed_in_they_find_it_on_their_own_page_and_by_the_link_that_says_where_they_are(browser, lost, session):
    person = lost.volunteer
    person.user = UserFactory(role=Role.VOLUNTEER, scheme=person.scheme)
    session.commit()
    browser.sign_in_as(person.user).get("/my")
    assert "Name somebody else who can speak for you" in browser.links()
    browser.click("People who speak for you").click("Name somebody else")
    assert browser.heading == "Name somebody else who can speak for you"
    browser.get(where_path(person)).click("Name somebody else who can speak for you").fill(NEW).submit(SEND)
    browser.get("/my/referees")
    assert "Name somebody else" not in browser.links()
    assert browser.sees("Tess Tutor", "We do not ask them any more")
    assert not browser.sees("rather not")


def test_a_second_tap_and_a_second_tab_name_nobody_twice(lost, session):
    person = lost.volunteer
    answers = {
        "relation": RefereeFactory.build().relation, "organisation": "", "phone": "", "years_known": 3,
    }  # fmt: skip
    services.name_another(person, name="Tess Tutor", email="tess@example.org", **answers, by=BY)
    with pytest.raises(Refused, match="There is nothing more to do"):
        services.name_another(person, name="Ned Neighbour", email="ned@example.org", **answers, by=BY)
    assert session.scalar(select(func.count(Reference.id))) == 3


@pytest.mark.parametrize("secret", ["0", "1-", "x-y", "1-" + "a" * 48, "9" * 30 + "-a", "1-é"])
def test_a_guessed_link_opens_nothing(browser, lost, secret):
    browser.get(f"/referees/another/{secret}", status=410)
    assert not browser.sees("Rhian")


def test_a_link_for_an_address_names_nobody_and_one_for_a_name_gives_no_address(browser, lost, session):
    lost.bounced_at = clock.now()
    session.commit()
    for path in (address_path(lost), queries.another_path(lost)):
        swapped = path.replace("/referees/another/", "/referees/")
        swapped = swapped if swapped != path else path.replace("/referees/", "/referees/another/")
        browser.get(swapped, status=410)


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.DECLINED, Stage.APPLIED])
def test_the_link_rests_where_nobody_is_asked(browser, lost, session, stage):
    path = queries.another_path(lost)
    lost.volunteer.stage = stage
    session.commit()
    browser.get(path, status=410)
    assert queries.another_wanted(lost.volunteer) is None


def test_nobody_is_asked_for_more_people_than_the_scheme_needs(person, session):
    RefereeFactory(application=session.scalars(select(Referee)).first().application, name="Third")
    services.decline_to_give(session.scalars(select(Reference).order_by(Reference.id)).first(), by=BY)
    assert wanted(session) == []
    assert queries.another_wanted(person) is None


def test_a_coordinator_asks_for_somebody_else_once_and_says_nothing_of_why(desk, person, session):
    reference = session.scalars(select(Reference).order_by(Reference.id)).first()
    services.answer(reference, GOOD, by=BY)
    services.note_concern(reference, how="He was short with her", by=BY)
    session.commit()
    desk.get(f"/people/{person.id}/references/{reference.id}").submit("Ask for somebody else")
    assert desk.banners == ["They are asked for somebody else, by a link. They are not told why"]
    desk.get(f"/people/{person.id}/references/{reference.id}").submit("Ask for somebody else")
    (letter,) = wanted(session)
    assert "concern" not in letter.body + letter.subject
    assert path_of(letter)


def test_a_reference_that_was_given_and_counts_is_not_replaced(person, session):
    reference = session.scalars(select(Reference).order_by(Reference.id)).first()
    services.answer(reference, GOOD, by=BY)
    with pytest.raises(Refused, match="Note a concern first"):
        services.ask_for_another(reference, by=BY)


def test_refused_it_was_never_asked_and_can_be_asked_when_somebody_else_is_lost(person, session):
    RefereeFactory(application=session.scalars(select(Referee)).first().application, name="Third")
    first = session.scalars(select(Reference).order_by(Reference.id)).first()
    with pytest.raises(Refused, match="Enough other people"):
        services.ask_for_another(first, by=BY)
    assert session.scalars(select(Once).where(Once.key.contains(":another:"))).all() == []


def test_the_coordinator_sees_on_the_start_page_who_is_asked_for_a_name_and_whom_they_named(desk, lost, session):
    desk.get("/start")
    assert desk.sees("Somebody else to speak for them (1)", "Asked for a name in the place of Rhian Referee")
    answers = {"relation": lost.referee.relation, "organisation": "", "phone": "+447700900123", "years_known": 3}
    named = services.name_another(lost.volunteer, name="Tess Tutor", email="", **answers, by=BY)
    session.commit()
    desk.get("/start")
    assert desk.sees("Somebody else to speak for them (1)", "Named Tess Tutor: ring them")
    assert not desk.sees("Asked for a name")
    desk.get(f"/people/{lost.volunteer_id}/references/{named.id}")
    assert desk.sees("They have no email address: ring them")


def test_the_lists_cost_the_same_for_one_and_for_ten(session, area, count_queries):
    worker = UserFactory(role=Role.COORDINATOR, area=area)
    session.flush()
    worker.may  # noqa: B018 - what they may do is read once
    queries.others_wanted(seen_by=worker)

    def cost(more):
        for _ in range(more):
            someone = VolunteerFactory(area=area, stage=Stage.OFFERED)
            referee = RefereeFactory(application=ApplicationFactory(volunteer=someone))
            ReferenceFactory(referee=referee, state=ReferenceState.DECLINED)
        session.flush()
        with count_queries() as counted:
            found = queries.others_wanted(seen_by=worker), queries.named_since(seen_by=worker)
        return len(found[0]), counted.total

    assert cost(1) == (1, 2)
    assert cost(9) == (10, 2)
