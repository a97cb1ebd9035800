"""`surat stand-ins`: what stands outside in real life, on loopback and with the demo's keys."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterable
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

HOST = "127.0.0.1"
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("stand-ins", help="serve the demo's time stamps, revocation answers and BSrE")
    ground.ini_argument(parser)
    parser.add_argument("--port", help=f"port to listen on (default: {ground.STAND_INS})")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; raises CommandError for a busy port, production settings, or keys that are missing."""
    _, values = ground.read(args.ini)
    if not values["demo"]:
        raise CommandError(f"{args.ini} does not say intranet_surat.demo = true; stand-ins are for a demo only")
    app = outside(values)
    if app is None:
        raise CommandError(f"{values['signing_keys']} holds no authority of the demo: make one with `surat demo`")
    port = ground.port(args) if args.port else ground.STAND_INS
    try:
        listener = _listener(app, port)
    except OSError as error:
        raise CommandError(f"cannot listen on {HOST}:{port}: {error.strerror}") from error
    print(f"surat stand-ins: serving http://{HOST}:{port} (Ctrl-C stops it)", flush=True)
    listener.run()
    return 0


def beside(values: dict[str, Any]) -> int | None:
    """Serve in a thread of this process, on another port when the usual one is taken; None without the demo's keys."""
    app = outside(values) if values["demo"] else None
    if app is None:
        return None
    try:
        listener = _listener(app, ground.STAND_INS)
    except OSError:
        listener = _listener(app, 0)
        print(f"surat: port {ground.STAND_INS} is in use; the demo's time stamps are on {listener.effective_port}")
    threading.Thread(target=listener.run, name="surat-stand-ins", daemon=True).start()
    return int(listener.effective_port)


def outside(values: dict[str, Any]) -> App | None:
    """The application, by the authority whose keys lie beside those of the people; None when there is none."""
    from intranet_surat.demo.authority import issuing, server
    from intranet_surat.demo.bsre import app as bsre

    folder = values["signing_keys"] / issuing.KEPT
    if not folder.is_dir():
        return None
    try:
        authority = issuing.kept(folder)
    except (OSError, ValueError) as error:
        raise CommandError(f"{folder} cannot be used: {error}") from error
    return bsre.beside(server.Server(authority, ground.now), bsre.make(authority, ground.now))


def _listener(app: App, port: int) -> Any:
    import waitress

    return waitress.create_server(app, host=HOST, port=port, ident="", threads=8)
