"""Static files are served compressed and kept; pages are compressed and not kept."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest

from tests.skips import needs
from tests.web.small_app import small_app
from tools import assets


def answer(path: str, accepted: str, **request: Any) -> Any:
    app = small_app()
    app.add_url_rule("/", "page", lambda: "<p>words</p>" * 500)
    return app.test_client().get(path, headers={"Accept-Encoding": accepted}, buffered=True, **request)


@pytest.mark.parametrize(("accepted", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_style_sheet_comes_as_it_was_compressed_at_set_up(accepted: str, opened: Any) -> None:
    needs("node_modules/govuk-frontend")
    assets.main()
    for name in ("portal.css", "vendor/govuk-frontend.min.css", "vendor/govuk-frontend.min.js"):
        response = answer(f"/static/{name}?v=1", accepted)
        assert response.headers["Content-Encoding"] == accepted
        assert opened(response.data) == (assets.STATIC / name).read_bytes()
        assert "max-age=86400" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_who_asks_for_no_compression_gets_the_file_itself() -> None:
    assert answer("/static/portal.css", "identity").data == (assets.STATIC / "portal.css").read_bytes()


def test_a_page_is_compressed_on_its_way() -> None:
    response = answer("/", "br, gzip")
    assert len(response.data) < 600
    assert "Accept-Encoding" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static//etc/passwd"])
def test_nothing_outside_the_static_folder_is_served(path: str) -> None:
    assert answer(path, "identity", follow_redirects=True).status_code == 404
