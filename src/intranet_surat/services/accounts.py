"""Who comes in: log-in, sessions, tokens, a person's positions. What they may do is asked of the engine."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from intranet_surat.errors import Invalid, SuratError
from intranet_surat.resources.sessions import Session
from intranet_surat.services import passwords
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader

if TYPE_CHECKING:
    from intranet_surat.resources.people import Person
    from intranet_surat.resources.site import Site

PAGE_LASTS = timedelta(hours=12)
TOKEN_LASTS = timedelta(hours=12)
SHORTEST = 12
LEADING = frozenset({"kepala-daerah", "sekretariat"})

_COMMON = frozenset(
    ("password", "qwerty", "admin", "administrator", "rahasia", "katasandi", "sandi", "masuk", "surat")
) | frozenset(("serang", "kabserang", "kabupatenserang", "kabupaten", "pemkab", "banten", "bupati", "indonesia"))

BRAKE = passwords.Brake()
"""The brake of this process on guessing passwords."""


class WrongLogin(SuratError):
    """The log-in or the password is wrong; which of both is not told (HTTP 401)."""

    def __init__(self) -> None:
        super().__init__("Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")


def person_by_login(site: Site, login: str) -> Person | None:
    """The active person with a log-in name, whatever its case and the blanks around it.

    A name without its office is one of the leaders': ``bupati`` for ``bupati.kdh``, ``sekda`` for
    ``sekda.setda``.
    """
    wanted = login.strip().casefold()
    found = site.people.login(wanted)
    if found is None and wanted and "." not in wanted:
        leading = (each for each in site.offices() if each.active and each.kind in LEADING)
        named = (site.people.login(f"{wanted}.{each.slug}") for each in leading)
        found = next((each for each in named if each is not None), None)
    return found if found is not None and found.active else None


def log_in(
    site: Site,
    login: str,
    password: str,
    now: datetime,
    *,
    on: date,
    address: str,
    kind: str = "page",
    label: str = "",
    brake: passwords.Brake = BRAKE,
) -> tuple[str, Session]:
    """Check a log-in and open a session; answers its secret (told once, stored as a hash) and its record.

    ``on`` is the local day, ``kind`` is ``page`` or ``token``. Raises WrongLogin, also for a person who
    holds no position today, and TooManyAttempts. Nothing is written when it raises.
    """
    person = person_by_login(site, login[:100])
    # All names of one account brake together.
    name = person.login if person is not None else login[:100].strip().casefold()
    brake.check(name, address, now)
    right = passwords.matches(person.password if person else None, password)
    held = positions(site, person.id, on) if person is not None and right else ()
    if person is None or not held:
        brake.failed(name, address, now)
        raise WrongLogin
    brake.succeeded(name, address)
    if passwords.is_outdated(person.password):
        person.password = passwords.hashed(password)
    return open_session(site, person.id, held[0], now, kind=kind, label=label)


def prove(
    site: Site, person: str, password: str, now: datetime, *, address: str, brake: passwords.Brake = BRAKE
) -> None:
    """Raise Invalid unless it is the password of the person: asked again before an act that gives or takes power.

    A log-in that was left open, or a token that was copied, is not enough for these. Raises TooManyAttempts.
    """
    found = site.people[person]
    brake.check(found.login, address, now)
    if not passwords.matches(found.password, password):
        if password:
            brake.failed(found.login, address, now)
        raise Invalid({"sandi": "Kata sandi tidak cocok." if password else "Tulis kata sandi Anda sekali lagi."})
    brake.succeeded(found.login, address)


def open_session(
    site: Site, person: str, position: str, now: datetime, *, kind: str = "page", label: str = ""
) -> tuple[str, Session]:
    """Store a new session and answer its secret and its record."""
    secret = secrets.token_urlsafe(32)
    until = now + (PAGE_LASTS if kind == "page" else TOKEN_LASTS)
    key = _key(secret)
    made = Session(id=key, person=person, position=position, started=now, seen=now, until=until, kind=kind, label=label)
    site.sessions[key] = made
    return secret, made


def session(site: Site, secret: str, now: datetime, *, kind: str = "page") -> Session | None:
    """The living session of a secret; None when unknown, of another kind, or over."""
    found = site.sessions.get(_key(secret))
    return found if found is not None and found.kind == kind and found.open(now) else None


def log_out(site: Site, secret: str, now: datetime) -> None:
    """End a session; an unknown secret is no error."""
    found = site.sessions.get(_key(secret))
    if found is not None and found.ended is None:
        found.ended = now


def sessions_of(site: Site, person: str, now: datetime) -> list[Session]:
    """The sessions and tokens that a person has open, the newest first."""
    mine = [each for each in site.sessions.values() if each.person == person and each.open(now)]
    return sorted(mine, key=lambda each: each.started, reverse=True)


def end_session(site: Site, person: str, session_id: str, now: datetime) -> bool:
    """End one of a person's own sessions by its id; tell whether there was such a one."""
    found = site.sessions.get(session_id)
    if found is None or found.person != person or found.ended is not None:
        return False
    found.ended = now
    return True


def sit_at(site: Site, secret: str, position: str, now: datetime, on: date) -> None:
    """Change the position that a session works at; raises Invalid for a position not held today."""
    found = site.sessions.get(_key(secret))
    if found is None or not found.open(now) or position not in positions(site, found.person, on):
        raise Invalid({"position": "Anda tidak memegang jabatan ini hari ini. Pilih salah satu jabatan Anda."})
    found.position = position


def reader(site: Site, found: Session, on: date, org: SiteOrg | None = None) -> Reader | None:
    """Who reads in a session, with the positions held on a day; None when nothing is held any more."""
    person = site.people.get(found.person)
    if person is None or not person.active:
        return None
    held = positions(site, found.person, on, org)
    if not held:
        return None
    position = found.position if found.position in held else held[0]
    return seated(site, found.person, held, position, on, org)


def seated(
    site: Site, person: str, held: tuple[str, ...], position: str, on: date, org: SiteOrg | None = None
) -> Reader:
    """A person at one of the positions he holds, with what his orders leave closed."""
    org = org or SiteOrg(site, on)
    closed = {each: org.closed(person, each) for each in held}
    return Reader(person, held, position, {each: shut for each, shut in closed.items() if shut})


def positions(site: Site, person: str, on: date, org: SiteOrg | None = None) -> tuple[str, ...]:
    """The positions a person holds on a day, oldest holding first."""
    return (org or SiteOrg(site, on)).held_by(person)


def set_password(person: Person, password: str) -> None:
    """Give a person a new password; raises Invalid with the sentence what is expected."""
    problem = password_problem(person.login, password)
    if problem:
        raise Invalid({"password": problem})
    person.password = passwords.hashed(password)


def password_problem(login: str, password: str) -> str | None:
    """The sentence why a password cannot be taken, or None."""
    if len(password) < SHORTEST:
        return f"Kata sandi paling sedikit {SHORTEST} huruf; ini {len(password)}. Beberapa kata sudah cukup."
    if len(password) > passwords.LONGEST:
        return f"Kata sandi paling banyak {passwords.LONGEST} huruf; ini {len(password)}. Pendekkan kata sandi itu."
    letters = "".join(each for each in password.casefold() if each.isalpha())
    name = login.split(".", maxsplit=1)[0]
    if len(set(password)) < 5 or letters in _COMMON or (name and letters == name):
        return "Kata sandi ini mudah ditebak. Pakai beberapa kata yang tidak berhubungan dengan nama atau kantor Anda."
    return None


def demo_logins(site: Site) -> list[str]:
    """The log-ins that still have the demo's known password; production starts with none."""
    return sorted(each.login for each in site.people.values() if passwords.is_demo_hash(each.password))


def sweep(site: Site, now: datetime) -> int:
    """Remove the sessions that are over; answers how many."""
    over = [key for key, each in site.sessions.items() if not each.open(now)]
    for key in over:
        del site.sessions[key]
    return len(over)


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
