"""The session pack of a trainer, and the booklet of a learner: on paper, in large print, and as a page."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from courses.loader import builtin
from portal import clock
from portal.access import Role
from portal.packs.documents import Booklet, Booklets, Meeting
from tests.factories import (
    AreaFactory,
    CohortFactory,
    CohortSessionFactory,
    EnrolmentFactory,
    RoleHeldFactory,
    SchemeFactory,
    SessionFileFactory,
    UserFactory,
    VolunteerFactory,
)

HANDOUT = """#### Words that *help*

Say **"I am here"**, and see [the guide](https://example.org/guide).

1. Listen
2. Ask, and
   - wait

| Do | Because |
|---|---|
| Nod | it **shows** |
"""


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def meeting(**facts) -> Meeting:
    starts = clock.in_london(clock.now())
    usual = {
        "number": 1, "title": "Listening", "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        "place": "The Hub", "is_for_everybody": True, "is_cancelled": False, "aims": ("listen *well*",),
        "handout": HANDOUT,
    }  # fmt: skip
    return Meeting(**usual | facts)


def booklet(*meetings: Meeting, **facts) -> Booklet:
    usual = {
        "learner": "Łucja O’Neill", "scheme": "Harbour Peer Mentors", "phone": "+441914980000", "email": "",
        "course": "Peer mentoring", "version": 3, "cohort": "Cohort 8", "place": "The Hub",
        "meetings": meetings or (meeting(),), "printed_on": clock.today(),
    }  # fmt: skip
    return Booklet(**usual | facts)


def test_the_booklet_has_name_number_dates_places_and_what_is_handed_out():
    said = text_of(booklet(meeting(), meeting(number=2, title="Asking", place="The library")).render())
    for words in ("Łucja O’Neill", "0191 498 0000", "We meet at The Hub", "The library", "version 3",
                  "If you cannot come", "What to bring", "Session 2: Asking", "Everybody must do this"):  # fmt: skip
        assert words in said


def test_markdown_is_drawn_as_headings_lists_and_tables_and_a_link_is_printed():
    said = text_of(booklet().render())
    for words in ("Words that help", 'Say "I am here", and see the guide (https://example.org/guide).',
                  "1. Listen", "2. Ask, and", "• wait", "Nod it shows", "listen well"):  # fmt: skip
        assert words in said
    assert "**" not in said
    assert "####" not in said


def test_a_cancelled_session_says_so():
    said = text_of(booklet(meeting(is_cancelled=True)).render())
    assert "Listening (Cancelled)" in said


def test_large_print_has_no_word_of_the_text_under_18_points():
    sizes = set()

    def note(text, _cm, _tm, font, size):
        if font and text.strip():
            sizes.add((round(size, 1), text.strip()))

    for page in PdfReader(io.BytesIO(booklet(is_large=True).render())).pages:
        page.extract_text(visitor_text=note)
    small = {text for size, text in sizes if size < 18}
    assert sizes
    assert all(words.startswith(("Course booklet", "Page", "Harbour")) for words in small), small


def test_the_same_facts_give_the_same_bytes():
    assert booklet().render() == booklet().render()


def test_the_booklets_of_a_group_begin_on_pages_of_their_own_counted_from_one():
    both = Booklets("Course booklets: Cohort 8", (booklet(), booklet(learner="Mo Farah"))).render()
    first = [page.extract_text() for page in PdfReader(io.BytesIO(both)).pages]
    begins = next(n for n, text in enumerate(first) if "Mo Farah" in text)
    assert begins == len(PdfReader(io.BytesIO(booklet().render())).pages)
    assert "Page 1" in first[begins]
    with pytest.raises(ValueError, match="no booklet"):
        Booklets("None", ()).render()


def test_the_whole_course_that_comes_with_the_portal_can_be_printed():
    meetings = [
        meeting(number=each.number, title=each.title, aims=each.aims, handout=each.handout)
        for each in builtin().sessions
    ]
    said = text_of(booklet(*meetings).render())
    assert all(f"Session {each.number}:" in said for each in meetings)


@pytest.fixture
def cohort(session):
    cohort = CohortFactory(area=AreaFactory(scheme=SchemeFactory(phone="0191 498 0000")), name="Cohort 8")
    course = builtin()
    for number in (1, 2):
        CohortSessionFactory(cohort=cohort, number=number, title=course.session(number).title)
    return cohort


@pytest.fixture
def trainer(cohort, session):
    user = UserFactory()
    RoleHeldFactory(user=user, role=Role.TRAINER, scheme=cohort.area.scheme)
    cohort.trainers.append(user)
    session.commit()
    return user


@pytest.fixture
def place(cohort):
    user = UserFactory(role=Role.VOLUNTEER, scheme=cohort.area.scheme)
    return EnrolmentFactory(cohort=cohort, volunteer=VolunteerFactory(area=cohort.area, user=user))


def test_a_trainer_finds_the_pack_of_a_session_from_its_register_with_versions(browser, cohort, trainer):
    SessionFileFactory(scheme_id=cohort.scheme_id, session_number=1, title="Cards", number=4)
    browser.sign_in_as(trainer).get(f"/sessions/{cohort.sessions[0].id}/register").click("Session pack")
    taught = builtin().session(1)
    assert browser.sees(taught.aims[0], taught.materials[0], "Notes for you", "Handout", "Cards", "version 4 of")
    assert browser.sees(f"version {cohort.course_version.number}")
    browser.click("Cards")
    assert browser.body.startswith(b"%PDF")


def test_a_trainer_of_another_group_finds_neither_pack_nor_booklet(browser, cohort, place):
    stranger = UserFactory(role=Role.TRAINER, scheme=cohort.area.scheme)
    browser.sign_in_as(stranger)
    for path in (
        f"/sessions/{cohort.sessions[0].id}/pack", f"/learners/{place.id}/booklet", f"/learners/{place.id}/booklet.pdf",
        f"/cohorts/{cohort.id}/booklets.pdf",
    ):  # fmt: skip
        browser.get(path, status=404)


def test_a_trainer_prints_the_booklet_of_one_or_of_all(browser, cohort, trainer, place):
    browser.sign_in_as(trainer).get(f"/cohorts/{cohort.id}").click("one for each person (PDF)")
    assert place.volunteer.preferred_name in text_of(browser.body)
    usual = len(PdfReader(io.BytesIO(browser.body)).pages)
    browser.get(f"/cohorts/{cohort.id}").click("in large print (PDF)")
    assert len(PdfReader(io.BytesIO(browser.body)).pages) > usual
    browser.get(f"/learners/{place.id}/booklet")
    assert browser.sees("0191 498 0000", "What to bring", builtin().session(2).title)


def test_booklets_of_a_group_without_people_are_not_there(browser, cohort, trainer):
    browser.sign_in_as(trainer).get(f"/cohorts/{cohort.id}/booklets.pdf", status=404)


def test_a_learner_reads_their_own_dates_and_handouts_and_gets_their_files(browser, cohort, place):
    SessionFileFactory(scheme_id=cohort.scheme_id, session_number=1, title="Cards")
    browser.sign_in_as(place.volunteer.user).get("/my/booklet")
    assert browser.sees("What to bring", "Your first evening", "We meet at The Hub")
    browser.click("Cards (PDF, 16 bytes)")
    assert browser.body.startswith(b"%PDF")
    browser.get("/my/booklet").click("Booklet to print (PDF)")
    assert place.volunteer.preferred_name in text_of(browser.body)


def test_who_is_on_no_course_is_told_so(browser, session):
    scheme = SchemeFactory()
    user = UserFactory(role=Role.VOLUNTEER, scheme=scheme)
    VolunteerFactory(area=AreaFactory(scheme=scheme), user=user)
    browser.sign_in_as(user).get("/my/booklet")
    assert browser.sees("You are on no course yet")
    browser.get("/my/booklet.pdf", status=404)


def test_the_pages_ask_as_often_for_one_learner_as_for_twenty(browser, cohort, trainer, place, count_queries):
    path = f"/cohorts/{cohort.id}/booklets.pdf"
    browser.sign_in_as(trainer).get(path)  # a course is read once a process
    totals = []
    for _ in range(2):
        with count_queries() as counted:
            browser.get(path)
        totals.append(counted.total)
        for _ in range(19):
            EnrolmentFactory(cohort=cohort)
    assert totals[0] == totals[1]
