"""`surat flow publish|migrate|versions`: a flow comes into force, what that would move, and what is in force."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.flow.reading import text_of
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from datetime import datetime

    from intranet_surat.resources.site import Site
    from intranet_surat.services.flow_proofs import Proofs
    from intranet_surat.services.house import House
    from intranet_surat.services.migrating import Passage, Plan, Stuck
    from intranet_surat.services.reader import Reader


def add(verbs: Any) -> None:
    """Add the verbs."""
    publish = verbs.add_parser("publish", help="put a flow into force: two people, all proofs")
    _file_and_place(publish)
    publish.add_argument("--by", required=True, metavar="LOGIN", help="the designer")
    publish.add_argument("--approved-by", required=True, metavar="LOGIN", help="another person who approves")
    publish.add_argument("--why", required=True, metavar="TEXT", help="the reason, kept with the version")
    publish.set_defaults(run=run_publish)
    migrate = verbs.add_parser("migrate", help="which letters publishing a flow would move, and which it would strand")
    _file_and_ini(migrate)
    migrate.add_argument("--dry-run", action="store_true", required=True, help="required: letters move by publishing")
    migrate.set_defaults(run=run_migrate)
    versions = verbs.add_parser("versions", help="list what was published, by whom and why, and where letters are")
    _ini(versions)
    versions.set_defaults(run=run_versions)


def _file_and_place(parser: argparse.ArgumentParser) -> None:
    _file_and_ini(parser)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--office", metavar="CODE", help="the office whose flow it is")
    place.add_argument("--regency", action="store_true", help="it is meant for the whole regency")


def _file_and_ini(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    _ini(parser)


def _ini(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ini", default="development.ini", help="configuration file (default: %(default)s)")


def run_publish(args: argparse.Namespace) -> int:
    """Publish a file; answers 1, with every finding, when the proofs do not carry it. Raises CommandError."""
    from intranet_surat.errors import SuratError
    from intranet_surat.services import flow_proofs, publishing

    text = text_of(args.file)
    with _desk(args.ini) as (house, site, now):
        proofs = flow_proofs.check(house, site, text, str(args.file), args.office, now)
        if not proofs.ready:
            _tell(proofs)
            return 1
        writer, second = _reader(house, site, args.by, now), _reader(house, site, args.approved_by, now)
        try:
            done, _ = publishing.publish(
                house, site, text, str(args.file), args.office, writer, second, args.why, now, proofs
            )
        except SuratError as error:
            raise CommandError(f"nothing was published: {error.message}") from error
        _tell(proofs)
        print(f"published {done.id}@{done.version} {done.hash} for {args.office or 'the regency'}")
        if proofs.flow is not None and proofs.flow.migrate:
            print(f"the worker moves {proofs.plan.letters} letters")
    return 0


def run_migrate(args: argparse.Namespace) -> int:
    """Print what publishing would move; answers 1 when a letter would be stranded or the file has findings."""
    from intranet_surat.services import migrating
    from intranet_surat.workflow.findings import FlowError, show
    from intranet_surat.workflow.loader import load

    text = text_of(args.file)
    with _desk(args.ini) as (house, site, now):
        try:
            flow = load(text, str(args.file), house.world, house.flows.bases(site))
        except FlowError as error:
            for finding in error.findings:
                print(show(finding, {str(args.file): text}))
            return 1
        plan = migrating.plan(house, site, flow, now)
    for line in planned(plan):
        print(line)
    return 1 if plan.stranded else 0


def run_versions(args: argparse.Namespace) -> int:
    """Print every version that was published or that some letter runs."""
    from intranet_surat.services.flows import publications

    with _desk(args.ini) as (_, site, _now):
        known = {each.hash: each for each in publications(site)}
        for stored_hash, stored in sorted(site.flow_texts.items(), key=lambda pair: (pair[1].id, pair[1].version)):
            running = sum(1 for _ in site.running.of(stored_hash))
            line = f"{stored.id}@{stored.version} {stored_hash[:12]} running={running}"
            published = known.get(stored_hash)
            if published is None:
                print(f"{line} from={stored.source}")
                continue
            by, second = (site.people[each].login for each in (published.person, published.approved_person))
            where = published.place or "regency"
            print(f"{line} for={where} at={published.at:%Y-%m-%dT%H:%MZ} by={by} approved={second} why={published.why}")
    return 0


@contextmanager
def _desk(ini: str) -> Iterator[tuple[House, Site, datetime]]:
    """The house and the site in a transaction that is committed at the end. Raises CommandError."""
    raw, values = ground.read(ini)
    ground.refuse_root(values)
    house = ground.house(raw)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        yield house, ground.site_of(connection), ground.now()


def _reader(house: House, site: Site, login: str, now: datetime) -> Reader:
    from intranet_surat.services.reader import Reader

    person = site.people.login(login)
    held = site.positions.held_by(person.id, house.today(now)) if person is not None else ()
    if person is None or not person.active or not held:
        raise CommandError(f"nobody with the log-in {login} holds a position")
    positions = tuple(each.id for each in held)
    return Reader(person.id, positions, positions[0])


def _tell(proofs: Proofs) -> None:
    """Print findings and warnings with their lines, failed tests, broken promises and what resolves to nobody."""
    from intranet_surat.workflow.findings import show

    texts = {proofs.source: proofs.text}
    for finding in proofs.findings:
        print(show(finding, texts))
    for line in proofs.reasons[len(proofs.findings) :]:
        print(line)
    for finding in proofs.warnings:
        print(f"warning: {show(finding, texts)}")
    for lack in proofs.lacks:
        print(f"warning: {lack.mark.file}:{lack.mark.line}: '{lack.name}' is nobody in {lack.office}")


def planned(plan: Plan) -> Iterator[str]:
    """The plan in lines: what moves, what cannot, then every letter by its id."""
    heads = [f"{_amount(each)} in `{each.old}` -> `{each.new}`" for each in plan.moves]
    groups: dict[tuple[str | None, str, str], list[Stuck]] = {}
    for stuck in plan.stranded:
        groups.setdefault((stuck.track, stuck.state, stuck.why), []).append(stuck)
    heads += [f"{len(some)} letters in `{state}` stay: {why}" for (_, state, why), some in groups.items()]
    heads += [f"{len(plan.waiting)} letters wait for a signature and move later"] if plan.waiting else []
    heads += [f"{len(plan.lost)} letters cannot be read and stay"] if plan.lost else []
    yield "; ".join(heads) or "no letter moves"
    for each in plan.moves:
        for _, where in each.items:
            yield f"  move {where} `{each.old}` -> `{each.new}`"
    for stuck in plan.stranded:
        yield f"  stay {stuck.path} `{stuck.state}`: {stuck.mark.file}:{stuck.mark.line}: {stuck.why}"
    for stuck in plan.waiting:
        yield f"  wait {stuck.path} `{stuck.state}`: {stuck.why}"
    for stuck in plan.lost:
        yield f"  lost {stuck.path}: {stuck.why}"


def _amount(each: Passage) -> str:
    what = "letters" if each.track is None else f"items of {each.track}"
    return f"{len(each.items)} {what}"
