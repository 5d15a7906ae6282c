"""All instruments that are shipped, by key."""

from __future__ import annotations

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.definitions.anxiety.gad7 import GAD_2, GAD_7
from intersession_schemas.instruments.definitions.body.isi import ISI
from intersession_schemas.instruments.definitions.check_in import CHECK_IN
from intersession_schemas.instruments.definitions.distress.dass21 import DASS_21
from intersession_schemas.instruments.definitions.distress.k10 import K10_ABS, K10_US
from intersession_schemas.instruments.definitions.distress.pss10 import PSS_10
from intersession_schemas.instruments.definitions.distress.wsas import WSAS
from intersession_schemas.instruments.definitions.mood.epds import EPDS
from intersession_schemas.instruments.definitions.mood.phq2 import PHQ_2
from intersession_schemas.instruments.definitions.mood.phq9 import PHQ_9
from intersession_schemas.instruments.definitions.risk.cssrs import C_SSRS
from intersession_schemas.instruments.definitions.substances.audit import AUDIT, AUDIT_C
from intersession_schemas.instruments.definitions.trauma.pcl5 import PCL_5
from intersession_schemas.instruments.definitions.wellbeing.who5 import WHO_5
from intersession_schemas.instruments.values import Instrument

INSTRUMENTS: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        PHQ_9,
        PHQ_2,
        GAD_7,
        GAD_2,
        WHO_5,
        PCL_5,
        AUDIT,
        AUDIT_C,
        K10_ABS,
        K10_US,
        DASS_21,
        ISI,
        PSS_10,
        WSAS,
        EPDS,
        C_SSRS,
        CHECK_IN,
    )
}


def instrument(key: str) -> Instrument:
    """The shipped instrument of that key. Raises `InvalidField` when there is none."""
    found = INSTRUMENTS.get(key)
    if found is None:
        raise InvalidField(f"There is no instrument with that key. Built in: {', '.join(INSTRUMENTS)}.")
    return found
