"""Every setting of the portal, read once from the environment. `docs/settings.md` explains each name."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DEVELOPMENT_SECRET = "for development only: never in production"  # noqa: S105 - refused in production, see below
DEVELOPMENT_KEY = base64.urlsafe_b64encode(b"alongside development key 32 by!").decode()

UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
NOTIFY_KEY = re.compile(rf".*{UUID}-{UUID}")


class SettingsRefused(Exception):
    """A setting is missing or unsafe; the message names the variable and says what to do."""


def _name(variable: str, default: str = "") -> str:
    """A field read from the environment variable of this name; the default is for development."""
    return field(default=default, metadata={"variable": variable})


@dataclass(frozen=True)
class Settings:
    """What a running portal was told. Build it with `Settings.read()`; docs/settings.md explains every field."""

    environment: str = _name("ALONGSIDE_ENV", "development")
    secret_key: str = _name("SECRET_KEY", DEVELOPMENT_SECRET)
    encryption_keys: str = _name("ENCRYPTION_KEYS", DEVELOPMENT_KEY)
    database_url: str = _name("DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'alongside.sqlite'}")
    public_url: str = _name("PUBLIC_URL", "http://localhost:8000")
    smtp_url: str = _name("SMTP_URL")
    mail_from: str = _name("MAIL_FROM", "Alongside <no-reply@localhost>")
    redis_url: str = _name("REDIS_URL")
    queue_path: str = _name("QUEUE_PATH", str(ROOT / "instance" / "queue.sqlite"))
    files_url: str = _name("FILES_URL", f"file://{ROOT / 'instance' / 'files'}")
    texts_token: str = _name("TEXTS_TOKEN")
    notify_key: str = _name("NOTIFY_KEY")
    notify_text_template: str = _name("NOTIFY_TEXT_TEMPLATE")
    notify_url: str = _name("NOTIFY_URL", "https://api.notifications.service.gov.uk")
    demo: bool = field(default=False, metadata={"variable": "DEMO"})
    trusted_proxies: int = field(default=0, metadata={"variable": "TRUSTED_PROXIES"})
    log_level: str = _name("LOG_LEVEL", "INFO")

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raises `SettingsRefused` naming the variable that is wrong."""
        environ = os.environ if environ is None else environ
        given: dict[str, object] = {}
        for each in fields(cls):
            variable = each.metadata["variable"]
            if raw := environ.get(variable, "").strip():
                given[each.name] = _typed(variable, raw, each.default)
        settings = cls(**given)  # type: ignore[arg-type]
        settings.check()
        return settings

    @property
    def in_production(self) -> bool:
        """True on a real service: the strict rules apply."""
        return self.environment == "production"

    @property
    def keys(self) -> tuple[str, ...]:
        """Encryption keys, the newest first; the older ones still open what they once closed."""
        return tuple(key.strip() for key in self.encryption_keys.split(",") if key.strip())

    @property
    def sends_texts(self) -> bool:
        """Whether there is a service that carries text messages."""
        return bool(self.notify_key and self.notify_text_template)

    def check(self) -> None:
        """Refuse what would be unsafe on a real service, and what would break anywhere."""
        if self.environment not in {"development", "test", "production"}:
            raise SettingsRefused("ALONGSIDE_ENV must be development, test or production")
        for key in self.keys:
            _check_key(key)
        if not self.keys:
            raise SettingsRefused("ENCRYPTION_KEYS is empty: give at least one key")
        if bool(self.notify_key) != bool(self.notify_text_template):
            raise SettingsRefused("NOTIFY_KEY and NOTIFY_TEXT_TEMPLATE are needed together: texts go with both")
        if self.notify_key and not NOTIFY_KEY.fullmatch(self.notify_key):
            raise SettingsRefused("NOTIFY_KEY is no whole key of GOV.UK Notify: name, service and secret in one")
        if self.in_production:
            self._check_production()

    def _check_production(self) -> None:
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
            raise SettingsRefused("SECRET_KEY must be your own secret of 32 characters or more in production")
        if DEVELOPMENT_KEY in self.keys:
            raise SettingsRefused("ENCRYPTION_KEYS must be your own in production: run `flask encryption new-key`")
        if self.demo:
            raise SettingsRefused("DEMO cannot be on in production: it lets anybody in with one click")
        if not self.smtp_url:
            raise SettingsRefused("SMTP_URL is missing: people could not sign in or be told anything")
        if not self.public_url.startswith("https://"):
            raise SettingsRefused("PUBLIC_URL must start with https:// in production")
        if not self.notify_url.startswith("https://"):
            raise SettingsRefused("NOTIFY_URL must start with https:// in production: texts and numbers go there")


def _typed(variable: str, raw: str, default: object) -> object:
    if isinstance(default, bool):
        if raw.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise SettingsRefused(f"{variable} must be 1 or 0, not {raw!r}")
        return raw.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        if not raw.isdecimal():
            raise SettingsRefused(f"{variable} must be a whole number, not {raw!r}")
        return int(raw)
    return raw


def _check_key(key: str) -> None:
    try:
        whole = len(base64.urlsafe_b64decode(key.encode())) == 32
    except ValueError:
        whole = False
    if not whole:
        raise SettingsRefused("ENCRYPTION_KEYS must be Fernet keys (32 bytes, URL-safe base64), parted by commas")
