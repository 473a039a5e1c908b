"""Pages of courses: the list, one version, one session of it, words found in it, and the folder to take away."""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses import writer
from courses.loader import builtin
from portal.access import Can, allows, may
from portal.courses import queries, rules, services
from portal.courses.models import CourseVersion
from portal.web.pages import page

bp = Blueprint("courses", __name__)


@bp.route("/courses")
@allows(Can.SEE_COURSES)
def list_courses() -> ResponseReturnValue:
    """The courses of their schemes: every version, who is taught it, and the draft of the next."""
    schemes = queries.schemes_to_write_for(current_user)
    rows = queries.courses(seen_by=current_user)
    has_builtin = {row.scheme.id for row in rows if row.code == builtin().code and row.versions}
    return page(
        "courses/list_courses.html", rows=rows, groups=queries.groups(seen_by=current_user), builtin=builtin(),
        schemes=schemes, without_builtin=[scheme for scheme in schemes if scheme.id not in has_builtin],
    )  # fmt: skip


@bp.route("/courses/take-in", methods=["POST"])
@allows(Can.MANAGE_COURSES)
def take_in_builtin() -> ResponseReturnValue:
    """Give a scheme the course that comes with the portal."""
    chosen = request.form.get("scheme_id", "")
    scheme = next((each for each in queries.schemes_to_write_for(current_user) if str(each.id) == chosen), None)
    version = services.freeze(
        builtin(), scheme=scheme or abort(404), by=current_user, note="As it comes with Alongside"
    )
    flash(f"{version.title} is there, as version {version.number}", "success")
    return redirect(url_for(".show_course", version_id=version.id))


@bp.route("/courses/<int:version_id>")
@allows(Can.SEE_COURSES)
def show_course(version_id: int) -> ResponseReturnValue:
    """One version: what must be shown, how it is passed, and its weeks."""
    version = _version(version_id)
    return page(
        "courses/show_course.html", version=version, course=queries.course_of(version),
        latest=queries.latest(version.scheme_id, version.code) or version,
        groups=queries.groups(seen_by=current_user).get(version.id, queries.Groups()),
        may_manage=_may_manage(version),
    )  # fmt: skip


@bp.route("/courses/<int:version_id>/sessions/<int:number>")
@allows(Can.SEE_COURSES)
def show_session(version_id: int, number: int) -> ResponseReturnValue:
    """One session, as a trainer prepares and teaches it."""
    version = _version(version_id)
    course = queries.course_of(version)
    if not 1 <= number <= len(course.sessions):
        abort(404)
    session = course.session(number)
    return page(
        "courses/show_session.html", version=version, course=course, session=session, unit=course.unit(session.unit),
        criteria=[course.criterion(key) for key in session.covers], may_manage=_may_manage(version),
    )  # fmt: skip


@bp.route("/courses/<int:version_id>/search")
@allows(Can.SEE_COURSES)
def search_course(version_id: int) -> ResponseReturnValue:
    """Where some words stand in a version."""
    version = _version(version_id)
    asked = " ".join(request.args.get("words", "").replace("\x00", "").split())[: rules.LONGEST]
    found = rules.found_in(queries.course_of(version), asked)
    return page("courses/search_course.html", version=version, asked=asked, found=found, shortest=rules.SHORTEST)


@bp.route("/courses/<int:version_id>/export.zip")
@allows(Can.SEE_COURSES)
def export_course(version_id: int) -> ResponseReturnValue:
    """The version as the folder it can be read from again."""
    version = _version(version_id)
    name = f"{version.code}_version_{version.number}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in writer.files(queries.course_of(version)).items():
            # a fixed day: the same version is the same file, byte for byte
            archive.writestr(zipfile.ZipInfo(f"{name}/{file}", (2000, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip")


def _version(version_id: int) -> CourseVersion:
    return queries.version(version_id, seen_by=current_user) or abort(404)


def _may_manage(version: CourseVersion) -> bool:
    places = {scheme_id for scheme_id, _ in current_user.reach(Can.MANAGE_COURSES)}
    return may(current_user, Can.MANAGE_COURSES) and version.scheme_id in places
