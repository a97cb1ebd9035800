"""The command `surat`: one module for each subcommand; what they do lives in services and in the demo."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence

from intranet_surat.cli import (
    calendar,
    check,
    database,
    demo,
    evidence,
    evolve,
    flow,
    imports,
    jobs,
    niks,
    passwords,
    people,
    seals,
    serve,
    stand_ins,
    verify,
)
from intranet_surat.cli.ground import CommandError

COMMANDS = (
    serve, demo, database, calendar, evolve, flow, imports, jobs, people, passwords, niks, verify, evidence, seals,
    check, stand_ins,
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; answers its exit code: 0 done, 1 refused or findings, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="surat", description="Official correspondence of a regency.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    args = parser.parse_args(argv)
    # Pyramid asks pkg_resources, which is locked to a release that still has it.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    try:
        code: int = args.run(args)
    except CommandError as error:
        print(f"surat {args.command}: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return code
