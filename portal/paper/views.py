"""The blank form for everybody; for staff the filled-in ones, from the day they come to the day they are typed in."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.applications import queries as applications
from portal.files import services as files
from portal.paper import forms, queries, rules, services
from portal.paper.documents import BlankForm
from portal.paper.models import PaperForm
from portal.refusals import Refused
from portal.schemes import queries as schemes
from portal.schemes.models import Area
from portal.schemes.rules import Route
from portal.volunteers import queries as volunteers
from portal.web import text
from portal.web.headers import be_shown_in_ours, show_ours
from portal.web.own import form_errors
from portal.web.pages import CONFLICT, OK, UNPROCESSABLE, accepted, is_stale, page
from portal.web.requests import keeps_what_it_answers
from portal.web.uploads import takes_files

bp = Blueprint("paper", __name__)
OPEN_FOR = 60 * 60
"""Seconds for which a scan that was opened, and noted, is shown without being noted again."""


# For anybody


@bp.route("/schemes/<slug>/<area_slug>/form")
@allows(Can.VISIT)
def show_blank_form(slug: str, area_slug: str) -> ResponseReturnValue:
    """All that the form on paper asks, as a page."""
    area = schemes.area_by_slugs(slug, area_slug) or abort(404)
    place, parts = _place(area), _parts(area)
    return page(
        "paper/show_blank_form.html", area=area, parts=parts, checks=rules.CHECKS, sign=rules.SIGN,
        how=rules.HOW_TO_FILL, back=rules.how_to_send_back(place), code=_code(area), in_a_row=rules.in_a_row,
    )  # fmt: skip


@bp.route("/schemes/<slug>/<area_slug>/form.pdf")
@allows(Can.VISIT)
def download_blank_form(slug: str, area_slug: str) -> Response:
    """The form to print; `?size=large` in large print."""
    area = schemes.area_by_slugs(slug, area_slug) or abort(404)
    is_large = request.args.get("size") == "large"
    blank = BlankForm(_place(area), _parts(area), _code(area), clock.today(), is_large)
    name = f"application-form-{area.slug}{'-large' if is_large else ''}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "public, max-age=600"}
    return Response(blank.render(), mimetype="application/pdf", headers=headers)


def _place(area: Area) -> rules.Place:
    address = url_for("public.show_area", slug=area.scheme.slug, area_slug=area.slug, _external=True)
    return rules.Place(
        area.scheme.name, area.name, text.phone(area.scheme.phone) or area.scheme.phone, area.scheme.email, address
    )


def _parts(area: Area) -> tuple[rules.Part, ...]:
    return forms.parts_of(area.scheme.settings.references_needed)


def _code(area: Area) -> str:
    return rules.form_code(area.slug, area.id, _parts(area))


# For staff


@bp.route("/paper-forms")
@allows(Can.DECIDE_APPLICATIONS)
def list_paper_forms() -> ResponseReturnValue:
    """Forms that wait to be typed in, the oldest first; below them those that are done."""
    waiting, count = queries.forms_to_type(seen_by=current_user)
    return page(
        "paper/list_paper_forms.html", waiting=waiting, count=count, done=queries.forms_done(seen_by=current_user),
        areas=queries.areas_of(seen_by=current_user),
    )  # fmt: skip


@bp.route("/paper-forms/keep", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
@takes_files
def keep_paper_form() -> ResponseReturnValue:
    """Put a filled-in form in."""
    areas = {area.id: area for area in queries.areas_of(seen_by=current_user)}
    form = forms.KeepForm(data={"received_on": clock.today()})
    form.offer([(area.id, f"{area.name} ({rules.area_code(area.slug, area.id)})") for area in areas.values()])
    if form.validate_on_submit():
        area = areas.get(form.area.data) or abort(404)
        try:
            kept = services.keep(area, form.pages, received_on=form.received_on.data, by=current_user)
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
        else:
            flash("The form is kept. It waits to be typed in", "success")
            return redirect(url_for(".show_paper_form", paper_id=kept.id))
    return page("paper/keep_paper_form.html", form=form)


@bp.route("/paper-forms/<int:paper_id>")
@allows(Can.DECIDE_APPLICATIONS)
def show_paper_form(paper_id: int) -> ResponseReturnValue:
    """What became of one form, and what can be done with it."""
    paper = _one(paper_id)
    return page(
        "paper/show_paper_form.html", paper=paper, is_open=_is_open(paper), is_picture=services.is_picture(paper)
    )


@bp.route("/paper-forms/<int:paper_id>/open", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def open_scan(paper_id: int) -> ResponseReturnValue:
    """Open the original: noted in the record, each time."""
    paper = _one(paper_id)
    if paper.volunteer is not None:
        paper.volunteer.refuse_while_blind()
    services.open_scan(paper, by=current_user)
    opened = session.get("scans", {})
    now = int(clock.now().timestamp())
    still = {key: until for key, until in opened.items() if until > now}
    session["scans"] = still | {str(paper.id): now + OPEN_FOR}
    if request.form.get("to") == "type":
        return redirect(url_for(".type_in" if paper.volunteer_id else ".choose_person", paper_id=paper.id))
    return redirect(url_for(".show_scan", paper_id=paper.id))


@bp.route("/paper-forms/<int:paper_id>/scan")
@allows(Can.DECIDE_APPLICATIONS)
def show_scan(paper_id: int) -> ResponseReturnValue:
    """The original itself, for whoever has opened it; anybody else is led to the page with the button."""
    paper = _one(paper_id)
    if paper.volunteer is not None:
        paper.volunteer.refuse_while_blind()
    if not _is_open(paper):
        return redirect(url_for(".show_paper_form", paper_id=paper.id))
    be_shown_in_ours()
    ending = paper.file.name.rpartition(".")[2]
    response = Response(files.content_of(paper.file), mimetype=paper.file.kind)
    response.headers["Content-Disposition"] = f'inline; filename="form-{paper.id}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/paper-forms/<int:paper_id>/whose", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def choose_person(paper_id: int) -> ResponseReturnValue:
    """Whose form it is: somebody who began before, or somebody new."""
    paper = _to_type(paper_id)
    if paper.volunteer_id:
        return redirect(url_for(".type_in", paper_id=paper.id))
    begun = {person.id: person for person in queries.begun_in(paper.area_id, seen_by=current_user)}
    form = forms.WhoseForm()
    form.offer([(person.id, f"{person.name} ({person.reference})") for person in begun.values()])
    if form.validate_on_submit() and accepted(form, _begin, paper, form):
        return redirect(url_for(".type_in", paper_id=paper.id))
    return page("paper/choose_person.html", form=form, paper=paper, is_picture=services.is_picture(paper))


def _begin(paper: PaperForm, form: forms.WhoseForm) -> None:
    if form.person.data:
        application = applications.application_of(form.person.data, seen_by=current_user) or abort(404)
        services.carry_on_with(paper, application, by=current_user)
        return
    services.begin(
        paper, name=form.name.data, email=form.email.data, phone=form.phone.data, route=Route(form.route.data),
        by=current_user,
    )  # fmt: skip


@bp.route("/paper-forms/<int:paper_id>/type", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
@keeps_what_it_answers
def type_in(paper_id: int) -> ResponseReturnValue:
    """The scan on one side, every section of the application on the other; saved as one goes, then sent.

    One wrong answer does not lose five typed pages: saving keeps every other section, answers 200 and marks what is
    wrong. Sending keeps all or nothing.
    """
    paper = _to_type(paper_id)
    if paper.volunteer_id is None:
        return redirect(url_for(".choose_person", paper_id=paper.id))
    application = applications.application_of(paper.volunteer_id, seen_by=current_user) or abort(404)
    form = forms.TypingForm()
    is_sending = request.form.get("do") == "send"
    typing = forms.Typing(application, is_sending=is_sending)
    errors: list[dict[str, str]] = []
    if form.validate_on_submit():
        if is_sending and not form.has_signed.data:
            form.has_signed.errors = ["Tick the box when the form is signed. Is it not, ask the person to sign it"]
        is_right = typing.validate()
        if not is_right and not is_sending:
            typing.save_what_is_right(by=current_user)
        elif is_right and not form.errors:
            try:
                typing.save(by=current_user)
                if is_sending:
                    services.send(paper, application, by=current_user)
                    flash(f"The application of {application.volunteer.name} has been sent", "success")
                    return redirect(url_for(".list_paper_forms"))
            except Refused as refused:
                errors = [{"text": reason} for reason in refused.reasons]
            else:
                flash("What you typed is saved", "success")
                return redirect(url_for(".type_in", paper_id=paper.id))
        errors += [*typing.errors, *form_errors(form)]
    return page(
        "paper/type_in.html", typing_form=form, typing=typing, paper=paper, application=application, errors=errors,
        is_error=bool(errors), is_picture=services.is_picture(paper),
        status=OK if typing.kept else CONFLICT if typing.stale else UNPROCESSABLE if errors else OK,
    )  # fmt: skip


@bp.route("/paper-forms/<int:paper_id>/not-theirs", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def let_go(paper_id: int) -> ResponseReturnValue:
    """The wrong person was chosen: choose again. What was typed for them stays with them."""
    paper = _one(paper_id)
    try:
        services.let_go(paper, by=current_user)
    except Refused as refused:
        flash(str(refused), "warning")
        return redirect(url_for(".show_paper_form", paper_id=paper.id))
    return redirect(url_for(".choose_person", paper_id=paper.id))


@bp.route("/people/<int:volunteer_id>/paper-forms")
@allows(Can.DECIDE_APPLICATIONS)
def list_originals(volunteer_id: int) -> ResponseReturnValue:
    """The forms on paper that one person filled in."""
    person = volunteers.volunteer(volunteer_id, seen_by=current_user, can=Can.DECIDE_APPLICATIONS) or abort(404)
    originals = queries.originals_of(volunteer_id, seen_by=current_user)
    return page("paper/list_originals.html", person=person, originals=originals)


def _to_type(paper_id: int) -> PaperForm:
    """A form that waits and whose scan was opened; any other is shown with what can be done with it."""
    paper = _one(paper_id)
    if paper.typed_at or paper.set_aside_at or not _is_open(paper):
        abort(redirect(url_for(".show_paper_form", paper_id=paper.id)))
    show_ours()
    return paper


@bp.route("/paper-forms/<int:paper_id>/set-aside", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def set_aside(paper_id: int) -> ResponseReturnValue:
    """It leads to no application."""
    paper = _one(paper_id)
    form = forms.SetAsideForm(data={"version": paper.version})
    status = OK
    if form.validate_on_submit():
        if is_stale(form, paper.version):
            status = CONFLICT
        elif accepted(form, services.set_aside, paper, because=form.because.data, by=current_user):
            flash("The form is set aside. You can take it back", "success")
            return redirect(url_for(".list_paper_forms"))
    return page("paper/set_aside.html", form=form, paper=paper, status=status)


@bp.route("/paper-forms/<int:paper_id>/take-back", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def take_back(paper_id: int) -> ResponseReturnValue:
    """It was set aside by mistake."""
    paper = _one(paper_id)
    services.take_back(paper, by=current_user)
    flash("The form waits to be typed in again", "success")
    return redirect(url_for(".show_paper_form", paper_id=paper.id))


def _one(paper_id: int) -> PaperForm:
    return queries.paper_form(paper_id, seen_by=current_user) or abort(404)


def _is_open(paper: PaperForm) -> bool:
    return int(session.get("scans", {}).get(str(paper.id), 0)) > int(clock.now().timestamp())
