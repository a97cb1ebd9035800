"""Builds the House from settings and registered parts; used by the web application, the command line and the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intranet_surat import building_signing
from intranet_surat import settings as settings_
from intranet_surat.kinds.vocabularies import FIXED
from intranet_surat.services import (
    apart,
    breaker,
    calendars,
    deadlines,
    delivery,
    handover,
    importing,
    mail,
    migrating,
    notices,
    people_notices,
    reference,
    relisting,
    rendering,
    sealing,
    signing_attempts,
    tidying,
    timestamping,
    trials,
    unsigned,
)
from intranet_surat.services.effects import later
from intranet_surat.services.evidence import anchors, keepers, renewing
from intranet_surat.services.flows import FlowShelf, files, slips
from intranet_surat.services.house import EffectFunction, House, HouseSettings
from intranet_surat.services.locks import Locks
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.scans import comparing, recognising
from intranet_surat.services.work import JobFunction
from intranet_surat.workflow.findings import FlowError, headline
from intranet_surat.workflow.loader import load_all
from intranet_surat.workflow.world import World

log = logging.getLogger(__name__)

OPTIONS: Mapping[str, frozenset[str]] = {"pdf": frozenset({"code"})}
"""What may stand beside an effect's value."""

ARCHIVES = frozenset({"by-classification"})
SENDS = frozenset({"addressees"})
TEMPLATES = frozenset({"naskah"})


@dataclass
class Parts:
    """What the directives register, by name; filled while the configuration is made."""

    kinds: dict[str, Any] = field(default_factory=dict)
    directories: dict[str, Path] = field(default_factory=dict)
    effects: dict[str, tuple[EffectFunction, str]] = field(default_factory=dict)
    providers: dict[str, Any] = field(default_factory=dict)
    renderers: dict[str, Callable[..., bytes]] = field(default_factory=dict)
    archive_targets: dict[str, Callable[..., None]] = field(default_factory=dict)
    notice_channels: dict[str, Callable[..., None]] = field(default_factory=dict)
    evolution_steps: dict[str, Any] = field(default_factory=dict)
    jobs: dict[str, JobFunction] = field(default_factory=dict)


def now() -> datetime:
    """The clock of the running application."""
    return datetime.now(UTC)


def build(raw: Mapping[str, Any], parts: Parts) -> House:
    """Read the settings and put the House together.

    Raises SettingError for settings or kinds that cannot be used, FlowError for a flow file with findings.
    """
    values = settings_.read(raw)
    settings_.refuse_unsafe(values)
    settings_.refuse_half_signing(values)
    refuse_missing_templates(parts)
    known = reference.shipped()
    world = surroundings(parts, known)
    outbound = Outbound(destinations(values))
    return House(
        settings=house_settings(values),
        flows=FlowShelf(shelf(parts, world)),
        kinds=dict(parts.kinds),
        effects=effects(parts),
        providers=building_signing.providers(values, parts.providers, outbound, now),
        reference=known,
        calendars=known.calendars(values["timezone"]),
        locks=locks(values),
        world=world,
        jobs={
            delivery.INSIDE: delivery.arrive,
            delivery.MAIL: mail.send_letter,
            notices.JOB: notices.carry,
            people_notices.JOB: people_notices.carry,
            handover.JOB: handover.move,
            handover.JOB + apart.ALONE: handover.move_one,
            later.JOB: later.run_postponed,
            signing_attempts.JOB: signing_attempts.check,
            breaker.JOB: breaker.probe,
            sealing.JOB: sealing.put,
            unsigned.JOB: unsigned.end_of_day,
            migrating.JOB: migrating.carry_on,
            migrating.JOB + apart.ALONE: migrating.carry_one,
            trials.JOB: trials.carry,
            deadlines.JOB: deadlines.ring,
            calendars.JOB: deadlines.recount,
            calendars.JOB + apart.ALONE: deadlines.recount_one,
            relisting.JOB: relisting.carry,
            relisting.JOB + apart.ALONE: relisting.carry_one,
            tidying.JOB: tidying.tidy,
            comparing.JOB: comparing.carry,
            recognising.JOB: recognising.carry,
            renewing.JOB: renewing.carry,
            renewing.NIGHTLY: renewing.nightly,
            anchors.JOB: anchors.daily,
            anchors.OUTSIDE: anchors.outside,
            keepers.JOB: keepers.carry,
            **parts.jobs,
        },
        outbound=outbound,
        clock=now,
        roots=building_signing.roots(values),
        renderers=dict(parts.renderers),
        archive_targets=dict(parts.archive_targets),
        notice_channels=dict(parts.notice_channels),
    )


def house_settings(values: Mapping[str, Any]) -> HouseSettings:
    """The part of the settings that services read."""
    key_file = Path(values["private_key_file"]) if values["private_key_file"] else values["var"] / "kunci-data"
    return HouseSettings(
        public_url=values["public_url"],
        var=values["var"],
        timezone=values["timezone"],
        regency=values["regency"],
        demo=values["demo"],
        signing_provider=values["signing_provider"],
        mail_from=values["mail_from"],
        footer=values["footer"],
        sealed_kinds=values["sealed_kinds"],
        seal_footer=values["seal_footer"],
        private_key=key_file.read_bytes() if key_file.is_file() else b"",
        timestamps=tuple(timestamping.place(url) for url in values["timestamp_urls"]),
        anchors_file=values["anchors_file"],
    )


def refuse_missing_templates(parts: Parts) -> None:
    """Raise SettingError for a kind whose paper nobody can draw: better now than when its first letter is printed."""
    for kind in parts.kinds.values():
        if kind.template and kind.template not in parts.renderers and not rendering.has_template(kind.template):
            raise settings_.SettingError(
                f"letter kind {kind.id!r} names the template {kind.template!r}, which is neither a typst file nor a "
                "renderer that was added with add_pdf_renderer"
            )


def shelf(parts: Parts, world: World) -> list[tuple[str | None, Any]]:
    """All flows of all registered directories, each checked against the surroundings.

    Raises FlowError for the first file with findings; a file that extends another finds it in any directory.
    What is refused only of late (`workflow.check.LATER`) is told: files of an own directory were accepted before
    anybody asked for it, letters run on them, and an update must not keep everybody out. No new version takes it.
    """
    offices: dict[str, str | None] = {}
    texts: dict[str, str] = {}
    for directory in parts.directories.values():
        for office, path in files(directory):
            source = f"{directory.name}/{path.relative_to(directory)}"
            offices[source], texts[source] = office, path.read_text(encoding="utf-8")
    found = []
    for source, flow in load_all(texts, replace(world, fresh=False)).items():
        if isinstance(flow, FlowError):
            raise flow
        found.append((offices[source], flow))
    for slip in slips([flow for _, flow in found], world):
        log.warning("%s: stays in force, but is refused in a new version", headline(slip))
    return found


def surroundings(parts: Parts, known: reference.Reference) -> World:
    """What a flow may name, as plain data."""
    fields = {kind.id: kind.field_names for kind in parts.kinds.values()}
    held = {kind.id: {each.name: (each.type, each.vocabulary) for each in kind.fields} for kind in parts.kinds.values()}
    for direction in ("masuk", "keluar"):
        named = [kind.field_names for kind in parts.kinds.values() if kind.direction == direction]
        fields[direction] = frozenset.intersection(*named) if named else frozenset()
        alike = [set(held[kind.id].items()) for kind in parts.kinds.values() if kind.direction == direction]
        held[direction] = dict(set.intersection(*alike)) if alike else {}
    lists = {**FIXED, "classification": known.classifications, **known.vocabularies()}
    return World(
        fields=fields,
        effects={name: OPTIONS.get(name, frozenset()) for name in parts.effects},
        roles=frozenset(importing.ROLES),
        vocabularies=frozenset(known.vocabularies()),
        holds=held,
        words={name: frozenset(words) for name, words in lists.items()},
        calendars=frozenset(known.calendars()),
        templates=TEMPLATES,
        archives=ARCHIVES,
        sends=SENDS,
    )


def effects(parts: Parts) -> dict[str, EffectFunction]:
    """Every effect as it is called inside the act: those for afterwards only write their job there."""
    return {
        name: function if when == "in" else later.postponed(name, function)
        for name, (function, when) in parts.effects.items()
    }


def locks(values: Mapping[str, Any]) -> Locks:
    """The locks of number registers, as wide as the installation has processes."""
    if values["locks"] == "file":
        return Locks(directory=values["var"] / "kunci")
    if values["locks"] == "postgresql":
        return Locks(postgresql=values["postgresql"])
    return Locks()


def destinations(values: Mapping[str, Any]) -> list[Destination]:
    """Every place outside that the application may speak to."""
    found = []
    if values["smtp"]:
        host, port = values["smtp"]
        files = {name: Path(values[name]) if values[name] else None for name in ("smtp_password_file", "smtp_ca_file")}
        found.append(
            Destination(
                mail.DESTINATION,
                "smtp",
                host,
                port,
                tls=values["smtp_tls"],
                internal=True,
                user=values["smtp_user"],
                password_file=files["smtp_password_file"],
                ca_file=files["smtp_ca_file"],
            )
        )
    return found + building_signing.destinations(values)
