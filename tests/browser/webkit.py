"""WebKit, the engine of iPhones and iPads, for the browser tests: Debian's WebKitGTK on a screen of its own.

`python -m tests.browser.webkit` installs where needed and prints the driver's path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

DRIVER = "WebKitWebDriver"
SCREEN = "Xvfb"
# Debian's and Ubuntu's packages of the driver; the second name is the newer one.
PACKAGES = ("webkit2gtk-driver", "webkitgtk-webdriver")
# The driver starts a browser by its path, and distributions keep that one beside its library.
BROWSERS = ("*/webkit2gtk-4.1/MiniBrowser", "*/webkitgtk-6.0/MiniBrowser", "webkit*gtk*/MiniBrowser")

# A busy machine may take this long, in seconds, for what takes it half a second otherwise.
PATIENCE = 60.0
STEP = 0.05

Seen = TypeVar("Seen")

# Collects what a page complains of: the driver does not tell what is on the console.
NOTICE = """
window.noticed = [];
for (const level of ["error", "warn"]) {
    console[level] = (...all) => noticed.push(all.join(" "));
}
addEventListener("error", (event) => noticed.push(event.message));
addEventListener("unhandledrejection", (event) => noticed.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => noticed.push(event.effectiveDirective), true);
"""


class NoWebKit(Exception):
    """There is no WebKit and none could be installed. The text says what to do."""


@dataclass(frozen=True)
class Programs:
    """The paths of what it takes."""

    driver: Path
    screen: Path
    browser: Path


def find() -> Programs | None:
    """What is installed; None when a part of it is missing."""
    driver, screen = shutil.which(DRIVER), shutil.which(SCREEN)
    folders = [Path("/usr/lib"), Path("/usr/libexec"), Path("/usr/lib64")]
    browser = next((found for one in BROWSERS for folder in folders for found in sorted(folder.glob(one))), None)
    if driver is None or screen is None or browser is None:
        return None
    return Programs(Path(driver), Path(screen), browser)


def install() -> Programs:
    """Install it and say where it is. Raises NoWebKit with what each way of installing said."""
    failures = []
    for package in PACKAGES if os.geteuid() == 0 and shutil.which("apt-get") else ():
        apt = "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
        command = f"{apt} {package} xvfb"
        print(f"installing WebKit for the browser tests: {command}", file=sys.stderr)
        finished = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        if finished.returncode == 0 and (programs := find()):
            return programs
        failures.append((finished.stderr or finished.stdout).strip())
    raise NoWebKit(
        "error: the tests in a second engine need WebKitGTK's driver, and it could not be installed\n"
        f"hint: on Debian or Ubuntu, run `apt-get install {PACKAGES[0]} xvfb` as root\n\n" + "\n\n".join(failures)
    )


@dataclass(frozen=True)
class WebKit:
    """A running browser, and the folder that it saves into."""

    driver: webdriver.WebKitGTK
    home: Path

    def open(self, address: str) -> None:
        """Open a page anew, also where only what follows `#` differs, and note what it complains of."""
        self.driver.get("about:blank")
        self.driver.get(address)
        self.run(NOTICE)

    def noticed(self) -> list[str]:
        """What the page has complained of since it was opened, or since the last time."""
        found = self.run("return window.noticed.splice(0)")
        assert isinstance(found, list)
        return found

    def run(self, script: str, *arguments: object) -> object:
        """What a script returns; it sees the arguments as `arguments`."""
        return self.driver.execute_script(script, *arguments)

    def until(self, look: Callable[[], Seen], what: str) -> Seen:
        """What `look` gives as soon as that is something. Fails with `what` was waited for."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if seen := look():
                return seen
            time.sleep(STEP)
        raise AssertionError(f"after {PATIENCE:.0f} seconds not yet: {what}")

    def shown(self, selector: str) -> WebElement:
        """The first element of `selector` that a reader sees."""

        def look() -> WebElement | None:
            try:
                return next(
                    (one for one in self.driver.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()), None
                )
            except StaleElementReferenceException:
                return None

        found = self.until(look, f"{selector} is seen")
        assert found is not None
        return found

    def click(self, selector: str) -> None:
        """Click on what a reader sees, in the middle of the window."""
        self.click_on(lambda: self.shown(selector), selector)

    def click_on(self, find: Callable[[], object], what: str) -> None:
        """Click on what `find` gives, as soon as it gives an element that can be clicked."""

        def clicked() -> bool:
            element = find()
            if not isinstance(element, WebElement):
                return False
            try:
                self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
                element.click()
            except (ElementNotInteractableException, StaleElementReferenceException):
                # While the plan is being laid out, what is above it grows and moves it away, or it is drawn anew.
                return False
            return True

        self.until(clicked, f"{what} can be clicked")


@contextmanager
def screen(programs: Programs) -> Iterator[str]:
    """A screen that nobody sees; gives its name."""
    reading, writing = os.pipe()
    command = [str(programs.screen), "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        # It picks a free number and says it when it is ready.
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        assert number, f"{programs.screen} did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def browser(programs: Programs, display: str, home: Path) -> Iterator[WebKit]:
    """A browser with nothing in its memory, whose home is the folder `home`."""
    environment = {
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_AT_BRIDGE": "1",
        "PATH": os.environ["PATH"],
        "TZ": "UTC",
        # The graphics library of a machine without a graphics card took twice as long as the page itself.
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "XDG_RUNTIME_DIR": str(home),
    }
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(programs.browser)
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService(executable_path=str(programs.driver), env=environment)
    with warnings.catch_warnings():
        # Selenium's own driver of WebKitGTK calls its connection in the older way.
        warnings.filterwarnings("ignore", "setting remote_server_addr", DeprecationWarning)
        driver = webdriver.WebKitGTK(options=options, service=service)
    try:
        driver.set_window_size(1280, 900)
        yield WebKit(driver, home)
    finally:
        driver.quit()


if __name__ == "__main__":
    try:
        print((find() or install()).driver)
    except NoWebKit as problem:
        sys.exit(str(problem))
