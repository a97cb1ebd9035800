"""`surat flow`: what a designer of flows runs; one module for each group of verbs, listed in `GROUPS`."""

from __future__ import annotations

from typing import Any

from intranet_surat.cli.flow import checking, diffing, drawing, explaining, publishing, rehearsing, showing, telling

GROUPS = (checking, showing, drawing, publishing, telling, diffing, rehearsing, explaining)
"""Modules with ``add(verbs)``; each adds its own verbs."""


def add(commands: Any) -> None:
    """Add the command with all its verbs."""
    parser = commands.add_parser("flow", help="check, test, draw and publish workflow files")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for group in GROUPS:
        group.add(verbs)
