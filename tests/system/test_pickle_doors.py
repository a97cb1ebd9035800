"""A record that names posix.system runs it through an unguarded ZODB, and through none of our doors.

Each case runs in a process of its own: doors are closed for a whole process.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = """
import sys, pathlib, transaction, ZODB, pickle
from BTrees.Length import Length
from persistent.mapping import PersistentMapping
from ZODB.FileStorage import FileStorage
from ZODB.utils import p64, z64
from ZODB.Connection import TransactionMetaData

here, guarded, door = pathlib.Path(sys.argv[1]), sys.argv[2] == "guarded", sys.argv[3]
ran = here / "ran"
call = b"cposix\\nsystem\\n(X" + len(f"touch {ran}").to_bytes(4, "little") + f"touch {ran}".encode() + b"tR."

def store(storage, oid, serial, data):
    txn = TransactionMetaData()
    storage.tpc_begin(txn)
    storage.store(oid, serial, data, "", txn)
    storage.tpc_vote(txn)
    return storage.tpc_finish(txn)

def opened():
    if guarded:
        from intranet_surat.resources.opening import open_database
        return open_database(f"file://{here}/Data.fs")
    return ZODB.DB(FileStorage(str(here / "Data.fs"), blob_dir=str(here / "Data.fs.blobs")))

db = opened()
if guarded:
    from intranet_surat.resources.lists import Counts as Resolvable
else:
    Resolvable = Length
with db.transaction() as connection:
    connection.root()["bait"] = Resolvable()
connection = db.open()
bait = connection.root()["bait"]
oid, first = bait._p_oid, bait._p_serial
connection.close()
head = pickle.dumps(Resolvable, 2)
good = head + pickle.dumps({"values": {}} if guarded else 1, 2)

if door == "load":
    store(db.storage, oid, first, head + call)
    db.cacheMinimize()
    connection = db.open(transaction.TransactionManager())
    connection.root()["bait"]._p_activate()
elif door == "meta":
    store(db.storage, oid, first, call + pickle.dumps({}, 2))
    busy = db.open(transaction.TransactionManager())  # it knows the object; the next connection does not
    db.open(transaction.TransactionManager()).get(oid)
elif door == "conflict":
    store(db.storage, oid, first, good)
    store(db.storage, oid, first, head + call)
elif door == "index":
    db.close()
    (here / "Data.fs.index").write_bytes(call)
    db = opened()
"""


def run(tmp_path: Path, guarded: bool, door: str) -> tuple[bool, str]:
    """Try a door; return whether the command ran, and what the process said at its end."""
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, str(tmp_path), "guarded" if guarded else "plain", door],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return (tmp_path / "ran").exists(), done.stderr


@pytest.mark.parametrize("door", ["load", "meta", "conflict", "index"])
def test_without_the_list_the_command_runs_so_that_this_test_can_fail(tmp_path, door):
    ran, says = run(tmp_path, False, door)
    assert ran, says


@pytest.mark.parametrize(
    ("door", "refusal"),
    [
        ("load", "posix.system, which is not on the list"),
        ("meta", "posix.system, which is not on the list"),
        ("conflict", "ConflictError"),
        ("index", ""),
    ],
)
def test_with_the_list_the_command_is_refused(tmp_path, door, refusal):
    ran, says = run(tmp_path, True, door)
    assert not ran
    assert refusal in says


def test_the_server_of_the_storage_closes_its_door_without_opening_a_database():
    program = (
        "from intranet_surat.resources import allowed; import ZODB.ConflictResolution as c\n"
        "assert c.find_global('posix', 'system').__name__ == 'system'\n"
        "allowed.close_doors()\n"
        "try: c.find_global('posix', 'system')\n"
        "except c.BadClassName: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "refused\n", done.stderr
