"""What the server's own parts raise. Each says what happened, whose fault it is and what to do.

    IntersessionError
    ├── StorageError       a database file cannot be opened, read or written
    ├── FolderBusy         another process holds the data folder
    ├── ConfigurationError a setting is missing, wrong or unsafe
    └── Refused            a request that was understood and is not carried out; `code` says why

No message holds content, a token, a code or a password.
"""

from __future__ import annotations

from intersession_schemas.errors import IntersessionError


class StorageError(IntersessionError):
    """A database file cannot be opened, read or written. The process goes on; the request failed."""

    code = "storage_failed"


class FolderBusy(IntersessionError):
    """Another process holds the data folder."""

    code = "folder_busy"


class ConfigurationError(IntersessionError):
    """A setting is missing, wrong or unsafe; the text names it."""

    code = "bad_setting"


class Refused(IntersessionError):
    """A request was understood and is not carried out; `retry_after` (seconds) when it is worth trying again."""

    code = "refused"

    def __init__(self, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
