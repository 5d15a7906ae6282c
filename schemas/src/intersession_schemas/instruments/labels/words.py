"""What a table of labels has of one instrument."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Words(Struct, frozen=True, kw_only=True):
    """The labels of one instrument in one language: `items` and `scales` in its own order.

    `risks` has, by the key of the rule, the labels of risk rules that are not those of their items.
    """

    title: str
    items: tuple[str, ...]
    scales: tuple[str, ...] = ()
    risks: Mapping[str, str] = {}
