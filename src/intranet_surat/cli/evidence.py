"""`surat evidence`: which signed letters lack lasting proof, and by when; it tests the anchors, and publishes them."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from intranet_surat.resources.renewals import Due

WORDS = {
    "missing": "missing",
    "due": "due",
    "late": "overdue",
    "broken": "broken",
    "lost": "lost",
    "revoked": "revoked",
}


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("evidence", help="list signed letters whose lasting proof is missing, due or overdue")
    parser.add_argument(
        "words",
        nargs="*",
        metavar="[anchors | publish] [INI]",
        help="anchors tests the daily anchors instead; publish prints them as everybody may have them",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List what is not in order; 1 when somebody must do something. Raises CommandError."""
    from intranet_surat.services.evidence import anchors, checks, renewing

    what = args.words[0] if args.words[:1] in (["anchors"], ["publish"]) else ""
    rest = args.words[1:] if what else args.words
    if len(rest) > 1:
        raise CommandError("expected: surat evidence [anchors | publish] [INI]")
    raw, _ = ground.read(rest[0] if rest else "development.ini")
    house, now = ground.house(raw), ground.now()
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        if what == "publish":
            for line in anchors.public(site):
                print(line)
            return 0
        if what:
            problems = list(anchors.problems(house, site))
            last = site.anchors.last()
            told = f"the last is number {last.number} of {last.day}" if last is not None else "there is none yet"
            print("\n".join([*problems, f"surat evidence: {len(problems)} problems with the anchors; {told}"]))
            return 1 if problems else 0
        dues = [(renewing.state(each, now), each) for each in site.renewals]
        counted = Counter(state for state, _ in dues)
        print("\n".join(listed(dues, now)))
    if not house.settings.timestamps:
        print("timestamp_urls is empty: no evidence can be made")
    return 1 if counted.keys() & checks.ALARMS.keys() else 0


def listed(dues: Sequence[tuple[str, Due]], now: datetime) -> Iterator[str]:
    """One line for each letter that is not in order, what is lost first before the others, and a count."""
    open_ = sorted((each for each in dues if each[0] in WORDS), key=lambda each: (each[1].ends, each[1].letter))
    for state, due in open_:
        yield (
            f"{WORDS[state]:8} {due.letter} until={due.ends:%Y-%m-%d} next={due.at:%Y-%m-%dT%H:%MZ} "
            f"tries={due.tries} {due.problem}".rstrip()
        )
    kept = [due for state, due in dues if state == "kept"]
    soon = min((due.at for due in kept), default=None)
    after = f", next renewal {soon:%Y-%m-%d}" if soon is not None else ""
    counted = Counter(WORDS[state] for state, _ in open_)
    words = "".join(f", {number} {word}" for word, number in sorted(counted.items()))
    yield f"surat evidence: {len(dues)} letters, {len(kept)} in order{words}{after} (as of {now:%Y-%m-%d})"
