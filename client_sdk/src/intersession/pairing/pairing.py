"""Taking a store into a practice: what redeeming a code gave is kept, and decides where what is written goes."""

from __future__ import annotations

import threading

from msgspec.structs import replace

from intersession.errors import InvalidField, PairingRefused
from intersession.inputs import checks
from intersession.models.devices import Pairing, Role
from intersession.replica.replica import Replica
from intersession.replica.sharing import plan_share_earlier, share_earlier
from intersession.sync.addresses import server_url
from intersession.sync.agent import agent
from intersession.sync.loading import loading

_OTHER_FACE = {
    "client": "This pairing code is a therapist's. Open a Caseload with it, or ask your practice for your own code.",
    "therapist": "This pairing code is a client's. Open a Tracker with it, or ask your practice for your own code.",
}


def pair(
    replica: Replica,
    url: str,
    code: str,
    *,
    role: Role,
    share_by_default: bool,
    share_earlier_too: bool,
    timeout: float,
) -> Pairing:
    """Redeem `code` and keep whose store this is. See `Tracker.pair` for what it raises."""
    if not isinstance(share_by_default, bool) or not isinstance(share_earlier_too, bool):
        raise InvalidField("share_by_default and share_earlier must be True or False.")
    checks.text("code", code)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout < threading.TIMEOUT_MAX:
        raise InvalidField("timeout must be a number of seconds above 0.")
    with loading():
        from intersession.pairing.redeeming import redeem

    replica.pairing()  # a code is used once: not for a store that cannot be used
    reply = redeem(url, code, role=role, agent=agent(), timeout=timeout)
    if reply.role != role:
        raise PairingRefused(_OTHER_FACE[role], code="wrong_role")
    pairing = Pairing(
        url=server_url(url),
        account=reply.account,
        device=reply.device,
        practice=reply.practice_name,
        role=reply.role,
        name=reply.name,
        share_by_default=share_by_default,
    )
    with replica.writing():
        before = replica.pairing()
        if before is not None and before.account != pairing.account:
            raise PairingRefused(
                "This store belongs to a different person or account than this code. Nothing was changed here. The"
                " code has been used: ask the practice for another one, and pair a new store with it. If the practice"
                " has set up a new server, bring your data with you: `intersession import store OLD` (in an app,"
                " Tracker.import_from) imports it from this store into the new one, `intersession export` writes it"
                " to files.",
                code="wrong_person",
            )
        replica.store.set_meta("pairing", pairing)
        replica.store.set_meta("token", reply.token)
        replica.note_access_ended(False)
        replica.note_error(None)
        if share_earlier_too:
            plan_share_earlier(replica.store)
    share_earlier(replica)
    return pairing


def share_by_default(replica: Replica, shared: bool) -> Pairing:
    """Keep another choice for what is written from now on. Raises `NotPaired`, `InvalidField`, `StoreFull`."""
    if not isinstance(shared, bool):
        raise InvalidField("shared must be True or False.")
    with replica.writing():
        pairing = replace(replica.paired(), share_by_default=shared)
        replica.store.set_meta("pairing", pairing)
    return pairing
