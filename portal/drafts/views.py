"""Pages of a draft: bring one in, write it one thing at a time, check it, publish it, or throw it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses import archive, editing, loader
from courses.differences import differences as compared
from courses.syllabus import Course, CourseInvalid, Outcome, Session, Unit, Week
from portal.access import Can, allows
from portal.courses.models import CourseDraft
from portal.courses.queries import course_of, latest, schemes_to_write_for, version
from portal.drafts import forms, queries, rules, services
from portal.refusals import Refused
from portal.web.fields import Form
from portal.web.pages import CONFLICT, OK, UNPROCESSABLE, is_stale, page

bp = Blueprint("drafts", __name__)
NEW_MINUTES = 120
MOVES = {"up": -1, "down": 1}


@bp.route("/courses/import", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def import_course() -> ResponseReturnValue:
    """Read a course from a zip or the files of a folder, and keep it as a draft to be looked at."""
    schemes = schemes_to_write_for(current_user)
    form = forms.ImportForm()
    form.offer(schemes)
    problems: tuple[loader.Problem, ...] = ()
    if form.validate_on_submit():
        chosen = [(each.filename or "", each.stream.read()) for each in form.files.data]
        try:
            course = loader.read(archive.unpacked(chosen))
            draft = services.take_in(course, _chosen(form, schemes), by=current_user)
        except CourseInvalid as invalid:
            problems = invalid.problems
            form.form_errors.append("Nothing was brought in. Every line to mend is named below")
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
        else:
            flash(f"{course.title} was read without a mistake. Nothing is published yet", "success")
            return redirect(url_for(".check_draft", draft_id=draft.id))
    status = UNPROCESSABLE if problems else OK
    return page("drafts/import_course.html", status=status, form=form, problems=problems)


@bp.route("/courses/new", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def start_course() -> ResponseReturnValue:
    """Begin a course of which nothing is there."""
    schemes = schemes_to_write_for(current_user)
    form = forms.StartForm()
    form.offer(schemes)
    if form.validate_on_submit():
        try:
            draft = services.start_anew(_chosen(form, schemes), title=form.title.data, by=current_user)
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
        else:
            return redirect(url_for(".show_draft", draft_id=draft.id))
    return page("drafts/start_course.html", form=form)


@bp.route("/courses/<int:version_id>/draft", methods=["POST"])
@allows(Can.MANAGE_COURSES)
def start_draft(version_id: int) -> ResponseReturnValue:
    """Begin the next version, or go to the draft somebody has begun."""
    found = version(version_id, seen_by=current_user, can=Can.MANAGE_COURSES) or abort(404)
    draft = services.start(found, by=current_user)
    return redirect(url_for(".show_draft", draft_id=draft.id))


@bp.route("/course-drafts/<int:draft_id>")
@allows(Can.MANAGE_COURSES)
def show_draft(draft_id: int) -> ResponseReturnValue:
    """Everything in the draft, with the way to each page that changes it."""
    draft, course = _draft(draft_id)
    return page("drafts/show_draft.html", draft=draft, course=course, mends=rules.mends(course))


@bp.route("/course-drafts/<int:draft_id>/about", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_heading(draft_id: int) -> ResponseReturnValue:
    """Its name, summary and level."""
    draft, course = _draft(draft_id)
    shown = forms.HeadingForm.shown(course)
    form = _form(forms.HeadingForm, shown)
    return _edit(draft, form, shown, lambda: form.changed(course), title="Name, summary and level")


@bp.route("/course-drafts/<int:draft_id>/passing", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_passing(draft_id: int) -> ResponseReturnValue:
    """What attendance is asked for."""
    draft, course = _draft(draft_id)
    shown = forms.PassingForm.shown(course)
    form = _form(forms.PassingForm, shown)
    form.offer(course)
    return _edit(draft, form, shown, lambda: editing.with_passing(course, form.thresholds()), title="How it is passed")


@bp.route("/course-drafts/<int:draft_id>/units/<int:number>", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_unit(draft_id: int, number: int) -> ResponseReturnValue:
    """A unit, or a new one after the last."""
    draft, course = _draft(draft_id)
    unit = _at(course.units, number, Unit(f"U{number}", "", course.level, 0, 1, 1, ()))
    shown = forms.UnitForm.shown(unit)
    form = _form(forms.UnitForm, shown)
    form.taken = frozenset(each.code for n, each in enumerate(course.units, start=1) if n != number)
    title = f"Unit {unit.code}" if number <= len(course.units) else "A new unit"
    return _edit(
        draft, form, shown, lambda: editing.with_unit(course, number, form.changed(unit)), title=title, at="units"
    )


@bp.route("/course-drafts/<int:draft_id>/units/<int:number>/outcomes/<int:outcome_number>", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_outcome(draft_id: int, number: int, outcome_number: int) -> ResponseReturnValue:
    """A learning outcome with its criteria, or a new one after the last."""
    draft, course = _draft(draft_id)
    unit = _at(course.units, number)
    shown = forms.OutcomeForm.shown(_at(unit.outcomes, outcome_number, Outcome(outcome_number, "", ())))
    form = _form(forms.OutcomeForm, shown)
    is_new = outcome_number > len(unit.outcomes)

    def changed() -> Course:
        return editing.with_outcome(course, number, outcome_number, form.title.data, form.criteria.data)

    title = f"A new outcome of {unit.code}" if is_new else f"Outcome {outcome_number} of {unit.code}"
    return _edit(draft, form, shown, changed, title=title, at="units")


@bp.route("/course-drafts/<int:draft_id>/weeks/<int:number>", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_week(draft_id: int, number: int) -> ResponseReturnValue:
    """A week, or a new one after the last."""
    draft, course = _draft(draft_id)
    week = _at(course.weeks, number, Week(number, "", "", ()))
    shown = forms.WeekForm.shown(week)
    form = _form(forms.WeekForm, shown)
    title = f"Week {number}" if number <= len(course.weeks) else "A new week"
    return _edit(
        draft, form, shown, lambda: editing.with_week(course, number, form.changed(week)), title=title, at="weeks"
    )


@bp.route("/course-drafts/<int:draft_id>/weeks/<int:number>/new-session", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def add_session(draft_id: int, number: int) -> ResponseReturnValue:
    """A new session at the end of a week."""
    draft, course = _draft(draft_id)
    week = _at(course.weeks, number)
    unit = course.units[-1].code if course.units else ""
    session = Session(0, number, "", NEW_MINUTES, unit, (), False, (), (), (), "", "")
    shown = forms.FactsForm.shown(session) | {"sessions": len(week.sessions)}
    form = _form(forms.FactsForm, shown)
    form.offer(course)
    return _edit(
        draft, form, shown, lambda: editing.with_new_session(course, number, form.changed(session)),
        title=f"A new session in week {number}", at="weeks",
    )  # fmt: skip


@bp.route("/course-drafts/<int:draft_id>/sessions/<int:number>")
@allows(Can.MANAGE_COURSES)
def show_session(draft_id: int, number: int) -> ResponseReturnValue:
    """One session of the draft, with the way to each of its parts."""
    draft, course = _draft(draft_id)
    session = _at(course.sessions, number)
    return page("drafts/show_session.html", draft=draft, course=course, session=session, parts=rules.PARTS)


@bp.route("/course-drafts/<int:draft_id>/sessions/<int:number>/<part>", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def edit_session(draft_id: int, number: int, part: str) -> ResponseReturnValue:
    """One part of a session."""
    draft, course = _draft(draft_id)
    session = _at(course.sessions, number)
    kind = forms.PART_FORMS.get(part) or abort(404)
    shown = forms.shown_part(session, part)
    form = _form(kind, shown)
    if hasattr(form, "offer"):
        form.offer(course)
    return _edit(
        draft, form, shown, lambda: editing.with_session(course, forms.changed_part(form, session, part)),
        title=f"Session {number}: {rules.PARTS[part]}", back=url_for(".show_session", draft_id=draft.id, number=number),
    )  # fmt: skip


@bp.route("/course-drafts/<int:draft_id>/rearrange", methods=["POST"])
@allows(Can.MANAGE_COURSES)
def rearrange(draft_id: int) -> ResponseReturnValue:
    """Move a unit, outcome, week or session one place, or copy a session."""
    draft, course = _draft(draft_id)
    piece = editing.Piece.read(request.form.get("what", ""))
    do = request.form.get("do", "")
    if piece is None or (title := piece.title(course)) is None or do not in {*MOVES, "copy"}:
        abort(404)
    if request.form.get("version") != str(draft.version):
        flash("Someone else changed this course meanwhile. Nothing was moved: look at it and do it again", "warning")
        return redirect(_back(draft, piece.kind))
    if do == "copy" and piece.kind != "sessions":
        abort(404)
    changed = editing.copied(course, piece.places[0]) if do == "copy" else editing.moved(course, piece, MOVES[do])
    services.change(draft, changed, by=current_user)
    flash(f"{'Copied' if do == 'copy' else 'Moved'} {title}", "success")
    return redirect(_back(draft, piece.kind))


@bp.route("/course-drafts/<int:draft_id>/remove/<path:what>", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def remove_piece(draft_id: int, what: str) -> ResponseReturnValue:
    """Ask, then take a unit, outcome, week or session out of the draft."""
    draft, course = _draft(draft_id)
    piece = editing.Piece.read(what)
    title = piece.title(course) if piece else None
    if piece is None or title is None:
        abort(404)
    form = forms.ConfirmForm(data={"version": draft.version})
    status = OK
    if form.validate_on_submit():
        if is_stale(form, draft.version):
            status = CONFLICT
        else:
            services.change(draft, editing.removed(course, piece), by=current_user)
            flash(f"Taken out: {title}", "success")
            return redirect(_back(draft, piece.kind))
    return page(
        "drafts/remove_piece.html", status=status, form=form, draft=draft, course=course, piece_title=title, piece=piece
    )


@bp.route("/course-drafts/<int:draft_id>/check", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def check_draft(draft_id: int) -> ResponseReturnValue:
    """What is still to mend and what is new; then freeze the draft as the next version."""
    draft, course = _draft(draft_id)
    newest = latest(draft.scheme_id, draft.code)
    form, status = forms.PublishForm(data={"version": draft.version}), OK
    if form.validate_on_submit():
        if is_stale(form, draft.version):
            status = CONFLICT
        else:
            try:
                made = services.publish(draft, note=form.note.data, by=current_user)
            except Refused as refused:
                form.form_errors.extend(refused.reasons)
            else:
                flash(f"{made.title} is published as version {made.number}. Groups stay on theirs", "success")
                return redirect(url_for("courses.show_course", version_id=made.id))
    return page(
        "drafts/check_draft.html", status=status, form=form, draft=draft, course=course, newest=newest,
        mends=rules.mends(course), differences=compared(course_of(newest), course) if newest else (),
    )  # fmt: skip


@bp.route("/course-drafts/<int:draft_id>/discard", methods=["GET", "POST"])
@allows(Can.MANAGE_COURSES)
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Ask, then throw the draft away."""
    draft, course = _draft(draft_id)
    form, status = forms.ConfirmForm(data={"version": draft.version}), OK
    if form.validate_on_submit():
        if is_stale(form, draft.version):
            status = CONFLICT
        else:
            services.discard(draft, by=current_user)
            flash(f"The draft of {course.title} is gone. Its versions are as they were", "success")
            return redirect(url_for("courses.list_courses"))
    return page("drafts/discard_draft.html", status=status, form=form, draft=draft, course=course)


def _draft(draft_id: int) -> tuple[CourseDraft, Course]:
    draft = queries.draft(draft_id, seen_by=current_user, to_change=request.method == "POST") or abort(404)
    return draft, editing.from_draft(draft.body)


def _at(items: tuple[Any, ...], number: int, new: Any = None) -> Any:
    """The item of this number (from 1); `new` stands for the one after the last."""
    if 1 <= number <= len(items):
        return items[number - 1]
    return new if new is not None and number == len(items) + 1 else abort(404)


def _form(kind: type[Form], shown: dict[str, Any]) -> Any:
    return kind(data={**shown, "version": rules.mark_of(shown)})


def _edit(
    draft: CourseDraft, form: Any, shown: dict[str, Any], changed: Callable[[], Course], *, title: str, at: str = "",
    back: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Ask, keep what was typed, and go back; when somebody changed the same thing meanwhile, show both."""
    status: int = OK
    found: list[tuple[str, str, str]] = []
    back = back or _back(draft, at)
    if form.validate_on_submit():
        if is_stale(form, rules.mark_of(shown)):
            status, found = CONFLICT, forms.differences(form, shown)
        else:
            services.change(draft, changed(), by=current_user)
            flash(f"Saved: {title}", "success")
            return redirect(back)
    return page(
        "drafts/edit_piece.html", status=status, form=form, draft=draft, differences=found, piece_title=title, back=back
    )


def _back(draft: CourseDraft, at: str) -> str:
    anchor = {"outcomes": "units", "sessions": "weeks"}.get(at, at)
    return url_for(".show_draft", draft_id=draft.id, _anchor=anchor or None)


def _chosen(form: Any, schemes: Any) -> Any:
    return next(each for each in schemes if "scheme" not in form or each.id == form.scheme.data)
