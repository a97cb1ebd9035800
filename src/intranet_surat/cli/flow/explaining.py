"""`surat flow explain`: why a person may not do something with a stored letter, who can, and what would change it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intranet_surat.resources.site import Site
    from intranet_surat.services.explaining import Explained
    from intranet_surat.services.org import SiteOrg
    from intranet_surat.services.reader import Reader
    from intranet_surat.workflow.view import Remedy


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("explain", help="say why somebody may not act on a letter, who can, and what first")
    parser.add_argument("letter", help="path of the letter or disposition, as in its address")
    parser.add_argument("login", help="log-in of the person asked about")
    parser.add_argument("action", nargs="?", help="one action (default: all of the flow)")
    parser.add_argument("--ini", default="development.ini", help="configuration file (default: %(default)s)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the answers; 1 when nothing is allowed. Raises CommandError for an unknown letter, person or action."""
    from intranet_surat.resources.folder import find
    from intranet_surat.resources.letter import Item
    from intranet_surat.services import explaining
    from intranet_surat.services.itemview import org_at

    raw, _ = ground.read(args.ini)
    house, now = ground.house(raw), ground.now()
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        reader = _reader(site, args.login, house.today(now))
        try:
            item = find(site, "/" + args.letter.strip("/"))
        except KeyError:
            item = None
        if not isinstance(item, Item):
            raise CommandError(f"no letter stands at {args.letter}")
        found = explaining.of_person(house, site, item, reader, now)
        if args.action is not None:
            found = tuple(each for each in found if each.told.action == args.action)
            if not found:
                raise CommandError(f"the flow of this letter has no action {args.action}")
        lines = list(_lines(found, org_at(house, site, now)))
    print("\n".join(lines))
    return 0 if any(each.told.allowed for each in found) else 1


def _reader(site: Site, login: str, today: Any) -> Reader:
    from intranet_surat.services import accounts

    person = accounts.person_by_login(site, login)
    if person is None:
        raise CommandError(f"nobody logs in as {login}")
    held = accounts.positions(site, person.id, today)
    if not held:
        raise CommandError(f"{login} holds no position today")
    return accounts.seated(site, person.id, held, held[0], today)


def _lines(found: tuple[Explained, ...], org: SiteOrg) -> Iterator[str]:
    for each in found:
        told = each.told
        if told.allowed:
            yield f"{told.action}: may be done, for {org.title(each.actor.position)}"
            continue
        yield f"{told.action}: {told.says}"
        yield from (f"  {line}" for line in _remedy(told.remedy, org))


def _remedy(remedy: Remedy | None, org: SiteOrg) -> Iterator[str]:
    if remedy is None:
        return
    if remedy.never:
        yield f"never: {remedy.never}"
    if remedy.as_:
        yield f"as: {', '.join(org.title(each) for each in remedy.as_)}"
    if remedy.at is not None:
        yield f"at: {remedy.at.isoformat()}"
    for make in remedy.make:
        if make.what == "state":
            steps = (each.get("action") or f"items of {each['track']} {each['outcome']}" for each in make.value)
            yield f"make: state {make.of} by {', '.join(steps)}"
        else:
            yield f"make: {make.what} {make.of}: {make.says}"
    if remedy.then:
        yield f"then ask again: {remedy.then}"
