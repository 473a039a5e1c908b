"""Files of a session: added, replaced, taken away, used again; and who gets them."""

from __future__ import annotations

import io

import pytest

from portal.access import Role
from portal.courses.models import Audience
from portal.files.services import content_of, examined
from portal.packs import queries, services
from portal.refusals import Refused
from tests.factories import (
    AreaFactory,
    CohortFactory,
    CohortSessionFactory,
    CourseVersionFactory,
    EnrolmentFactory,
    SchemeFactory,
    SessionFileFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.files import given


@pytest.fixture
def version(session):
    return CourseVersionFactory(scheme=SchemeFactory())


@pytest.fixture
def staff(version):
    return UserFactory(role=Role.COORDINATOR, scheme=version.scheme)


@pytest.fixture
def add(version, staff):
    def adding(title="Slides", *, number=1, audience=Audience.LEARNERS, content=None):
        file = examined("Slides.pdf", content or given.pdf())
        return services.add_file(version, number, title=title, audience=audience, file=file, by=staff)

    return adding


def test_a_file_is_put_to_its_session_and_nowhere_else(version, add):
    added = add(number=3)
    assert queries.files_of(version) == {3: [added]}
    assert (added.title, added.number, added.replaced_at) == ("Slides", 1, None)


def test_a_file_of_the_same_title_replaces_the_older_which_is_kept_and_can_be_read(version, add, staff):
    first, second = add("Slides"), add(" slides ", content=given.pdf(lambda pdf: pdf.add_blank_page()))
    assert queries.files_of(version) == {1: [second]}
    assert queries.files_of(version, older=True) == {1: [second, first]}
    assert (second.title, second.number) == ("Slides", 2)
    assert first.replaced_by_id == staff.id
    assert content_of(first.file) == given.pdf()


def test_two_sessions_may_have_files_of_one_title(version, add):
    assert add(number=1).number == add(number=2).number == 1
    assert set(queries.files_of(version)) == {1, 2}


def test_a_file_that_was_taken_away_is_used_again(version, add, staff):
    added = add()
    services.take_away(added, by=staff)
    assert queries.files_of(version) == {}
    with pytest.raises(Refused, match="is not handed out any more"):
        services.take_away(added, by=staff)
    services.use_again(added, by=staff)
    assert queries.files_of(version) == {1: [added]}
    with pytest.raises(Refused, match="is handed out already"):
        services.use_again(added, by=staff)


def test_using_an_older_version_again_puts_the_newer_one_aside(version, add, staff):
    first, second = add(), add()
    services.use_again(first, by=staff)
    assert queries.files_of(version) == {1: [first]}
    assert second.replaced_at is not None


@pytest.mark.parametrize(("title", "number", "said"), [("", 1, "Give the file a title"), ("A", 99, "no such session")])
def test_a_file_without_a_title_or_a_session_is_refused(add, title, number, said):
    with pytest.raises(Refused, match=said):
        add(title, number=number)


@pytest.fixture
def learner(version):
    """Somebody on a course of this version whose cohort has session 1."""
    cohort = CohortFactory(area=AreaFactory(scheme=version.scheme), course_version=version)
    CohortSessionFactory(cohort=cohort, number=1)
    user = UserFactory(role=Role.VOLUNTEER, scheme=version.scheme)
    EnrolmentFactory(cohort=cohort, volunteer=VolunteerFactory(area=cohort.area, user=user))
    return user


def test_a_learner_gets_the_learners_files_of_their_own_sessions_only(version, add, learner, staff):
    theirs, other = add("Cards"), add("Cards", number=2)
    for_trainers, older = add("Answers", audience=Audience.TRAINERS), add("Sheet")
    add("Sheet")
    assert queries.own_session_file(theirs.id, seen_by=learner) is theirs
    for refused in (other, for_trainers, older, SessionFileFactory()):
        assert queries.own_session_file(refused.id, seen_by=learner) is None
    services.take_away(theirs, by=staff)
    assert queries.own_session_file(theirs.id, seen_by=learner) is None


def test_who_is_on_no_course_or_waits_for_a_place_gets_nothing(version, add):
    theirs = add()
    waiting = UserFactory(role=Role.VOLUNTEER, scheme=version.scheme)
    cohort = CohortFactory(area=AreaFactory(scheme=version.scheme), course_version=version)
    CohortSessionFactory(cohort=cohort, number=1)
    EnrolmentFactory(cohort=cohort, volunteer=VolunteerFactory(area=cohort.area, user=waiting), state="waiting")
    assert queries.own_session_file(theirs.id, seen_by=waiting) is None


def test_staff_of_another_scheme_see_neither_the_course_nor_its_files(version, add):
    stranger = UserFactory(role=Role.COORDINATOR, scheme=SchemeFactory())
    assert queries.course_version(version.id, seen_by=stranger) is None
    assert queries.session_file(add().id, seen_by=stranger) is None


def test_a_coordinator_adds_replaces_takes_away_and_uses_again(session, browser, version, staff):
    session.commit()
    browser.sign_in_as(staff).get(f"/courses/{version.id}/files").click("Add a file to session 2")
    assert browser.value("title") == ""
    browser.fill({"What is it?": "Role cards", "Who is it for?": "Learners and trainers"})
    browser.fill(file=(io.BytesIO(given.pdf()), "Cards.pdf")).submit("Add the file")
    assert browser.banners == ["“Role cards” is now in session 2"]
    assert browser.sees("PDF", "version 1", "Learners and trainers")
    browser.click("Role cards, version 1")
    assert browser.body == given.pdf()
    assert "Cards.pdf" in browser.response.headers["Content-Disposition"]
    browser.get(f"/courses/{version.id}/files").submit("Take away Role cards, version 1")
    assert browser.banners == ["“Role cards” is no longer handed out. You can still use it again below."]
    browser.submit("Use again Role cards, version 1")
    assert browser.banners == ["“Role cards”, version 1, is handed out again"]


def test_what_is_wrong_with_an_upload_is_said_at_the_field_and_what_was_typed_is_kept(session, browser, version, staff):
    session.commit()
    browser.sign_in_as(staff).get(f"/courses/{version.id}/files/add", session=2)
    browser.fill({"What is it?": "Cards"}).fill(file=(io.BytesIO(b"MZ"), "Cards.pdf")).submit("Add the file")
    assert browser.status == 422
    assert browser.errors[0] == "Choose who it is for"
    assert browser.errors[1].startswith("The file must be PDF")
    assert browser.value("What is it?") == "Cards"
