"""The plugin contract: the directives a host may call, and the House that is built from them at commit.

Each directive is a `config.action` with a discriminator: two plugins that add the same name get Pyramid's
conflict report with both file lines, and the application that includes us may override what we ship.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyramid.config import PHASE3_CONFIG, Configurator
from pyramid.path import AssetResolver

from intranet_surat.building import Parts, build
from intranet_surat.kinds.model import LetterKind
from intranet_surat.kinds.registry import SHIPPED as KINDS
from intranet_surat.resources import evolution
from intranet_surat.services.effects import SHIPPED as EFFECTS
from intranet_surat.services.house import EffectFunction
from intranet_surat.services.notices import SHIPPED as CHANNELS
from intranet_surat.services.providers.base import SigningProvider
from intranet_surat.services.work import JobFunction

WHEN = ("in", "after")

LAST = PHASE3_CONFIG + 100
"""The House is built after every directive, also those that are called after us: a directive's own order is PHASE3."""

DIRECTIVES = (
    "add_letter_kind",
    "add_workflow_directory",
    "add_workflow_effect",
    "add_signing_provider",
    "add_pdf_renderer",
    "add_archive_target",
    "add_notice_channel",
    "add_evolution_step",
    "add_job",
)
"""Every directive; `docs/plugins.md` explains each, and a test compares the two."""


def includeme(config: Configurator) -> None:
    """Add the directives, register what is shipped, and build ``registry.house`` after all of them."""
    config.registry.surat_parts = Parts()
    for name in DIRECTIVES:
        config.add_directive(name, globals()[name])
    for kind in KINDS:
        config.add_letter_kind(kind)
    for name, function in EFFECTS.items():
        config.add_workflow_effect(name, function)
    for name, channel in CHANNELS.items():
        config.add_notice_channel(name, channel)
    config.add_workflow_directory("intranet_surat.workflows:")
    config.action("intranet_surat.house", lambda: _build(config), order=LAST)


def _build(config: Configurator) -> None:
    config.registry.house = build(config.registry.settings, config.registry.surat_parts)


def _put(config: Configurator, where: str, name: str, value: Any, title: str) -> None:
    """Register ``value`` under ``name`` in one of the parts, as an action that can conflict and be overridden."""

    def register() -> None:
        getattr(config.registry.surat_parts, where)[name] = value

    introspectable = config.introspectable(f"intranet_surat {where}", name, title, where)
    config.action(("intranet_surat", where, name), register, introspectables=(introspectable,))


def add_letter_kind(config: Configurator, kind: LetterKind) -> None:
    """Add a kind of letter; its template is named in it, its flow comes from a workflow directory."""
    _put(config, "kinds", kind.id, kind, kind.title)


def add_workflow_directory(config: Configurator, asset: str) -> None:
    """Add a directory of flows (an asset such as ``my_package:workflows`` or a path); folders in it name offices.

    Raises ValueError when there is no such directory.
    """
    path = Path(AssetResolver(None).resolve(asset).abspath() if ":" in asset else asset)
    if not path.is_dir():
        raise ValueError(f"add_workflow_directory: {path} is not a directory")
    _put(config, "directories", str(path), path, asset)


def add_workflow_effect(config: Configurator, name: str, function: EffectFunction, when: str = "in") -> None:
    """Add an effect of the workflow language.

    ``in`` runs it inside the act's transaction, which may run more than once: it must touch nothing outside
    the database. ``after`` runs it as a job after the commit, at least once. Raises ValueError for another
    ``when``.
    """
    if when not in WHEN:
        raise ValueError(f"add_workflow_effect: when must be one of {WHEN}, found {when!r}")
    _put(config, "effects", name, (function, when), name)


def add_signing_provider(config: Configurator, name: str, provider: SigningProvider) -> None:
    """Add a provider of signatures; the setting ``intranet_surat.signing_provider`` chooses one by name."""
    _put(config, "providers", name, provider, name)


def add_pdf_renderer(config: Configurator, name: str, renderer: Callable[..., bytes]) -> None:
    """Add what renders the letters whose kind names this template; it is called with `RenderFacts` and ``now``."""
    _put(config, "renderers", name, renderer, name)


def add_archive_target(config: Configurator, name: str, target: Callable[..., None]) -> None:
    """Add a function that is told of each letter that is filed, inside the transaction."""
    _put(config, "archive_targets", name, target, name)


def add_notice_channel(config: Configurator, name: str, channel: Callable[..., None]) -> None:
    """Add a way to tell people that something waits for them; called by the worker."""
    _put(config, "notice_channels", name, channel, name)


def add_evolution_step(config: Configurator, step: evolution.Step) -> None:
    """Add a named step that brings an older database up to date."""
    _put(config, "evolution_steps", step.name, step, step.name)


def add_job(config: Configurator, name: str, function: JobFunction) -> None:
    """Add a job that the worker runs when ``site.jobs.add(name, ...)`` asked for it, at least once."""
    _put(config, "jobs", name, function, name)
