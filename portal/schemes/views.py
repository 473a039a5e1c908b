"""A scheme's own pages: what it settles, what it says of itself, and its areas."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.schemes import forms, queries, services
from portal.schemes.models import AREA_TEXTS, Area, Doors, Scheme
from portal.schemes.rules import ReferencesAsked, titles_of, ways_of
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("schemes", __name__)


@bp.route("/scheme")
@allows(Can.MANAGE_SCHEME)
def show_scheme() -> ResponseReturnValue:
    """The schemes this person looks after, as they are settled now."""
    schemes = queries.schemes_of(seen_by=current_user, can=Can.MANAGE_SCHEME)
    asked_words = {each.value: each.words for each in ReferencesAsked}
    return page(
        "schemes/show_scheme.html", schemes=schemes, titles_of=titles_of, asked_words=asked_words, ways_of=ways_of
    )  # fmt: skip


@bp.route("/schemes/<int:scheme_id>/settings", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_settings(scheme_id: int) -> ResponseReturnValue:
    """Change how the scheme works."""
    scheme = _scheme(scheme_id)
    form = forms.SettingsForm(data=forms.shown_settings(scheme))
    status, found = OK, []
    if form.validate_on_submit():
        if is_stale(form, scheme.version):
            status, found = CONFLICT, forms.differences(form, forms.shown_settings(scheme))
        elif accepted(form, services.change_settings, scheme, form.settings(scheme.settings), by=current_user):
            return _back("The settings are saved")
    return page("schemes/edit_settings.html", status=status, form=form, scheme=scheme, differences=found)


@bp.route("/schemes/<int:scheme_id>/interview-questions", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_questions(scheme_id: int) -> ResponseReturnValue:
    """Change what everybody is asked at an interview."""
    scheme = _scheme(scheme_id)
    shown = {"version": scheme.version, "questions": "\n".join(scheme.settings.interview_questions)}
    form = forms.QuestionsForm(data=shown)
    status, found = OK, []
    if form.validate_on_submit():
        if is_stale(form, scheme.version):
            status, found = CONFLICT, forms.differences(form, shown)
        elif accepted(
            form, services.change_settings, scheme, replace(scheme.settings, interview_questions=form.lines()),
            by=current_user,
        ):  # fmt: skip
            return _back("The questions are saved")
    return page("schemes/edit_questions.html", status=status, form=form, scheme=scheme, differences=found)


@bp.route("/schemes/<int:scheme_id>/texts", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_texts(scheme_id: int) -> ResponseReturnValue:
    """Change the words of the public page."""
    scheme = _scheme(scheme_id)
    form = forms.TextsForm(data=forms.shown_texts(scheme))
    status, found = OK, []
    if form.validate_on_submit():
        if is_stale(form, scheme.version):
            status, found = CONFLICT, forms.differences(form, forms.shown_texts(scheme))
        elif accepted(form, services.change_texts, scheme, by=current_user, **form.texts()):
            return _back("The words of the public page are saved")
    return page("schemes/edit_texts.html", status=status, form=form, scheme=scheme, differences=found)


@bp.route("/schemes/<int:scheme_id>/areas/add", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def add_area(scheme_id: int) -> ResponseReturnValue:
    """Open an area."""
    scheme = _scheme(scheme_id)
    form = forms.NewAreaForm()
    form.taken = {area.slug for area in scheme.areas}
    if form.validate_on_submit() and accepted(
        form, services.add_area, scheme, name=form.name.data, slug=form.slug.data, about=form.about.data,
        by=current_user,
    ):  # fmt: skip
        return _back(f"{form.name.data} is open")
    return page("schemes/add_area.html", form=form, scheme=scheme)


@bp.route("/areas/<int:area_id>/edit", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_area(area_id: int) -> ResponseReturnValue:
    """Change an area's words, and whether people can apply there."""
    area: Area = queries.area(area_id, seen_by=current_user) or abort(404)
    form = forms.AreaForm(data=forms.shown_area(area))
    status, found = OK, []
    if form.validate_on_submit():
        if is_stale(form, area.version):
            status, found = CONFLICT, forms.differences(form, forms.shown_area(area))
        elif accepted(
            form, services.change_area, area, name=form.name.data, doors=Doors(form.doors.data), by=current_user,
            **{each: form[each].data for each in AREA_TEXTS},
        ):  # fmt: skip
            return _back(f"{area.name} is saved")
    return page("schemes/edit_area.html", status=status, form=form, area=area, differences=found)


def _scheme(scheme_id: int) -> Scheme:
    return queries.scheme(scheme_id, seen_by=current_user) or abort(404)


def _back(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for(".show_scheme"))  # type: ignore[return-value]
