"""Take the pictures of the page that the README shows: `python scripts/screenshots.py`.

The real assistant answers, about the shipped article; a Chromium must be on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from onrecord import Assistant
from onrecord.conversations import DATABASE, Conversations
from onrecord.ui import build_page
from onrecord.ui.launch import launch

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 180_000  # milliseconds: the first answer may have to wait for the model


def ask(page: Page, question: str) -> None:
    """Ask a question, and wait for the whole answer."""
    answered = page.locator(".foot").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".foot").nth(answered).wait_for()


def welcome(_page: Page) -> None:
    """Leave the page as it greets the reader."""


def citation(page: Page) -> None:
    """Ask, and follow the first citation."""
    ask(page, "Who mediated the talks in Brussels?")
    page.locator(".cite").first.click()
    page.locator("#article .lit").wait_for()
    page.mouse.move(0, 0)


def refusal(page: Page) -> None:
    """Ask what the article does not say."""
    ask(page, "When will the peace treaty be signed?")


def picture(
    browser: Browser, address: str, name: str, act: Callable[[Page], None], scheme: str, width: int
) -> None:
    """Open the page, do something on it, and keep what it then looks like."""
    context = browser.new_context(
        viewport={"width": width, "height": 800 if width > 800 else 740},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    page.locator(".masthead:not(:has(.doing))").wait_for()
    act(page)
    page.wait_for_timeout(1500)  # scrolling comes to rest
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    context.close()


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no chromium on the PATH; install it first.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        Assistant(ROOT / "corpus") as assistant,
        TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        page = build_page(assistant, Conversations(Path(folder) / DATABASE))
        address = launch(page, "127.0.0.1", 0)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        picture(browser, address, "welcome", welcome, "light", 1280)
        picture(browser, address, "citation", citation, "light", 1280)
        picture(browser, address, "citation-dark", citation, "dark", 1280)
        picture(browser, address, "refusal", refusal, "light", 1280)
        picture(browser, address, "phone", citation, "light", 375)
        browser.close()
        page.close(verbose=False)


if __name__ == "__main__":
    main()
