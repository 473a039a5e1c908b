"""An applicant on a phone, one thing at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.accounts.models import User
from portal.applications import services
from portal.applications.models import Application, Relation
from portal.audit.rules import Outsider
from portal.carriers.rules import Carrier
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from tests.applications import applicant
from tests.browser import Browser
from tests.factories import ApplicationFactory, AreaFactory, UserFactory, VolunteerFactory

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627\u0628", "👩🏽‍🦽", "<script>alert(1)</script>", "   ", "\ufffe"]


@pytest.fixture
def area(session):
    return AreaFactory(name="Darlington")


def the_application(session):
    session.expire_all()
    return session.scalars(select(Application)).one()


def test_an_applicant_goes_all_the_way_with_a_phone_number_and_no_email(browser, area, session):
    applicant.start(browser, area, email="", phone="07700 900 123")
    assert browser.sees("Write this code down")
    browser.click("Go on")
    assert browser.sees("About you Not started", "What you are good at You can skip this Optional", "0 of 2")
    applicant.everything_needed(browser)
    browser.get("/application").click("Check your answers")
    assert browser.sees("Sam Example", "07700 900123", "I want to help.", "Kim Worker 2")
    browser.submit("Send my application")
    application = the_application(session)
    assert browser.heading == "We have your application"
    assert browser.sees(
        application.volunteer.reference, "get in touch within 5 days", "please write your reference down"
    )
    assert application.volunteer.stage is Stage.APPLIED
    carried = session.execute(select(Message.template, Message.carrier, Message.to_address)).all()
    assert {row.to_address for row in carried} <= {"", application.volunteer.phone}
    assert Carrier.EMAIL not in {row.carrier for row in carried}
    assert "application_sent" in {row.template for row in carried}


def test_an_applicant_with_email_can_sign_in_from_then_on(browser, area, session):
    applicant.start(browser, area)
    assert browser.sees("We are sending a link to", "sam@example.org")
    applicant.everything_needed(browser)
    browser.get("/application/check").submit("Send my application")
    user = session.scalars(select(User)).one()
    assert (user.email, the_application(session).volunteer.user_id) == ("sam@example.org", user.id)
    elsewhere = Browser(browser._client.application, address="192.0.2.9")
    assert elsewhere.sign_in_as(user).get("/application").heading == "We have your application"


def test_nothing_says_whether_an_address_has_an_account(browser, app, area, session):
    UserFactory(email="known@example.org")
    pages = []
    for number, email in enumerate(("known@example.org", "new@example.org")):
        someone = Browser(app, address=f"192.0.2.{number + 10}")
        applicant.start(someone, area, email=email)
        applicant.everything_needed(someone)
        someone.get("/application/check").submit("Send my application")
        reference = session.scalars(select(Application).order_by(Application.id.desc())).first().volunteer.reference
        pages.append(someone.text.replace(email, "").replace(reference, ""))
    assert pages[0] == pages[1]


def test_the_owner_of_a_known_address_adds_the_application_after_signing_in(browser, app, area, session):
    owner = UserFactory(email="sam@example.org")
    applicant.start(browser, area)
    applicant.everything_needed(browser)
    browser.get("/application/check").submit("Send my application")
    assert the_application(session).volunteer.user_id is None
    mine = Browser(app, address="192.0.2.9").sign_in_as(owner).get("/my/applications-to-join")
    mine.submit(f"Yes, it is mine {the_application(session).volunteer.reference}")
    assert mine.heading == "We have your application"
    assert the_application(session).volunteer.user_id == owner.id
    assert mine.get("/my/applications-to-join").sees("There is none that waits for you")


def test_nobody_adds_an_application_that_was_sent_with_another_address(browser, session):
    other = ApplicationFactory().volunteer
    browser.sign_in_as(UserFactory()).get("/my/applications-to-join")
    browser.get("/schemes").get("/application/return")  # a page with a token
    browser.post("/my/applications-to-join", {"volunteer_id": other.id}, status=404)


def test_somebody_can_stop_and_come_back_on_another_phone_by_code_or_by_link(browser, app, area):
    code = applicant.start(browser, area)
    applicant.why(browser, "My own words")
    other = Browser(app, address="192.0.2.9").get("/application")
    assert other.heading == "Carry on with your application"
    other.fill({"Your return code": code.lower().replace("-", " ")}).submit("Carry on")
    assert other.heading == "Your application"
    third = Browser(app, address="192.0.2.10").get(f"/application/return/{code}")
    assert third.click("Why you want to do this").value("What made you think of it now?") == "My own words"


@pytest.mark.parametrize("typed", ["ABCD-EFGH", "x" * 10_000, "\0", "👩🏽", ""])
def test_a_wrong_code_is_refused_at_the_field_and_kept(browser, typed):
    browser.get("/application/return").fill({"Your return code": typed}).submit("Carry on", status=422)
    assert browser.errors


def test_a_wrong_link_says_that_it_no_longer_works_and_takes_the_code_instead(browser, area):
    code = applicant.start(browser, area)
    browser.submit("Stop and leave this device")
    browser.get("/application/return/AAAA-BBBB", status=410)
    assert browser.sees("This link no longer works", "ring the scheme for a new one")
    assert browser.fill({"Your return code": code}).submit("Carry on").heading == "Your application"


def test_somebody_signed_in_is_not_offered_to_leave_the_device_but_led_back(browser, area):
    user = UserFactory(role=Role.VOLUNTEER, area=area)
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED, user=user)
    ApplicationFactory(volunteer=volunteer, submitted_at=clock.now())
    browser.sign_in_as(user).get("/application")
    assert browser.heading == "We have your application"
    assert not browser.sees("Leave this device")
    assert browser.click("Back").path == "/my"


def test_the_code_is_shown_only_in_the_browser_that_started(browser, app, area):
    code = applicant.start(browser, area)
    assert code in browser.get("/application/code").text
    other = Browser(app, address="192.0.2.9").get(f"/application/return/{code}").get("/application/code")
    assert code not in other.text
    assert other.sees("we show the code once only")


def test_a_borrowed_phone_forgets_the_application(browser, area):
    applicant.start(browser, area)
    browser.submit("Stop and leave this device")
    assert browser.sees("This device has forgotten your application")
    assert browser.get("/application").heading == "Carry on with your application"


def test_a_browser_without_an_application_is_asked_for_the_code_everywhere(browser):
    for path in ("", "/code", "/why", "/who-can-speak-for-you", "/who-can-speak-for-you/new", "/check", "/sent"):
        assert browser.get(f"/application{path}").heading == "Carry on with your application"


def test_a_section_that_does_not_exist_is_not_there(browser, area):
    applicant.start(browser, area)
    browser.get("/application/no-such-section", status=404)


def test_starting_needs_a_name_and_one_way_to_reach_them(browser, area):
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/start").submit("Start", status=422)
    assert browser.errors == [
        "Enter your name",
        "Enter an email address or a phone number, so that we can reach you",
        "Choose how you heard about us",
    ]


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("Your email address", "sam@", "Enter an email address in the correct format, like name@example.com"),
        ("Or your phone number", "12", "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"),
        ("What is your name?", "x" * 201, "Your name must be 200 characters or fewer"),
        ("What is your name?", "x" * 10_000, "Your name must be 200 characters or fewer"),
        ("What is your name?", "Sa\0m", "Your name has a character in it that we cannot keep. Type it again"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept_as_typed(browser, area, field, typed, error):
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/start")
    browser.fill({"What is your name?": "Sam", "How did you hear about us?": "I found it myself", field: typed})
    browser.submit("Start", status=422)
    assert error in browser.errors
    assert browser.value(field) == typed.replace("\0", "")


@pytest.mark.parametrize("name", ["O", "x" * 200, "محمد خان", "Łucja", "👩🏽‍🦽", "Siân ŵyn-O’Brien", "\u202eabc"])
def test_any_name_that_people_have_is_taken(browser, area, name, session):
    applicant.start(browser, area, name=name)
    assert the_application(session).volunteer.name == name


def test_bytes_that_are_no_text_are_refused_calmly(browser, area):
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/start")
    token = next(f.get("value") for f in browser._inputs() if f.get("name") == "csrf_token")
    body = f"csrf_token={token}&route=open_web&email=a@example.org&name=".encode() + b"\xff\xfe"
    browser._open(
        "POST", browser.path, status=None, data=body, content_type="application/x-www-form-urlencoded"
    )  # fmt: skip
    assert browser.status in {400, 422}


@pytest.mark.parametrize("typed", RUBBISH)
@pytest.mark.parametrize(
    ("slug", "field"),
    [
        ("about-you", "known_as"), ("about-you", "postcode_area"), ("reaching-you", "phone"),
        ("reaching-you", "safe_from"), ("reaching-you", "notes"), ("why", "why_now"),
        ("your-experience", "lived_experience"), ("what-you-are-good-at", "good_with_people"),
        ("support", "access_needs"), ("who-can-speak-for-you/new", "name"),
        ("who-can-speak-for-you/new", "years_known"),
    ],
)  # fmt: skip
def test_rubbish_anywhere_is_refused_or_kept_and_never_a_fault(browser, area, slug, field, typed):
    applicant.start(browser, area)
    browser.get(f"/application/{slug}").fill({field: typed})
    browser.submit("Save this person" if "/new" in slug else "Save and continue")
    assert browser.status in {200, 422}
    assert bool(browser.errors) == (browser.status == 422)


def test_somebody_under_18_is_told_kindly(browser, area):
    applicant.start(browser, area)
    browser.get("/application/about-you").fill({"Are you 18 or over?": "No"}).submit("Save and continue", status=422)
    assert browser.errors == [
        "You need to be 18 or over to be a peer mentor. Ring us: we may know of something else for you"
    ]


def test_a_name_in_other_letters_is_asked_for_in_english_letters(browser, area, session):
    applicant.start(browser, area, name="محمد خان")
    applicant.about_you(browser)
    assert browser.errors == ["Write your name in English letters too, so that everybody can say it"]
    browser.fill({"Your name in English letters": "Mohammed Khan"}).submit("Save and continue")
    assert the_application(session).volunteer.romanised == "Mohammed Khan"


def test_safe_contact_is_kept(browser, area, session):
    applicant.start(browser, area, phone="07700 900 123")
    applicant.reaching_you(
        browser, channel="Text message", hide_scheme_name=True, safe_from="9am", safe_until="5pm"
    )  # fmt: skip
    contact = the_application(session).volunteer.contact
    assert (contact.hide_scheme_name, contact.safe_from.hour, contact.safe_until.hour) == (True, 9, 17)


def test_texts_need_a_phone_number(browser, area):
    applicant.start(browser, area)
    applicant.reaching_you(browser, channel="Text message")
    assert browser.errors == ["Give a phone number, or choose another way to be reached"]


def test_family_or_somebody_from_the_same_home_cannot_speak_for_them(browser, area):
    applicant.start(browser, area)
    applicant.referee(browser, **{"Are they in your family?": "Yes", "Do they live with you?": "Yes"})
    assert browser.errors == ["Choose somebody who is not in your family", "Choose somebody who does not live with you"]
    assert browser.value("Their name") == "Kim Worker 1"


REMOVE = "/application/who-can-speak-for-you/remove"


def test_a_referee_can_be_taken_off_and_a_second_tap_changes_nothing(browser, area, session):
    applicant.start(browser, area)
    applicant.referee(browser)
    number = the_application(session).referees[0].id
    browser.submit("Remove Kim Worker 1")
    assert not browser.sees("Kim Worker 1")
    browser.get("/application/why").post(REMOVE, {"referee_id": number}, status=200)


@pytest.mark.parametrize("typed", ["", "x", "99999999999999999999", "-1"])
def test_taking_off_nobody_changes_nothing(browser, area, session, typed):
    applicant.start(browser, area)
    applicant.referee(browser)
    browser.get("/application/why").post(REMOVE, {"referee_id": typed}, status=200)
    assert len(the_application(session).referees) == 1


def test_the_referee_of_somebody_else_cannot_be_taken_off(browser, app, area, session):
    applicant.start(browser, area)
    applicant.referee(browser)
    theirs = the_application(session).referees[0].id
    other = Browser(app, address="192.0.2.9")
    applicant.start(other, area, email="other@example.org")
    other.get("/application/why").post(REMOVE, {"referee_id": theirs}, status=200)
    session.expire_all()
    assert len(session.scalars(select(Application).order_by(Application.id)).first().referees) == 1


def test_a_second_tab_that_saves_the_same_answer_is_shown_both(browser, area):
    applicant.start(browser, area)
    browser.get("/application/why")
    second = Browser(browser._client.application)
    second._client = browser._client  # the same phone: one set of cookies, two tabs
    applicant.why(second, "From the second tab")
    browser.fill(why_now="From the first tab").submit("Save and continue", status=409)
    assert browser.sees("From the second tab")
    assert browser.value("why_now") == "From the first tab"
    browser.submit("Save and continue")
    assert browser.get("/application/why").value("why_now") == "From the first tab"


def test_a_second_tab_on_another_section_disturbs_nobody(browser, area):
    applicant.start(browser, area)
    browser.get("/application/why")
    second = Browser(browser._client.application)
    second._client = browser._client
    second.get("/application/what-you-are-good-at").fill(good_with_people="Listening").submit("Save and continue")
    browser.fill(why_now="My words").submit("Save and continue")
    assert browser.heading == "Your application"


def test_a_number_is_shown_again_as_people_write_it_and_the_scheme_is_rung_with_a_tap(browser, area, session):
    area.scheme.phone = "+441914980000"
    session.commit()
    applicant.start(browser, area, email="", phone="+44 7700 900123")
    assert browser.get("/application").links()["0191 498 0000"] == "tel:+441914980000"
    assert browser.get("/application/reaching-you").value("Your phone number") == "07700 900123"


def test_two_tabs_of_ones_own_do_not_speak_of_a_stranger(browser, area):
    applicant.start(browser, area)
    browser.get("/application/why")
    second = Browser(browser._client.application)
    second._client = browser._client
    second.get("/application/why").fill({"What made you think of it now?": "One"}).submit("Save and continue")
    browser.fill({"What made you think of it now?": "Two"}).submit("Save and continue", status=409)
    assert browser.sees("You, in another tab or on another device", "One")
    assert not browser.sees("Someone else")


def test_sending_from_two_tabs_ends_on_the_same_calm_page(browser, area, session):
    applicant.start(browser, area)
    applicant.everything_needed(browser)
    second = Browser(browser._client.application)
    second._client = browser._client
    browser.get("/application/check")
    second.get("/application/check").submit("Send my application")
    browser.submit("Send my application")
    assert browser.heading == second.heading == "We have your application"
    assert len(the_application(session).volunteer.history) == 2


def test_nothing_can_be_changed_after_sending_not_even_by_the_back_button(browser, area, session):
    applicant.start(browser, area)
    applicant.everything_needed(browser)
    browser.get("/application/why")
    second = Browser(browser._client.application)
    second._client = browser._client
    second.get("/application/check").submit("Send my application")
    browser.fill(why_now="Changed").submit("Save and continue")
    assert browser.heading == "We have your application"
    assert the_application(session).prompted == {"why_now": "I want to help."}
    for path in ("why", "who-can-speak-for-you", "who-can-speak-for-you/new", "check"):
        assert browser.get(f"/application/{path}").heading == "We have your application"


def test_sending_too_early_says_what_is_missing(browser, area):
    applicant.start(browser, area)
    browser.get("/application/check")
    assert browser.sees("Finish “About you”", "Give 2 more people who can speak for you")
    browser.click("Give 2 more people who can speak for you")
    assert browser.heading == "People who can speak for you"
    browser.get("/application/check").click("Finish “About you”")
    browser.fill({"Are you 18 or over?": "Yes"}).submit("Save and continue")
    assert browser.heading == "Check your answers"
    assert not browser.sees("Finish “About you”")
    assert not browser.sees("In English letters")  # it was never asked
    browser.get("/application/why").post("/application/check", status=422)
    assert len(browser.errors) == 4


def test_an_answer_can_be_changed_from_the_check_page_and_leads_back_there(browser, area):
    applicant.start(browser, area)
    applicant.everything_needed(browser)
    browser.get("/application/check").click("Change why you want to do this")
    browser.fill(why_now="Better words").submit("Save and continue")
    assert browser.heading == "Check your answers"
    assert browser.sees("Better words")


def test_somebody_who_withdrew_starts_again_with_what_they_wrote(browser, session):
    user = UserFactory()
    person = VolunteerFactory(user=user, stage=Stage.WITHDRAWN)
    ApplicationFactory(volunteer=person, why="My words", sections_done="why")
    browser.sign_in_as(user).get("/application").submit("Start again")
    assert browser.heading == "Your application"
    assert browser.get("/application/why").value("why") == "My words"


def test_another_account_on_the_same_browser_does_not_see_the_application(browser, area, session):
    applicant.start(browser, area)
    applicant.everything_needed(browser)
    browser.get("/application/check").submit("Send my application")
    browser.sign_in_as(UserFactory()).get("/application")
    assert not browser.sees("Sam Example")


def test_the_task_list_costs_no_more_with_more_referees(browser, area, session, count_queries):
    applicant.start(browser, area)
    with count_queries() as one:
        browser.get("/application/check")
    applicant.referee(browser, 1)
    applicant.referee(browser, 2)
    with count_queries() as many:
        browser.get("/application/check")
    assert one.total == many.total


def test_somebody_who_starts_again_and_again_is_asked_to_wait(browser, area, session):
    path = f"/schemes/{area.scheme.slug}/{area.slug}/start"
    for _ in range(40):
        browser.get(path).submit("Start", status=422)
    browser.get(path).submit("Start", status=429)
    assert browser.sees("Too many tries")


def test_a_new_return_code_shuts_out_whoever_came_with_the_one_before(browser, session, app):
    applicant.start(browser, AreaFactory())
    assert browser.get("/application").sees("About you")
    application = session.scalars(select(Application)).one()
    code = services.renew_code(application, by=UserFactory())
    session.commit()
    assert browser.get("/application").path == "/application/return"
    for path in ("/application/about-you", "/application/check", "/application/sent", "/application/code"):
        assert browser.get(path).path == "/application/return"
    assert Browser(app).get(f"/application/return/{code}").path == "/application"


@pytest.mark.parametrize(
    "typed",
    ["07700900123", "07700 900 123", "07700-900-123", "(07700) 900123", "+44 (0)7700 900 123", "0044 7700 900123",
     "  +447700900123 ", "07700.900.123"],
)  # fmt: skip
def test_a_phone_number_is_taken_however_people_write_it(browser, area, session, typed):
    applicant.start(browser, area, email="", phone=typed)
    assert the_application(session).volunteer.phone == "+447700900123"


@pytest.mark.parametrize(("name", "is_taken"), [("O", True), ("x" * 200, True), ("x" * 201, False)])
def test_the_name_of_a_referee_may_be_a_letter_or_two_hundred(browser, area, session, name, is_taken):
    applicant.start(browser, area)
    applicant.referee(browser, **{"Their name": name})
    assert browser.errors == ([] if is_taken else ["Their name must be 200 characters or fewer"])
    assert [each.name for each in the_application(session).referees] == ([name] if is_taken else [])


def backed_by_kent_probation(browser, area, session):
    applicant.start(browser, area)
    application = the_application(session)
    answers = {
        "practitioner_name": "Pat Officer", "practitioner_email": "pat@justice.example",
        "practitioner_organisation": "Kent Probation",
    }  # fmt: skip
    services.save_practitioner(application, answers=answers, by=Outsider("An applicant"))
    session.commit()
    return application


FROM_THERE = {"They work for the service that recommends me": True, "Where they work or help": "Kent Probation"}


def test_one_person_must_be_from_outside_the_service_that_recommends_them(browser, area, session):
    backed_by_kent_probation(browser, area, session)
    applicant.referee(browser, 1, **FROM_THERE)
    assert browser.errors == []
    applicant.referee(browser, 2, **FROM_THERE)
    assert browser.errors == ["One person must be from outside Kent Probation. Choose somebody else for this one"]
    browser.fill({"They work for the service that recommends me": False, "Where they work or help": "The kitchen"})
    browser.submit("Save this person")
    assert browser.errors == []


def test_without_the_outsider_it_cannot_be_sent_though_there_are_enough_people(browser, area, session):
    application = backed_by_kent_probation(browser, area, session)
    applicant.everything_needed(browser)
    third = {"is_of_recommender": True, "years_known": 2, "relation": Relation.KEY_WORKER, "phone": ""}
    for number in (3, 4):
        services.add_referee(
            application, name=f"Insider {number}", email=f"{number}@justice.example", organisation="Kent Probation",
            by=Outsider("An applicant"), **third,
        )  # fmt: skip
    for each in list(application.referees)[:2]:
        services.remove_referee(each, by=Outsider("An applicant"))
    session.commit()
    words = "Add somebody who can speak for you from outside Kent Probation"
    assert services.missing(application) == [words]
    assert browser.get("/application/check").sees(words)
    browser.get("/application/who-can-speak-for-you")
    assert browser.sees("Add one more: somebody from outside Kent Probation")
    with pytest.raises(Refused, match="from outside Kent Probation"):
        services.submit(application, by=Outsider("An applicant"))
    session.commit()
    applicant.referee(browser, 5)
    assert services.missing(the_application(session)) == []


def test_somebody_from_an_organisation_that_sounds_the_same_is_asked_about_once(browser, area, session):
    backed_by_kent_probation(browser, area, session)
    applicant.referee(browser, 1, **{"Where they work or help": "The Kent Probation Service"})
    assert browser.errors == ["That looks like Kent Probation, which recommends you. Are they from somewhere else?"]
    assert the_application(session).referees == []
    browser.fill({"Yes, I am sure": True}).submit("Save this person")
    assert browser.errors == []
    assert [each.is_of_recommender for each in the_application(session).referees] == [False]
