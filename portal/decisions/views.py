"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.decisions import models  # noqa: F401 - its tables

bp = Blueprint("decisions", __name__)
