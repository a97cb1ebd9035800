"""The people of the demo, each at a browser of his own that notes what a person would complain about."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from browser.product import PASSWORD

CHROMIUM: dict[str, Any] = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
BUDGET = 40 * 1024
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll("main *")].filter(each => !each.closest(".scroll")).map(
  each => [each.getBoundingClientRect().right, `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 40)}`]
).sort((one, two) => two[0] - one[0])[0][1]"""
FILES = {"image", "stylesheet", "font", "script"}


class People:
    """Everybody who works in one sort of browser: with or without script, wide or narrow."""

    def __init__(self, chromium, base: str, *, width=1280, height=900, script=True, sessions=None) -> None:
        self.chromium, self.base, self.script = chromium, base, script
        self.size = {"width": width, "height": height}
        self.sessions: dict[str, dict] = {} if sessions is None else sessions
        self.complaints: list[str] = []
        self.looked: dict[str, int] = {}  # address without ids -> bytes of HTML, compressed
        self._there: dict[str, Person] = {}

    def at(self, login: str) -> Person:
        """The person of a log-in, logged in."""
        if login not in self._there:
            self._there[login] = Person(self, login, state=self.sessions.get(login))
            if login not in self.sessions:
                self._there[login].log_in()
                self.sessions[login] = self._there[login].page.context.storage_state()
        return self._there[login]

    def stranger(self) -> Person:
        """Somebody without any log-in."""
        return Person(self, "")

    def complain(self, what: str) -> None:
        if what not in self.complaints:
            self.complaints.append(what)

    def close(self) -> None:
        for each in self._there.values():
            each.page.context.close()


class Person:
    """One person at one page; every page shown is looked over."""

    def __init__(self, people: People, login: str, state=None) -> None:
        self.people, self.login = people, login
        context = people.chromium.new_context(
            viewport=people.size, java_script_enabled=people.script, storage_state=state, locale="id-ID",
            timezone_id="Asia/Jakarta", accept_downloads=True,
        )  # fmt: skip
        self.page = context.new_page()
        self.page.set_default_timeout(90_000)  # what is waited for is an event, and the machine may be busy
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: people.complain(f"{login}: script failed: {error}"))
        self.page.on("response", self._response)

    def _console(self, message) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.people.complain(f"{self.login} at {self.where}: {message.text}")

    def _response(self, response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind in FILES):
            self.people.complain(f"{self.login}: {response.status} {response.url}")

    @property
    def where(self) -> str:
        """The path of the page, with ids left out."""
        path = urlsplit(self.page.url).path
        return re.sub(r"/(d-)?[a-z2-7]{16}(?=/|$)|/v/[\w-]+", r"/…", path)

    @property
    def url(self) -> str:
        return self.page.url

    def log_in(self) -> None:
        self.page.goto(f"{self.people.base}/@@masuk")
        self.look()
        self.page.fill("[name=nama]", self.login)
        self.page.fill("[name=sandi]", PASSWORD)
        self.press("Masuk")

    def look(self) -> None:
        """Complain about a page that scrolls sideways or weighs too much."""
        self.page.wait_for_load_state("load")
        if sideways := self.page.evaluate(SIDEWAYS):
            widest = self.page.evaluate(WIDEST)
            self.people.complain(
                f"{self.where} scrolls {sideways} px sideways at {self.people.size['width']}: {widest}"
            )
        weight = len(gzip.compress(self.page.content().encode()))
        self.people.looked[self.where] = max(weight, self.people.looked.get(self.where, 0))

    def open(self, where: str) -> int:
        """Go to an address and answer its status."""
        answer = self.page.goto(urljoin(self.people.base, where))
        self.look()
        return answer.status

    def press(self, words: str) -> None:
        """Press the button or follow the link with these words; what stands under "Lainnya" is opened first."""
        target = self.control(words)
        if target.count() == 0 and self.page.locator("details.more:not([open])").count():
            self.page.locator("details.more > summary").click()
            if self.page.locator(".more-list").first.bounding_box()["x"] < 0:
                self.people.complain(f"{self.where}: what stands under Lainnya begins outside the page")
        target.first.click()
        self.look()

    def control(self, words: str):
        """The button or link whose whole text is these words, a shortcut aside."""
        name = re.compile(rf"^\s*{re.escape(words)}(\s+[A-Z])?\s*$")
        main = self.page.locator("main, .nav")
        return main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))

    def follow(self, subject: str) -> None:
        """From the desk to a letter by its subject."""
        self.open("/")
        self.page.locator("a.subject", has_text=subject).first.click()
        self.look()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def choose(self, **fields: str) -> None:
        for name, value in fields.items():
            box = self.page.locator(f"main select[name={name}]")
            self._unfold(box)
            box.select_option(value)

    def tick(self, *labels: str) -> None:
        """Tick choices by their words; those that stand folded are opened first."""
        for words in labels:
            box = self.page.locator("label.choice", has_text=words).first
            self._unfold(box)
            box.click()

    def press_first(self, words: str) -> None:
        """The first of several buttons with the same words."""
        self.page.locator("main").get_by_role("button", name=words).first.click()
        self.look()

    def row(self, number: int, cells: tuple[str, ...]) -> None:
        """Fill a row of the first table of boxes, counted from 0."""
        boxes = self.page.locator("ol.rows").first.locator("li").nth(number).locator("[name=sel]")
        for at, value in enumerate(cells):
            boxes.nth(at).fill(value)

    @staticmethod
    def today(days: int = 0) -> str:
        """A date as it is typed; the regency lies seven hours east of Greenwich."""
        return (datetime.now(UTC) + timedelta(hours=7, days=days)).strftime("%d/%m/%Y")

    def press_send(self) -> None:
        """Send the form that fills this page."""
        self.page.locator("form .send button, form button.btn-main").last.click()
        self.look()

    def value_of(self, name: str, words: str) -> str:
        """The value behind the option with these words."""
        return self.page.locator(f"main select[name={name}] option", has_text=words).first.get_attribute("value")

    def _unfold(self, inner) -> None:
        if not inner.is_visible():
            inner.locator("xpath=ancestor::details[not(@open)]").last.locator("summary").first.click()

    def attach(self, data: bytes, name: str = "pindaian.pdf", at: int = 0) -> None:
        file = {"name": name, "mimeType": "application/pdf", "buffer": data}
        self.page.locator("main input[type=file]").nth(at).set_input_files(files=file)

    def get(self, where: str):
        """Fetch something with this person's session, such as a file."""
        return self.page.context.request.get(urljoin(self.people.base, where))

    def file(self, words: str) -> bytes:
        """The file behind a link."""
        answer = self.get(self.control(words).first.get_attribute("href"))
        assert answer.status == 200, f"{words}: {answer.status}"
        return answer.body()

    def sees(self, words: str) -> bool:
        return words in self.words

    @property
    def words(self) -> str:
        """What stands on the page, blanks made one."""
        return " ".join(self.page.locator("main").inner_text().split())

    def pictures(self) -> int:
        """How many page images are shown; complains about those that could not be drawn."""
        found = self.page.locator("img.paper")
        for number in range(found.count()):
            found.nth(number).scroll_into_view_if_needed()
            found.nth(number).evaluate("each => each.decode()")
        return found.count()
