"""The pages of somebody who types for another person."""

from __future__ import annotations

import pytest

from portal.messages.documents import post_room
from portal.volunteers.models import Channel
from tests.applications import applicant
from tests.browser import Browser
from tests.factories import AreaFactory
from tests.markup import jumps_back

CONFIRM = "/application/confirmation"


@pytest.fixture
def area(session):
    area = AreaFactory(name="Darlington")
    session.commit()
    return area


def begin(browser, area, **theirs):
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/for-somebody")
    browser.fill({"helper": "Petra Key", "helper_email": "petra@wear.example", "name": "Sam Example", "agreed": True})
    browser.fill({"How did they hear about us?": "Through the Job Centre", **theirs}).submit("Start")
    assert browser.heading == "How to come back later", browser.errors


def test_the_list_of_errors_goes_down_the_page(browser, area):
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/for-somebody").submit("Start", status=422)
    assert browser.errors[0] == "Enter your name"
    assert not list(jumps_back(browser.root))


@pytest.mark.parametrize(("texts", "offers"), [(True, True), (False, False)])
def test_a_link_is_offered_only_to_whom_one_can_be_sent(browser: Browser, area, monkeypatch, texts, offers):
    monkeypatch.setattr(post_room, "sends_texts", texts)
    begin(browser, area, phone="07700 900 123")
    applicant.everything_needed(browser)
    applicant.reaching_you(browser, **{"How would you like us to reach you?": Channel.TEXT.words})
    browser.get(CONFIRM)
    assert ("Send them the link" in browser.text) is offers
    assert browser.sees("So they sign a print") is not offers
    assert browser.sees("On a signed print")
