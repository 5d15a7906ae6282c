"""The server as a process: what it prints, whom it refuses, how it ends."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from click.testing import CliRunner, Result

from intersession_server import cli, event_log
from intersession_server.data_folder import DataFolder
from intersession_server.errors import ConfigurationError
from intersession_server.operator.commands import PeopleListed, PracticeCreated
from intersession_server.serve import listening
from intersession_server.settings import Settings, url_of
from intersession_server.sync.limits import TOLD_WITHIN

PROGRAM = [sys.executable, "-c", "from intersession_server.cli import main; main()"]
OURS = [name for name in os.environ if name.startswith("INTERSESSION_")]
CLEAN = {name: value for name, value in os.environ.items() if name not in OURS}

on_posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@contextmanager
def server(data: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its URL; killed at the end if it still runs."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--data", str(data), "--port", "0", *flags],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=CLEAN,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        select.select([process.stdout], [], [], 60)
        line = process.stdout.readline()
        assert line.startswith("Serving on "), process.communicate(timeout=10)
        yield process, line.removeprefix("Serving on ").strip()
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def _leave_logging_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "set_up", lambda *_: None)


def command(data: Path, *arguments: str) -> Result:
    """A command in this process; a server that was started is another one."""
    result = CliRunner().invoke(cli.main, [*arguments, "--data", str(data)], env=dict.fromkeys(OURS))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_command_works_alike_while_a_server_runs_and_while_none_does(tmp_path: Path) -> None:
    create = command(tmp_path, "practice", "create", "Nord", "--json")
    msgspec.json.decode(create.stdout, type=PracticeCreated)
    with server(tmp_path) as (process, url):
        assert httpx.get(f"{url}/health").json() == {"status": "ok"}
        msgspec.json.decode(command(tmp_path, "client", "invite", "Ann", "--json").stdout)
        through = command(tmp_path, "people", "--json")
        refused = command(tmp_path, "practice", "create", "Nord")
        process.terminate()
        assert process.wait(10) == 0
    directly = command(tmp_path, "people", "--json")
    refused_directly = command(tmp_path, "practice", "create", "Nord")
    assert through.stdout == directly.stdout
    assert [person.name for person in msgspec.json.decode(through.stdout, type=PeopleListed).people] == ["Ann"]
    assert (refused.exit_code, refused.stderr) == (refused_directly.exit_code, refused_directly.stderr)
    assert (refused.exit_code, refused.stdout) == (1, "")


@on_posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_exit_code_0_and_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with server(tmp_path) as (process, url), httpx.Client() as client:  # a connection that is kept open
        client.get(f"{url}/health")
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "projections.db") == [
        ".lock",
        "app.db",
        "log.db",
    ]


def test_a_second_server_on_one_folder_is_told_about_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intersession_server.serve.START_WITHIN", 0.0)
    with server(tmp_path) as (process, url):
        second = command(tmp_path, "serve", "--port", "0")
        assert (second.exit_code, second.stdout) == (1, "")
        assert f"in use by a server (process {process.pid})" in second.stderr
        assert second.stderr.count("\n") == 1
        assert httpx.get(f"{url}/health").status_code == 200


def test_after_a_kill_the_next_one_starts(tmp_path: Path) -> None:
    with server(tmp_path) as (process, _):
        process.kill()
        process.wait()
    assert (tmp_path / "operator.json").exists()
    assert command(tmp_path, "practice", "create", "Nord").exit_code == 0
    with server(tmp_path) as (_, url):
        assert httpx.get(f"{url}/health").status_code == 200
        assert DataFolder(tmp_path).door() is not None


def test_a_port_that_is_taken_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = command(tmp_path, "serve", "--port", str(port))
    assert failed.exit_code == 1
    assert failed.stderr.startswith(f"Error: Cannot listen on 127.0.0.1 port {port}: ")
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize(("name", "says"), [("app.db", "app.db"), ("log.db", "log")])
def test_a_file_that_is_not_ours_is_a_clear_error(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / name).write_bytes(b"something else " * 1000)
    failed = command(tmp_path, "serve", "--port", "0")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Error: ")
    assert "Traceback" not in failed.stderr


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command to make a certificate")
def test_https_with_a_certificate_of_our_own(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    with server(tmp_path / "data", "--tls-cert", str(certificate), "--tls-key", str(key)) as (_, url):
        assert url.startswith("https://127.0.0.1:")
        answer = httpx.get(f"{url}/health", verify=context)
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert command(tmp_path / "data", "people").exit_code == 0  # the operator's door speaks plainly, to us alone
        with pytest.raises(httpx.TransportError):
            httpx.get(url.replace("https", "http") + "/health")


def test_a_certificate_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "nonsense.pem").write_text("nonsense")
    nonsense = str(tmp_path / "nonsense.pem")
    failed = command(tmp_path / "data", "serve", "--port", "0", "--tls-cert", nonsense, "--tls-key", nonsense)
    assert (failed.exit_code, failed.stderr.count("\n")) == (1, 1)
    assert "--tls-cert" in failed.stderr


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="an option of Linux")
def test_a_peer_that_takes_nothing_is_cut_by_the_system() -> None:
    """Some seconds after the server has given up on it, which it can hear if it begins to take something."""
    with listening("127.0.0.1", 0, Settings(send_timeout_seconds=7)) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()):
            listener.setblocking(True)
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000 + 1000 * TOLD_WITHIN


def test_addresses_that_cannot_be_had_are_named() -> None:
    with pytest.raises(ConfigurationError, match="--host"), listening("no.such.host.invalid", 0, Settings()):
        pass
    with pytest.raises(ConfigurationError, match=r"192\.0\.2\.1"), listening("192.0.2.1", 0, Settings()):
        pass


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (Settings(port=81), "http://127.0.0.1:81"),
        (Settings(host="::1", port=81), "http://[::1]:81"),
        (Settings(port=81, tls_cert="c", tls_key="k"), "https://127.0.0.1:81"),
        (Settings(port=81, public_url="https://journal.example.org/"), "https://journal.example.org"),
    ],
)
def test_the_url_is_the_one_that_people_use(settings: Settings, url: str) -> None:
    assert url_of(settings) == url


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key
