"""The chain: two logs that agree on it at a row agree on all rows before."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from intersession_server.log import chain

Content = tuple[UUID, int, UUID, str, str, bytes, UUID, UUID, int]

contents = st.tuples(
    st.uuids(),
    st.integers(1, 2**63 - 1),
    st.uuids(),
    st.sampled_from(["change", "erasure"]),
    st.text(max_size=20),
    st.binary(max_size=32),
    st.uuids(),
    st.uuids(),
    st.integers(-(2**62), 2**62),
)
histories = st.lists(contents, max_size=6)


def chain_of(history: list[Content]) -> bytes:
    chained = chain.GENESIS
    for content in history:
        chained = chain.extend(chained, *content)
    return chained


@given(histories, histories)
def test_the_chain_is_the_same_exactly_when_the_history_is(one: list[Content], other: list[Content]) -> None:
    assert (chain_of(one) == chain_of(other)) == (one == other)


@given(contents, contents, st.integers(0, 8))
def test_every_field_counts(content: Content, other: Content, changed: int) -> None:
    mixed = (*content[:changed], other[changed], *content[changed + 1 :])
    same = chain.extend(chain.GENESIS, *content) == chain.extend(chain.GENESIS, *mixed)  # type: ignore[arg-type]
    assert same == (content == mixed)


@given(st.text(max_size=9), st.binary(max_size=9), st.text(max_size=9), st.binary(max_size=9))
def test_no_byte_can_move_from_one_field_to_the_next(kind: str, hash_: bytes, kind2: str, hash2: bytes) -> None:
    nil = UUID(int=0)

    def link(kind: str, hash_: bytes) -> bytes:
        return chain.extend(chain.GENESIS, nil, 1, nil, "change", kind, hash_, nil, nil, 0)

    assert (link(kind, hash_) == link(kind2, hash2)) == ((kind, hash_) == (kind2, hash2))


def test_the_chain_of_a_row_is_fixed_for_ever() -> None:
    """Replicas keep chains for years: this value may never change."""
    ids = [UUID(int=number) for number in range(1, 5)]
    made = chain.extend(
        chain.GENESIS, ids[0], 1, ids[1], "change", "journal_entry", bytes(32), ids[2], ids[3], 1_772_440_200_000_250
    )
    assert made.hex() == "d34f61cbf0e1824c51eaf856d1d52085b73c5564b58bf95c2ad75a2426055b70"
    assert chain.on_wire(made) == made[:8]
