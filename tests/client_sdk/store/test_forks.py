"""A forked child cannot touch the store that its parent has open, whatever it calls and however it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intersession import Tracker

pytestmark = pytest.mark.skipif(not hasattr(sys, "getdlopenflags"), reason="no fork on Windows")
RAW = bytes(range(32))

START = """
import gc, os, sqlite3, sys, threading, traceback
from datetime import timedelta
from uuid import uuid4
from intersession import Caseload, StoreBusy, Tracker
path = sys.argv[1]
key = bytes(range(32)) if sys.argv[2] == "encrypted" else None

def in_child(action):
    # what the child made of it: None, or its error in one line
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            action()
            said = "returned"
        except StoreBusy as error:
            said = f"refused {error.code}"
        except BaseException as error:
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    said = os.fdopen(read).read()
    os.waitpid(child, 0)
    return said
"""

CALLS = (
    START
    + """
tracker = Tracker.open(path, key=key)
entry = tracker.journal.write("before")
log = tracker.symptoms.log({"worry": 1})
goal = tracker.goals.add("to sleep")
calls = {
    "write": lambda: tracker.journal.write("x"),
    "edit": lambda: tracker.journal.edit(entry.id, text="x"),
    "get": lambda: tracker.journal.get(entry.id),
    "entries": lambda: tracker.journal.entries(),
    "search": lambda: tracker.journal.search("before"),
    "share": lambda: tracker.journal.share(entry.id),
    "withdraw": lambda: tracker.journal.withdraw(entry.id),
    "withdrawals": lambda: tracker.journal.withdrawals(),
    "log": lambda: tracker.symptoms.log({"worry": 1}),
    "series": lambda: tracker.symptoms.series("worry"),
    "homework": lambda: tracker.homework.list(),
    "assessments": lambda: tracker.assessments.start("phq-9"),
    "goals": lambda: tracker.goals.list(),
    "vault create": lambda: tracker.vault.create("a long passphrase"),
    "vault status": lambda: tracker.vault.status(),
    "plan": lambda: tracker.plan(),
    "due": lambda: tracker.due(),
    "progress": lambda: tracker.progress(),
    "comment": lambda: tracker.comment(goal.id, "x"),
    "status": lambda: tracker.status(),
    "pairing": lambda: tracker.pairing,
    "pair": lambda: tracker.pair("http://localhost:1", "ABCD-EFGH", share_by_default=True, timeout=1),
    "sync": lambda: tracker.sync(timeout=1),
    "live": lambda: tracker.live().__enter__(),
    "wait_synced": lambda: tracker.wait_synced(1),
    "on_change": lambda: tracker.on_change(print),
    "backup": lambda: tracker.backup(path + ".copy"),
    "close": lambda: tracker.close(),
    "exit": lambda: tracker.__exit__(None, None, None),
    "asyncio": lambda: __import__("asyncio").run(tracker.aio.sync(timeout=1)),
    "aio wait_synced": lambda: __import__("asyncio").run(tracker.aio.wait_synced(1)),
}
for name, call in calls.items():
    said = in_child(call)
    assert said == "refused store_forked", (name, said)
    tracker.journal.write(name)
tracker.close()
print(len(calls))
"""
)

ENDS = (
    START
    + """
import random
chance = random.Random(7)
tracker = Tracker.open(path, key=key)
kept = []
for n in range(40):
    kept.append(tracker.journal.write(f"entry {n} " + "y" * 300).id)
    child = os.fork()
    if child == 0:
        # every way a child may end, finalizers and all
        ends = n % 5
        if ends == 0:
            del tracker
            gc.collect()
            sys.exit(0)
        if ends == 1:
            with tracker:
                sys.exit(0)
        if ends == 2:
            try:
                tracker.journal.write("child " + "x" * 300)
            except StoreBusy:
                sys.exit(0)
        if ends == 3:
            tracker._replica._store = None
            tracker._replica._documents = None
            gc.collect()
            os._exit(0)
        os._exit(0)
    kept.append(tracker.journal.write(f"parent {n} " + "z" * 300).id)
    status = os.waitpid(child, 0)[1]
    assert status == 0, (n, status)
# the file is the parent's alone still
other = sqlite3.connect(path, timeout=0)
try:
    other.execute("SELECT 1 FROM sqlite_master").fetchone()
    sys.exit("no lock is left")
except sqlite3.DatabaseError:
    pass
assert {entry.id for entry in tracker.journal.entries()} == set(kept)
print(len(kept))
if sys.argv[3] == "kill":
    os.kill(os.getpid(), 9)
tracker.close()
"""
)

HELD = (
    START
    + """
tracker = Tracker.open(path, key=key)
tracker.journal.write("before")
replica = tracker._replica
held, go = threading.Event(), threading.Event()
def hold():
    with replica.reading():
        held.set()
        go.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
assert in_child(lambda: tracker.journal.entries()) == "refused store_forked"
assert in_child(lambda: tracker.close()) == "refused store_forked"
go.set()
thread.join()
# a fork in the middle of a transaction, on the thread that writes: neither the rest of it nor undoing it is done there
def within():
    with replica.writing():
        replica.store.set_meta("half", 1)
        said.append(in_child(lambda: replica.store.set_meta("child", 1)))
        said.append(in_child(lambda: replica.store._conn.execute("COMMIT")))
        said.append(in_child(lambda: replica.store._db.rollback()))
said = []
within()
assert said == ["refused store_forked"] * 3, said
pid = os.getpid()
try:
    with replica.writing():
        replica.store.set_meta("child", 1)
        if os.fork() == 0:
            raise KeyError("the block fails in the child")
except KeyError:
    sys.exit("undone in the child")
except StoreBusy:
    assert os.getpid() != pid
    os._exit(0)
os.wait()
with replica.reading() as store:
    assert (store.meta("half", int), store.meta("child", int)) == (1, 1)
tracker.close()
"""
)

OWN = (
    START
    + """
tracker = Tracker.open(path, key=key)
tracker.journal.write("the parent's")
def open_own():
    with Tracker.open(path + ".child", key=key) as own:
        own.journal.write("the child's")
        assert len(own.journal.entries()) == 1
assert in_child(open_own) == "returned"
assert in_child(lambda: Tracker.open(path, key=key)) == "refused store_forked"
tracker.journal.write("and on")
tracker.close()
def open_closed():
    with Tracker.open(path, key=key) as again:
        again.journal.write("written by a child, in turn")
assert in_child(open_closed) == "returned"
with Tracker.open(path, key=key) as again:
    assert len(again.journal.entries()) == 3

# multiprocessing's forks too, and a child of a child
import multiprocessing
forking = multiprocessing.get_context("fork")
with Tracker.open(path, key=key) as tracker:
    def write():
        try:
            tracker.journal.write("x")
        except StoreBusy:
            sys.exit(in_child(lambda: tracker.journal.write("x")) != "refused store_forked")
        sys.exit(2)
    child = forking.Process(target=write)
    child.start()
    child.join()
    assert child.exitcode == 0, child.exitcode
    tracker.journal.write("goes on")
"""
)


@pytest.fixture(params=["plain", "encrypted"])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "encrypted":
        pytest.importorskip("sqlcipher3")
    kind: str = request.param
    return kind


def run(program: str, path: Path, kind: str, *given: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: pytest has threads that a fork would leave behind."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, str(path), kind, *given]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)


def entries(path: Path, kind: str) -> list[str]:
    """What is in the store, which must be whole."""
    with Tracker.open(path, key=RAW if kind == "encrypted" else None) as tracker:
        with tracker._replica.reading() as store:
            assert store.all("PRAGMA integrity_check") == [("ok",)]
        return [entry.text for entry in tracker.journal.entries()]


def test_every_call_in_a_child_is_refused_and_the_parent_goes_on(tmp_path: Path, kind: str) -> None:
    done = run(CALLS, tmp_path / "a.db", kind)
    assert done.returncode == 0, done.stderr
    assert len(entries(tmp_path / "a.db", kind)) == 1 + int(done.stdout)
    assert not list(tmp_path.glob("*.copy"))


@pytest.mark.parametrize("end", ["close", "kill"])
def test_nothing_is_lost_however_children_end(tmp_path: Path, kind: str, end: str) -> None:
    done = run(ENDS, tmp_path / "a.db", kind, end)
    assert done.returncode == (-9 if end == "kill" else 0), done.stderr
    assert "Error" not in done.stderr
    assert len(entries(tmp_path / "a.db", kind)) == int(done.stdout or 80)


def test_a_fork_while_a_lock_is_held_or_a_transaction_is_open(tmp_path: Path, kind: str) -> None:
    done = run(HELD, tmp_path / "a.db", kind)
    assert (done.returncode, done.stderr) == (0, "")
    assert entries(tmp_path / "a.db", kind) == ["before"]


def test_a_child_may_have_a_store_of_its_own_and_the_file_when_it_is_free(tmp_path: Path, kind: str) -> None:
    done = run(OWN, tmp_path / "a.db", kind)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(entries(tmp_path / "a.db", kind)) == 4
