"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("assisted", __name__)
