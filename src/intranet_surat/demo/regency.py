"""Builds the demo regency: a site with offices, positions, persons and reference data; no letters, no keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from intranet_surat.demo import acting, layout
from intranet_surat.demo.layout import OfficePlan, Post
from intranet_surat.demo.names import Invented, fixed_id, invent
from intranet_surat.resources.people import Holding, Person, Position, Tie
from intranet_surat.resources.site import Office, Site, new_site
from intranet_surat.services import passwords, reference

PASSWORD = "serang-uji-coba"  # noqa: S105  known to everybody on purpose; production refuses it
SINCE = date(2025, 1, 6)


def build(now: datetime, *, small: bool = False) -> Site:
    """A new site with the whole demo regency, or with the few offices that tests use."""
    site = new_site("Surat Kabupaten Serang", "Kabupaten Serang")
    reference.shipped().store(site, now)
    plans = layout.SMALL if small else layout.ACTIVE
    for plan in plans:
        site.add(_office(plan))
    for person in people(small=small).values():
        site.people[person.id] = person
    for plan in plans:
        for post in plan.posts:
            _add_position(site, plan, post)
    acting.appoint(site, now)
    _add_inactive(site, plans, small=small)
    return site


def login(plan: OfficePlan, post: Post) -> str:
    """The log-in of the person who holds a post: position, dot, office."""
    return f"{post.code}.{plan.login or plan.code.lower()}"


def position_id(code: str, office: str) -> str:
    """The id of a demo position."""
    return fixed_id("position", f"{code}@{office}")


def person_id(name: str) -> str:
    """The id of a demo person by log-in."""
    return fixed_id("person", name)


def signatories(*, small: bool = False) -> list[Invented]:
    """The persons who sign letters and therefore get a demo key."""
    return [person for plan, post, person in _holders(small=small) if post.signs]


def people(*, small: bool = False) -> dict[str, Person]:
    """All persons by log-in, each with the demo password."""
    secret = _demo_hash()
    return {
        login(plan, post): Person(
            id=invented.id,
            name=invented.name,
            nip=invented.nip,
            rank=invented.rank,
            login=login(plan, post),
            password=secret,
            email=f"{login(plan, post)}@serangkab.example",
        )
        for plan, post, invented in _holders(small=small)
    }


@cache
def _demo_hash() -> str:
    return passwords.demo_hash(PASSWORD)


def _holders(*, small: bool) -> Iterator[tuple[OfficePlan, Post, Invented]]:
    """Every post with its holder; the order runs over the whole regency, so a small one has the same people."""
    order = 0
    kept = layout.SMALL if small else layout.ACTIVE
    for plan in layout.ACTIVE:
        for post in plan.posts:
            official = plan.kind != "desa" and post.code not in {"bupati", "wakil"}
            person = invent(login(plan, post), order, post.grade, official=official)
            order += 1
            if plan in kept and not _is_vacant(plan, post):
                yield plan, post, person


def _is_vacant(plan: OfficePlan, post: Post) -> bool:
    return (post.code, plan.code) == acting.VACANT


def _office(plan: OfficePlan) -> Office:
    return Office(
        code=plan.code,
        slug=plan.slug or plan.code.lower(),
        name=plan.name,
        short=plan.short,
        kind=plan.kind,
        parent=plan.parent,
        head=position_id(plan.posts[0].code, plan.code),
        address=plan.address or "Kawasan Pusat Pemerintahan Kabupaten Serang",
        phone="(0254) 000000",
        email=f"{plan.login or plan.code.lower()}@serangkab.example",
        site_url="serangkab.example",
        unit_code=plan.code,
        registers=dict(plan.registers),
    )


def _add_position(site: Site, plan: OfficePlan, post: Post) -> None:
    ties: tuple[Tie, ...] = ()
    if post.under:
        code, _, office = post.under.partition("@")
        ties = (Tie(position_id(code, office or plan.code), SINCE),)
    holders = () if _is_vacant(plan, post) else (Holding(person_id(login(plan, post)), SINCE),)
    made = Position(
        id=position_id(post.code, plan.code),
        code=post.code,
        title=post.title,
        office=plan.code,
        superiors=ties,
        holders=holders,
        roles=post.roles,
    )
    site.positions[made.id] = made


def _add_inactive(site: Site, plans: tuple[OfficePlan, ...], *, small: bool) -> None:
    """The other offices of the regency and villages of Kramatwatu: letters to them go by print."""
    tables = reference.shipped().tables
    wanted = [row for row in tables["opd_kab_serang"] if row["kind"] != "bagian"]
    present = {plan.code for plan in plans}
    for row in wanted[:8] if small else wanted:
        code = layout.TABLE_CODES.get(row["code"], row["code"])
        if code not in present and not (small and code in {plan.code for plan in layout.ACTIVE}):
            site.add(_inactive(code, row["name"], row["short"], row["kind"]))
    for row in tables["desa_kab_serang"]:
        slug = row["name"].lower().replace(" ", "-")
        code = f"DESA-{slug.upper()}"
        if row["kecamatan_code"] == "36.04.05" and code not in present and not small:
            name = f"Desa {row['name']}"
            site.add(_inactive(code, name, name, "desa", parent="KRAMATWATU", slug=f"kramatwatu-{slug}"))


def _inactive(
    code: str, name: str, short: str, kind: str, *, parent: str | None = None, slug: str | None = None
) -> Office:
    return Office(
        code=code,
        slug=slug or code.lower(),
        name=name,
        short=short,
        kind=kind,
        parent=parent,
        unit_code=code,
        active=False,
    )
