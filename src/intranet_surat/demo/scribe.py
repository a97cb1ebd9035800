"""Does things as the people of the demo would, through the same services as the pages: one act, one transaction."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import transaction

from intranet_surat.demo import keys
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.opening import root_site
from intranet_surat.services import accounts, acting, letters, signing, uploads
from intranet_surat.services.reader import Reader
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from intranet_surat.resources.site import Site
    from intranet_surat.services.house import House


class Scribe:
    """Writes with the hands of the demo's people; each act happens a little after the one before."""

    def __init__(self, house: House, database: Any, now: datetime) -> None:
        """Begin at ``now``, which lies in the past: nothing may happen in the future."""
        self._house = house
        self._database = database
        self.now = now
        self._count = 0

    def create(
        self,
        login: str,
        office: str,
        kind: str,
        fields: Mapping[str, Any],
        *,
        scan: bytes | None = None,
        secret: Mapping[str, str] | None = None,
        reply_to: str | None = None,
    ) -> str:
        """Begin a letter and answer its path."""
        files = () if scan is None else (uploads.accept(self._house, io.BytesIO(scan), "pindaian.pdf", "scan"),)
        direction = self._house.kinds[kind].direction

        def work(tm: Any, site: Site, reader: Reader) -> str:
            home = site.office(office)
            if home is None:
                raise KeyError(office)
            made = letters.create(
                self._house, tm, site, home, direction, kind, fields, reader, self.now,
                key=self._key(), uploads=files, secret_fields=secret, reply_to=reply_to,
            )  # fmt: skip
            return path_of(made)

        try:
            return str(self._as(login, work))
        finally:
            for each in files:
                each.forget()

    def act(self, login: str, where: str, action: str, form: Mapping[str, Any] | None = None) -> None:
        """Do an action of the flow on a letter or a disposition."""

        def work(tm: Any, site: Site, reader: Reader) -> None:
            acting.act(self._house, tm, site, find(site, where), action, form or {}, reader, self.now, key=self._key())

        self._as(login, work)

    def read(self, login: str, where: str) -> None:
        """Open a letter or a disposition for the first time."""

        def work(_tm: Any, site: Site, reader: Reader) -> None:
            letters.mark_read(self._house, site, find(site, where), reader, self.now)

        self._as(login, work)

    def sign(self, login: str, where: str) -> None:
        """Sign the frozen file of a letter with the demo passphrase."""

        def work(tm: Any, site: Site, reader: Reader) -> None:
            shown = str(find(site, where).frozen)
            secret = Secret(keys.PASSPHRASE)
            wanted = Wanted(where, reader, shown, self._key())
            signing.sign(self._house, tm, site, wanted, secret, self.now)

        self._as(login, work)

    def items(self, where: str) -> dict[str, str]:
        """The paths of the dispositions of a letter by the code of their holder's position."""
        with closing(self._database.open(transaction.TransactionManager())) as connection:
            site = root_site(connection)
            if site is None:
                return {}
            below = [each for each in find(site, where).values() if getattr(each, "holder", None)]
            return {site.positions[each.holder].code: path_of(each) for each in below}

    def later(self, **amount: float) -> None:
        """Let time pass."""
        self.now += timedelta(**amount)

    def _as(self, login: str, work: Callable[[Any, Site, Reader], Any]) -> Any:
        self.later(minutes=7)
        tm = transaction.TransactionManager(explicit=True)
        tm.begin()
        with closing(self._database.open(tm)) as connection:
            try:
                site = root_site(connection)
                if site is None:
                    raise KeyError("the database holds no regency")
                answer = work(tm, site, self._reader(site, login))
                tm.commit()
            except BaseException:
                tm.abort()
                raise
            return answer

    def _reader(self, site: Site, login: str) -> Reader:
        person = accounts.person_by_login(site, login)
        if person is None:
            raise KeyError(login)
        today = self._house.today(self.now)
        held = accounts.positions(site, person.id, today)
        return accounts.seated(site, person.id, held, held[0], today)

    def _key(self) -> str:
        self._count += 1
        return f"peragaan-{self._count}"


def addressee(
    kind: str, name: str, place: str, *, code: str = "", channel: str = "sistem", email: str = ""
) -> dict[str, str]:
    """One addressee as letters store it; ``code`` is that of an office or the id of a position."""
    return {"kind": kind, "id": code, "name": name, "place": place, "channel": channel, "email": email}


def paragraphs(*texts: str) -> dict[str, Any]:
    """A body of plain paragraphs."""
    return {"v": 1, "blocks": [{"t": "p", "text": each} for each in texts]}


def points(first: str, items: Sequence[str], last: str) -> dict[str, Any]:
    """A body with numbered points between two paragraphs."""
    blocks = [{"t": "p", "text": first}, *({"t": "n", "level": 1, "text": each} for each in items)]
    return {"v": 1, "blocks": [*blocks, {"t": "p", "text": last}]}
