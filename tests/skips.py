"""What a test needs of the machine: without it the test is skipped, or fails where everything must run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def needs(*tools: str) -> None:
    """Skip this test unless each is there: a command, or a path of this repository such as "node_modules"."""
    for tool in tools:
        if shutil.which(tool) or (ROOT / tool).exists():
            continue
        if os.environ.get("ALONGSIDE_FULL") == "1":
            pytest.fail(f"{tool} is missing, and a full run has no skips", pytrace=False)
        pytest.skip(f"{tool} is not on this machine")
