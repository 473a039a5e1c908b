"""A practitioner comes by link; staff name, ring and read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.audit.rules import Outsider
from portal.recommendations import queries, services
from portal.recommendations.models import RecommendationState
from portal.recommendations.rules import Answer, Answers
from portal.volunteers.journey import Stage
from portal.volunteers.messages import where_path
from portal.web.limits import limiter
from tests.browser import Browser
from tests.factories import AreaFactory, RecommendationFactory, UserFactory, VolunteerFactory

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
CHOICE = "Do you recommend them as a volunteer peer mentor?"
SPEAK = "Should we speak with you before we go on?"
BY_LINK = Outsider("Practitioner by link")
KNOWN = {"How do you know them?": "I am her key worker", "How long have you known them?": "8 months"}


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet(session):
    limiter.reset()


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area, name="Cora Coordinator")


@pytest.fixture
def volunteer(area):
    return VolunteerFactory(area=area, stage=Stage.APPLIED, name="Anwen Ŵyn")


@pytest.fixture
def asked(volunteer, coordinator, session):
    made = services.name_practitioner(
        volunteer, name="Priya", job="Key worker", organisation="", email="priya@example.org", phone="",
        by=coordinator,
    )  # fmt: skip
    session.commit()
    return made


@pytest.fixture
def link(asked):
    return f"/recommend/{queries.token_of(asked)}"


@pytest.fixture
def desk(app, coordinator):
    return Browser(app).sign_in_as(coordinator)


def test_a_practitioner_starts_chooses_answers_checks_changes_and_sends(browser, link, asked, session):
    browser.get(link)
    assert browser.sees("Anwen Ŵyn has applied", "about three minutes", "no details of offences")
    assert asked.state is RecommendationState.REQUESTED  # opening the page alone writes nothing
    browser.submit("Start")
    browser.submit("Continue", status=422)
    assert browser.errors == ["Choose one of the three answers"]
    browser.fill({CHOICE: "Yes, I recommend them"}).submit("Continue")
    assert browser.heading == "Yes, I recommend them"
    browser.fill({**KNOWN, "What support would help them to do well?": "A quiet room", SPEAK: "No"})
    browser.submit("Check my answers")
    assert browser.sees("Check your answers", "I am her key worker", "A quiet room")
    browser.submit("Change my answers")
    assert browser.value("How long have you known them?") == "8 months"
    browser.submit("Check my answers").submit("Send my answer")
    assert browser.heading == "Thank you"
    session.refresh(asked)
    assert asked.state is RecommendationState.RECOMMENDED
    browser.get(link, status=410)
    assert browser.sees("We have your answer already")


def test_not_yet_carries_its_day_over_the_page_that_asks_whether_all_is_right(browser, link, asked, session):
    day = clock.today() + timedelta(days=60)
    browser.get(link).submit("Start").fill({CHOICE: "Not yet: please ask me again later"}).submit("Continue")
    browser.fill({**KNOWN, SPEAK: "No", "look_again_on": f"{clock.today():%d %m %Y}".split()})
    browser.submit("Check my answers", status=422)
    assert browser.errors == ["The day when we ask again must be in the future"]
    browser.fill({"look_again_on": f"{day:%d %m %Y}".split(), "Why is it too early?": ["busy", "unsure"]})
    browser.submit("Check my answers")
    assert browser.sees("They have a lot on just now; They are not sure themselves", f"{day.day} {day:%B %Y}")
    browser.submit("Send my answer")
    session.refresh(asked)
    assert (asked.state, asked.look_again_on) == (RecommendationState.NOT_YET, day)
    assert asked.answers["kinds"] == ["busy", "unsure"]


def test_whoever_cannot_answer_needs_no_reason(browser, link, asked, session):
    browser.get(link).submit("Start").fill({CHOICE: "I cannot answer this"}).submit("Continue")
    browser.fill({SPEAK: "No"}).submit("Check my answers").submit("Send my answer")
    session.refresh(asked)
    assert asked.state is RecommendationState.CANNOT


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": clock.now() - timedelta(seconds=1)},
        {"bounced_at": clock.now()},
        {"token_hash": "of another address"},
        {"state": RecommendationState.EXPIRED},
    ],
)
def test_a_dead_link_is_a_calm_page_that_does_not_name_the_applicant(browser, link, asked, session, change):
    token = browser.get(link)._inputs()[0].get("value")
    for name, value in change.items():
        setattr(asked, name, value)
    session.commit()
    for path in (link, f"{link}/recommend"):
        browser.get(path, status=410)
        assert browser.sees("This link does not open anything now", "Look for the newest letter")
        assert "Anwen" not in browser.html
    for path in (f"{link}/start", f"{link}/recommend/send"):
        browser.post(path, {"csrf_token": token}, status=410)


@pytest.mark.parametrize("token", ["x" * 48, "x" * 500, "%00", "<b>"])
def test_a_guessed_link_is_the_same_calm_page(browser, session, token):
    browser.get(f"/recommend/{token}", status=410)
    assert browser.sees("This link does not open anything now")


def test_guessing_links_is_stopped(browser, session):
    for number in range(40):
        browser.get(f"/recommend/{number:048}", status=410)
    browser.get(f"/recommend/{41:048}", status=429)


def test_the_link_of_somebody_who_withdrew_is_closed(browser, link, volunteer, session):
    volunteer.stage = Stage.WITHDRAWN
    session.commit()
    browser.get(link, status=410)


def test_two_tabs_send_one_answer(app, browser, link, asked, session):
    browser.get(link).submit("Start").fill({CHOICE: "I cannot answer this"}).submit("Continue")
    browser.fill({SPEAK: "No"}).submit("Check my answers")
    token = browser._inputs()[0].get("value")
    browser.submit("Send my answer")
    browser.post(f"{link}/recommend/send", {"csrf_token": token, "how_known": "x", "how_long": "y"}, status=410)
    session.refresh(asked)
    assert asked.state is RecommendationState.CANNOT


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(browser, desk, link, asked, volunteer, rubbish):
    browser.get(link).submit("Start")
    start = f"/people/{volunteer.id}/recommendation"
    pages = [(browser, link)] + [(browser, f"{link}/{each}") for each in ("recommend", "not-yet", "cannot")]
    pages += [(desk, f"{start}/new")] + [(desk, f"{start}/{asked.id}/{each}") for each in ("send-again", "by-phone")]
    pages += [(desk, f"{start}/{asked.id}/call")]
    for who, path in pages:
        who.get(path)
        names = [field.get("name") for field in who._inputs() if field.get("name") not in {None, "csrf_token"}]
        who.post(path, dict.fromkeys(names, rubbish))
        assert who.status in {200, 409, 422}
    browser.get(f"{link}/perhaps", status=404)


def test_staff_name_a_practitioner_change_the_address_and_ring(desk, volunteer, session):
    desk.get(f"/people/{volunteer.id}").click("Recommendation").click("Ask a practitioner")
    desk.submit("Ask them", status=422)
    assert desk.errors == ["Enter their name", "Enter an email address or a phone number"]
    desk.fill({"Their name": "Olu Officer", "Their phone number": "01632 960 001"}).submit("Ask them")
    assert desk.sees("They are asked", "They have no email address: ring them", "Olu Officer")
    desk.click("Send a new link, or change the address: Olu Officer").fill({"Their email address": "olu@example.org"})
    desk.submit("Send the link")
    assert desk.sees("A new link is on its way", "olu@example.org")
    desk.click("Ask them by phone: Olu Officer")
    assert desk.sees("gave us your name", "stop them kindly")
    desk.fill({"Who did you speak to?": "Olu", CHOICE: "Yes, I recommend them", SPEAK: "Yes"})
    desk.submit("Save what they said", status=422)
    assert desk.errors == ["Ask how they know the applicant", "Ask how long they have known the applicant"]
    desk.fill(KNOWN).submit("Save what they said")
    assert desk.sees("What they said is saved", "by phone to Cora Coordinator, who spoke to Olu")
    desk.get("/recommendations")
    assert desk.sees("To ring (1)", "would like to be rung before we go on")
    desk.click("Anwen Ŵyn").click("Note the call with Olu Officer")
    desk.fill({"Can we go on with the application?": "Yes", "What did you agree?": "A call each week"}).submit("Save")
    assert desk.sees("Your call is noted", "we can go on", "A call each week")


def test_two_workers_who_change_the_address_are_both_told(app, coordinator, volunteer, asked):
    one, two = (Browser(app).sign_in_as(coordinator) for _ in range(2))
    path = f"/people/{volunteer.id}/recommendation/{asked.id}/send-again"
    one.get(path)
    two.get(path).fill({"Their email address": "two@example.org"}).submit("Send the link")
    one.fill({"Their email address": "one@example.org"}).submit("Send the link", status=409)
    assert one.errors
    assert one.sees("Someone else changed this")


def test_what_was_said_before_stays_to_be_read(desk, link, browser, volunteer, asked, session):
    day = clock.today() + timedelta(days=60)
    browser.get(link).submit("Start").fill({CHOICE: "Not yet: please ask me again later"}).submit("Continue")
    browser.fill({**KNOWN, SPEAK: "No", "look_again_on": f"{day:%d %m %Y}".split(), "words": "After the move"})
    browser.submit("Check my answers").submit("Send my answer")
    desk.get("/recommendations")
    assert desk.sees("Not yet (1)", f"we ask again on {day.day} {day:%B %Y}")
    services.look_again(clock.now() + timedelta(days=61))
    session.commit()
    desk.get(f"/people/{volunteer.id}/recommendation")
    assert desk.sees("for the second time", "What Priya said before", "After the move")


def test_a_coordinator_of_another_area_sees_nothing_of_it(app, asked, volunteer):
    other = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=AreaFactory()))
    other.get(f"/people/{volunteer.id}/recommendation", status=404)
    other.get(f"/people/{volunteer.id}/recommendation/{asked.id}/call", status=404)
    assert "Anwen" not in other.get("/recommendations").html


def test_the_list_costs_the_same_for_one_and_for_forty(desk, area, count_queries):
    RecommendationFactory(volunteer=VolunteerFactory(area=area, stage=Stage.APPLIED))
    with count_queries() as one:
        desk.get("/recommendations")
    for _ in range(39):
        RecommendationFactory(volunteer=VolunteerFactory(area=area, stage=Stage.APPLIED))
    with count_queries() as many:
        desk.get("/recommendations")
    assert one.total == many.total
    assert desk.sees("Not answered yet (40)")


def test_the_person_reads_how_it_came_out_and_never_why_or_when(app, browser, link, asked, volunteer, session):
    user = UserFactory(role=Role.VOLUNTEER)
    volunteer.user = user
    session.commit()
    me, where = Browser(app).sign_in_as(user).get("/my"), where_path(volunteer)
    assert me.sees("Your recommendation from Priya: asked, not answered yet")
    day = clock.today() + timedelta(days=60)
    said = Answers(
        Answer.NOT_YET, how_known="Her worker", how_long="A year", words="A hard summer", look_again_on=day,
        speak_first=True,
    )  # fmt: skip
    services.answer(asked, said, by=BY_LINK)
    session.commit()
    for page in (me.get("/my"), browser.get(where)):
        assert page.sees("they have answered, and we talk with you soon")
        assert not page.sees("A hard summer")
    asked.answers = asked.answers | {"speak_first": False}
    session.commit()
    for page in (me.get("/my"), browser.get(where)):
        assert page.sees("not yet: they asked us to look again")
        assert not page.sees("A hard summer")
    assert not browser.sees("Priya")


def test_the_start_page_shows_what_a_person_has_to_do_and_what_was_asked_again(desk, asked, session):
    session.commit()
    assert desk.get("/start").sees("No recommendation waits for you")
    day = clock.today() + timedelta(days=5)
    said = Answers(Answer.NOT_YET, how_known="Her worker", how_long="A year", look_again_on=day, speak_first=True)
    services.answer(asked, said, by=BY_LINK)
    session.commit()
    assert desk.get("/start").sees("Wants to be rung first")
    asked.answers = asked.answers | {"speak_first": False}
    session.commit()
    assert desk.get("/start").sees(f"Asked again on {day.day} {day:%B}")
    services.look_again(clock.now() + timedelta(days=5))
    session.commit()
    assert desk.get("/start").sees("The day has come: asked again, not answered yet")
    services.answer(asked, Answers(Answer.RECOMMEND, how_known="Her worker", how_long="A year"), by=BY_LINK)
    session.commit()
    assert desk.get("/start").sees("No recommendation waits for you")
