"""Keys that make a form or a JSON write act once: stored with the person, in the transaction that they cause."""

from __future__ import annotations

import re
from datetime import datetime

from intranet_surat.errors import Invalid
from intranet_surat.resources.site import Site

OTHER_USE = "Kunci kiriman ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk setiap tindakan."
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,128}")


def seen(site: Site, person: str, key: str, use: str = "") -> str | None:
    """Return the path of what the person's request with that key made before, or None.

    ``use`` says what is asked for now: the key of one thing is not the answer to another, which would be lost in
    silence. Raises Invalid for that, and for something that cannot be a key.
    """
    _check(key)
    owner = site.people.get(person)
    known = None if owner is None else owner.keys.get(key)
    if known is None:
        return None
    _at, path, *before = known
    if before and before != [use]:
        raise Invalid({}, OTHER_USE)
    return str(path)


def remember(site: Site, person: str, key: str, path: str, now: datetime, use: str = "") -> None:
    """Remember what the request made. Two at once collide, so that one of them is run again and finds it.

    Raises Invalid for something that cannot be a key, KeyError for an unknown person.
    """
    _check(key)
    site.people[person].keys[key] = (now, path, use)


def forget(site: Site, before: datetime) -> int:
    """Forget the keys that were used before an instant; return how many."""
    count = 0
    for person in site.people.values():
        for key in [key for key, (at, *_what) in person.keys.items() if at < before]:
            del person.keys[key]
            count += 1
    return count


def _check(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid({}, "Formulir ini tidak membawa kunci kiriman yang benar. Muat ulang halaman, lalu kirim lagi.")
