"""Headers: a page may do only what it needs, and the back button of a shared computer shows nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template_string

from tests.web.small_app import small_app


def headers_of(path: str = "/", **request: Any) -> Any:
    app = small_app()
    app.add_url_rule("/", "plain", lambda: "words")
    app.add_url_rule("/nonce", "nonce", lambda: render_template_string("{{ csp_nonce() }} {{ csp_nonce() }}"))
    app.add_url_rule("/kept", "kept", lambda: Response("x", headers={"Cache-Control": "max-age=60"}))
    return app.test_client().get(path, **request)


def test_a_page_runs_no_script_but_ours() -> None:
    policy = headers_of().headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_policy_names_a_nonce_only_when_the_page_asked_and_never_twice_the_same() -> None:
    first, second = headers_of("/nonce"), headers_of("/nonce")
    one, same = first.get_data(as_text=True).split()
    assert one == same
    assert f"script-src 'self' 'nonce-{one}'" in first.headers["Content-Security-Policy"]
    assert one not in second.headers["Content-Security-Policy"]


def test_pages_are_not_kept_but_static_files_are() -> None:
    assert headers_of().headers["Cache-Control"] == "no-store"
    assert headers_of("/kept").headers["Cache-Control"] == "max-age=60"
    static = headers_of("/static/favicon.svg")
    assert static.status_code == 200
    assert "no-store" not in static.headers.get("Cache-Control", "")
    static.close()


def test_only_a_secure_connection_promises_to_stay_secure() -> None:
    assert "Strict-Transport-Security" not in headers_of().headers
    assert "max-age=" in headers_of(base_url="https://localhost").headers["Strict-Transport-Security"]


def test_error_pages_have_the_headers_too() -> None:
    missing = headers_of("/nowhere").headers
    assert missing["X-Content-Type-Options"] == "nosniff"
    assert missing["Referrer-Policy"] == "same-origin"
    assert missing["Cache-Control"] == "no-store"
    assert "camera=()" in missing["Permissions-Policy"]
