"""Where each child begins: gives up what it does not need, then runs one program on its standard input."""

from __future__ import annotations

import codecs
import errno
import importlib
import json
import os
import runpy
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from intranet_surat.services.child import confine

Program = Callable[[bytes, dict[str, Any], BinaryIO], dict[str, Any]]
MEMORY, OUTPUT = 71, 72
"""Exit codes that `services.children` understands."""


def main() -> int:
    """Run the program named in the order (first argument, JSON) and print its answer as JSON."""
    order = json.loads(sys.argv[1])
    confine.limit(cpu=order["cpu"], memory=order["memory"], size=order["size"])
    network = confine.isolate()
    try:
        work = _program(order["program"], is_file=order["file"])
        for encoding in ("utf-16-le", "utf-16-be", "utf-16", "latin-1", "cp1252"):
            codecs.lookup(encoding)  # Python loads each at its first use, and from here on no file can be opened
        if network.endswith("filter"):
            confine.seal()
        with os.fdopen(order["data"], "wb") as data:
            value = work(sys.stdin.buffer.read(), order["arguments"], data)
        sys.stdout.write(json.dumps({**value, "_network": network}))
        sys.stdout.flush()
    except MemoryError:
        return MEMORY
    except OSError as error:
        if error.errno != errno.EFBIG:  # the limit of size
            raise
        return OUTPUT
    return 0


def _program(name: str, *, is_file: bool) -> Program:
    if is_file:
        found: Program = runpy.run_path(name)["work"]
        return found
    module = name if "." in name else f"intranet_surat.services.child.{name}"
    program: Program = importlib.import_module(module).work
    return program


if __name__ == "__main__":
    code = main()
    os._exit(code)  # nothing of a parser that was fed hostile bytes is run again at exit
