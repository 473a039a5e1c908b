"""What is installed: locks name no host, nothing that only gov.uk may show, and a page that is small enough."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import brotli
import pytest

from tests.skips import ROOT, needs
from tests.web.small_app import small_app
from tests.web.test_pages import EVERY_PIECE
from tools import assets

LOCKS = [ROOT / "package-lock.json", *sorted((ROOT / "requirements").glob("*.txt"))]
MOST_BYTES, MOST_REQUESTS = 60 * 1024, 6


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_has_hashes(lock: Path) -> None:
    words = lock.read_text(encoding="utf-8")
    assert "http" not in words
    assert "index-url" not in words
    assert "sha" in words


def test_every_python_package_is_locked_by_hash() -> None:
    for lock in LOCKS[1:]:
        wanted = [line for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"[a-z0-9]", line)]
        assert wanted
        assert [line for line in wanted if "==" not in line or not line.endswith("\\")] == []


def test_the_makefile_locks_in_the_one_way() -> None:
    flags = "--generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url"
    assert f"LOCK_FLAGS := {flags}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_no_typeface_and_no_crest_of_the_government_is_served() -> None:
    needs("node_modules/govuk-frontend")
    assets.main()
    assets.check(assets.VENDOR)
    served = {path.name for path in assets.VENDOR.iterdir()}
    names = ("govuk-frontend.min.css", "govuk-frontend.min.js", "idb.js")
    assert served == {f"{name}{end}" for name in names for end in ("", ".br", ".gz")}


@pytest.mark.parametrize("trace", ['@font-face{font-family:"GDS Transport"}', "a{b:url(govuk-crest.svg)}", "x.woff2"])
def test_a_trace_of_either_stops_the_set_up(trace: str, tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text(f"a{{color:red}}{trace}", encoding="utf-8")
    with pytest.raises(SystemExit, match="still mentions"):
        assets.check(tmp_path)


def test_a_picture_among_the_assets_stops_the_set_up(tmp_path: Path) -> None:
    (tmp_path / "crest.png").write_bytes(b"")
    with pytest.raises(SystemExit, match="should not be among the assets"):
        assets.check(tmp_path)


def test_compressed_copies_say_what_the_files_say() -> None:
    needs("node_modules/govuk-frontend")
    assets.main()
    files = [path for path in {*assets.STATIC.glob("*"), *assets.VENDOR.glob("*")} if path.suffix in {".css", ".js"}]
    assert len(files) >= 4
    for path in files:
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()


def test_a_cold_page_is_small_and_asks_for_little() -> None:
    needs("node_modules/govuk-frontend")
    assets.main()
    app = small_app()
    with app.test_request_context():
        html = app.jinja_env.from_string(EVERY_PIECE).render(people=None)
    asked = set(re.findall(r'(?:href|src|data-components)="/static/([^"?]+)\?v=\w+"', html))
    over_the_wire = len(gzip.compress(html.encode())) + sum(
        (assets.STATIC / (name if name.endswith(".svg") else f"{name}.br")).stat().st_size for name in asked
    )
    assert len(asked) + 1 <= MOST_REQUESTS
    assert over_the_wire <= MOST_BYTES


def test_nothing_of_others_is_committed_among_the_static_files() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"portal/static/vendor", "node_modules", ".venv"} <= set(ignored)


def test_the_html_checker_finds_nothing_in_the_kit(tmp_path: Path) -> None:
    needs("node_modules/vnu-jar/build/dist/vnu.jar", "java")
    import subprocess

    from tests.web.small_app import with_form, with_page
    from tests.web.test_fields import AboutYou

    form, _ = with_form(AboutYou)
    form.submit("Save", status=422)
    (tmp_path / "form.html").write_text(form.html, encoding="utf-8")
    (tmp_path / "kit.html").write_text(with_page(EVERY_PIECE, people=None).html, encoding="utf-8")
    jar = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = [shutil.which("java") or "java", "-jar", jar, "--errors-only", tmp_path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.stderr.replace(str(tmp_path), "") == ""
