"""Fixtures that every room shares, and the marker for system tools.

    clock          a clock that stands still until it is moved
    amount         small sizes for `make test`, long ones for `make soak`
    pki            the demo's certificate authority and its keys, made once (session)
    regency        the small demo regency in a storage of its own, built once (session)
      +- storage   a layer over it for one test: whatever is written is gone afterwards
           +- db   a database with both pickle doors closed
                +- site      the Site in a transaction that is aborted at the end

A test that uses a program of the system says so: ``@pytest.mark.needs("pdfsig")``. Without the program it
is skipped by name; with SURAT_NO_SKIP=1 it fails.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# The same examples in every run, and no limit of time for one: a busy machine is no failure.
hypothesis.settings.register_profile("surat", deadline=None, derandomize=True)
hypothesis.settings.load_profile("surat")

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09.00 in Serang

# tool: the Debian package that brings it, and the programs that must be there
TOOLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "chromium": ("chromium", ("chromium",)),
    "curl": ("curl", ("curl",)),
    "make": ("make", ("make",)),
    "nginx": ("nginx", ("nginx",)),
    "openssl": ("openssl", ("openssl",)),
    "pdfsig": ("poppler-utils", ("pdfsig",)),
    "pdffonts": ("poppler-utils", ("pdffonts",)),
    "pdftotext": ("poppler-utils", ("pdftotext",)),
    "pdftoppm": ("poppler-utils", ("pdftoppm",)),
    "poppler": ("poppler-utils", ("pdfsig", "pdffonts", "pdftotext")),
    "postgresql": ("postgresql", ("initdb", "postgres")),
    "qpdf": ("qpdf", ("qpdf",)),
    "softhsm2": ("softhsm2", ("softhsm2-util",)),
    "tesseract": ("tesseract-ocr tesseract-ocr-ind", ("tesseract",)),
}


def missing(tool: str) -> bool:
    """Whether a program of the tool is not on this machine; PostgreSQL keeps its own beside the path."""
    beside = ":".join(str(each) for each in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    places = f"{os.environ.get('PATH', '')}:{beside}"
    return any(shutil.which(program, path=places) is None for program in TOOLS[tool][1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever has a long size belongs to the soak."""
    for item in items:
        own = getattr(getattr(item, "callspec", None), "params", {})
        if "amount" in getattr(item, "fixturenames", ()) and "amount" not in own:
            item.add_marker("soak")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            if tool not in TOOLS:
                pytest.fail(f"unknown tool {tool!r}; known: {', '.join(sorted(TOOLS))}")
            if not missing(tool):
                continue
            says = f"needs {tool} (apt-get install {TOOLS[tool][0]})"
            if os.environ.get("SURAT_NO_SKIP") == "1":
                pytest.fail(f"{says}, and SURAT_NO_SKIP=1 forbids skipping", pytrace=False)
            pytest.skip(says)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what was skipped and why, as the last thing before pytest's closing line."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()))
    if not reasons:
        return
    terminalreporter.section("not run on this machine")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count:4} x {reason.removeprefix('Skipped: ')}")


class Clock:
    """A clock for tests: call it for the instant, move it forward."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move on by a timedelta given in words: ``clock.forward(days=2)``."""
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def amount() -> Any:
    """How much of something a test does: ``amount(32, 2000)`` is 32, and 2000 in `make soak`."""
    return lambda short, long: long if os.environ.get("SURAT_SOAK") == "1" else short


@pytest.fixture(scope="session")
def regency() -> Iterator[Any]:
    """A storage with the small demo regency; nobody writes to it."""
    from ZODB.DB import DB
    from ZODB.MappingStorage import MappingStorage

    from intranet_surat.demo import regency

    storage = MappingStorage("regency")
    database = DB(storage)
    with database.transaction() as connection:
        connection.root()["intranet_surat"] = regency.build(START, small=True)
    yield storage
    database.close()


@pytest.fixture
def storage(regency: Any) -> Iterator[Any]:
    from ZODB.DemoStorage import DemoStorage

    layer = DemoStorage(base=regency, close_base_on_close=False)
    yield layer
    layer.close()


@pytest.fixture
def db(storage: Any) -> Iterator[Any]:
    from ZODB.DB import DB

    from intranet_surat.resources import allowed

    database = DB(storage, class_factory=allowed.class_factory)
    allowed.install(database)
    yield database
    database.close()


@pytest.fixture
def site(db: Any) -> Iterator[Any]:
    import transaction

    manager = transaction.TransactionManager()
    connection = db.open(manager)
    yield connection.root()["intranet_surat"]
    manager.abort()
    connection.close()


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from intranet_surat.demo import keys

    return keys.make(tmp_path_factory.mktemp("ttd"), START, small=True)
