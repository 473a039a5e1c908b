"""What the tests of PDFs share: facts to print, and programs that read a PDF back."""

import subprocess
from pathlib import Path

import pytest

from tests.skips import needs

needs_poppler = pytest.mark.usefixtures("poppler")  # skipped without it, or failed where everything must run


@pytest.fixture
def poppler(tmp_path: Path):
    """Run one of poppler's tools on a PDF; any warning of its own about the file is a failure."""

    needs("pdfinfo", "pdftotext", "pdftoppm")

    def run(tool: str, *options: str, pdf: bytes) -> str:
        path = tmp_path / "page.pdf"
        path.write_bytes(pdf)
        end = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([tool, *options, path, *end], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    return run
