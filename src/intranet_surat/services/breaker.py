"""Whether the signing provider answers: three failures in a row and nothing is sent to it until it answers again.

Only the worker asks it whether it is back, by its status call and never by a signature. What is known stands in the
database, so that every process keeps to it. Whom a flow wants told, and when, is `sign.unavailable`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.kinds import dates
from intranet_surat.resources.breakers import Breaker
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import notices, people_notices, search, work
from intranet_surat.services.evidence import keepers
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.services.providers.base import (
    HELD,
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    Signer,
    SigningError,
)
from intranet_surat.services.reader import Reader
from intranet_surat.services.signers import signer
from intranet_surat.workflow import cast

logger = logging.getLogger(__name__)

JOB = "layanan-padam"
FAILURES = 3
PAUSE = timedelta(minutes=1)
SILENT = (ProviderUnavailable, OutcomeUnknown)
"""What counts as no answer. Of `UNSURE` nothing is concluded; whatever else it says, it answered."""
UNSURE = (RateLimited, Misconfigured)


@dataclass(frozen=True, slots=True)
class Outage:
    """What a reader is told: since when the service does not answer, how many letters wait for his signature.

    ``back`` tells that it answered the last question, so that signing may be tried; ``says`` tells that then.
    """

    since: datetime
    says: str
    waiting: int = 0
    back: bool = False


def failed(house: House, site: Site, person: str, error: SigningError, now: datetime) -> None:
    """A call to sign ended in an error; joins the transaction."""
    if error.alarm:
        keepers.tell(site, notices.PROVIDER, now)
    if isinstance(error, UNSURE):
        return
    if not isinstance(error, SILENT):
        answered(house, site, now)
        return
    name = house.settings.signing_provider
    found = site.breakers.get(name)
    if found is None:
        found = site.breakers[name] = Breaker(provider=name)
    found.failures += 1
    found.since = found.since or now
    found.person, found.error, found.answered = person, error.detail or error.code, None
    if found.opened is None and found.failures >= FAILURES:
        found.opened = now
        logger.error("signing provider %s does not answer: %s", name, found.error)
        _come_again(site, found, now)


def answered(house: House, site: Site, now: datetime) -> None:
    """A call to sign was answered; joins the transaction, and writes only when something was amiss."""
    found = site.breakers.get(house.settings.signing_provider)
    if found is not None and found.failures:
        _close(house, site, found, now)


def demand(house: House, site: Site, now: datetime) -> None:
    """Raise ProviderUnavailable, before anything is sent, while the provider does not answer."""
    found = _opened(house, site)
    if found is not None and found.answered is None:
        raise ProviderUnavailable(f"{_says(house, found, now)} Tidak ada yang dikirim. {HELD}")


def away_since(house: House, site: Site) -> datetime | None:
    """Since when the provider does not answer; None while it does, as far as we know."""
    found = _opened(house, site)
    return found.since if found is not None else None


def outage(house: House, site: Site, reader: Reader, now: datetime) -> Outage | None:
    """What the reader is told of an outage; the letters are those that wait for his own signature."""
    found = _opened(house, site)
    if found is None or found.since is None:
        return None
    waiting = search.counts(site, reader).get("sign", 0)
    back = found.answered is not None
    return Outage(found.since, _says(house, found, now, back=back), waiting, back)


def probe(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: ask the provider whether it answers, outside any transaction, and tell those whom flows name.

    One answer lets people try again; the second in a row, or a signature, ends the outage.
    """
    name = str(args["provider"])
    found: Breaker | None = site.breakers.get(name)
    if found is None or found.opened is None or found.opened.isoformat() != args["opened"]:
        return
    person = site.people.get(found.person)
    who = signer(house, person) if person is not None else Signer(found.person, "")
    tm = work.manager(site)
    tm.abort()
    alive = _alive(house, name, who, now)
    tm.begin()
    if found.opened is None:
        return
    if alive and found.answered is not None:
        _close(house, site, found, now)
        return
    found.answered = now if alive else None
    _tell_away(house, site, found, now)
    _come_again(site, found, now + PAUSE)


def _alive(house: House, name: str, who: Signer, now: datetime) -> bool:
    provider = house.providers.get(name)
    if provider is None:
        return False
    try:
        provider.status(who, now)
    except SILENT:
        return False
    except SigningError:
        return True
    except Exception as error:  # noqa: BLE001 - of a provider that is not ours
        logger.warning("provider %s raised %s when asked whether it is back", name, type(error).__name__)
        return False
    return True


def _opened(house: House, site: Site) -> Breaker | None:
    found: Breaker | None = site.breakers.get(house.settings.signing_provider)
    return found if found is not None and found.opened is not None else None


def _close(house: House, site: Site, found: Breaker, now: datetime) -> None:
    """It answers: whoever was told that it is away, or has a letter to sign, is told so."""
    if found.opened is not None:
        logger.info("signing provider %s answers again", found.provider)
        waiting = {position for position, each in site.lists.items() if each.counts().get("sign")}
        about = f"{notices.BACK}:{found.provider}:{found.opened.isoformat()}"
        people_notices.tell(house, site, waiting | set(found.told), about, "/", now, notices.BACK)
    found.failures, found.since, found.opened, found.answered, found.told = 0, None, None, None, ()


def _come_again(site: Site, found: Breaker, at: datetime) -> None:
    if found.opened is not None:
        args = {"provider": found.provider, "opened": found.opened.isoformat()}
        site.jobs.add(JOB, args, key=f"{JOB}:{found.provider}:{found.opened.isoformat()}:{at.isoformat()}", at=at)


def _tell_away(house: House, site: Site, found: Breaker, now: datetime) -> None:
    """Whom the flows of waiting letters name, each position once in an outage."""
    named = {each for letter in _waiting(site) for each in _named(house, site, letter, found, now)}
    new = sorted(named - set(found.told))
    if new and found.opened is not None:
        found.told = (*found.told, *new)
        about = f"{notices.AWAY}:{found.provider}:{found.opened.isoformat()}"
        people_notices.tell(house, site, new, about, "/", now, notices.AWAY)


def _waiting(site: Site) -> Iterator[Letter]:
    """The letters that wait for a signature: the lists know them, so that no other letter is woken."""
    paths = {row.path for each in site.lists.values() for row in each.page("sign", 0, each.counts()["sign"])[0]}
    for path in sorted(paths):
        try:
            letter = find(site, path)
        except KeyError:
            continue
        if isinstance(letter, Letter):
            yield letter


def _named(house: House, site: Site, letter: Letter, found: Breaker, now: datetime) -> tuple[str, ...]:
    try:
        flow = flow_of(house, site, letter)
    except SuratError:
        return ()
    state = flow.states.get(letter.state)
    wanted = state.sign.unavailable if state is not None and state.sign is not None else None
    if wanted is None or found.since is None:
        return ()
    asked = setting(house, site, letter, now)
    since = max(found.since, letter.state_since or found.since)
    if asked.calendar.after(since, wanted.after.amount, wanted.after.unit) > now:
        return ()
    return cast.of_all(wanted.notify, flow, StoredItem(house, site, letter), asked)


def _name(house: House, found: Breaker) -> str:
    provider = house.providers.get(found.provider)
    return provider.title.partition(" (")[0] if provider is not None else found.provider


def _says(house: House, found: Breaker, now: datetime, *, back: bool = False) -> str:
    since = house.local(found.since or now)
    day = "" if since.date() == house.today(now) else f"{dates.long_date(since.date())}, "
    if back:
        return f"{_name(house, found)} baru saja menjawab lagi, sesudah tidak menjawab sejak {day}{since:%H.%M}."
    return f"{_name(house, found)} tidak menjawab sejak {day}{since:%H.%M}."
