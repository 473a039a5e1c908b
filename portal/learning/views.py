"""The learner's own page of their course, and its dates for their calendar."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.apologies.queries import told_by
from portal.learning import queries
from portal.volunteers.queries import own_volunteer
from portal.web.pages import page

bp = Blueprint("learning", __name__)


@bp.route("/my/course")
@allows(Can.OWN_JOURNEY)
def show_my_course() -> ResponseReturnValue:
    """What comes next, what was missed and how to make it up, how far they are, and every date."""
    volunteer = own_volunteer(current_user) or abort(404)
    course = queries.own_course(volunteer)
    waiting = "" if course else queries.is_waiting(volunteer)
    return page(
        "learning/show_my_course.html", volunteer=volunteer, course=course, waiting=waiting, now=clock.now(),
        today=clock.today(), told=told_by(course.enrolment_id) if course else set(),
    )  # fmt: skip
