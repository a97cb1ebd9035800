"""The one frozen object that services need of the application: flows, kinds, effects, providers, settings.

Built once when the configuration commits (`intranet_surat.config`); pages, command line and worker share
it. It holds no stored object and no request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intranet_surat.services.lately import Lately

if TYPE_CHECKING:
    from intranet_surat.kinds.model import LetterKind
    from intranet_surat.services.flows import FlowShelf
    from intranet_surat.services.locks import Locks
    from intranet_surat.services.outbound import Outbound
    from intranet_surat.services.providers.base import SigningProvider
    from intranet_surat.services.reference import Reference
    from intranet_surat.services.timestamping import Place
    from intranet_surat.services.work import JobFunction
    from intranet_surat.workflow.view import Clock
    from intranet_surat.workflow.world import World


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """The settings that services read, typed; their names and defaults stand in `intranet_surat.settings`."""

    public_url: str
    var: Path
    timezone: str = "Asia/Jakarta"
    regency: str = "Kabupaten Serang"
    demo: bool = False
    signing_provider: str = "pkcs12"
    mail_from: str = ""
    footer: str = ""
    sealed_kinds: frozenset[str] = frozenset()
    seal_footer: str = ""
    private_key: bytes = b""
    timestamps: tuple[Place, ...] = ()
    anchors_file: Path = Path("jangkar.jsonl")

    @property
    def cache(self) -> Path:
        """Where page images are kept, by hash; may be emptied at any time."""
        return self.var / "cache"

    @property
    def incoming(self) -> Path:
        """Where uploads wait for the transaction that stores them."""
        return self.var / "unggahan"


@dataclass(frozen=True, slots=True)
class EffectCall:
    """What an effect is given: the letter, the item acted on, the act in making.

    ``form`` holds what was entered, ``facts`` collects what the effects did; it is written into the
    history beside the form.
    """

    house: House
    site: Any
    letter: Any
    item: Any
    value: Any
    options: Mapping[str, Any]
    form: Mapping[str, Any]
    position: str
    person: str
    now: datetime
    facts: dict[str, Any]


EffectFunction = Callable[[EffectCall], None]


@dataclass(frozen=True, slots=True)
class House:
    """Everything a service needs that is not stored and not asked for."""

    settings: HouseSettings
    flows: FlowShelf
    kinds: Mapping[str, LetterKind]
    effects: Mapping[str, EffectFunction]
    providers: Mapping[str, SigningProvider]
    reference: Reference
    calendars: Mapping[str, Clock]
    locks: Locks
    world: World
    jobs: Mapping[str, JobFunction]
    outbound: Outbound
    clock: Callable[[], datetime]
    roots: tuple[bytes, ...] = ()
    renderers: Mapping[str, Callable[..., bytes]] = field(default_factory=dict)
    archive_targets: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    notice_channels: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    lately: Lately = field(default_factory=Lately)

    def today(self, now: datetime) -> date:
        """The date of the regency at ``now``."""
        return self.local(now).date()

    def start_of(self, day: date) -> datetime:
        """The instant at which a day of the regency begins."""
        return datetime.combine(day, time.min, ZoneInfo(self.settings.timezone)).astimezone(UTC)

    def local(self, now: datetime) -> datetime:
        """``now`` in the time of the regency."""
        return now.astimezone(ZoneInfo(self.settings.timezone))

    def provider(self) -> SigningProvider:
        """The signing provider in use; raises KeyError when the setting names none that is registered."""
        return self.providers[self.settings.signing_provider]
