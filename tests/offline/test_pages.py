"""What a phone sends and asks for over the wire; whatever it sends is answered in words."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.access import Role
from portal.attendance.models import Mark
from portal.registers.models import Batch
from tests.attendance.groups import TODAY, group
from tests.browser import Browser
from tests.factories import UserFactory
from tests.offline.parcels import body, mark

OPEN_SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


class Phone(Browser):
    """A phone's script: it asks for today's registers, and sends with the token it was given there."""

    def today(self):
        """What it is told."""
        return self._send("/registers/today.json", method="GET").json

    def send(self, batch, *, token=None):
        """The status and the JSON of what it was answered."""
        token = self.today()["csrf_token"] if token is None else token
        answer = self._send(
            "/registers/batches", method="POST", data=batch if isinstance(batch, bytes) else json.dumps(batch),
            content_type="application/json", headers={"X-CSRFToken": token},
        )  # fmt: skip
        return answer.status_code, answer.get_json(silent=True)


@pytest.fixture
def phone(session, app):
    return Phone(app)


def count(session, model):
    """How many rows there are."""
    return session.scalar(select(func.count(model.id)))


def test_marks_are_kept_although_no_redirect_follows(session, phone):
    here = group(2)
    sent = body(here.held(OPEN_SESSION), *(mark(each) for each in here.people))
    phone.sign_in_as(here.trainer)
    status, answer = phone.send(sent)
    assert (status, len(answer["kept"]), answer["is_repeat"]) == (200, 2, False)
    assert phone.send(sent)[1]["is_repeat"]
    assert (count(session, Mark), count(session, Batch)) == (2, 1)


def test_a_refused_batch_leaves_nothing_behind(session, phone):
    here = group(1)
    phone.sign_in_as(here.trainer)
    status, answer = phone.send(body(here.held(1), mark(here.people[0])))
    assert (status, answer) == (409, {"refused": ["This register is locked: say why you are changing it"]})
    status, answer = phone.send(body(here.held(12), mark(here.people[0])))
    assert (status, answer) == (409, {"refused": ["This session has not begun: its register opens an hour before"]})
    assert (count(session, Mark), count(session, Batch)) == (0, 0)


def test_a_phone_without_a_token_or_that_was_signed_out_keeps_its_marks(session, phone):
    here = group(1)
    sent = body(here.held(OPEN_SESSION), mark(here.people[0]))
    phone.sign_in_as(here.trainer)
    assert phone.send(sent, token="")[0] == 400
    assert phone.send(sent, token="of yesterday")[0] == 400
    token = phone.today()["csrf_token"]
    phone.sign_in_as(here.trainer)  # another session: the old token is of no use
    with phone._client.session_transaction() as cookies:
        cookies.clear()
    answer = phone._send("/registers/today.json", method="GET")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")
    assert phone.send(sent, token=token)[0] == 302
    assert count(session, Mark) == 0


def test_another_schemes_register_is_not_there(session, phone):
    here, there = group(1), group(1)
    phone.sign_in_as(there.coordinator)
    assert phone.send(body(here.held(OPEN_SESSION), mark(here.people[0])))[0] == 404
    assert phone.send(body(here.held(OPEN_SESSION), mark(here.people[0]), session_id=2_000_000_000))[0] == 404
    assert count(session, Mark) == 0


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.VOLUNTEER, Role.APPROVER])
def test_only_who_may_mark_is_given_registers(session, phone, role):
    phone.sign_in_as(UserFactory(role=role))
    assert phone._send("/registers/today.json", method="GET").status_code == 403
    assert phone._send("/registers/batches", method="POST", data=b"{}").status_code in {400, 403}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"9" * 5000, "not JSON"),
        (b"[]", "an object with a key"),
        (b"null", "an object with a key"),
        ({"key": 7}, "“key” is a text"),
        ({"key": "x" * 36}, "is a UUID"),
        ({"marks": []}, "a list of marks"),
        ({"marks": {"code": "P"}}, "a list of marks"),
        ({"marks": ["P"]}, "Each mark of a batch is an object"),
        ({"session_id": True}, "“session_id” is a whole number"),
        ({"session_id": 10**40}, "“session_id” is a whole number"),
        ({"session_id": "11"}, "“session_id” is a whole number"),
        ({"device_now": 1.5}, "“device_now” is a whole number"),
        ({"device_now": float("nan")}, "“device_now” is a whole number"),
        ({"device_now": 10**15}, "“device_now” is a whole number"),
        ({"marks": "many"}, "a list of marks"),
    ],
)  # fmt: skip
def test_a_batch_of_another_shape_is_answered_in_words(session, phone, change, words):
    here = group(1)
    phone.sign_in_as(here.trainer)
    sent = change if isinstance(change, bytes) else body(here.held(OPEN_SESSION), mark(here.people[0])) | change
    status, answer = phone.send(sent)
    assert (status, count(session, Mark)) == (422, 0)
    assert words in answer["refused"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enrolment_id": "1"}, "“enrolment_id” is a whole number"),
        ({"enrolment_id": -1}, "“enrolment_id” is a whole number"),
        ({"code": 7}, "“code” is a text"),
        ({"minutes": "ten"}, "“minutes” is a whole number"),
        ({"minutes": True}, "“minutes” is a whole number"),
        ({"reason": ["illness"]}, "“reason” is a text"),
        ({"note": "x" * 2001}, "“note” is a text"),
        ({"note": "a\x00b"}, "a character in it"),
        ({"note": "a\ud800b"}, "a character in it"),
        ({"seen": None}, "“seen” is a text"),
        ({"seen": "<script>"}, "the mark's fingerprint"),
        ({"marked_at": "now"}, "“marked_at” is a whole number"),
    ],
)
def test_a_mark_of_another_shape_is_answered_in_words(session, phone, change, words):
    here = group(1)
    phone.sign_in_as(here.trainer)
    status, answer = phone.send(body(here.held(OPEN_SESSION), mark(here.people[0]) | change))
    assert (status, count(session, Mark)) == (422, 0)
    assert words in answer["refused"][0]


def test_ten_thousand_marks_are_asked_for_in_parts(session, phone):
    here = group(1)
    phone.sign_in_as(here.trainer)
    marks = [mark(here.people[0], enrolment_id=number) for number in range(1, 10_001)]
    status, answer = phone.send(body(here.held(OPEN_SESSION), *marks))
    assert (status, answer) == (422, {"refused": ["A batch has 500 marks at most: send them in parts"]})
    status, answer = phone.send(body(here.held(OPEN_SESSION), *marks[-500:]))
    assert (status, len(answer["problems"])) == (200, 500)
    assert phone.send(body(here.held(OPEN_SESSION), *marks * 6))[0] == 413  # more than any post may hold


def test_one_person_twice_in_a_batch_is_refused(session, phone):
    here = group(1)
    phone.sign_in_as(here.trainer)
    status, answer = phone.send(body(here.held(OPEN_SESSION), mark(here.people[0]), mark(here.people[0], "U")))
    assert (status, answer["refused"]) == (422, ["A batch has one mark for a person"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    batch=st.dictionaries(st.sampled_from(["key", "session_id", "device_now", "marks"]), JSON, max_size=4),
    facts=st.dictionaries(
        st.sampled_from(["enrolment_id", "code", "minutes", "reason", "note", "seen", "marked_at", "rest"]), JSON
    ),
)
def test_rubbish_json_is_answered_with_words(session, phone, batch, facts):
    if "group" not in session.info:
        session.info["group"] = group(1)
    here = session.info["group"]
    phone.sign_in_as(here.trainer)
    for sent in (batch, body(here.held(OPEN_SESSION), mark(here.people[0]) | facts, key=str(uuid4())) | batch):
        status, answer = phone.send(json.dumps(sent).encode("utf-8", "replace"))
        assert status in {200, 404, 409, 422}
        assert status != 422 or answer["refused"][0]


def test_today_is_not_kept_by_any_cache_and_knows_one_person_from_another(session, app, phone):
    here = group(2)
    phone.sign_in_as(here.trainer)
    answer = phone._send("/registers/today.json", method="GET")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [each["id"] for each in answer.json["registers"]] == [here.held(OPEN_SESSION).id]
    other = Phone(app).sign_in_as(here.coordinator)
    assert re.fullmatch(r"[0-9a-f]{16}", answer.json["person"])
    assert other.today()["person"] != answer.json["person"] == phone.today()["person"]


def test_the_shell_and_the_service_worker_are_for_everybody_and_name_nobody(session, phone):
    here = group(1)
    nobody = phone.get("/registers/offline").html
    assert phone.sign_in_as(here.trainer).get("/registers/offline").html == nobody
    assert here.trainer.name not in nobody
    assert here.area.scheme.name not in nobody


def test_the_service_worker_names_every_file_of_the_shell_as_it_is_asked_for(session, phone):
    worker = phone._send("/service-worker.js", method="GET")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    script = worker.get_data(as_text=True)
    facts = json.loads(script.split("\n")[0].removeprefix("self.portal = ").removesuffix(";"))
    shell = phone.get("/registers/offline").html
    asked = {found for found in re.findall(r'(?:src|href|data-components)="(/[^"]+)"', shell) if found != "/"}
    assert {path for path in asked if path.startswith("/static/")} <= set(facts["files"])
    for path in [*facts["files"], re.search(r'importScripts\("([^"]+)"\)', script)[1]]:
        answer = phone._send(path, method="GET")
        assert answer.status_code == 200, path
        imported = re.findall(r'^(?:import .*?|\} )from "([^"]+)";$', answer.get_data(as_text=True), re.MULTILINE)
        for name in imported if path.endswith(".js") else []:
            folder = path.rsplit("/", 1)[0]
            wanted = "/static/vendor/idb.js" if name.endswith("idb.js") else f"{folder}/{name.removeprefix('./')}"
            assert wanted in facts["files"]


def test_tomorrow_the_phone_is_given_nothing_of_today(session, phone):
    here = group(1)
    with time_machine.travel(TODAY + timedelta(days=1), tick=False):
        assert phone.sign_in_as(here.trainer).today()["registers"] == []
