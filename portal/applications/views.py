"""Pages of this package."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("applications", __name__)
