"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.paper import models  # noqa: F401 - its tables

bp = Blueprint("paper", __name__)
