"""Pages of what is handed out: files of a course, the pack of one session, and booklets."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows, may
from portal.cohorts.models import Enrolment
from portal.courses.models import Audience, SessionFile
from portal.courses.queries import course_of
from portal.files.views import download
from portal.packs import queries, services
from portal.packs.documents import CANNOT_COME, TO_BRING, Booklets
from portal.packs.forms import AddFileForm
from portal.web.pages import accepted, page
from portal.web.uploads import takes_files

bp = Blueprint("packs", __name__)


@bp.route("/courses/<int:version_id>/files")
@allows(Can.SEE_COURSES)
def list_files(version_id: int) -> ResponseReturnValue:
    """Every file of a course, session by session, with those no longer handed out."""
    version = queries.course_version(version_id, seen_by=current_user) or abort(404)
    return page(
        "packs/list_files.html", version=version, sessions=course_of(version).sessions,
        files=queries.files_of(version, older=True), may_manage=may(current_user, Can.MANAGE_COURSES),
    )  # fmt: skip


@bp.route("/courses/<int:version_id>/files/add", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
@takes_files
def add_file(version_id: int) -> ResponseReturnValue:
    """Put a file to a session."""
    version = queries.course_version(version_id, seen_by=current_user, can=Can.MANAGE_COURSES) or abort(404)
    sessions = course_of(version).sessions
    form = AddFileForm()
    form.offer(sessions)
    asked = request.args.get("session", type=int)
    if request.method == "GET" and asked in {each.number for each in sessions}:
        form.session.data = asked
    if form.validate_on_submit() and accepted(
        form, services.add_file, version, form.session.data, title=form.title.data,
        audience=Audience(form.audience.data), file=form.file.data, by=current_user,
    ):  # fmt: skip
        flash(f"“{form.title.data}” is now in session {form.session.data}", "success")
        return redirect(url_for(".list_files", version_id=version_id))
    return page("packs/add_file.html", form=form, version=version)


@bp.route("/session-files/<int:file_id>/take-away", methods=["POST"])
@allows(Can.MANAGE_COURSES)
def take_away(file_id: int) -> ResponseReturnValue:
    """Hand a file out no longer."""
    file = _managed(file_id)
    services.take_away(file, by=current_user)
    flash(f"“{file.title}” is no longer handed out. You can still use it again below.", "success")
    return _back_to_files()


@bp.route("/session-files/<int:file_id>/use-again", methods=["POST"])
@allows(Can.MANAGE_COURSES)
def use_again(file_id: int) -> ResponseReturnValue:
    """Hand out this version of a file again."""
    file = _managed(file_id)
    services.use_again(file, by=current_user)
    flash(f"“{file.title}”, version {file.number}, is handed out again", "success")
    return _back_to_files()


@bp.route("/session-files/<int:file_id>")
@allows(Can.SEE_COURSES)
def download_file(file_id: int) -> Response:
    """A file of a session, of whatever version, for those who teach."""
    return download((queries.session_file(file_id, seen_by=current_user) or abort(404)).file)


@bp.route("/my/session-files/<int:file_id>")
@allows(Can.OWN_JOURNEY)
def download_own_file(file_id: int) -> Response:
    """A file handed out in one's own course."""
    return download((queries.own_session_file(file_id, seen_by=current_user) or abort(404)).file)


@bp.route("/sessions/<int:session_id>/pack")
@allows(Can.SEE_COHORTS)
def show_pack(session_id: int) -> ResponseReturnValue:
    """All that a trainer needs to hold this session, on one page that prints well."""
    sitting = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    version = sitting.cohort.course_version
    course = course_of(version)
    taught = next((each for each in course.sessions if each.number == sitting.number), None)
    return page(
        "packs/show_pack.html", sitting=sitting, version=version, course=course, taught=taught,
        files=queries.files_of(version, number=sitting.number)[sitting.number],
        may_see_files=may(current_user, Can.SEE_COURSES),
    )  # fmt: skip


@bp.route("/learners/<int:enrolment_id>/booklet")
@allows(Can.SEE_COHORTS)
def show_booklet(enrolment_id: int) -> ResponseReturnValue:
    """A learner's booklet as a page."""
    return _booklet_page(queries.place(enrolment_id, seen_by=current_user) or abort(404), is_own=False)


@bp.route("/learners/<int:enrolment_id>/booklet.pdf")
@allows(Can.SEE_COHORTS)
def print_booklet(enrolment_id: int) -> Response:
    """A learner's booklet to print."""
    place = queries.place(enrolment_id, seen_by=current_user) or abort(404)
    return _pdf(services.booklet_of(place, large=_is_large()).render(), "course-booklet.pdf")


@bp.route("/cohorts/<int:cohort_id>/booklets.pdf")
@allows(Can.SEE_COHORTS)
def print_booklets(cohort_id: int) -> Response:
    """The booklets of everybody on a course, in one file."""
    places = queries.places_on(cohort_id, seen_by=current_user) or abort(404)
    booklets = tuple(services.booklet_of(each, large=_is_large()) for each in places)
    return _pdf(Booklets(f"Course booklets: {places[0].cohort.name}", booklets).render(), "course-booklets.pdf")


@bp.route("/my/booklet")
@allows(Can.OWN_JOURNEY)
def show_own_booklet() -> ResponseReturnValue:
    """One's own course: dates, handouts, files."""
    place = queries.own_place(current_user)
    return _booklet_page(place, is_own=True) if place else page("packs/no_booklet.html")


@bp.route("/my/booklet.pdf")
@allows(Can.OWN_JOURNEY)
def print_own_booklet() -> Response:
    """One's own booklet to print."""
    place = queries.own_place(current_user) or abort(404)
    return _pdf(services.booklet_of(place, large=_is_large()).render(), "course-booklet.pdf")


def _booklet_page(place: Enrolment, *, is_own: bool) -> ResponseReturnValue:
    files = queries.files_of(place.cohort.course_version, for_learners=True) if is_own else {}
    return page(
        "packs/show_booklet.html", booklet=services.booklet_of(place), place=place, is_own=is_own, files=files,
        to_bring=TO_BRING, cannot_come=CANNOT_COME,
    )  # fmt: skip


def _managed(file_id: int) -> SessionFile:
    return queries.session_file(file_id, seen_by=current_user, can=Can.MANAGE_COURSES) or abort(404)


def _back_to_files() -> ResponseReturnValue:
    version_id = request.form.get("version_id", type=int)
    version = queries.course_version(version_id, seen_by=current_user) if version_id else None
    return redirect(url_for(".list_files", version_id=version.id) if version else url_for("cohorts.list_cohorts"))


def _is_large() -> bool:
    return request.args.get("print") == "large"


def _pdf(body: bytes, name: str) -> Response:
    return Response(body, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
