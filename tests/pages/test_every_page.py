"""Every page opens for somebody who may see it, and is strict HTML with one heading and labelled fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.browser import Browser
from tests.pages.world import made

# The one answers 503 until migrations have run, which tests do not do (tests/test_health.py asks it on a migrated
# database); of the others each file has tests of its own.
LEFT_OUT = {"health.show_readiness", "static", "checkin.arrive"}
# Pages that lead on to another one for these visitors, and where to.
LEAD_ON = {
    "applications.follow_return_link": "/application",
    "returning.come_back": "/application",
    "applications.show_sent": "/application",
}


def test_every_page_opens_for_somebody_who_may_and_is_strict_html(
    app: Any, session: Any, subtests: Any, monkeypatch: Any
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))  # it has a page more
    world = made()
    browser, opened = Browser(app), 0
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in rule.methods or rule.endpoint in LEFT_OUT:
            continue
        with subtests.test(rule.endpoint):
            path = world.path(app, rule)
            world.visit(browser, rule.endpoint, app.view_functions[rule.endpoint].needs)
            browser.get(path)
            assert browser.path == LEAD_ON.get(rule.endpoint, path)
            opened += 1
    assert opened > 80
