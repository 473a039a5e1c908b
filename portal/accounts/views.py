"""Signing in and out, passwords and authenticators, invitations, and staff."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import segno
from flask import Blueprint, Flask, Response, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, Role, allows
from portal.accounts import forms, queries, services
from portal.accounts.models import User
from portal.accounts.rules import NOT_RIGHT, same_address
from portal.audit.rules import Outsider
from portal.database import kept_apart, keyring
from portal.refusals import Refused
from portal.schemes.queries import schemes_of
from portal.web import sessions
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import is_safe_next, page
from portal.web.text import tidy

bp = Blueprint("accounts", __name__)
guessable = limiter.shared_limit(GUESSABLE, scope="signing in", methods=["POST"])
a_few_letters = limiter.limit("6 per 15 minutes", methods=["POST"], key_func=lambda: keyring.hash(_asked_for()))


def set_up(app: Flask) -> None:
    """Let people sign in to this app."""
    services.locks.load(sessions.set_up(app, user_model=User, find=queries.user_signed_in))


# Who are you?


@bp.route("/sign-in", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def sign_in() -> ResponseReturnValue:
    """Ask for the address; every address goes on to the same page."""
    form = forms.EmailForm()
    if form.validate_on_submit():
        target = request.values.get("next")
        session["sign_in"] = {"email": same_address(form.email.data), "next": target if is_safe_next(target) else "/"}
        return redirect(url_for(".enter_password"))
    demo = queries.demo_users() if current_app.config["SETTINGS"].demo else []
    return page("accounts/sign_in.html", form=form, demo=demo, next=request.args.get("next"))


@bp.route("/sign-in/password", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def enter_password() -> ResponseReturnValue:
    """The password, or a code by e-mail instead."""
    if not (email := _typed_email()):
        return redirect(url_for(".sign_in"))
    form = forms.PasswordForm()
    if form.validate_on_submit():
        with kept_apart():
            user = services.enter_password(email, form.password.data)
        if user is not None and user.is_staff:
            return _half_in(user)
        if user is not None:
            return _all_the_way_in(user, "a password")
        form.password.errors = [NOT_RIGHT]
    return page("accounts/enter_password.html", form=form, email=email)


@bp.route("/sign-in/send-code", methods=["POST"])
@allows(Can.VISIT)
@guessable
@a_few_letters
def send_code() -> ResponseReturnValue:
    """E-mail a code, if there is anybody to send it to; the next page is the same for all."""
    if not (email := _typed_email()):
        return redirect(url_for(".sign_in"))
    services.send_code(email)
    return redirect(url_for(".enter_code"))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def enter_code() -> ResponseReturnValue:
    """The code from the e-mail."""
    if not (email := _typed_email()):
        return redirect(url_for(".sign_in"))
    form = forms.CodeForm()
    if form.validate_on_submit():
        with kept_apart():
            user = services.enter_code(email, form.code.data)
        if user is not None:
            return _all_the_way_in(user, "an e-mailed code")
        form.code.errors = [NOT_RIGHT]
    return page("accounts/enter_code.html", form=form, email=email)


# The second step of staff


@bp.route("/sign-in/authenticator", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def enter_authenticator_code() -> ResponseReturnValue:
    """The code of the authenticator app."""
    template = "accounts/enter_authenticator_code.html"
    return _second_step(forms.CodeForm(), template, services.enter_authenticator_code, "an authenticator code")


@bp.route("/sign-in/recovery-code", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def enter_recovery_code() -> ResponseReturnValue:
    """A recovery code, when the phone is lost."""
    template = "accounts/enter_recovery_code.html"
    return _second_step(forms.RecoveryCodeForm(), template, services.enter_recovery_code, "a recovery code")


@bp.route("/authenticator/set-up", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def set_up_authenticator() -> ResponseReturnValue:
    """Set up the app at the first sign-in, or another one when signed in only minutes ago."""
    user = _who_sets_up()
    if user is None:
        return redirect(url_for(".sign_in", next=request.path))
    if "new_secret" not in session:
        session["new_secret"] = keyring.fernet.encrypt(services.new_authenticator_secret().encode()).decode()
    secret = keyring.fernet.decrypt(session["new_secret"]).decode()
    form = forms.CodeForm()
    if form.validate_on_submit():
        try:
            codes = services.keep_authenticator(user, secret, form.code.data, by=user)
        except Refused as refused:
            form.code.errors = refused.reasons
        else:
            target = _target()
            _all_the_way_in(user, "a new authenticator", two_steps=True)
            session["recovery_codes"] = keyring.fernet.encrypt(" ".join(codes).encode()).decode()
            session["next"] = target
            return redirect(url_for(".show_recovery_codes"))
    key = services.locks.authenticator.get_totp_pretty_key(secret)
    return page("accounts/set_up_authenticator.html", form=form, key=key)


@bp.route("/authenticator/picture.svg")
@allows(Can.VISIT)
def show_authenticator_picture() -> ResponseReturnValue:
    """The QR code of the app that is being set up, for this session only."""
    user = _who_sets_up()
    if user is None or "new_secret" not in session:
        abort(404)
    secret = keyring.fernet.decrypt(session["new_secret"]).decode()
    picture = BytesIO()
    code = segno.make(services.locks.authenticator.get_totp_uri(user.email, secret), error="m", micro=False)
    code.save(picture, kind="svg", scale=5, border=4, light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@bp.route("/authenticator/recovery-codes", methods=["GET", "POST"])
@allows(Can.SIGNED_IN)
def show_recovery_codes() -> ResponseReturnValue:
    """The new recovery codes, until the person says that they are kept."""
    if "recovery_codes" not in session:
        return redirect("/")
    if request.method == "POST":
        session.pop("recovery_codes")
        return redirect(session.pop("next", "/"))
    codes = keyring.fernet.decrypt(session["recovery_codes"]).decode().split()
    return page("accounts/show_recovery_codes.html", codes=codes)


@bp.route("/sign-out", methods=["POST"])
@allows(Can.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End the session, and with it those on other machines; not in the demonstration, where people share a user."""
    if not current_app.config["SETTINGS"].demo:
        services.sign_out(current_user, by=current_user)
    sessions.end()
    flash("You have signed out", "success")
    answer = redirect(url_for(".sign_in"))
    answer.headers["Clear-Site-Data"] = '"storage"'  # what a phone keeps of a register, whether scripts run or not
    return answer


@bp.route("/sign-in/demo", methods=["POST"])
@allows(Can.VISIT)
def sign_in_as_demo() -> ResponseReturnValue:
    """Be one of the invented people; there is no such page unless this is a demonstration."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    people = {role.value: user for role, user in queries.demo_users()}
    user = people.get(request.form.get("role", ""))
    if user is None or not user.may_sign_in:
        abort(404)
    session["sign_in"] = {"next": request.form.get("next", "/")}
    return _all_the_way_in(user, "one click of the demonstration", two_steps=True)


# Passwords


@bp.route("/password", methods=["GET", "POST"])
@allows(Can.SIGNED_IN)
@guessable
def set_password() -> ResponseReturnValue:
    """Choose a password, or another one."""
    user: User = current_user._get_current_object()
    if not user.password and not sessions.is_fresh():
        flash("Sign in again before you choose a password", "message")
        return redirect(url_for(".sign_in", next=request.path))
    about = (user.name, user.email)
    form = forms.ChangePasswordForm(about=about) if user.password else forms.NewPasswordForm(about=about)
    if form.validate_on_submit():
        if user.password and not _opens_kept(user.email, form.password.data):
            queries.user_signed_in(user.get_id())  # counting the try let go of them; the page shows them again
            form.password.errors = ["This is not your password. Check it and try again"]
        else:
            services.set_password(user, form.new_password.data, by=user)
            sessions.begin(user, two_steps=bool(session.get("two_steps")))
            flash("Your password is set", "success")
            return redirect("/")
    return page("accounts/set_password.html", form=form, has_password=bool(user.password), is_staff=user.is_staff)


@bp.route("/sign-in/forgot", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
@a_few_letters
def forgot() -> ResponseReturnValue:
    """E-mail a link to choose a new password, if there is anybody to send it to."""
    form = forms.EmailForm(email=_typed_email())
    if form.validate_on_submit():
        services.send_password_link(form.email.data)
        flash("If that address has an account, we have sent a link to it. It works for one hour", "success")
        return redirect(url_for(".sign_in"))
    return page("accounts/forgot.html", form=form)


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a new password with a link from an e-mail; signing in comes after, second step and all."""
    user = queries.user_of_password_link(token)
    if user is None:
        abort(410)
    form = forms.NewPasswordForm(about=(user.name, user.email))
    if form.validate_on_submit():
        services.set_password(user, form.new_password.data, by=user)
        flash("Your password is set. Sign in with it now", "success")
        return redirect(url_for(".sign_in"))
    return page("accounts/choose_password.html", form=form)


# Invitations and staff


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def accept_invitation(token: str) -> ResponseReturnValue:
    """Come in: choose a password, or give the one you have."""
    invitation = queries.invitation_by_token(token)
    if invitation is None:
        abort(410)
    known = queries.user_by_email(invitation.email)
    has_password = bool(known and known.password)
    about = (invitation.name, invitation.email)
    form = forms.PasswordForm() if has_password else forms.NewPasswordForm(about=about)
    if form.validate_on_submit():
        password = form.password.data if has_password else form.new_password.data
        if has_password and not _opens_kept(invitation.email, password):
            form.password.errors = [NOT_RIGHT]
            invitation = queries.invitation_by_token(token) or abort(410)
        else:
            user = services.accept_invitation(token, password=password, by=known or Outsider(invitation.name))
            session["sign_in"] = {"email": user.email, "next": "/"}
            return _half_in(user)
    return page("accounts/accept_invitation.html", form=form, invitation=invitation, has_password=has_password)


@bp.route("/staff")
@allows(Can.MANAGE_STAFF)
def list_staff() -> ResponseReturnValue:
    """Who works here, as what, and who is invited."""
    return page(
        "accounts/list_staff.html",
        staff=queries.staff(seen_by=current_user, after=request.args.get("after")),
        invitations=queries.invitations_waiting(seen_by=current_user),
    )


@bp.route("/staff/invite", methods=["GET", "POST"])
@allows(Can.MANAGE_STAFF)
def invite_staff() -> ResponseReturnValue:
    """Invite somebody to a role."""
    form = forms.InvitationForm(schemes=schemes_of(seen_by=current_user, can=Can.MANAGE_STAFF))
    if form.validate_on_submit():
        scheme, area = form.places[form.place.data]
        name, role = form.name.data, Role(form.role.data)
        try:
            services.invite(email=form.email.data, name=name, role=role, scheme=scheme, area=area, by=current_user)
        except Refused as refused:
            form.place.errors = refused.reasons
        else:
            flash(f"{name} has been invited. The link works for 7 days", "success")
            return redirect(url_for(".list_staff"))
    return page("accounts/invite_staff.html", form=form)


@bp.route("/staff/invitations/<int:invitation_id>/revoke", methods=["POST"])
@allows(Can.MANAGE_STAFF)
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = queries.invitation(invitation_id, seen_by=current_user) or abort(404)
    services.revoke_invitation(invitation, by=current_user)
    flash(f"The invitation of {invitation.name} no longer works", "success")
    return redirect(url_for(".list_staff"))


@bp.route("/staff/roles/<int:held_id>/end", methods=["GET", "POST"])
@allows(Can.MANAGE_STAFF)
def end_role(held_id: int) -> ResponseReturnValue:
    """Ask once more, then end a role."""
    held = queries.role_held(held_id, seen_by=current_user) or abort(404)
    if request.method == "POST":
        services.end_role(held, by=current_user)
        flash(f"{held.user.name} is no longer {held.role.words}", "success")
        return redirect(url_for(".list_staff"))
    return page("accounts/end_role.html", held=held)


@bp.route("/staff/roles/<int:held_id>/lost-phone", methods=["GET", "POST"])
@allows(Can.MANAGE_STAFF)
def forget_authenticator(held_id: int) -> ResponseReturnValue:
    """Somebody lost their phone and their recovery codes: let them set up another one."""
    held = queries.role_held(held_id, seen_by=current_user) or abort(404)
    if request.method == "POST":
        services.forget_authenticator(held.user, by=current_user)
        flash(f"{held.user.name} sets up a new app the next time they sign in", "success")
        return redirect(url_for(".list_staff"))
    return page("accounts/forget_authenticator.html", held=held)


# Where somebody is on the way in


def _typed_email() -> str:
    return str(session.get("sign_in", {}).get("email", ""))


def _asked_for() -> str:
    """To whom this page would write: a field that the page does not read must not count as another address."""
    asks = request.endpoint == "accounts.forgot"
    return same_address(tidy(request.form.get("email", ""))) if asks else _typed_email()


def _opens_kept(email: str, password: str) -> bool:
    with kept_apart():
        return services.enter_password(email, password) is not None


def _half_in(user: User) -> ResponseReturnValue:
    """The password was right; now the second step."""
    sessions.begin_half(user)
    return redirect(url_for(".enter_authenticator_code" if user.totp_secret else ".set_up_authenticator"))


def _second_step(
    form: forms.CodeForm | forms.RecoveryCodeForm, template: str, enter: Callable[[str, str], User | None], how: str
) -> ResponseReturnValue:
    if not (key := sessions.key_half_in()):
        return redirect(url_for(".sign_in"))
    if form.validate_on_submit():
        with kept_apart():
            user = enter(key, form.code.data)
        if user is not None:
            return _all_the_way_in(user, how, two_steps=True)
        form.code.errors = [NOT_RIGHT]
    return page(template, form=form)


def _who_sets_up() -> User | None:
    """Half in and without an app yet; or signed in with both steps, only minutes ago."""
    if current_user.is_authenticated:
        return current_user._get_current_object() if current_user.is_staff and sessions.is_fresh() else None
    user = queries.user_half_in(sessions.key_half_in())
    return user if user and user.may_sign_in and not user.is_shut_out and user.totp_secret is None else None


def _target() -> str:
    target = session.get("sign_in", {}).get("next")
    return target if is_safe_next(target) else "/"


def _all_the_way_in(user: User, how: str, *, two_steps: bool = False) -> ResponseReturnValue:
    target = _target()
    services.note_sign_in(user, how)
    sessions.begin(user, two_steps=two_steps)
    return redirect(target)
