"""Why a server was not reached, where it is not the network: said with the right cause, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import os
import resource
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.client_sdk.conftest import Pair
from tests.client_sdk.practice import replica_of

from intersession import Tracker, Unreachable


def certificate(folder: Path) -> Path:
    """One that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    began = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + dt.timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def answering(folder: Path) -> Iterator[int]:
    """A server with that certificate; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        with context.wrap_socket(connection, server_side=True) as secure:
                            secure.recv(1)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def at(tracker: Tracker, url: str) -> None:
    """The paired store's server is at `url` now."""
    replica = replica_of(tracker)
    pairing = replica.paired()
    with replica.reading() as store, store.transaction():
        store.set_meta("pairing", {**{name: getattr(pairing, name) for name in pairing.__struct_fields__}, "url": url})


def test_a_certificate_that_is_not_trusted_is_called_so(tmp_path: Path, tracker: Tracker, pair: Pair) -> None:
    with answering(tmp_path) as port:
        with pytest.raises(Unreachable, match=r"certificate.*date.*tell the practice") as failure:
            tracker.pair(f"https://localhost:{port}", "ABCD-EFGH", share_by_default=True)
        assert failure.value.code == "untrusted_server"
        pair(tracker)
        tracker.journal.write("Waits.")
        at(tracker, f"https://localhost:{port}")
        with pytest.raises(Unreachable, match=r"certificate.*Everything you wrote is kept") as failure:
            tracker.sync(timeout=1)
        assert failure.value.code == "untrusted_server"
    told = tracker.status().last_error
    assert told is not None
    assert told.code == "untrusted_server"
    assert tracker.status().pending == 1


def test_a_name_that_nobody_knows_is_called_so(tracker: Tracker) -> None:
    with pytest.raises(Unreachable, match="name could not be found"):
        tracker.pair("https://practice.invalid", "ABCD-EFGH", share_by_default=True, timeout=10)


def test_nobody_who_listens_is_called_so(tracker: Tracker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match=r"No server answered\. Check the address"):
        tracker.pair(f"http://localhost:{port}", "ABCD-EFGH", share_by_default=True, timeout=5)


def test_too_many_open_files_are_not_the_network_s_fault(tracker: Tracker, pair: Pair) -> None:
    pair(tracker)
    tracker.journal.write("Waits.")
    with pytest.raises(Unreachable):
        tracker.sync(timeout=1)  # what is imported when it is first used is open by now
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(100)]  # every number below the last is taken
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(held) + 1, hard))
    try:
        for left in range(6):
            with pytest.raises(Unreachable) as failure:
                tracker.sync(timeout=1)
            if left < 3:  # not even a loop can be made
                assert failure.value.code == "too_many_files", failure
                assert "EMFILE" in str(failure.value)
            os.close(held.pop())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for one in held:
            os.close(one)
    assert tracker.status().pending == 1
