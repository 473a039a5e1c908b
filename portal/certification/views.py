"""Pages of certificates: issuing, printing, checking by anybody, and a mentor's CV evidence."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.certification import gates, queries, rules, services
from portal.certification.forms import BecauseForm, CheckForm, CvForm, IssueForm
from portal.certification.models import Certificate
from portal.cohorts.queries import cohort as find_cohort
from portal.interviews.queries import latest_strengths
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("certification", __name__)
CONFLICT = 409
guessable = limiter.shared_limit(GUESSABLE, scope="checking certificates")


@bp.route("/cohorts/<int:cohort_id>/certificates", methods=["GET", "POST"])
@allows(Can.CERTIFY)
def list_ready(cohort_id: int) -> ResponseReturnValue:
    """Everybody of one group: who has a certificate, who is ready, and what is missing for the others."""
    cohort = find_cohort(cohort_id, seen_by=current_user, can=Can.CERTIFY) or abort(404)
    learners = queries.learners_of(cohort)
    issued = queries.valid_certificates([each.id for each in learners])
    waiting = [each for each in learners if each.id not in issued]
    missing = gates.reasons_not_to_certify(waiting)
    ready = [each for each in waiting if not missing[each.id]]
    form = IssueForm()
    form.offer(ready)
    if ready and form.validate_on_submit():
        for each in ready:
            if each.id in form.people.data:
                _certify_and_say(each)
        return redirect(url_for(".list_ready", cohort_id=cohort.id))
    return page(
        "certification/list_ready.html", cohort=cohort, form=form, ready=ready, issued=issued, learners=learners,
        held_up=[(each, missing[each.id]) for each in waiting if missing[each.id]],
    )  # fmt: skip


@bp.route("/learners/<int:enrolment_id>/certificate", methods=["POST"])
@allows(Can.CERTIFY)
def issue(enrolment_id: int) -> ResponseReturnValue:
    """Issue one learner's certificate; a refusal names each gate and who holds it."""
    enrolment = queries.enrolment(enrolment_id, seen_by=current_user) or abort(404)
    services.certify(enrolment, by=current_user)
    flash(f"{enrolment.volunteer.name} has a certificate", "success")
    return redirect(url_for(".list_certificates", volunteer_id=enrolment.volunteer_id))


@bp.route("/people/<int:volunteer_id>/certificates")
@allows(Can.CERTIFY)
def list_certificates(volunteer_id: int) -> ResponseReturnValue:
    """One person's certificates, and what is missing before the first."""
    volunteer = find_volunteer(volunteer_id, seen_by=current_user, can=Can.CERTIFY) or abort(404)
    certificates = queries.certificates_of(volunteer)
    enrolment = queries.latest_learning(volunteer)
    reasons = gates.reasons_not_to_certify([enrolment])[enrolment.id] if enrolment and not certificates else []
    return page(
        "certification/list_certificates.html", volunteer=volunteer, certificates=certificates, reasons=reasons,
        enrolment=enrolment,
    )  # fmt: skip


@bp.route("/certificates/<int:certificate_id>")
@allows(Can.CERTIFY)
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """The same as the PDF, as a page."""
    certificate = _certificate(certificate_id)
    return page("certification/show_certificate.html", **_shown(certificate), is_own=False)


@bp.route("/certificates/<int:certificate_id>/certificate.pdf")
@allows(Can.CERTIFY)
def download_certificate(certificate_id: int) -> ResponseReturnValue:
    """The PDF, printed again from the facts that were frozen."""
    return _pdf_of(_certificate(certificate_id))


@bp.route("/certificates/<int:certificate_id>/reissue", methods=["GET", "POST"])
@allows(Can.CERTIFY)
def reissue(certificate_id: int) -> ResponseReturnValue:
    """Replace a certificate, when a name was written wrongly say."""
    return _end(certificate_id, "reissue")


@bp.route("/certificates/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@allows(Can.CERTIFY)
def withdraw(certificate_id: int) -> ResponseReturnValue:
    """Say that a certificate no longer holds."""
    return _end(certificate_id, "withdraw")


@bp.route("/c/<check_code>")
@allows(Can.VISIT)
@guessable
def check_certificate(check_code: str) -> ResponseReturnValue:
    """For anybody who holds the code: whether it holds, for which award, whose, since when. Nothing else."""
    found = queries.by_check_code(rules.tidy_code(check_code))
    if found is None:
        return page("certification/no_such_certificate.html", status=404)
    document = services.printed(found)
    return page(
        "certification/check_certificate.html", state=found.state, name=document.mentor,
        award=document.course_title, issued_on=document.issued_on,
    )  # fmt: skip


@bp.route("/certificates/check", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def find_certificate() -> ResponseReturnValue:
    """Type a check code instead of scanning it."""
    form = CheckForm()
    if form.validate_on_submit():
        code = rules.tidy_code(form.code.data)
        if queries.by_check_code(code) is not None:
            return redirect(url_for(".check_certificate", check_code=code))
        form.code.errors = ["We have no certificate with this code. Check each letter and type it again"]
    return page("certification/find_certificate.html", form=form)


@bp.route("/my/certificate")
@allows(Can.OWN_JOURNEY)
def show_my_certificate() -> ResponseReturnValue:
    """One's own certificate as a page."""
    certificate = queries.own_certificate(current_user)
    facts = _shown(certificate) if certificate else {"certificate": None}
    return page("certification/show_certificate.html", **facts, is_own=True)


@bp.route("/my/certificate.pdf")
@allows(Can.OWN_JOURNEY)
def download_my_certificate() -> ResponseReturnValue:
    """One's own certificate to print or send."""
    return _pdf_of(queries.own_certificate(current_user) or abort(404))


@bp.route("/my/cv", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def choose_cv_evidence() -> ResponseReturnValue:
    """Choose what CV evidence shows."""
    volunteer = _own()
    choice = queries.cv_choice(volunteer)
    saved: dict[str, Any] = {
        "shown": choice.shown if choice else list(services.DEFAULT_PARTS), "version": choice.version if choice else 0,
        "own_words": choice.own_words if choice else "",
    }  # fmt: skip
    form = CvForm(data=saved)
    seen = latest_strengths(volunteer)
    if form.validate_on_submit():
        try:
            services.save_cv_choice(
                volunteer, shown=form.shown.data, own_words=form.own_words.data, seen_version=form.version.data,
                by=current_user,
            )  # fmt: skip
        except services.ChangedMeanwhile as refused:
            form.version.raw_data, form.version.data = None, saved["version"]
            theirs = [part.words for part in rules.Part if part.value in saved["shown"]]
            return page(
                "certification/choose_cv_evidence.html", form=form, status=CONFLICT, refused=refused, saved=saved,
                theirs=theirs, seen=seen,
            )  # fmt: skip
        return redirect(url_for(".preview_cv_evidence"))
    return page("certification/choose_cv_evidence.html", form=form, seen=seen)


@bp.route("/my/cv/preview")
@allows(Can.OWN_JOURNEY)
def preview_cv_evidence() -> ResponseReturnValue:
    """The same as the PDF, as a page."""
    cv = services.cv_evidence(_own())
    skill_rows = [(each.name, each.evidence_sentence) for each in cv.skills]
    return page("certification/preview_cv_evidence.html", cv=cv, skill_rows=skill_rows)


@bp.route("/my/cv.pdf")
@allows(Can.OWN_JOURNEY)
def download_cv_evidence() -> ResponseReturnValue:
    """CV evidence to print or send."""
    return _pdf(services.cv_evidence(_own()).render(), "cv-evidence.pdf")


def _certify_and_say(enrolment: Any) -> None:
    """One of several: what is refused for one stops nobody else. A refusal has written nothing."""
    name = enrolment.volunteer.name
    try:
        services.certify(enrolment, by=current_user)
    except Refused as refused:
        flash(f"{name} has no certificate yet. {'. '.join(refused.reasons)}", "warning")
    else:
        told = ". No email or text reaches them: tell them yourself" if must_be_told(enrolment.volunteer_id) else ""
        flash(f"{name} has a certificate{told}", "success")


def _end(certificate_id: int, verb: str) -> ResponseReturnValue:
    certificate = _certificate(certificate_id)
    form = BecauseForm(data={"version": certificate.version})
    template = f"certification/{verb}.html"
    facts: dict[str, Any] = {"certificate": certificate, "volunteer": certificate.volunteer}
    if not form.validate_on_submit():
        return page(template, form=form, **facts)
    if form.version.data != certificate.version:
        form.version.raw_data, form.version.data = None, certificate.version
        return page(template, form=form, status=CONFLICT, is_changed=True, **facts)
    try:
        if verb == "reissue":
            made = services.reissue(certificate, because=form.because.data, by=current_user)
            flash(f"{made.facts['mentor']} has a new certificate", "success")
        else:
            services.withdraw(certificate, because=form.because.data, by=current_user)
            flash("The certificate has been withdrawn", "success")
    except Refused as refused:
        form.form_errors.extend(refused.reasons)
        return page(template, form=form, status=UNPROCESSABLE, **facts)
    return redirect(url_for(".list_certificates", volunteer_id=certificate.volunteer_id))


def _certificate(certificate_id: int) -> Certificate:
    return queries.certificate(certificate_id, seen_by=current_user) or abort(404)


def _own() -> Volunteer:
    return own_volunteer(current_user) or abort(404)


def _shown(certificate: Certificate) -> dict[str, Any]:
    code = rules.in_groups(certificate.check_code)
    return {"certificate": certificate, "document": services.printed(certificate), "code": code}


def _pdf_of(certificate: Certificate) -> Response:
    return _pdf(services.printed(certificate).render(), f"certificate-{certificate.number}.pdf")


def _pdf(body: bytes, name: str) -> Response:
    # Downloaded, not shown inside the browser: a shared computer keeps nothing of it on the screen.
    return Response(body, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
