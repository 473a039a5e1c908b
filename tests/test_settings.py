"""Settings: read from the environment, documented, and strict on a real service."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from cryptography.fernet import Fernet

from config import ROOT, Settings, SettingsRefused

REAL = {
    "ALONGSIDE_ENV": "production",
    "SECRET_KEY": "a secret of our own that is long enough",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "SMTP_URL": "smtp://mail.example",
    "PUBLIC_URL": "https://mentors.example",
    "DATABASE_URL": "postgresql://db.example/alongside",
}


def test_every_setting_is_documented_and_nothing_else_is():
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE))
    assert documented == {each.metadata["variable"] for each in fields(Settings)}


def test_a_production_service_with_everything_starts():
    assert Settings.read(REAL).in_production


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""), ("SECRET_KEY", "short"), ("ENCRYPTION_KEYS", ""), ("ENCRYPTION_KEYS", "no key"),
        ("DEMO", "1"), ("SMTP_URL", ""), ("PUBLIC_URL", "http://mentors.example"), ("ALONGSIDE_ENV", "live"),
        ("TRUSTED_PROXIES", "many"), ("DEMO", "maybe"),
    ],
)  # fmt: skip
def test_a_production_service_refuses_to_start_naming_the_variable(variable, value):
    with pytest.raises(SettingsRefused, match=variable):
        Settings.read({**REAL, variable: value})


def test_the_newest_key_closes_and_an_older_one_still_opens():
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    assert Settings.read({"ENCRYPTION_KEYS": f"{new}, {old}"}).keys == (new, old)
