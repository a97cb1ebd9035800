"""`surat seals`: letters whose seal is to come or to be decided, with the evidence; decides when a person says so."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intranet_surat.resources.attempts import SignAttempt
    from intranet_surat.resources.letter import Letter
    from intranet_surat.resources.site import Site

SHELL = "surat seals"
"""Whom the page of a letter names as the one who decided here."""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("seals", help="list seals that wait, failed or may have been made; decide about one")
    ground.ini_argument(parser)
    decision = parser.add_mutually_exclusive_group()
    decision.add_argument("--again", metavar="ID", help="no seal was made at the provider: have it sealed once more")
    decision.add_argument("--leave", metavar="ID", help="let the letter go on without a seal")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the seals; 1 when somebody must decide. Raises CommandError for an id that is not to be decided."""
    from intranet_surat.services import sealing_doubts

    raw, values = ground.read(args.ini)
    if args.again or args.leave:
        ground.refuse_root(values)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        if args.again:
            sealing_doubts.once_more(site, waiting(site, args.again), args.again, SHELL, ground.now())
        if args.leave:
            sealing_doubts.leave(site, waiting(site, args.leave), args.leave, SHELL, ground.now())
        found = list(sealing_doubts.all_of(site))
        lines = [text for letter, attempt in found for text in told(letter, attempt)]
        decide = any(sealing_doubts.undecided(letter) for letter, _ in found)
    print("\n".join(lines) or "surat seals: none waits")
    return 1 if decide else 0


def waiting(site: Site, attempt: str) -> Letter:
    """The letter whose seal with that id waits for a decision. Raises CommandError."""
    from intranet_surat.services import sealing_doubts

    for letter, _ in sealing_doubts.all_of(site):
        found = sealing_doubts.undecided(letter)
        if found is not None and found.id == attempt:
            return letter
    raise CommandError(f"no seal with the id {attempt} is to be decided; `surat seals` lists them")


def told(letter: Letter, attempt: SignAttempt) -> Iterator[str]:
    """State, id, where the letter is and since when; below it what was sent, what came back and what was met."""
    from intranet_surat.resources.folder import path

    since = f"{attempt.started:%Y-%m-%dT%H:%MZ}" if attempt.started is not None else "-"
    yield f"{attempt.state:9} {attempt.id} {path(letter)} since={since} {attempt.outcome}".rstrip()
    if attempt.size:
        yield f"          sent {attempt.size} bytes, sha256 {attempt.sha256}, to {attempt.provider}"
    if attempt.result:
        yield f"          came back {attempt.returned_size} bytes, sha256 {attempt.result}"
    if attempt.detail:
        yield f"          {attempt.detail}"
