"""A first hello, for anybody; and for staff the people to answer, by the day they were promised it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.applications.rules import grouped
from portal.audit import services as audit
from portal.audit.rules import Actor, Outsider
from portal.enquiries import forms, queries, services
from portal.enquiries.models import Enquiry, Outcome
from portal.enquiries.rules import CALL
from portal.refusals import Refused
from portal.schemes import queries as schemes
from portal.schemes.models import Area
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("enquiries", __name__)


# For anybody


@bp.route("/schemes/<slug>/<area_slug>/hello", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])  # each may send a letter to an address that nobody proved
def say_hello(slug: str, area_slug: str) -> ResponseReturnValue:
    """A name and one way to reach them: thanked at once, answered by a day that is said."""
    area, form = _area(slug, area_slug), forms.HelloForm()
    if form.validate_on_submit():
        if form.leave_empty.data:  # a program, which is told nothing
            return redirect(url_for("public.show_area", slug=slug, area_slug=area_slug))
        enquiry = services.say_hello(area, form.hello(), by=_acting(f"{form.name.data} (said hello)"))
        session["enquiry_id"] = enquiry.id
        return redirect(url_for(".thank", slug=slug, area_slug=area_slug))
    return page("enquiries/say_hello.html", form=form, area=area, scheme=area.scheme)


@bp.route("/schemes/<slug>/<area_slug>/hello/thank-you")
@allows(Can.VISIT)
def thank(slug: str, area_slug: str) -> ResponseReturnValue:
    """We have it: the reference, who gets in touch, and by when."""
    area = _area(slug, area_slug)
    enquiry = queries.own_enquiry(session.get("enquiry_id"), area=area)
    if enquiry is None:
        return redirect(url_for(".say_hello", slug=slug, area_slug=area_slug))
    return page("enquiries/thank.html", enquiry=enquiry, area=area, scheme=area.scheme)


def _area(slug: str, area_slug: str) -> Area:
    return schemes.area_by_slugs(slug, area_slug) or abort(404)


def _acting(name: str) -> Actor:
    actor: Actor = current_user if current_user.is_authenticated else Outsider(name)
    audit.acting(actor)
    return actor


# For staff


@bp.route("/enquiries")
@allows(Can.DECIDE_APPLICATIONS)
def list_enquiries() -> ResponseReturnValue:
    """People to answer, by the day they were promised it; those answered are a list of their own."""
    is_answered = request.args.get("show") == "answered"
    search = request.args.get("search", "").replace("\0", "")
    found = queries.enquiries(
        seen_by=current_user, is_answered=is_answered, search=search, after=request.args.get("after")
    )
    return page("enquiries/list_enquiries.html", found=found, is_answered=is_answered, search=search)


@bp.route("/enquiries/<int:enquiry_id>", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def show_enquiry(enquiry_id: int) -> ResponseReturnValue:
    """One of them: how to reach them safely, what to say, and what became of it."""
    enquiry = _enquiry(enquiry_id)
    form, status = forms.AnswerForm(version=enquiry.version), OK
    if form.validate_on_submit():
        if is_stale(form, enquiry.version):
            status = CONFLICT
        elif accepted(
            form, services.answer, enquiry, outcome=Outcome(form.outcome.data), note=form.note.data, by=current_user
        ):
            flash("It is written down", "success")
            return redirect(url_for(".list_enquiries"))
    return _shown(enquiry, form, status)


@bp.route("/enquiries/<int:enquiry_id>/undo", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def undo_answer(enquiry_id: int) -> ResponseReturnValue:
    """Let it wait again."""
    enquiry = _enquiry(enquiry_id)
    try:
        services.undo_answer(enquiry, by=current_user)
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash("It waits for an answer again", "success")
    return redirect(url_for(".show_enquiry", enquiry_id=enquiry_id))


@bp.route("/enquiries/<int:enquiry_id>/apply", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def begin_application(enquiry_id: int) -> ResponseReturnValue:
    """Start their application: what they told us goes with it."""
    enquiry = _enquiry(enquiry_id)
    form = forms.StartForm(version=enquiry.version)
    if not form.validate_on_submit() or is_stale(form, enquiry.version):
        return _shown(enquiry, forms.AnswerForm(formdata=None, version=enquiry.version), CONFLICT, form.form_errors)
    try:
        application, code = services.begin_application(enquiry, by=current_user)
    except Refused as refused:
        return _shown(enquiry, forms.AnswerForm(formdata=None, version=enquiry.version), CONFLICT, refused.reasons)
    words = "Their application has begun. "
    words += "They are sent the link to go on. " if enquiry.email else ""
    flash(f"{words}The return code to read out is {grouped(code)}. It is shown only now", "success")
    return redirect(url_for("applications.show_application", volunteer_id=application.volunteer_id))


def _enquiry(enquiry_id: int) -> Enquiry:
    return queries.enquiry(enquiry_id, seen_by=current_user) or abort(404)


def _shown(
    enquiry: Enquiry, form: forms.AnswerForm, status: int, reasons: list[str] | None = None
) -> ResponseReturnValue:
    form.form_errors.extend(reasons or [])
    start_form = forms.StartForm(formdata=None, version=enquiry.version)
    return page(
        "enquiries/show_enquiry.html", status=status, enquiry=enquiry, form=form, starting=start_form, call=CALL
    )
