"""What an applicant does, step by step, for the tests that need one half-way."""

from __future__ import annotations

from typing import Any

from tests.browser import Browser


def start(
    browser: Browser, area: Any, *, name: str = "Sam Example", email: str = "sam@example.org", phone: str = ""
) -> str:
    """Begin; answers the return code that the page shows."""
    browser.get(f"/schemes/{area.scheme.slug}/{area.slug}/start")
    browser.fill({"What is your name?": name, "Your email address": email, "Or your phone number": phone})
    browser.fill({"How did you hear about us?": "I found it myself"}).submit("Start")
    assert browser.heading == "How to come back later", browser.errors
    return code_on(browser)


def code_on(browser: Browser) -> str:
    assert browser.root is not None
    return next(e.text or "" for e in browser.root.iter() if e.get("id") == "return-code")


def about_you(browser: Browser, **answers: str) -> None:
    browser.get("/application").click("About you")
    browser.fill({"Are you 18 or over?": "Yes", **answers}).submit("Save and continue")


def reaching_you(browser: Browser, **answers: Any) -> None:
    browser.get("/application").click("How to reach you").fill(answers).submit("Save and continue")


def why(browser: Browser, words: str = "I want to help.") -> None:
    browser.get("/application").click("Why you want to do this")
    browser.fill({"What made you think of it now?": words}).submit("Save and continue")


def referee(browser: Browser, number: int = 1, **answers: Any) -> None:
    browser.get("/application").click("People who can speak for you")
    browser.click("Add a person").fill(
        {
            "Their name": f"Kim Worker {number}", "How do they know you?": "A support or key worker",
            "Their email address": f"kim-{number}@service.example", "How many years have they known you?": "2",
            "Are they in your family?": "No", "Do they live with you?": "No", **answers,
        }
    ).submit("Save this person")  # fmt: skip


def checks(browser: Browser) -> None:
    browser.get("/application").click("Checks and privacy")
    browser.fill(agrees_to_checks=True).submit("Save and continue")


def everything_needed(browser: Browser) -> None:
    about_you(browser)
    reaching_you(browser)
    why(browser)
    referee(browser, 1)
    referee(browser, 2)
    checks(browser)
