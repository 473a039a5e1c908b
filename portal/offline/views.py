"""What a phone without signal needs: its registers of today, a place to send marks to, a shell, a service worker."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal import clock
from portal.access import Can, allows
from portal.database import keyring
from portal.offline import forms, queries, services
from portal.refusals import Refused
from portal.web.pages import CONFLICT, UNPROCESSABLE, page, static_url
from portal.web.requests import keeps_what_it_answers
from portal.web.serving import module_url

bp = Blueprint("offline", __name__)
SHELL_FILES = ("favicon.svg", "vendor/govuk-frontend.min.css", "portal.css", "portal.js",
               "vendor/govuk-frontend.min.js")  # fmt: skip
MODULES = ("keep.js", "store.js", "sync.js", "rows.js", "live.js", "keys.js", "register.js", "shell.js")


@bp.app_template_global()
def phone_facts() -> dict[str, Any]:
    """What every page tells the script that clears and fills the phone's store: whose phone it is now."""
    if not current_user.is_authenticated:
        return {"module": module_url("keep.js")}
    return {
        "person": phone_mark(current_user.id),
        "registers": url_for("offline.list_today") if current_user.may(Can.MARK_REGISTER) else "",
        "worker": url_for("offline.show_service_worker"),
        "module": module_url("keep.js"),
    }


def phone_mark(user_id: int) -> str:
    """A word that stands for one person on their phone, and says nothing about them."""
    return keyring.hash(f"phone of {user_id}")[:16]


@bp.route("/registers/today.json")
@allows(Can.MARK_REGISTER)
def list_today() -> ResponseReturnValue:
    """Today's registers as a phone may keep them, and the token for sending marks."""
    registers = queries.registers_today(seen_by=current_user)
    return jsonify(
        person=phone_mark(current_user.id), now=round(clock.now().timestamp() * 1000), csrf_token=generate_csrf(),
        registers=[register.as_json() for register in registers],
    )  # fmt: skip


@bp.route("/registers/batches", methods=["POST"])
@allows(Can.MARK_REGISTER)
@keeps_what_it_answers
def take_in() -> ResponseReturnValue:
    """Marks that a phone kept: saved once, however often they are sent."""
    try:
        parcel = forms.read(request.get_data())
    except forms.BatchUnreadable as wrong:
        return jsonify(refused=[str(wrong)]), UNPROCESSABLE
    try:
        answer = services.take_in(parcel, by=current_user)
    except Refused as refused:
        return jsonify(refused=refused.reasons), CONFLICT
    if answer is None:
        abort(404)
    return jsonify(answer)


@bp.route("/registers/offline")
@allows(Can.VISIT)
def show_shell() -> ResponseReturnValue:
    """The page a phone keeps for a hall without signal: nobody's name is in it until the phone puts it there."""
    return page("offline/show_shell.html", is_bare=True)


@bp.route("/service-worker.js")
@allows(Can.VISIT)
def show_service_worker() -> ResponseReturnValue:
    """The script that answers for us without signal; it names its files by version, and so changes with them."""
    shell = url_for(".show_shell")
    files = [shell, *(static_url(name) for name in SHELL_FILES), *(module_url(name) for name in MODULES)]
    files.append(url_for("static", filename="vendor/idb.js"))
    facts = {"shell": shell, "files": files, "version": sha256(" ".join(files).encode()).hexdigest()[:8]}
    script = f"self.portal = {json.dumps(facts)};\nimportScripts({json.dumps(module_url('worker.js'))});\n"
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
