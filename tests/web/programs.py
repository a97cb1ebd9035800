"""A program that works for somebody by JSON, as plain functions and one class: what `docs/api.md` tells, in webtest."""

from __future__ import annotations

import itertools
import json
from typing import Any

from webtest import TestApp, Upload

PASSWORD = "serang-uji-coba"
PASSPHRASE = "frasa uji coba"
JSON = {"Accept": "application/json"}
KEYS = itertools.count(1)


class Program:
    """Works for one person with a token; with ``follow`` it fetches every address that an answer names."""

    def __init__(self, app: Any, login: str = "", token: str = "", *, follow: bool = False) -> None:
        self.test = TestApp(app)
        self.follow = follow
        self.headers = dict(JSON)
        if login:
            token = self.test.post_json("/@@masuk", {"nama": login, "sandi": PASSWORD}, headers=JSON, status=201).json[
                "token"
            ]
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, url: str, status: int = 200) -> Any:
        return self._told(self.test.get(url, headers=self.headers, status="*"), status)

    def raw(self, url: str) -> Any:
        return self.test.get(url, headers=self.headers)

    def post(self, url: str, values: Any = None, status: Any = None, **headers: str) -> Any:
        sent = json.dumps(values if values is not None else {})
        return self.post_text(url, sent, status, **headers)

    def post_text(self, url: str, text: str, status: Any = None, **headers: str) -> Any:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        got = self.test.post(
            url, text, headers={**self.headers, **more}, content_type="application/json", status="*"
        )  # fmt: skip
        return self._told(got, status)

    def send(self, url: str, values: dict[str, Any], status: Any = None, **files: bytes) -> Any:
        """A multipart body."""
        found = {**values, **{name: Upload(f"{name}.pdf", data, "application/pdf") for name, data in files.items()}}
        got = self.test.post(url, found, headers=self.headers, content_type="multipart/form-data", status="*")
        return self._told(got, status)

    def act(self, item: str, action: str, values: Any = None, status: Any = None, **headers: str) -> Any:
        return self.post(f"{item}@@aksi/{action}", values, status, **headers)

    def sign(self, letter: str, passphrase: str = PASSPHRASE, status: Any = None) -> Any:
        frozen = self.get(letter)["frozen"]
        return self.act(letter, "tanda_tangani", {"sidik": frozen, "frasa": passphrase}, status)

    def mine(self, letter: str) -> str:
        """The disposition of this letter that waits on the desk."""
        rows = self.get("/?banyak=100")["items"]
        return next(each["@id"] for each in rows if each["@id"].startswith(letter) and each["@type"] == "Disposition")

    def _told(self, got: Any, status: Any) -> Any:
        self.status = got.status_int
        assert got.status_int in (status if isinstance(status, range) else {status} if status else {200, 201}), (
            got.request.url,
            got.status,
            got.text,
        )
        assert got.content_type == "application/json", got.text
        if self.follow and got.status_int < 300:
            for url in addresses(got.json):
                answer = self.test.get(url, headers=self.headers, status="*")
                assert answer.status_int == 200, (got.request.url, url, answer.text)
        return got.json


def addresses(answer: Any) -> set[str]:
    """Every address in an answer, whatever it is called."""
    if isinstance(answer, dict):
        return set().union(*map(addresses, answer.values())) if answer else set()
    if isinstance(answer, list):
        return set().union(*map(addresses, answer)) if answer else set()
    return {answer} if isinstance(answer, str) and answer.startswith("http://localhost/") else set()


def listed(schema: dict[str, Any], title: str) -> str:
    """The value that a schema lists under a title."""
    found = schema.get("oneOf") or schema["items"]["oneOf"]
    return next(each["const"] for each in found if each["title"] == title)


def filled(schema: dict[str, Any]) -> dict[str, Any]:
    """The least that a form's schema lets one send; files are left out."""
    found: dict[str, Any] = {}
    for name in schema["required"]:
        field = schema["properties"][name]
        if field.get("format") == "binary":
            continue
        if field["type"] == "array":
            found[name] = [field["items"]["oneOf"][0]["const"]]
        elif "oneOf" in field:
            found[name] = field["oneOf"][0]["const"]
        elif "const" in field:
            found[name] = field["const"]
        elif field.get("format") == "date":
            found[name] = "2026-11-23"
        else:
            found[name] = "Isian percobaan"
    return found
