"""A small host: a site of its own in which Intranet Surat is one branch, and all that a plugin may add."""

from __future__ import annotations

from typing import Any

import pyramid_zodbconn
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from host_app import parts
from host_app.notula import NOTULA
from intranet_surat.resources import opening
from intranet_surat.resources.folder import Folder

BRANCH = "surat"
TRANSACTIONS = {"tm.manager_hook": "pyramid_tm.explicit_manager", "retry.attempts": "10"}


def plant(connection: Any, site: Any) -> None:
    """Put the regency into the host's tree, once. The worker and the command line look for it where `put_site` does."""
    opening.put_site(connection, site)
    tree = Folder()
    tree[BRANCH] = site
    connection.root()["host"] = tree


def root(request: Request) -> Any:
    """The host's own tree."""
    return pyramid_zodbconn.get_connection(request).root()["host"]


def home(_request: Request) -> Response:
    """The host's own front page."""
    return Response("Beranda kabupaten", content_type="text/plain")


def includeme(config: Configurator) -> None:
    """Everything that this host adds to Intranet Surat."""
    config.include("intranet_surat")
    config.add_letter_kind(NOTULA)
    config.add_letter_kind(parts.PENGUMUMAN)
    config.add_workflow_directory("host_app:workflows")
    config.add_workflow_effect("cap", parts.stamp)
    config.add_workflow_effect("siarkan", parts.broadcast, "after")
    config.add_signing_provider("loket", parts.PROVIDER)
    config.add_pdf_renderer("lembar-pengumuman", parts.render)
    config.add_archive_target("depo", parts.keep)
    config.add_job("depo", parts.deliver)
    config.add_notice_channel("papan", parts.pin)
    config.add_evolution_step(parts.STEP)
    config.override_asset("intranet_surat.templates:door.jinja2", "host_app:pages/door.jinja2")


def application(settings: dict[str, str]) -> Any:
    """The host's WSGI application; ``zodbconn.uri`` is opened under the list of allowed classes."""
    config = Configurator(settings={**TRANSACTIONS, **settings}, root_factory=root)
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    pyramid_zodbconn.includeme(config, db_from_uri=opening.db_from_uri)
    config.include("host_app")
    config.add_view(home, context=Folder, physical_path="/")
    return config.make_wsgi_app()
