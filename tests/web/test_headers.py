"""The headers that guard a browser: on every answer, set in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOGIN = "agendaris.dinkes"
SOURCE = Path(__file__).parents[2] / "src" / "intranet_surat"
TEMPLATES = Path(__file__).parents[2] / "templates"

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/@@masuk", 200),
    ("GET", "/@@akun", 303),
    ("GET", "/tidak/ada", 303),
    ("POST", "/@@masuk", 400),
    ("GET", "/%ff", 400),
]


@pytest.mark.parametrize(("method", "url", "status"), ANSWERS)
def test_every_answer_at_the_door_is_guarded(browser, method, url, status):
    answer = browser.request(url, method=method, status=status)
    guarded(answer)


@pytest.mark.parametrize(
    "url", ["/", "/@@akun", "/@@cari?q=a", "/@@map", "/@@pintasan", "/dinkes/", "/desa/", "/tidak"]
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_page_inside_is_guarded(enter, url, accept):
    answer = enter(LOGIN).get(url, headers={"Accept": accept}, status="*")
    assert answer.status_int in {200, 404}
    guarded(answer)


def guarded(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert len(answer.headers.getall("Content-Security-Policy")) == 1
    assert "ETag" not in answer.headers


def test_static_files_carry_their_hash_and_stay_for_ever(browser):
    address = re.search(r'href="([^"]+app\.css[^"]*)"', browser.get("/").text)[1]
    assert re.search(r"\?x=[0-9a-f]{16}$", address)
    answer = browser.get(address, status=200)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_static_file_that_is_not_there_is_not_kept(browser):
    answer = browser.get("/surat-statis/tidak-ada.css", status="*")
    assert answer.headers["Cache-Control"] == "no-store"


def test_over_https_browsers_are_told_to_stay_there(app):
    from webtest import TestApp

    secure = TestApp(app, extra_environ={"wsgi.url_scheme": "https"})
    assert "max-age=31536000" in secure.get("/").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in TestApp(app).get("/").headers


def test_no_other_module_sets_these_headers():
    own = {"headers.py"}
    names = ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Strict-Transport-Security", "nosniff")
    guilty = [
        str(each)
        for each in SOURCE.rglob("*.py")
        if each.name not in own and any(name in each.read_text("utf-8") for name in names)
    ]
    assert guilty == []


def test_no_template_has_inline_script_or_style():
    for each in TEMPLATES.rglob("*.jinja2"):
        text = each.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), each
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text), each


def test_pages_and_style_weigh_little(enter, listed):
    import gzip

    for _ in range(60):
        listed(LOGIN, subject="Permohonan perbaikan akses jalan ambulans dan penambahan petugas jaga malam")
    css = len(gzip.compress((TEMPLATES / "static" / "app.css").read_bytes()))
    mine = enter(LOGIN)
    for url in ("/", "/?banyak=100", "/@@cari?q=jalan", "/@@akun"):
        assert css + len(gzip.compress(mine.get(url).body)) < 40_000, url
