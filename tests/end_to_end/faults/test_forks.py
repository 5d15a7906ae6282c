"""A device that forks while it is connected: no child reaches its parent's loop or socket, however it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import CLEAN, ServerProcess

pytestmark = pytest.mark.skipif(not hasattr(sys, "getdlopenflags"), reason="no fork on Windows")

PROGRAM = """
import atexit, gc, multiprocessing, os, socket, subprocess, sys, threading
from intersession import StoreBusy, Tracker
from intersession.sync import attempts

path, url, second_code = sys.argv[1:4]
dialled = []
connect = attempts.connect
attempts.connect = lambda *given, **named: dialled.append(given) or connect(*given, **named)
tracker = Tracker.open(path)
alive = tracker.live()
alive.__enter__()
assert tracker.wait_synced(30)

def refused(*calls):
    for call in calls:
        try:
            call()
        except StoreBusy as error:
            assert error.code == "store_forked", error
        else:
            return False
    return True

def calls():
    sys.exit(not refused(
        lambda: tracker.journal.write("x"), lambda: tracker.sync(timeout=1), lambda: tracker.wait_synced(1),
        lambda: tracker.status(), lambda: tracker.live().__enter__(), lambda: tracker.close(),
    ))

def leaves_live():
    alive.__exit__(None, None, None)
    sys.exit(0)

def leaves_with():
    with tracker:
        sys.exit(0)

def closes_at_exit():
    atexit.register(lambda: refused(tracker.close))
    sys.exit(0)

def collects():
    run, tracker._connected = tracker._connected._runner, None
    run._attempts.socket = run._attempts.inbox = None
    run._loop = run._task = run._attempts = run._selector = None
    del run
    gc.collect()
    sys.exit(0)

def as_finalizers_do():
    # what closing a loop and dropping a connection do: to the parent's own, were they not replaced
    run = tracker._connected._runner
    connection = run._attempts.socket
    for one in [connection.transport.get_extra_info("socket"), run._loop._csock]:
        os.write(one.fileno(), b"from a child")
    for number in list(run._selector.get_map()):
        run._selector.unregister(number)
    connection.transport.abort()
    sys.exit(0)

def goes_on_forking():
    if os.fork() == 0:
        calls()
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))

for end in (calls, leaves_live, leaves_with, closes_at_exit, collects, as_finalizers_do, goes_on_forking):
    tracker.journal.write("before")
    child = os.fork()
    if child == 0:
        end()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    tracker.journal.write("after")
    assert (status, tracker.wait_synced(20), len(dialled)) == (0, True, 1), (end.__name__, status, len(dialled))

# a fork on the thread of the network itself, by a listener whose child returns from it
children = []
def forking(change):
    if not children and threading.current_thread().name == "intersession-live":
        children.append(os.fork())
heard = threading.Event()
ends = [tracker.on_change(forking), tracker.on_change(lambda change: change.source == "sync" and heard.set())]
with Tracker.open(path + ".other") as other:
    other.pair(url, second_code, share_by_default=True)
    other.journal.write("from the other device")
    assert other.sync().complete
assert heard.wait(20)
assert os.waitpid(children[0], 0)[0] == children[0]
tracker.journal.write("after it")
assert tracker.wait_synced(20)
assert len(dialled) == 2, dialled  # and the other device's
for end in ends:
    end()

# what multiprocessing and subprocess start
def forked(tracker):
    sys.exit(not refused(lambda: tracker.journal.write("x")))
process = multiprocessing.get_context("fork").Process(target=forked, args=(tracker,))
process.start()
process.join()
assert process.exitcode == 0, process.exitcode
for method in ("spawn", "forkserver"):
    try:
        multiprocessing.get_context(method).Process(target=print, args=(tracker,)).start()
    except TypeError as error:
        assert "belongs to the process" in str(error), error
    else:
        sys.exit("was sent to another process")
done = subprocess.run([sys.executable, "-c", ""], preexec_fn=lambda: refused(tracker.close) or os._exit(5))
assert done.returncode == 0, done
# a child that lives on does not keep the connection open
lasting = os.fork()
if lasting == 0:
    sys.stdin.readline()
    os._exit(0)
tracker.journal.write("at last")
assert tracker.wait_synced(20)
assert len(dialled) == 2
alive.__exit__(None, None, None)
wrote = len(tracker.journal.entries())
tracker.close()
with Tracker.open(path) as again:
    assert len(again.journal.entries()) == wrote == 17, wrote
    assert again.sync().complete
print("ended", flush=True)
"""


def test_no_child_reaches_the_connection(server: ServerProcess, practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Mara")
    with practice.tracker(tmp_path / "a.db", client):
        pass
    second = practice.invite_client(client.person)
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path / "a.db"), server.url, second]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280, env=CLEAN, input="\n")
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stdout + done.stderr[-3000:]
