"""The page in a real browser: it works, asks nothing of any host, and passes an automated accessibility check."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from test_report import NASTY, nasty_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(nasty_page(), encoding="utf-8")
    return path


@pytest.fixture(params=[("light", 1100), ("dark", 1100), ("light", 360)], ids=lambda one: f"{one[0]}-{one[1]}")
def opened(browser: Any, page_file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page, and on leaving: no console message, no error, no request but the file itself."""
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=False)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(page_file.as_uri())
    yield page
    context.close()
    assert said == []
    assert {url.partition("#")[0] for url in asked} == {page_file.as_uri()}


def test_clicks_search_and_keyboard(opened: Any) -> None:
    assert opened.title().startswith("Leerplan")
    assert NASTY in opened.inner_text("#plan .steps h3")
    for summary in opened.query_selector_all("summary"):
        summary.click()
    assert all(opened.eval_on_selector_all("details", "all => all.map(one => one.open)"))
    opened.fill("#search", "too dear")
    assert opened.inner_text("#search-count") == "1 van 1 getoond"
    opened.fill("#search", "nothing has this name")
    assert opened.inner_text("#search-count") == "0 van 1 getoond"
    assert not opened.is_visible("#why-not-list li")
    opened.click("nav a[href='#sources']")
    assert opened.evaluate("location.hash") == "#sources"
    opened.reload()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"


def test_it_can_be_seen(opened: Any, tmp_path: Path) -> None:
    opened.screenshot(path=tmp_path / "page.png", full_page=True)
    assert (tmp_path / "page.png").stat().st_size > 20_000
    wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "something sticks out sideways"


def test_it_prints_on_a4_with_all_details(opened: Any, tmp_path: Path) -> None:
    opened.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    opened.emulate_media(media="print")
    assert not opened.is_visible(".search")


def test_axe_finds_no_violation(opened: Any, page_file: Path) -> None:
    axe = files("axe_playwright_python") / "axe.min.js"
    for summary in opened.query_selector_all("summary"):
        summary.click()
    opened.evaluate(axe.read_text(encoding="utf-8"))
    found = opened.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
    told = [(one["id"], one["help"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    assert told == []
    assert len(found["passes"]) > 20, "axe looked"
