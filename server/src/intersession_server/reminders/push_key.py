"""The key pair by which push services know this server: a file of the data folder, made when it is first needed.

A browser binds each subscription to its public half. Where the file is lost another key is made, and the apps subscribe
anew when they are next opened.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from intersession_server.errors import StorageError
from intersession_server.reminders.web_push import CURVE

FILE_NAME = "push-key.pem"


def kept(folder: Path) -> ec.EllipticCurvePrivateKey | None:
    """The key that the folder has; None for none. Raises `StorageError` where it cannot be read."""
    path = folder / FILE_NAME
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != CURVE.name:
        raise StorageError(f"{path} is not a key of this server. Restore it, or delete it to have another one made.")
    return key


def make(folder: Path) -> ec.EllipticCurvePrivateKey:
    """A new key, readable by the folder's owner alone; written whole or not at all. Raises `StorageError`."""
    key = ec.generate_private_key(CURVE)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    temporary = folder / f".push-key-{secrets.token_hex(8)}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / FILE_NAME)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise StorageError(f"{folder / FILE_NAME} cannot be written: {error.strerror}.") from error
    return key
