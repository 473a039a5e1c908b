"""Copy the CSS and JavaScript the pages use out of node_modules, without what only gov.uk may show.

The typeface and the crest of the government may be used on gov.uk alone, so both are taken out and the
script refuses to end while a trace of either is left. Everything is compressed here, once.
"""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
IDB = ROOT / "node_modules" / "idb" / "build" / "index.js"
PACKAGE = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
STATIC = ROOT / "portal" / "static"
VENDOR = STATIC / "vendor"
NOT_OURS = re.compile(r"GDS|Transport|crest|\.woff|@font-face", re.IGNORECASE)
SYSTEM_FONTS = '-apple-system,"Segoe UI",Roboto,"Noto Sans",system-ui,"Noto Naskh Arabic",Arial,sans-serif'


def main() -> None:
    """Write portal/static/vendor anew, and the compressed copies of our own files beside them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    css = neutral_css((PACKAGE / "govuk-frontend.min.css").read_text(encoding="utf-8"))
    javascript = without_source_map((PACKAGE / "govuk-frontend.min.js").read_text(encoding="utf-8"))
    idb = without_source_map(IDB.read_text(encoding="utf-8"))
    wanted = {"govuk-frontend.min.css": css, "govuk-frontend.min.js": javascript, "idb.js": idb}
    for name, text in wanted.items():
        _write(VENDOR / name, text.encode())
    for path in {*STATIC.rglob("*"), *VENDOR.rglob("*")}:  # rglob does not enter a linked folder
        if path.suffix in {".css", ".js", ".svg"}:
            _compress(path)
    check(VENDOR)


def neutral_css(css: str) -> str:
    """The stylesheet with the system's typeface, and without the fonts and pictures that belong to gov.uk."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", SYSTEM_FONTS).replace('"GDS Transport",', "")
    # The footer with the crest is not used; the whole rule goes, so that no page can ask for the picture.
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}", "", css)
    return without_source_map(css)


def without_source_map(text: str) -> str:
    """The map is not copied, so a browser must not be told to ask for it."""
    return re.sub(r"\s*(/\*|//)# sourceMappingURL=\S*( \*/|\*/)?", "", text)


def check(folder: Path) -> None:
    """Raise if a font, a picture or a mention of either is in the folder."""
    for path in folder.rglob("*"):
        if path.suffix in {".br", ".gz"} or path.is_dir():
            continue
        if path.suffix not in {".css", ".js"}:
            raise SystemExit(f"{path} should not be among the assets")
        found = NOT_OURS.search(path.read_text(encoding="utf-8"))
        if found:
            raise SystemExit(f"{path} still mentions {found.group()}")


def _write(path: Path, content: bytes) -> None:
    """Replace the file in one step, and only when it has changed: a running server reads it meanwhile."""
    if path.exists() and path.read_bytes() == content:
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _compress(path: Path) -> None:
    content = path.read_bytes()
    beside = path.with_name(f"{path.name}.br")
    if beside.exists() and brotli.decompress(beside.read_bytes()) == content:
        return
    _write(path.with_name(f"{path.name}.gz"), gzip.compress(content, 9, mtime=0))
    _write(beside, brotli.compress(content, quality=11))


if __name__ == "__main__":
    main()
