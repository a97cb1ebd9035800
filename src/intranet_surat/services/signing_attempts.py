"""Attempts to sign a letter: opening one, ending it, and what becomes of those whose process died.

An attempt that is open, or whose outcome nobody knows, keeps every other from beginning. Nothing here calls a
provider, and no secret comes here.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import NotAllowed, Unknown
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.folder import find, find_if_there, new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import growth
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import OutcomeUnknown, SigningError, WrongSecret

JOB = "periksa-tanda-tangan"
STALE = timedelta(minutes=10)
"""Longer than any provider may take: an attempt still ``sending`` after it belongs to a process that died."""

DETAIL = 500
"""Longest note of what was met, in characters."""

GUESSES = 5
"""Secrets of one person that may be wrong, or not answered yet, within `PAUSE`."""
PAUSE = timedelta(minutes=15)
UNUSED = "tak-terpakai"
"""Kind of a rendition that came back signed but could not be taken into the letter: evidence, never sent."""

ABANDONED = "Dinyatakan tidak jadi oleh penanda tangan sesudah diperiksa."
STANDS = "Percobaan sebelumnya belum jelas hasilnya. Muat ulang halaman."


class MustWait(NotAllowed):
    """So many secrets of this person were wrong, or are not answered yet, that no other is sent."""


def begin(
    site: Site,
    letter: Letter,
    *,
    key: str,
    sha256: str,
    position: str,
    person: str,
    provider: str,
    now: datetime,
    guess: bool = True,
    sealed: bool = False,
) -> SignAttempt:
    """Add an attempt that is ``sending``, and its job of looking after it.

    ``guess`` says that a secret goes with it which has not proven right before. Raises NotAllowed while another
    stands, and MustWait.
    """
    for each in letter.attempts:
        if each.open or (each.state == "unknown" and each.sha256 == sha256):
            raise NotAllowed(STANDS, action="sign")
    if guess:
        demand_patience(site, person, now)
    attempt = SignAttempt(
        id=new_id(),
        key=key,
        state="sending",
        sha256=sha256,
        position=position,
        person=person,
        provider=provider,
        started=now,
        sealed=sealed,
    )
    letter.attempts.append(attempt)
    if guess and person in site.people:
        # Written before it is sent: of two that begin at once one begins again, and counts the other.
        guesser = site.people[person]
        guesser.unanswered = (*(each for each in guesser.unanswered if _late(each[1], now)), (attempt.id, now))
    site.jobs.add(JOB, {"letter": path_of(letter), "attempt": attempt.id}, key=f"{JOB}:{attempt.id}", at=now + STALE)
    return attempt


def validate(attempt: SignAttempt, sha256: str, size: int, reference: str, now: datetime) -> None:
    """Something came back and is to be judged: what, and how the provider named it. What was decided stays so."""
    if attempt.undecided:
        attempt.state = "validating"
    attempt.result = sha256
    attempt.returned_size = size
    attempt.reference = reference or attempt.reference
    attempt.answered = now


def fail(attempt: SignAttempt, error: SigningError, now: datetime) -> None:
    """End an attempt as its error tells: ``failed`` or ``unknown``. What was decided meanwhile stays so."""
    if attempt.undecided:
        end(attempt, error.ends, now, error=error.code, sentence=error.message)
    else:
        attempt.error = error.code
    attempt.reference = error.reference or attempt.reference
    attempt.detail = error.detail[:DETAIL]


def withdraw(site: Site, letter: Letter, attempt: str) -> None:
    """Nothing was sent, and nothing is to be: the attempt never was. Raises Unknown."""
    found = by_id(letter, attempt)
    letter.attempts.remove(found)
    _forget_guess(site, found)


def judged(site: Site, attempt: SignAttempt, now: datetime) -> None:
    """An answer tells of the person's secret: it was wrong, which is noted with him, or nothing is held against him.

    With him and not with the letter, for who guesses has all his letters to do it with. Of an attempt that is
    ``unknown`` no answer tells, and its secret goes on to count until `PAUSE` has passed.
    """
    if attempt.state == "unknown":
        return
    _forget_guess(site, attempt)
    if attempt.error == WrongSecret.code and attempt.person in site.people:
        person = site.people[attempt.person]
        # From when it was sent, as while it was not answered: nobody waits longer than he was told.
        person.guesses = (*_lately(person.guesses, now), attempt.started or now)


def end(attempt: SignAttempt, state: str, now: datetime, *, error: str = "", sentence: str = "") -> None:
    """End an attempt as ``done``, ``failed`` or ``unknown``."""
    attempt.state = state
    attempt.ended = now
    attempt.error = error
    attempt.sentence = sentence


def decide(attempt: SignAttempt, decision: Decision | None, sentence: str, now: datetime, decider: str = "") -> None:
    """End an attempt as ``failed`` by what was decided, or leave it so (None); its provider's error stays with it."""
    end(attempt, "failed", now, error=attempt.error, sentence=sentence)
    attempt.decision, attempt.decider = decision.value if decision is not None else "", decider


@dataclass(frozen=True, slots=True)
class Patience:
    """How many secrets were wrong lately, how many are ``unanswered``, how many more may be sent, ``until`` when none.

    While some are unanswered ``until`` is the latest that it can be.
    """

    wrong: int
    unanswered: int
    left: int
    until: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        until = self.until.isoformat() if self.until else None
        return {"wrong": self.wrong, "unanswered": self.unanswered, "left": self.left, "until": until}


def patience(site: Site, person: str, now: datetime) -> Patience:
    """What a person may still try."""
    if person not in site.people:
        return Patience(0, 0, GUESSES, None)
    found = site.people[person]
    wrong, unanswered = _lately(found.guesses, now), _lately((at for _, at in found.unanswered), now)
    counted = sorted(wrong + unanswered)
    until = counted[-GUESSES] + PAUSE if len(counted) >= GUESSES else None
    return Patience(len(wrong), len(unanswered), max(0, GUESSES - len(counted)), until)


def demand_patience(site: Site, person: str, now: datetime) -> None:
    """Raise MustWait while a person must wait because of secrets that were wrong or are not answered yet."""
    found = patience(site, person, now)
    if found.until is not None:
        minutes = math.ceil((found.until - now).total_seconds() / 60)
        if found.unanswered:  # some of the answers may never come
            says = f"{GUESSES} kali salah atau belum dijawab. Tunggu paling lama {minutes} menit"
        else:
            says = f"salah {GUESSES} kali. Tunggu {minutes} menit"
        raise MustWait(f"Frasa sandi {says}, lalu coba lagi; surat dan nomornya tetap.", action="sign")


def by_id(letter: Letter, attempt: str) -> SignAttempt:
    """The attempt with that id. Raises Unknown."""
    found = next((each for each in letter.attempts if each.id == attempt), None)
    if found is None:
        raise Unknown
    return found


def evidence(letter: Letter, attempt: SignAttempt) -> Any:
    """The signed file that is kept for an attempt of unknown outcome, or that a person ended without it; or None."""
    kept = [each for each in letter.renditions if each.kind == UNUSED and each.sha256 == attempt.result]
    return kept[-1] if kept and (attempt.state == "unknown" or attempt.given_up) else None


def list_doubts(site: Site, letter: Letter) -> None:
    """Let the list of letters with an attempt of unknown outcome tell of this one, and of whose post, or no longer."""
    where = path_of(letter)
    posts = [each.position for each in letter.attempts if each.state == "unknown"]
    if not posts:
        site.doubts.pop(where, None)
    elif site.doubts.get(where) != posts[-1]:
        site.doubts[where] = posts[-1]


def forget_evidence(letter: Letter, sha256: str) -> None:
    """The file is taken into the letter after all: it is no longer kept beside it."""
    for each in [each for each in letter.renditions if each.kind == UNUSED and each.sha256 == sha256]:
        letter.renditions.remove(each)


def by_key(letter: Letter, person: str, key: str) -> SignAttempt | None:
    """The newest attempt that this very form made."""
    mine = [each for each in letter.attempts if each.key == key and each.person == person]
    return mine[-1] if mine else None


def own(letter: Letter, person: str) -> SignAttempt | None:
    """A person's last attempt, while what it made, or else what it was to sign, is the letter's present file."""
    mine = [each for each in letter.attempts if each.person == person]
    if not mine:
        return None
    if mine[-1].state == "done":
        return mine[-1] if growth.counts(letter, mine[-1].result) else None
    newest = growth.newest(letter)
    return mine[-1] if newest is not None and newest.sha256 == mine[-1].sha256 else None


def check(_house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: an attempt that is still open long after it began becomes ``unknown``."""
    letter = find_if_there(site, str(args["letter"]))
    if letter is None:
        return
    with contextlib.suppress(Unknown):
        _give_to_a_person(site, letter, by_id(letter, str(args["attempt"])), now)


def recover(site: Site, now: datetime, *, alone: bool = False) -> int:
    """At start-up: attempts left open by a process that died become ``unknown``; answers how many.

    ``alone`` says that no other process serves this database, so that every open attempt is a dead one's.
    """
    count = 0
    for letter, attempt in _watched(site):
        if attempt.open and (alone or attempt.started is None or attempt.started + STALE <= now):
            _give_to_a_person(site, letter, attempt, now)
            count += 1
            letter.attempts._p_changed = True  # noqa: SLF001 - pages list attempts from their list
    return count


def kept_beside(attempt: SignAttempt, sha256: str, size: int, reference: str, now: datetime, says: str) -> None:
    """A signed file of an attempt is kept beside the letter; one that a person has ended says so from then on."""
    validate(attempt, sha256, size, reference, now)
    if attempt.undecided:
        end(attempt, "unknown", now, error=OutcomeUnknown.code, sentence=OutcomeUnknown.sentence)
    else:
        attempt.sentence = says


def abandon(letter: Letter, attempt: str, person: str, now: datetime) -> None:
    """A person looked and says that nothing was signed: a new attempt may begin. Raises Unknown, NotAllowed.

    Whether this person may say so, the caller asks the flow (`services.signing_doubts.give_up`).
    """
    decide(_unknown(letter, attempt), Decision.ABANDONED, ABANDONED, now, person)


def set_aside(letter: Letter, attempt: str, person: str, now: datetime, says: str) -> None:
    """A person says that the signed file of an ``unknown`` attempt is not used. Raises Unknown, NotAllowed."""
    decide(_unknown(letter, attempt), Decision.GIVEN_UP, says, now, person)


def _unknown(letter: Letter, attempt: str) -> SignAttempt:
    found = by_id(letter, attempt)
    if found.state != "unknown":
        raise NotAllowed("Percobaan ini sudah jelas hasilnya; tidak perlu dinyatakan tidak jadi.", action="sign")
    return found


def _give_to_a_person(site: Site, letter: Letter, attempt: SignAttempt, now: datetime) -> None:
    if attempt.open:
        end(attempt, "unknown", now, error=OutcomeUnknown.code, sentence=OutcomeUnknown.sentence)
        list_doubts(site, letter)


def _watched(site: Site) -> Iterator[tuple[Letter, SignAttempt]]:
    # The jobs that look after attempts are their only list: no letter is woken that has none.
    for job in list(site.jobs.pending()):
        if job.name != JOB:
            continue
        try:
            letter = find(site, str(job.args["letter"]))
            yield letter, by_id(letter, str(job.args["attempt"]))
        except (KeyError, Unknown):
            continue


def _forget_guess(site: Site, attempt: SignAttempt) -> None:
    person = site.people.get(attempt.person)
    if person is not None and any(each == attempt.id for each, _ in person.unanswered):
        person.unanswered = tuple(each for each in person.unanswered if each[0] != attempt.id)


def _lately(guesses: Iterable[datetime], now: datetime) -> list[datetime]:
    return [each for each in guesses if _late(each, now)]


def _late(guess: datetime, now: datetime) -> bool:
    return guess > now - PAUSE
