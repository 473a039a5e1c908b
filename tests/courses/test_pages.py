"""Courses are listed, read, searched and taken away by those who teach them."""

from __future__ import annotations

import io
import itertools
import zipfile

import pytest

from courses import loader
from courses.loader import builtin
from portal.access import Role
from portal.courses import services
from portal.courses.models import CourseVersion
from portal.database import session as database
from tests.cohorts.groups import place
from tests.factories import UserFactory


@pytest.fixture
def here(session):
    return place()


@pytest.fixture
def version(here):
    made = services.freeze(builtin(), scheme=here.area.scheme, by=here.coordinator, note="The first")
    database.commit()
    return made


def test_an_empty_list_offers_the_course_that_comes_with_the_portal(browser, here):
    browser.sign_in_as(here.coordinator).get("/courses")
    assert browser.sees("There are no courses here yet", "Peer mentor training, Level 2")
    browser.submit(f"Take in this course for {here.area.scheme.name}")
    assert browser.heading == "Peer mentor training, Level 2"
    browser.get("/courses")
    assert browser.sees("Version 1", "As it comes with Alongside", "Latest")
    assert not browser.sees("Take in this course")


def test_a_trainer_reads_but_has_no_button_to_change(browser, here, version):
    browser.sign_in_as(here.trainer).get("/courses").click("Version 1 of Peer mentor training, Level 2")
    assert browser.sees("24 in 12 weeks", "U1.1.1", "Come to at least 80% of the sessions")
    assert not browser.sees("Write the next version")
    browser.post("/courses/take-in", {"scheme_id": here.area.scheme.id}, status=403)


def test_who_plans_groups_reads_which_are_taught_a_version_and_a_trainer_how_many(browser, here):
    here.cohort(name="Cohort 7")
    assert browser.sign_in_as(here.coordinator).get("/courses").sees("Cohort 7 (enrolling)")
    browser.sign_in_as(here.trainer).get("/courses")
    assert browser.sees("1 group")
    assert not browser.sees("Cohort 7")


def test_every_session_of_the_built_in_course_is_a_page_without_a_skipped_heading(browser, here, version):
    browser.sign_in_as(here.trainer)
    for number in (1, 2, 7, 24):
        browser.get(f"/courses/{version.id}/sessions/{number}")
        levels = [int(e.tag[1]) for e in browser.root.iter() if e.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    browser.get(f"/courses/{version.id}/sessions/25", status=404)
    browser.get(f"/courses/{version.id}/sessions/0", status=404)


def test_words_are_found_whatever_their_capitals_and_lead_to_their_session(browser, here, version):
    browser.sign_in_as(here.trainer).get(f"/courses/{version.id}").fill({"Find words in this version": "FARZANA"})
    browser.submit("Find")
    assert browser.sees("“FARZANA” is in", "Session 2", "Notes for trainers")
    browser.get(f"/courses/{version.id}/search", words="<script>zzz")
    assert browser.sees("is nowhere in this version")
    browser.get(f"/courses/{version.id}/search", words="a")
    assert browser.sees("Type at least 2 letters")
    browser.get(f"/courses/{version.id}/search", words="\x00\ud7ff")


def test_the_zip_is_the_folder_the_version_can_be_read_from(browser, here, version):
    browser.sign_in_as(here.trainer).get(f"/courses/{version.id}/export.zip")
    assert browser.response.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(browser.body)) as archive:
        files = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert loader.read(files) == builtin()


def test_another_schemes_course_does_not_exist(browser, here, version, session):
    stranger = UserFactory(role=Role.COORDINATOR)
    for path in ("", "/sessions/1", "/search", "/export.zip"):
        browser.sign_in_as(stranger).get(f"/courses/{version.id}{path}", status=404)
    browser.post("/courses/take-in", {"scheme_id": here.area.scheme.id}, status=404)
    assert session.query(CourseVersion).count() == 1


def test_the_list_costs_the_same_for_one_version_and_for_many(browser, here, version, count_queries):
    browser.sign_in_as(here.coordinator)
    with count_queries() as few:
        browser.get("/courses")
    for n in range(12):
        here.cohort(name=f"Group {n}")
        services.freeze(loader.replace(builtin(), title=f"Title {n}"), scheme=here.area.scheme, by=here.coordinator)
    database.commit()
    with count_queries() as many:
        browser.get("/courses")
    assert few.total == many.total
