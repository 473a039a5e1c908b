"""How often one address may ask for what is costly or can be guessed: more is answered with 429."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings

# A class of twenty behind one address signs in within a few minutes; somebody who guesses is stopped soon after.
GUESSABLE = "40 per minute; 300 per hour"

limiter = Limiter(get_remote_address, headers_enabled=False, strategy="fixed-window")


def set_up(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one, so that all workers count together; else in this process.

    Behind our own proxies the address is the one they saw; without any, nobody's header is believed.
    """
    if count := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    limiter.init_app(app)
