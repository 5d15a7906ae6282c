"""The log in memory, for simulations and tests."""

from intersession_server.log.memory.store import MemoryLogStore, Outcome

__all__ = ["MemoryLogStore", "Outcome"]
