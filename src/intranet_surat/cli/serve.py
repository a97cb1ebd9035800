"""`surat serve`: the web application under waitress, on one port."""

from __future__ import annotations

import argparse
import errno
import gc
import signal
import socket
from typing import Any, NoReturn

from intranet_surat.cli import demo, ground, stand_ins
from intranet_surat.cli.ground import CommandError

YOUNG = 5000
"""So many new objects, not 700, before Python looks among them for garbage that holds itself: there is hardly any."""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="serve the pages on http://127.0.0.1:6543 (PORT=... moves it)")
    ground.ini_argument(parser)
    parser.add_argument("--demo", action="store_true", help="make the demo regency first when there is none")
    parser.add_argument("--port", help="port to listen on (default: $PORT, else 6543)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; raises CommandError for a busy port, a locked database, refused settings."""
    raw, values = ground.read(args.ini, args)
    ground.refuse_root(values)
    server = ground.section(args.ini, "server:main", args)
    host = server.get("host", "127.0.0.1")
    port = ground.port(args)
    refuse_busy(host, port)
    if args.demo:
        demo.make_if_absent(args.ini, raw, values)
    args.stand_ins = stand_ins.beside(values)
    app = make_app(args)
    seldom_collect()
    signal.signal(signal.SIGTERM, _interrupt)
    _listen(app, host, port, server, values["public_url"])
    return 0


def refuse_busy(host: str, port: int) -> None:
    """Raise CommandError when another program listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _cannot_listen(host, port, error) from error


def make_app(args: argparse.Namespace) -> Any:
    """The WSGI application of the ini file. Raises CommandError."""
    from pyramid.paster import get_app, setup_logging

    options = ground.variables(args)
    setup_logging(args.ini, options)
    with ground.refusals():
        return get_app(args.ini, "main", options=options)


def seldom_collect() -> None:
    """Look for garbage less often, and never among what is there for as long as the process lives."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def _listen(app: Any, host: str, port: int, server: dict[str, str], public_url: str) -> None:
    import waitress

    options = {key: server[key] for key in ("threads", "trusted_proxy", "trusted_proxy_headers") if key in server}
    try:
        listener = waitress.create_server(
            app,
            host=host,
            port=port,
            ident="",
            clear_untrusted_proxy_headers=True,
            max_request_body_size=1024**3,  # the limits of each place are checked while reading
            **options,
        )
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    print(f"surat: serving {public_url or f'http://{host}:{port}'} (Ctrl-C stops it)", flush=True)
    listener.run()


def _cannot_listen(host: str, port: int, error: OSError) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        free = port + 1 if port < 65535 else ground.PORT
        return CommandError(f"port {port} is in use by another program; choose another one: PORT={free} make run")
    return CommandError(f"cannot listen on {host}:{port}: {error.strerror}")


def _interrupt(*_: object) -> NoReturn:
    # waitress finishes running requests after an interrupt, and drops them after SIGTERM.
    raise KeyboardInterrupt
