"""A headless Chromium that a person sits at: what they see, click and type, and what it complains of and asks for."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

Answer = TypeVar("Answer")
LONG = 600.0  # how long a busy machine may take; nothing waits longer than it has to
DESK, PHONE = (1200, 900), (360, 740)  # pixels, as CSS counts them
_TALL = 16000  # pixels, about the most that Chromium can draw in one piece
_READABLE = Path(__file__).with_name("contrast.js")
_OVERLAPS = Path(__file__).with_name("overlaps.js")


def missing() -> str | None:
    """What this machine lacks for tests in a browser."""
    for program, package in {"chromium": "chromium", "chromedriver": "chromium-driver"}.items():
        if shutil.which(program) is None:
            return f"there is no {program} here (Debian's package {package})"
    return None


class Browser:
    """One window. It reaches this machine and nothing else."""

    def __init__(self, driver: webdriver.Chrome, shots: Path) -> None:
        self._driver = driver
        self._shots = shots
        self._events: list[dict[str, Any]] = []

    def open(self, address: str) -> None:
        """Go to a page, with a window of a desk's size, in the light, and with nothing noted of the pages before."""
        self.size(*DESK)
        self.dark(False)
        self._driver.get("about:blank")
        self.complaints()
        self.asked_for()
        self._driver.get(address)

    @property
    def title(self) -> str:
        return str(self._driver.title)

    @property
    def address(self) -> str:
        return str(self._driver.current_url)

    def size(self, width: int, height: int) -> None:
        """The size of what is seen."""
        self._tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def dark(self, on: bool) -> None:
        """What the person's system prefers."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[feature])

    def paper(self, on: bool) -> None:
        """Show the page as it is printed."""
        self._tell("Emulation.setEmulatedMedia", media="print" if on else "")

    def without_scripts(self, on: bool) -> None:
        """Let pages run no script; those of tests run all the same."""
        self._tell("Emulation.setScriptExecutionDisabled", value=on)

    def all(self, css: str) -> list[WebElement]:
        return list(self._driver.find_elements(By.CSS_SELECTOR, css))

    def one(self, css: str) -> WebElement:
        """The only one of its kind that is shown; waits for it."""
        (found,) = self.until(lambda: [each for each in self.all(css) if each.is_displayed()][:2], css)
        return found

    def text(self, css: str = "body") -> str:
        """What a person reads there."""
        return self.one(css).text

    def click(self, what: WebElement | str) -> None:
        """With the mouse, in the middle of it."""
        element = self.one(what) if isinstance(what, str) else what
        self.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def type(self, text: str) -> None:
        """On the keyboard, to whatever has the focus."""
        ActionChains(self._driver).send_keys(text).perform()

    def press(self, key: str, *held: str) -> None:
        """A key, while others are held."""
        keys = ActionChains(self._driver)
        for each in held:
            keys.key_down(each)
        keys.send_keys(key)
        for each in held:
            keys.key_up(each)
        keys.perform()

    def ask(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return self._driver.execute_script(script, *arguments)

    def until(self, true: Callable[[], Answer | None], what: str) -> Answer:
        """Look again and again until it is so, and return what was found."""
        wait = WebDriverWait(
            self._driver, LONG, poll_frequency=0.1, ignored_exceptions=[StaleElementReferenceException]
        )
        try:
            return wait.until(lambda _: true() or False)
        except TimeoutException:
            shot = self.shot("waited-in-vain")
            raise AssertionError(f"waited in vain for {what}, see {shot}; complaints: {self.complaints()}") from None

    def background(self) -> str:
        """The colour of the paper."""
        return str(self.ask("return getComputedStyle(document.body).backgroundColor"))

    def hard_to_read(self, css: str = "body") -> list[str]:
        """Texts whose contrast with what is behind them is below 4.5, which WCAG 2.2 asks for (1.4.3)."""
        return [str(each) for each in self.ask(_READABLE.read_text(encoding="utf-8"), self.one(css))]

    def over_each_other(self) -> list[str]:
        """Texts that are printed over one another, as "one / other"."""
        return [str(each) for each in self.ask(_OVERLAPS.read_text(encoding="utf-8"))]

    def top(self, of: WebElement) -> float:
        """How many pixels below the top of the window it begins."""
        return float(self.ask("return arguments[0].getBoundingClientRect().top", of))

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.ask("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def complaints(self) -> list[str]:
        """Errors that the console was told since the last time."""
        return [entry["message"] for entry in self._driver.get_log("browser") if entry["level"] == "SEVERE"]

    def asked_for(self) -> list[str]:
        """The addresses that pages asked for since the last time."""
        events = [json.loads(entry["message"])["message"] for entry in self._driver.get_log("performance")]
        return [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]

    def shot(self, name: str, *, whole: bool = False) -> Path:
        """A picture of the window, or of the whole page."""
        path = self._shots / f"{name}.png"
        if whole:
            self.ask("scrollTo({top: 0, behavior: 'instant'})")
            width, height = self.ask("return [innerWidth, document.documentElement.scrollHeight]")
            self.size(width, min(height, _TALL))
        self._driver.save_screenshot(str(path))
        if whole:
            self.size(width, DESK[1])
        return path

    def picture(self, name: str, around: WebElement, size: tuple[int, int], of: str = "") -> Path:
        """A small picture for the docs: of a window of this size with one thing in its middle, or of a part of it."""
        path = self._shots / f"{name}.png"
        self.size(*size)
        self.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", around)
        (self.one(of).screenshot if of else self._driver.save_screenshot)(str(path))
        self.size(*DESK)
        return path

    def _tell(self, command: str, **said: object) -> None:
        self._driver.execute_cdp_cmd(command, said)


@contextmanager
def chromium(shots: Path, profile: Path) -> Iterator[Browser]:
    """Starts a browser, and ends it. Pictures go to `shots`."""
    options = Options()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--lang=en-GB",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # offline
        f"--user-data-dir={profile}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's own sandbox can't be had as root
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # The driver is named, so that selenium looks for none and downloads none.
    driver = webdriver.Chrome(options, Service(str(shutil.which("chromedriver"))))
    try:
        driver.set_page_load_timeout(LONG)
        driver.set_script_timeout(LONG)
        yield Browser(driver, shots)
    finally:
        driver.quit()
