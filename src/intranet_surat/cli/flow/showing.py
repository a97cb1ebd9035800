"""`surat flow show|schema`: a flow whole, on demand with the place of each value; the schema for editors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli.flow.reading import Library, read, text_of


def add(verbs: Any) -> None:
    """Add both verbs."""
    show = verbs.add_parser("show", help="print a flow whole, with what its base says")
    show.add_argument("file", type=Path)
    show.add_argument("--origins", action="store_true", help="add the file and the line that each value comes from")
    show.set_defaults(run=run_show)
    schema = verbs.add_parser("schema", help="print the JSON Schema of the language, for editors")
    schema.set_defaults(run=run_schema)


def run_show(args: argparse.Namespace) -> int:
    """Print the resolved flow. Raises CommandError when the file has findings (they are printed)."""
    from intranet_surat.workflow.loader import resolved
    from intranet_surat.workflow.printing import text_of as printed
    from intranet_surat.workflow.printing import with_origins

    read(args.file)
    tree = resolved(text_of(args.file), str(args.file), Library([args.file]).base)
    print((with_origins if args.origins else printed)(tree), end="")
    return 0


def run_schema(_args: argparse.Namespace) -> int:
    """Print the schema."""
    from intranet_surat.workflow.schema import page

    print(page(), end="")
    return 0
