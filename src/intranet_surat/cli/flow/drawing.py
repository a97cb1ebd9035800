"""`surat flow draw`: a flow as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli.flow.reading import read


def add(verbs: Any) -> None:
    """Add the verb."""
    draw = verbs.add_parser("draw", help="draw a flow as SVG")
    draw.add_argument("file", type=Path)
    draw.add_argument("-o", "--output", type=Path, help="file to write (default: to the terminal)")
    draw.set_defaults(run=run_draw)


def run_draw(args: argparse.Namespace) -> int:
    """Write a drawing. Raises CommandError when the flow has findings (they are printed)."""
    from intranet_surat.workflow.draw import draw

    svg = draw(read(args.file))
    if args.output is None:
        print(svg)
    else:
        args.output.write_text(svg, encoding="utf-8")
    return 0
