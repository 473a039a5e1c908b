"""Each test begins as the first of the hour."""

from __future__ import annotations

from typing import Any

import pytest

from portal.web.limits import limiter


@pytest.fixture(autouse=True)
def _nobody_has_started_yet(app: Any) -> None:
    """Starts are counted in the process; each test begins with none."""
    limiter.reset()
