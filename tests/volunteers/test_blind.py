"""Blind shortlisting: who applied is hidden from those who decide, on every page, until an invitation or a no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.audit.models import AuditLine
from portal.carriers.rules import Carrier
from portal.messages.models import Message, MessageState
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import HIDDEN, without_names
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    ContactFactory,
    MessageFactory,
    PairFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)

SECRETS = ("Zebedee", "Quillfeather", "zebq@example.org", "7700900461", "Marmaduke", "ZE9")


@pytest.fixture
def area(session):
    area = AreaFactory()
    area.scheme.settings = replace(area.scheme.settings, blind_shortlisting=True)
    session.commit()
    return area


@pytest.fixture
def hidden(area):
    volunteer = VolunteerFactory(
        area=area, stage=Stage.APPLIED, name="Zebedee Quillfeather", sort_name="zebedee quillfeather",
        email="zebq@example.org", phone="+447700900461", postcode_area="ZE9",
    )  # fmt: skip
    application = ApplicationFactory(volunteer=volunteer, why="People call me Zebedee. I want to give back.")
    referee = RefereeFactory(application=application, name="Marmaduke Fell")
    ReferenceFactory(volunteer=volunteer, referee=referee)
    MessageFactory(
        volunteer_id=volunteer.id, is_to_volunteer=True, carrier=Carrier.HAND, state=MessageState.BY_HAND,
        to_address="+447700900461", subject="Good news for Zebedee", body="Hello Zebedee, you have a place.",
    )  # fmt: skip
    ContactFactory(volunteer=volunteer, words="Zebedee Quillfeather was out")
    twin = VolunteerFactory(area=area, stage=Stage.WITHDRAWN, name="Ann Other", phone="+447700900461")
    PairFactory(kept=twin, other=volunteer)
    VolunteerFactory(area=area, stage=Stage.WITHDRAWN, name="Ann Third", phone="+447700900461")
    return volunteer


@pytest.fixture
def desk(browser, area):
    return browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))


def pages(app, volunteer):
    """Every page a coordinator may open about this person, and every list."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.arguments <= {"volunteer_id"} and rule.endpoint != "static":
                values = dict.fromkeys(rule.arguments, volunteer.id)
                yield adapter.build(rule.endpoint, values)


def test_no_page_of_a_coordinator_says_who_a_hidden_applicant_is(app, desk, hidden):
    opened, said = 0, []
    for path in pages(app, hidden):
        answer = desk._send(path, method="GET")
        if answer.status_code == 200:
            opened += 1
        for secret in SECRETS:
            if secret in answer.get_data(as_text=True):
                said.append(f"{path} says {secret}")
    assert not said, "\n".join(said)
    assert opened > 15


def test_what_is_for_us_to_tell_is_read_without_the_name(desk, hidden, session):
    message = session.scalar(select(Message))
    desk.get("/to-tell").click(f"{hidden.reference}: Good news for {HIDDEN}")
    assert desk.sees(f"Good news for {HIDDEN}", f"Hello {HIDDEN}, you have a place", "look who this is")
    assert not [secret for secret in SECRETS if secret in desk.html]
    desk.get(f"/to-tell/{message.id}/letter", status=409)


def test_whoever_is_hidden_is_compared_with_others_later(desk, hidden, session):
    assert not desk.get("/perhaps-the-same").sees(hidden.reference)
    other = session.scalar(select(Volunteer).where(Volunteer.name == "Ann Third"))
    desk.get(f"/people/{other.id}/same-as/{hidden.id}", status=409)
    hidden.stage = Stage.INTERVIEWING
    session.commit()
    assert desk.get("/perhaps-the-same").sees(hidden.reference)


def test_lists_show_the_reference_and_searching_for_the_name_finds_nobody(desk, hidden):
    for path in ("/start", "/applications", "/people"):
        assert desk.get(path).sees(hidden.reference)
    assert not desk.get("/people", search="Zebedee").sees(hidden.reference)
    assert desk.get("/people", search=hidden.reference).sees(hidden.reference)


def test_what_they_wrote_is_read_without_their_name(desk, hidden):
    desk.get(f"/people/{hidden.id}/application")
    assert desk.sees("I want to give back", HIDDEN)


def test_from_the_invitation_on_the_name_is_shown(desk, hidden, session):
    hidden.stage = Stage.INTERVIEWING
    session.commit()
    assert desk.get(f"/people/{hidden.id}/application").sees("Zebedee Quillfeather")
    assert desk.get("/people", search="Zebedee").sees("Zebedee Quillfeather")


def test_nothing_is_hidden_where_the_scheme_does_not_say_so(desk, hidden, session):
    hidden.scheme.settings = replace(hidden.scheme.settings, blind_shortlisting=False)
    session.commit()
    assert desk.get("/people").sees("Zebedee Quillfeather")


def test_in_an_emergency_somebody_looks_with_a_reason_that_is_kept(desk, hidden, session):
    desk.get(f"/people/{hidden.id}").submit("Show me who this is", status=422)
    assert desk.errors == ["Say why you must know"]
    desk.fill({"Why must you know who this is?": "They rang in distress"}).submit("Show me who this is")
    assert desk.sees("Zebedee Quillfeather")
    assert not desk.get(f"/people/{hidden.id}").sees("Zebedee")
    purposes = [line.purpose for line in session.scalars(select(AuditLine))]
    assert "Name of a hidden applicant: They rang in distress" in purposes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am Li, lively and kind", f"I am {HIDDEN}, lively and kind"),
        ("", ""),
        ("ŁUKASZ helps", f"{HIDDEN} helps"),
        ("Call me Łukasz Li!", f"Call me {HIDDEN}!"),
    ],
)
def test_names_are_left_out_of_free_text_as_whole_words(text, shown):
    assert without_names(text, ["Łukasz Li", ""]) == shown
