"""Pages about agreements: publishing, reading, putting one's name under it, and who has not yet."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.agreements import queries, rules, services
from portal.agreements.documents import AcknowledgedAgreement
from portal.agreements.forms import AcknowledgeForm, AgreementForm, EmptyForm, PaperForm
from portal.agreements.models import Acknowledgement, Agreement, AgreementKind
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.files.services import keep
from portal.files.views import download
from portal.refusals import Refused
from portal.schemes.queries import schemes_of
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, OK, accepted, page
from portal.web.uploads import takes_files

bp = Blueprint("agreements", __name__)
BY_LINK = Outsider("Volunteer by link")
GONE = 410
guessable = limiter.shared_limit(
    GUESSABLE, scope="agreements", deduct_when=lambda response: response.status_code == GONE
)


# For the scheme


@bp.route("/agreement", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def publish_agreement() -> ResponseReturnValue:
    """Every version so far, and a new one, which begins as a copy of the last; shown once more before it is out."""
    versions = queries.agreements(seen_by=current_user)
    schemes = {each.id: each for each in schemes_of(seen_by=current_user, can=Can.MANAGE_SCHEME)}
    wanted = request.args.get("kind", AgreementKind.VOLUNTEER.value)
    last = next((each for each in versions if each.kind.value == wanted), None)
    shown = {"scheme": last.scheme_id, "title": last.title, "text": last.text} if last else {}
    form = AgreementForm(data={"scheme": next(iter(schemes), None), "kind": wanted, "asks_again": "yes", **shown})
    form.scheme.choices = [(each.id, each.name) for each in schemes.values()]
    if form.validate_on_submit() and "change" not in request.form:
        scheme, kind = schemes[form.scheme.data], AgreementKind(form.kind.data)
        before = queries.latest_of(scheme.id, kind)
        form.form_errors.extend(services.reasons_not_to_publish(before, title=form.title.data, text=form.text.data))
        is_seen = request.form.get("since") == str(before.number if before else 0)
        if not form.form_errors and not ("sure" in request.form and is_seen):
            pieces = rules.difference(before.text if before else "", form.text.data)
            new = "\n".join(each.words for each in pieces if each.how == "added")
            return page(
                "agreements/check_agreement.html", form=form, before=before, pieces=pieces,
                status=CONFLICT if "sure" in request.form else OK, is_overtaken="sure" in request.form,
                avoid=rules.words_to_avoid(f"{form.title.data}\n{new}"), people=len(queries.concerned(scheme.id)),
            )  # fmt: skip
        if not form.form_errors and accepted(
            form, services.publish, scheme, kind=kind, title=form.title.data, text=form.text.data,
            asks_again=form.asks_again.data == "yes", by=current_user,
        ):  # fmt: skip
            words = "Everybody with a place is asked to read it" if form.asks_again.data == "yes" else "Nobody is asked"
            flash(f"The new version is published. {words}", "success")
            return redirect(url_for(".publish_agreement"))
    newest = {(each.scheme_id, each.kind): each.id for each in reversed(versions)}
    return page(
        "agreements/publish_agreement.html", form=form, versions=versions, newest=set(newest.values()),
        kinds=list(AgreementKind),
    )  # fmt: skip


@bp.route("/agreement/<int:agreement_id>/withdraw", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def withdraw_agreement(agreement_id: int) -> ResponseReturnValue:
    """Ask nobody for this kind any more."""
    agreement = queries.agreement(agreement_id, seen_by=current_user) or abort(404)
    form = EmptyForm()
    if form.validate_on_submit() and accepted(form, services.withdraw, agreement, by=current_user):
        flash(f"{agreement.kind.words}: nobody is asked for it any more", "success")
        return redirect(url_for(".publish_agreement"))
    return page("agreements/withdraw_agreement.html", form=form, agreement=agreement)


@bp.route("/agreements/to-acknowledge")
@allows(Can.DECIDE_APPLICATIONS)
def list_not_yet() -> ResponseReturnValue:
    """Who has not put their name under something that stands; nobody is thrown out for it."""
    people = queries.not_yet(seen_by=current_user)
    return page("agreements/list_not_yet.html", people=people[: queries.MOST], count=len(people))


@bp.route("/people/<int:volunteer_id>/agreement", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
@takes_files
def record_agreement(volunteer_id: int) -> ResponseReturnValue:
    """What they acknowledged, and recording what they did on paper."""
    volunteer = _volunteer(volunteer_id)
    asked = queries.asked_of([volunteer])[volunteer.id]
    missing = {each.agreement.id: each.agreement for each in asked if not each.is_done}
    form = PaperForm(agreement=next(iter(missing), None))
    form.agreement.choices = [
        (each.id, f"{each.kind.words}: {each.title}, version {each.number}") for each in missing.values()
    ]
    if form.is_submitted() and not missing:  # a second tap
        return redirect(url_for(".record_agreement", volunteer_id=volunteer.id))
    if (
        missing
        and form.validate_on_submit()
        and accepted(form, _keep_paper, volunteer, missing[form.agreement.data], form)
    ):
        flash("It is recorded", "success")
        return redirect(url_for(".record_agreement", volunteer_id=volunteer.id))
    return page(
        "agreements/record_agreement.html", form=form, volunteer=volunteer, asked=asked, missing=missing,
        done=queries.acknowledged(volunteer), may_write=volunteer.stage in queries.OFFERED,
    )  # fmt: skip


def _keep_paper(volunteer: Volunteer, agreement: Agreement, form: PaperForm) -> None:
    scan = form.file.data
    services.acknowledge(
        volunteer, agreement=agreement, typed_name=form.typed_name.data, by=current_user,
        file=keep(scan, scheme_id=volunteer.scheme_id, by=current_user) if scan else None,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/agreement/<int:agreement_id>/link", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def send_link_again(volunteer_id: int, agreement_id: int) -> ResponseReturnValue:
    """Their link is lost or too old: send them another."""
    volunteer = _volunteer(volunteer_id)
    asked = queries.asked_of([volunteer])[volunteer.id]
    one = next((each.agreement for each in asked if each.agreement.id == agreement_id), None) or abort(404)
    try:
        message = services.send_link_again(one, volunteer, by=current_user)
        flash(message.how_they_hear, "success")
    except Refused as refused:
        flash(". ".join(refused.reasons), "warning")
    return redirect(url_for(".record_agreement", volunteer_id=volunteer.id))


@bp.route("/people/<int:volunteer_id>/agreement/<int:agreement_id>/scan")
@allows(Can.DECIDE_APPLICATIONS)
def download_scan(volunteer_id: int, agreement_id: int) -> ResponseReturnValue:
    """The paper that they put their name on."""
    line = queries.acknowledgement(_volunteer(volunteer_id), agreement_id) or abort(404)
    return download(line.file or abort(404))


@bp.route("/people/<int:volunteer_id>/agreement/<int:agreement_id>.pdf")
@allows(Can.DECIDE_APPLICATIONS)
def print_agreement(volunteer_id: int, agreement_id: int) -> ResponseReturnValue:
    """What they put their name under, on paper."""
    volunteer = _volunteer(volunteer_id)
    return _printed(queries.acknowledgement(volunteer, agreement_id) or abort(404))


# For the volunteer


@bp.route("/my/agreement", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def acknowledge_agreement() -> ResponseReturnValue:
    """Read what we expect of each other, one thing after another, and type one's name."""
    volunteer = own_volunteer(current_user) or abort(404)
    asked = queries.asked_of([volunteer])[volunteer.id]
    current = next((each.agreement for each in asked if not each.is_done), None)
    form, may = _own_form(volunteer), volunteer.stage in queries.OFFERED
    if form.is_submitted() and (current is None or not may):  # a second tap, or too early: the page says which
        return redirect(url_for(".acknowledge_agreement"))
    if current and form.is_submitted() and request.form.get("agreement") != str(current.id):
        flash("What you had open is done already, or there is a newer version. This is what to read now", "warning")
        return redirect(url_for(".acknowledge_agreement"))
    if current and form.validate_on_submit():
        typed = form.typed_name.data
        if accepted(form, services.acknowledge, volunteer, agreement=current, typed_name=typed, by=current_user):
            flash("Thank you. Your name is under it", "success")
            return redirect(url_for(".acknowledge_agreement"))
    return page(
        "agreements/acknowledge_agreement.html", form=form, volunteer=volunteer, asked=asked, agreement=current,
        may=may, done=[each.done for each in asked if each.done],
    )  # fmt: skip


@bp.route("/my/agreement/<int:agreement_id>.pdf")
@allows(Can.OWN_JOURNEY)
def print_own_agreement(agreement_id: int) -> ResponseReturnValue:
    """What they put their name under themselves."""
    volunteer = own_volunteer(current_user) or abort(404)
    return _printed(queries.acknowledgement(volunteer, agreement_id) or abort(404))


@bp.route("/acknowledge/<agreement_token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def acknowledge_by_link(agreement_token: str) -> ResponseReturnValue:
    """Read one version and type one's name, without an account. Used twice, it says that all is done."""
    found = queries.by_link(agreement_token)
    if found is None:
        return page("agreements/link_closed.html", status=GONE)
    volunteer, agreement = found.volunteer, found.agreement
    asked = queries.asked_of([volunteer])[volunteer.id]
    one = next((each for each in asked if each.agreement.id == agreement.id), None)
    if one is None or volunteer.stage not in queries.OFFERED:
        return page("agreements/link_closed.html", status=GONE)
    form = _own_form(volunteer)
    audit.acting(BY_LINK)
    if form.validate_on_submit() and not one.is_done:
        typed = form.typed_name.data
        if accepted(form, services.acknowledge, volunteer, agreement=agreement, typed_name=typed, by=BY_LINK):
            return redirect(url_for(".acknowledge_by_link", agreement_token=agreement_token))
    return page(
        "agreements/acknowledge_by_link.html", form=form, volunteer=volunteer, agreement=agreement, one=one,
        ends_on=found.ends_on,
    )  # fmt: skip


def _own_form(volunteer: Volunteer) -> AcknowledgeForm:
    form = AcknowledgeForm()
    form.names = services.names_of(volunteer)
    return form


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=Can.DECIDE_APPLICATIONS) or abort(404)


def _printed(line: Acknowledgement) -> Response:
    made = line.agreement
    drawn = AcknowledgedAgreement(
        scheme=made.scheme.name, title=made.title, kind=made.kind.words, version=made.number,
        paragraphs=tuple(each.strip() for each in made.text.splitlines() if each.strip()),
        typed_name=line.typed_name, acknowledged_on=clock.in_london(line.at).date(),
        how="On paper, recorded by the scheme" if line.recorded_by_id else "Typed by themselves",
    )  # fmt: skip
    return Response(drawn.render(), mimetype="application/pdf")
