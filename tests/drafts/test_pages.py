"""A coordinator brings in, writes, checks and publishes a course; what is published never changes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from courses import writer
from courses.loader import builtin
from portal.access import Role
from portal.audit.models import AuditLine
from portal.courses import services as courses
from portal.courses.models import CourseDraft, CourseVersion
from portal.courses.queries import course_of
from portal.database import session as database
from tests.browser import Browser
from tests.cohorts.groups import place
from tests.courses.samples import HEAD, WEEK
from tests.factories import UserFactory

CHOOSER = "One zip, or the files of the folder"


@pytest.fixture
def here(session):
    return place()


@pytest.fixture
def version(here):
    made = courses.freeze(builtin(), scheme=here.area.scheme, by=here.coordinator, note="The first")
    database.commit()
    return made


@pytest.fixture
def draft(browser, here, version):
    browser.sign_in_as(here.coordinator).get(f"/courses/{version.id}").submit("Write the next version")
    return database.query(CourseDraft).one()


def zip_of(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"folder/{name}", text)
    packed.seek(0)
    return packed


def bring_in(browser, files, name="course.zip", status=None):
    browser.get("/courses/import").fill({CHOOSER: (zip_of(files), name)})
    return browser.submit("Read the files", status=status)


SHORT = {"course.toml": HEAD, "week_01.md": WEEK}


def test_a_zip_is_read_looked_at_and_published_as_the_first_version(browser, here):
    bring_in(browser.sign_in_as(here.coordinator), SHORT)
    assert browser.heading == "Check and publish"
    assert browser.sees("This is the first version of the course: 2 sessions in 1 week")
    assert database.query(CourseVersion).count() == 0
    browser.fill({"What is new in this version?": "A course of two days"}).submit("Publish as version 1")
    assert browser.heading == "Two-day course"
    assert database.query(CourseDraft).count() == 0
    assert course_of(database.query(CourseVersion).one()).session(2).mandatory


def test_files_chosen_at_once_are_read_like_a_zip(browser, here):
    browser.sign_in_as(here.coordinator).get("/courses/import")
    token = next(field.get("value") for field in browser.root.iter("input") if field.get("name") == "csrf_token")
    files = [(io.BytesIO(text.encode()), f"two_days/{name}") for name, text in SHORT.items()]
    browser._open("POST", "/courses/import", status=None, data={"csrf_token": token, "files": files})
    assert browser.heading == "Check and publish"


def test_every_broken_line_is_named_and_nothing_is_brought_in(browser, here):
    broken = {
        "course.toml": HEAD.replace("glh = 3", 'glh = "3"'),
        "week_01.md": WEEK.replace("| 30 | Tea |", "| ten | Tea |", 1),
    }  # fmt: skip
    bring_in(browser.sign_in_as(here.coordinator), broken, status=422)
    assert browser.errors == ["Nothing was brought in. Every line to mend is named below"]
    line = WEEK.splitlines().index("| 30 | Tea |") + 1
    assert browser.sees('"glh" must be a whole number', f"week_01.md, line {line}")
    assert database.query(CourseDraft).count() == database.query(CourseVersion).count() == 0


@pytest.mark.parametrize(
    ("name", "content"), [("a.zip", b"no zip"), ("course.toml", b"\xff\xfe"), ("x.exe", b"MZ"), ("a.zip", b"")]
)
def test_what_is_no_course_is_answered_in_words(browser, here, name, content):
    browser.sign_in_as(here.coordinator).get("/courses/import").fill({CHOOSER: (io.BytesIO(content), name)})
    browser.submit("Read the files", status=422)
    assert browser.errors


def test_no_file_at_all_is_said_at_the_field(browser, here):
    browser.sign_in_as(here.coordinator).get("/courses/import").submit("Read the files", status=422)
    assert browser.errors == ["Choose a zip, or the files of a course folder"]


def test_what_is_the_same_word_for_word_is_not_brought_in_again(browser, here, version):
    bring_in(browser.sign_in_as(here.coordinator), writer.files(builtin()), status=422)
    assert "This is the same as version 1" in browser.errors[0]


def test_bringing_in_never_replaces_what_somebody_is_writing(browser, here, draft):
    changed = writer.files(builtin()) | {}
    changed["course.toml"] = changed["course.toml"].replace("credits = 2", "credits = 3", 1)
    bring_in(browser, changed, status=422)
    assert (
        f"A next version of “Peer mentor training, Level 2” is being written, last by {here.coordinator.name}"
        in browser.errors[0]
    )


def test_a_changed_course_shows_what_is_new_against_the_latest(browser, here, version):
    changed = writer.files(builtin())
    changed["course.toml"] = changed["course.toml"].replace("minimum_percent = 80", "minimum_percent = 75")
    bring_in(browser.sign_in_as(here.coordinator), changed)
    assert browser.sees("Against version 1", "80%", "75%")


def test_a_course_is_changed_checked_and_published_and_its_groups_stay(browser, here, version, session):
    cohort = here.cohort()
    browser.sign_in_as(here.coordinator).get(f"/courses/{version.id}").submit("Write the next version")
    browser.click("Change name, summary and level").fill({"Name of the course": "Peer mentors"}).submit("Save")
    browser.click("Change how it is passed").fill({"How much must be attended?": 70}).submit("Save")
    browser.click("1. Welcome, enrolment, roles and responsibilities as a volunteer").click("Change: Aims")
    browser.fill({"Aims": "feel at home\n\n  say what happens next  "}).submit("Save")
    browser.click("Change: Plan").fill({"Plan": "20 Arrive\n100 Talk | and **listen**"}).submit("Save")
    assert browser.sees("feel at home", "120 of 120 minutes")
    browser.click("Peer mentors").click("Check and publish")
    assert browser.sees("There is nothing to mend", "Against version 1")
    browser.fill({"What is new in this version?": "Kinder"}).submit("Publish as version 2")
    newest = session.query(CourseVersion).filter_by(number=2).one()
    course = course_of(newest)
    assert (newest.note, course.title, course.thresholds.minimum_percent) == ("Kinder", "Peer mentors", 70)
    assert course.session(1).aims == ("feel at home", "say what happens next")
    assert course.session(1).plan[1].activity == "Talk | and **listen**"
    session.refresh(cohort)
    assert cohort.course_version_id == version.id
    assert course_of(session.get(CourseVersion, version.id)) == builtin()


def test_a_course_is_written_from_nothing_and_every_fault_leads_to_its_page(browser, here, session):
    browser.sign_in_as(here.coordinator).get("/courses/new").fill({"What is the course called?": "Héros & friends"})
    browser.submit("Start writing").click("Check and publish")
    assert browser.sees("a course needs at least one unit", "a course needs at least one session")
    browser.click("The draft").click("Add a unit").fill(title="Being a peer", glh=1, tqt=2).submit("Save")
    browser.click("Add an outcome to U1").fill({"Learning outcome": "Know it", "Criteria": "say it\nshow it"})
    browser.submit("Save").click("Add a week").fill({"Title of the week": "One"}).submit("Save")
    browser.click("Add a session to week 1").fill({"Title of the session": "First", "How long is it?": 60}).submit(
        "Save"
    )
    browser.click("Check and publish")
    assert browser.sees("session 1 has no aims", "criterion U1.1.1 is not covered by any session")
    browser.click("Session 1, Aims").fill({"Aims": "say it"}).submit("Save")
    browser.click("Change: Criteria covered").fill(
        {"Criteria covered in this session": ["U1.1.1 say it", "U1.1.2 show it"]}
    ).submit("Save")
    browser.click("Change: Plan").fill({"Plan": "60 Talk"}).submit("Save")
    browser.click("Change: Handout").fill({"Handout": "#### Today\nWe talked."}).submit("Save")
    browser.click("Héros & friends").click("Check and publish").fill({"What is new in this version?": "All"})
    browser.submit("Publish as version 1")
    made = session.query(CourseVersion).one()
    assert (made.code, made.title) == ("heros_friends", "Héros & friends")
    browser.get("/courses/new").fill({"What is the course called?": "heros friends"}).submit(
        "Start writing", status=422
    )
    assert "There is a course of this name already" in browser.errors[0]


def test_two_people_on_one_page_are_told_and_nothing_typed_is_lost(app, browser, here, draft):
    other = Browser(app).sign_in_as(here.coordinator)
    path = f"/course-drafts/{draft.id}/sessions/1/aims"
    other.get(path)
    browser.get(path).fill({"Aims": "theirs"}).submit("Save")
    other.fill({"Aims": "mine"}).submit("Save", status=409)
    assert other.sees("Someone else changed this", "theirs")
    assert other.value("Aims") == "mine"
    other.submit("Save")
    assert other.sees("mine")


def test_two_people_on_different_pages_are_not_in_each_others_way(app, browser, here, draft, session):
    other = Browser(app).sign_in_as(here.coordinator)
    other.get(f"/course-drafts/{draft.id}/sessions/2/notes")
    browser.get(f"/course-drafts/{draft.id}/sessions/1/aims").fill({"Aims": "theirs"}).submit("Save")
    other.fill({"Notes for trainers": "mine"}).submit("Save")
    body = session.get(CourseDraft, draft.id).body["weeks"][0]["sessions"]
    assert (body[0]["aims"], body[1]["notes"]) == (["theirs"], "mine")


def test_a_move_from_a_page_that_is_out_of_date_moves_nothing(app, browser, here, draft, session):
    other = Browser(app).sign_in_as(here.coordinator).get(f"/course-drafts/{draft.id}")
    browser.get(f"/course-drafts/{draft.id}").submit("Copy: session 1")
    other.submit("Down: session 1")
    assert "Someone else changed this course meanwhile" in other.banners[0]
    assert [each["title"] for each in session.get(CourseDraft, draft.id).body["weeks"][0]["sessions"]][1].endswith(
        "(copy)"
    )


def test_a_session_is_moved_and_taken_out_after_a_question(browser, here, draft, session):
    browser.get(f"/course-drafts/{draft.id}").submit("Down: session 1")
    browser.click("Remove: session 24").submit("Remove it")
    sessions = [each for week in session.get(CourseDraft, draft.id).body["weeks"] for each in week["sessions"]]
    assert len(sessions) == 23
    assert sessions[1]["title"].startswith("Welcome")


@pytest.mark.parametrize(
    ("part", "answers", "said"),
    [
        ("plan", {"Plan": "Arrive\n20 Talk"}, "Line 1 must begin with its minutes"),
        ("plan", {"Plan": "20 Arrive\n0 Talk"}, "The minutes of line 2 must be between 1 and 600"),
        ("notes", {"Notes for trainers": "## Plan"}, "Headings must begin with ####"),
        ("facts", {"How long is it?": "9000"}, "The length must be between 5 and 600"),
        ("facts", {"Title of the session": " "}, "Enter a title for the session"),
        ("aims", {"Aims": "\n".join("x" for _ in range(61))}, "Aims must be 60 lines or fewer"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(browser, here, draft, part, answers, said):
    browser.get(f"/course-drafts/{draft.id}/sessions/1/{part}").fill(answers).submit("Save", status=422)
    assert said in browser.errors[0]


def test_a_draft_with_faults_is_not_published_by_force(browser, here, draft, session):
    browser.get(f"/course-drafts/{draft.id}/sessions/1/aims").fill({"Aims": ""}).submit("Save")
    browser.get(f"/course-drafts/{draft.id}/check")
    assert browser.sees("1 thing to mend first", "session 1 has no aims")
    version = session.get(CourseDraft, draft.id).version
    browser.get(f"/course-drafts/{draft.id}/about")
    browser.post(f"/course-drafts/{draft.id}/check", {"note": "x", "version": version}, status=422)
    assert session.query(CourseVersion).count() == 1


def test_a_draft_with_nothing_new_offers_no_version(browser, here, draft):
    browser.get(f"/course-drafts/{draft.id}/check")
    assert browser.sees("Nothing differs from version 1 yet")
    assert not browser.sees("Publish as version")


def test_a_draft_is_discarded_after_a_question_and_the_version_stays(browser, here, draft, session):
    browser.get(f"/course-drafts/{draft.id}").click("Discard the draft")
    assert session.query(CourseDraft).count() == 1
    browser.submit("Discard the draft")
    assert (session.query(CourseDraft).count(), session.query(CourseVersion).count()) == (0, 1)


def test_a_version_published_meanwhile_is_said_before_publishing(browser, here, draft):
    courses.freeze(replace(builtin(), title="Meanwhile"), scheme=here.area.scheme, by=here.coordinator)
    database.commit()
    browser.get(f"/course-drafts/{draft.id}/check")
    assert browser.sees("Version 2 was published while this draft was being written", "Meanwhile")


def test_a_trainer_and_a_stranger_cannot_write(browser, here, draft):
    browser.sign_in_as(here.trainer).get(f"/course-drafts/{draft.id}", status=403)
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR)).get(f"/course-drafts/{draft.id}", status=404)


def test_the_record_says_that_a_draft_changed_without_all_its_words(browser, here, draft, session):
    browser.get(f"/course-drafts/{draft.id}/sessions/1/aims").fill({"Aims": "a plain new aim"}).submit("Save")
    lines = session.query(AuditLine).filter_by(table_name="course_draft").all()
    assert lines
    assert all("a plain new aim" not in str(line.after) for line in lines)
