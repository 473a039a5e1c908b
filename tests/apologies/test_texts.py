"""Texts that learners send: handed in once each, understood where they are simple, else read by a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses.marks import AbsenceReason
from portal.access import Role
from portal.apologies import queries, rules, services
from portal.apologies.models import ReceivedText
from portal.audit.models import AuditLine
from portal.cohorts.models import CohortState
from portal.database import session as database
from portal.refusals import Refused
from tests.attendance.groups import TODAY, group
from tests.factories import EnrolmentFactory, UserFactory, VolunteerFactory

TOKEN = "a secret of at least ten letters"
NUMBER = "447700900123"
NOON = datetime(2026, 10, 8, 11, tzinfo=UTC)
"""Thursday at noon in London: session 12 is this evening."""


@pytest.fixture(autouse=True)
def _on_the_day_of_session_twelve():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def taking(app, monkeypatch):
    """The portal with a secret for texts."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], texts_token=TOKEN))
    return app


def with_phone(number="07700 900123", count=1):
    here = group(count)
    here.people[0].volunteer.phone = number
    database.commit()
    return here


def sent(words="Sorry, I can't come tonight", **changes):
    body = {
        "id": "74a8c9b6-0f7d-4f3e-9f43-3a1f0c7d1a11", "source_number": NUMBER, "destination_number": "447700900999",
        "message": words, "date_received": "2026-10-08T10:59:30.000000Z",
    }  # fmt: skip
    return {**body, **changes}


def hand_in(app, body, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = body if isinstance(body, bytes) else json.dumps(body)
    answer = app.test_client().post("/texts/received", data=data, headers=headers, content_type="application/json")
    database.expire_all()
    return answer


def told(here, number=12):
    return list(queries.of_session(here.held(number).id).values())


def unread(here):
    return queries.texts_to_read(seen_by=here.trainer)


def test_a_simple_text_becomes_an_apology_for_the_next_session_and_what_it_said_is_erased(session, taking):
    here = with_phone()
    assert hand_in(taking, sent("Sorry im ill, cant make it tonight")).json == {"taken": True}
    (apology,) = told(here)
    assert (apology.by.value, apology.reason, apology.note) == ("text", AbsenceReason.ILLNESS, "")
    text = session.scalars(select(ReceivedText)).one()
    assert (text.words, text.apology_id, text.settled_by_id) == (None, apology.id, None)
    assert unread(here) == []


def test_the_same_text_handed_in_twice_counts_once(session, taking):
    here = with_phone()
    for _ in range(2):
        assert hand_in(taking, sent("See you tonight!")).status_code == 200
    assert len(unread(here)) == 1
    services.set_aside(unread(here)[0], by=here.trainer)
    database.commit()
    hand_in(taking, sent("See you tonight!"))
    assert unread(here) == []


@pytest.mark.parametrize("written", ["07700 900123", "+447700900123", "(07700) 900-123", "0044 7700 900123"])
@pytest.mark.parametrize("source", ["447700900123", "+447700900123", "07700900123"])
def test_a_learner_is_found_however_the_number_is_written(session, written, source):
    here = with_phone(written)
    services.take_in(notify_id="1", number=source, words="cant come", received_at=NOON)
    assert len(told(here)) == 1


def test_without_a_secret_in_the_settings_there_is_no_such_page(session, app):
    with_phone()
    assert hand_in(app, sent()).status_code == 404
    assert hand_in(app, sent(), token="").status_code == 404


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "é"])
def test_a_wrong_secret_is_refused_and_nothing_is_kept(session, taking, token):
    here = with_phone()
    assert hand_in(taking, sent(), token=token).status_code == 401
    assert told(here) == []


@pytest.mark.parametrize("body", [
    b"", b"no json", b"[]", b"null", b'{"id": 7}', b"\xff\xfe", b"[" * 100_000,
    sent(id=""), sent(id="x" * 65), sent(source_number=None), sent(message=7), sent(date_received="yesterday"),
    sent(date_received="0001-01-01T00:00:00+14:00"), sent(id="a\x00b"),
])  # fmt: skip
def test_what_is_no_text_is_refused_in_words_that_do_not_repeat_it(session, taking, body):
    with_phone()
    answer = hand_in(taking, body)
    assert answer.status_code == 422
    assert NUMBER not in answer.text
    assert session.scalar(select(func.count()).select_from(ReceivedText)) == 0


@pytest.mark.parametrize("words", ["", "\x00", "half \ud800 a letter", "مرحبا", "\U0001f912"])
def test_odd_letters_wait_to_be_read(session, taking, words):
    here = with_phone()
    assert hand_in(taking, sent(words)).status_code == 200
    assert len(unread(here)) == 1


def test_an_unknown_number_is_dropped_counted_and_nowhere_written(session, taking):
    here = with_phone("07700 900456")
    assert hand_in(taking, sent()).status_code == 200
    assert unread(here) == told(here) == []
    lines = session.scalars(select(AuditLine).where(AuditLine.table_name == "received_text")).all()
    assert [line.purpose for line in lines] == ["A text from a number nobody has was dropped"]
    assert not any(NUMBER[2:] in str(vars(line)) for line in lines)


def test_whoever_is_on_no_running_course_is_unknown(session):
    here = with_phone()
    here.cohort_made.state = CohortState.FINISHED
    database.commit()
    assert services.take_in(notify_id="1", number=NUMBER, words="cant come", received_at=NOON) == 0


def test_a_number_that_two_learners_share_is_for_a_person_to_decide(session):
    here = with_phone()
    second = EnrolmentFactory(cohort=here.cohort_made, volunteer=VolunteerFactory(area=here.area, phone=NUMBER))
    assert services.take_in(notify_id="1", number=NUMBER, words="cant come", received_at=NOON) == 2
    assert told(here) == []
    assert {each.enrolment_id for each in unread(here)} == {here.people[0].id, second.id}


def test_a_text_is_measured_by_when_it_came_in_not_by_when_it_was_handed_over(session):
    here = with_phone()
    begins = here.held(12).starts_at
    with time_machine.travel(begins + timedelta(minutes=10), tick=False):
        services.take_in(
            notify_id="1", number=NUMBER, words="cant come", received_at=begins - timedelta(minutes=5)
        )  # fmt: skip
    assert [each.told_at for each in told(here)] == [begins - timedelta(minutes=5)]


@pytest.mark.parametrize("after", [timedelta(minutes=5), timedelta(hours=3)])
def test_a_text_during_a_session_or_just_after_is_never_taken_for_the_next_one(session, after):
    here = with_phone()
    at = here.held(12).starts_at + after
    with time_machine.travel(at, tick=False):
        services.take_in(notify_id="1", number=NUMBER, words="cant make it", received_at=at)
        assert told(here, 13) == []
        assert len(unread(here)) == 1


def test_what_is_far_away_is_not_guessed(session):
    here = with_phone()
    here.held(12).starts_at, here.held(12).ends_at = NOON + timedelta(days=8), NOON + timedelta(days=8, hours=2)
    for number in range(13, 25):
        here.held(number).starts_at += timedelta(days=60)
        here.held(number).ends_at += timedelta(days=60)
    services.take_in(notify_id="1", number=NUMBER, words="cant come", received_at=NOON)
    assert told(here) == []
    assert len(unread(here)) == 1


THURSDAY = date(2026, 10, 8)
SAYS = ["can't come", "Can’t come today", "CANT COME TONIGHT", "cannot make it", "I cannot make it on thursday",
        "wont be there", "won't be able to come", "Hi, sorry I can not attend", "not coming tonight sorry",
        "cant get there", "unable to attend today", "I will not be in today"]  # fmt: skip
SAYS_ILL = ["sorry ill today", "I'm sick", "not well sorry", "cant come im ill", "I'm poorly, can't make it tonight"]
SAYS_NOT = ["", "ok", "can't wait to come", "Can I come?", "can't come?", "I might not be there", "running late",
            "can't come next week", "cant make it on tuesday", "cant come tomorrow", "I was ill last week",
            "my son is ill", "not ill any more", "I can come", "cant make tea", "will be there",
            "can't come but I'll try", "cant come on the 15th", "cant come until 7", "cant come mondays",
            "I dont want to do this any more", "sorry", "cannot make it better"]  # fmt: skip


@pytest.mark.parametrize("words", SAYS)
def test_simple_words_are_understood(words):
    assert rules.understood(words, today=THURSDAY, session_on=THURSDAY) == rules.Understood()


@pytest.mark.parametrize("words", SAYS_ILL)
def test_being_ill_is_understood_with_its_reason(words):
    found = rules.understood(words, today=THURSDAY, session_on=THURSDAY)
    assert found == rules.Understood(AbsenceReason.ILLNESS)


@pytest.mark.parametrize("words", SAYS_NOT)
def test_everything_else_is_left_to_a_person(words):
    assert rules.understood(words, today=THURSDAY, session_on=THURSDAY) is None


def test_a_day_that_is_named_must_be_the_day_of_the_session():
    wednesday = THURSDAY - timedelta(days=1)
    assert rules.understood("cant come tomorrow", today=wednesday, session_on=THURSDAY)
    assert rules.understood("ill today", today=wednesday, session_on=THURSDAY) is None


@given(st.text(max_size=300))
def test_any_text_is_understood_or_left(words):
    found = rules.understood(words, today=THURSDAY, session_on=THURSDAY)
    assert found is None or isinstance(found, rules.Understood)


def test_a_trainer_reads_a_text_and_says_which_session_it_is_about(session, browser):
    here = with_phone()
    services.take_in(notify_id="1", number=NUMBER, words="<b>cant do next tuesday</b>", received_at=NOON)
    database.commit()
    name = here.people[0].volunteer.name
    browser.sign_in_as(here.trainer).get("/start")
    assert browser.sees("Texts to read (1)")
    browser.click(name)
    assert browser.heading == f"A text from {name}"
    assert browser.sees("<b>cant do next tuesday</b>")
    browser.submit("They cannot come", status=422)
    assert browser.errors == ["Choose a session"]
    wanted = here.held(13)
    browser.fill(cohort_session=str(wanted.id)).submit("They cannot come")
    assert browser.heading == "Texts to read"
    assert browser.sees("Every text is read", f"{name} cannot come on")
    database.expire_all()
    assert [each.by.value for each in told(here, 13)] == ["text"]
    browser.get("/start")
    assert not browser.sees("Texts to read")


def test_a_text_is_set_aside_once_and_what_it_said_is_erased(session, browser):
    here = with_phone()
    services.take_in(notify_id="1", number=NUMBER, words="Thank you!", received_at=NOON)
    database.commit()
    (text,) = unread(here)
    path = f"/texts/{text.id}"
    browser.sign_in_as(here.trainer).get(path).submit("Set aside")
    assert browser.sees("Every text is read")
    browser.get(path, status=409)
    assert browser.sees("Somebody else has read this text meanwhile")
    database.expire_all()
    assert session.get_one(ReceivedText, text.id).words is None
    with pytest.raises(Refused, match="Somebody else"):
        services.set_aside(session.get_one(ReceivedText, text.id), by=here.coordinator)


def test_a_text_for_the_session_that_has_just_begun_can_still_be_taken(session, browser):
    here = with_phone()
    begins = here.held(12).starts_at
    services.take_in(
        notify_id="1", number=NUMBER, words="Hospital. Tell them?", received_at=begins - timedelta(minutes=9)
    )  # fmt: skip
    database.commit()
    with time_machine.travel(begins + timedelta(minutes=9), tick=False):
        (text,) = unread(here)
        services.answer_text(text, here.held(12), by=here.trainer)
    assert len(told(here)) == 1


def test_texts_of_other_groups_are_nobody_elses(session, browser):
    here = with_phone()
    services.take_in(notify_id="1", number=NUMBER, words="Thank you!", received_at=NOON)
    database.commit()
    (text,) = unread(here)
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=here.area)).get("/texts")
    assert browser.sees("Every text is read")
    browser.get(f"/texts/{text.id}", status=404)
    browser.post(f"/texts/{text.id}/set-aside", status=404)
    assert len(unread(here)) == 1
    assert queries.texts_to_read(seen_by=here.coordinator) == [text]


def test_many_texts_cost_as_many_statements_as_one(session, count_queries):
    here = with_phone()
    totals = []
    for count in (1, 12):
        for number in range(count):
            services.take_in(notify_id=f"{count}-{number}", number=NUMBER, words="Hello", received_at=TODAY)
        database.commit()
        trainer = here.trainer
        assert trainer.roles_held
        with count_queries() as counted:
            assert [each.enrolment.volunteer.name for each in unread(here)]
        totals.append(counted.total)
    assert totals[0] == totals[1]
