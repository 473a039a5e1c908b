"""A course frozen as JSON comes back equal, and JSON that is not a course is refused with words."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import loader
from courses.syllabus import Course, CourseInvalid
from tests.courses.samples import write


@pytest.fixture
def course(tmp_path):
    return loader.load(write(tmp_path))


def test_a_course_goes_into_json_and_comes_back_equal(course):
    assert Course.from_json(course.to_json()) == course
    assert Course.from_json(json.dumps(course.to_json())) == course
    assert json.loads(json.dumps(course.to_json())) == course.to_json()


def test_a_course_is_frozen(course):
    with pytest.raises(AttributeError):
        course.title = "Another"


def test_parts_are_found_by_their_names(course):
    assert course.unit("U1").title == "Being a peer"
    assert [session.number for session in course.sessions_covering("U1.1.2")] == [2]
    assert (course.glh, course.tqt, course.credits) == (3, 4, 1)
    for find in (course.unit, course.session, course.criterion):
        with pytest.raises(KeyError):
            find("nothing")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("title",), 7, "title: must be text"),
        (("level",), True, "level: must be a whole number"),
        (("units", 0, "glh"), "3", "units[0].glh: must be a whole number"),
        (
            ("weeks", 0, "sessions", 0, "minutes"),
            91,
            "weeks[0].sessions[0].plan: the plan of session 1 adds up",
        ),
        (("weeks", 0, "sessions", 0, "plan"), None, "weeks[0].sessions[0].plan: must be a list"),
        (
            ("weeks", 0, "sessions", 0, "mandatory"),
            True,
            "does not agree with the list of mandatory sessions",
        ),
        (("thresholds",), [], "thresholds: must be a table"),
        (("weeks",), [], "weeks: a course needs at least one session"),
        (("colour",), "red", '"colour" is not known here'),
    ],
)
def test_json_that_does_not_fit_is_named_with_the_way_to_it(course, path, value, said):
    body = copy.deepcopy(course.to_json())
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(CourseInvalid) as caught:
        Course.from_json(body)
    assert said in str(caught.value)


def test_a_value_left_out_is_named(course):
    body = course.to_json()
    del body["weeks"][0]["sessions"][1]["handout"]
    with pytest.raises(CourseInvalid, match=r'weeks\[0\]\.sessions\[1\]: "handout" is missing'):
        Course.from_json(body)


def test_text_that_is_not_json_is_refused_with_its_line():
    with pytest.raises(CourseInvalid, match="line 2: this is not JSON"):
        Course.from_json('{\n"a": }')


def test_json_nested_without_end_is_refused_and_does_not_crash():
    with pytest.raises(CourseInvalid, match="too deep"):
        Course.from_json("[" * 200_000)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(Course.__annotations__)), inner),
        max_leaves=20,
    )
)
def test_no_rubbish_is_taken_for_a_course_and_none_crashes(rubbish):
    body = rubbish if not isinstance(rubbish, str) else json.dumps(rubbish)
    with pytest.raises(CourseInvalid):
        Course.from_json(body)
