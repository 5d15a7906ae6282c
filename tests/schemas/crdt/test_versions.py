"""A document as it was at some heads, whatever had been merged by then."""

from __future__ import annotations

from random import Random

import pytest
from tests.schemas.crdt.editing import actor

from intersession_schemas.crdt import Document

SEEDS = (252, *range(40))
"""At heads of the first, `fork_at` of Automerge 0.7 panics ("MissingOps")."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_copy_of_whatever_a_merged_document_was(seed: int) -> None:
    random = Random(seed)
    first = Document.new(actor(9))
    with first.edit() as edit:
        things, prose = edit.put_map("things"), edit.put_text("text", "hello")
    documents = [first.fork(actor(number)) for number in range(3)]
    was = []
    for number in range(random.randint(3, 25)):
        document = documents[random.randrange(3)]
        match random.randrange(4):
            case 0:
                document.apply(documents[random.randrange(3)].changes())
            case 1:
                with document.edit() as edit:
                    thing = edit.put_map(f"thing {number}", things)
                    edit.put_text("x", f"word {number}", thing)
                    edit.put("order", 1.5 * number, thing)
            case 2:
                with document.edit() as edit:
                    edit.rewrite(prose, f"{document.text(prose)} w{number}")
            case _ if keys := document.keys(things):
                gone = document.object(random.choice(keys), "map", things)
                assert gone is not None
                with document.edit() as edit:
                    edit.put("removed", True, gone)
        was.append((document, document.heads, sorted(document.keys(things)), document.text(prose)))
    for document, heads, keys, text in was:
        then = document.fork(actor(7), heads)
        assert (then.heads, sorted(then.keys(things)), then.text(prose)) == (heads, keys, text)
