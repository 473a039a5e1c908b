"""Other services that hand something in: they show a secret of ours instead of signing in."""

from __future__ import annotations

import hmac

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

UNAUTHORISED = 401


def refused(secret: str, *, name: str) -> ResponseReturnValue | None:
    """What a caller without the secret is answered; None for one who has it. Without a secret there is no such page.

    `name` is the setting that holds the secret. The caller shows it as `Authorization: Bearer …`.
    """
    if not secret:
        abort(404)
    shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if hmac.compare_digest(shown, f"Bearer {secret}".encode()):
        return None
    return jsonify(refused=f"The secret is not the one of {name}"), UNAUTHORISED
