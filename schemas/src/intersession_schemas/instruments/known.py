"""All instruments that are shipped, by key."""

from __future__ import annotations

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.definitions.anxiety.gad7 import GAD_2, GAD_7
from intersession_schemas.instruments.definitions.anxiety.oci_r import OCI_R
from intersession_schemas.instruments.definitions.anxiety.spin import SPIN
from intersession_schemas.instruments.definitions.anxiety.y_bocs import Y_BOCS
from intersession_schemas.instruments.definitions.body.ede_q import EDE_Q
from intersession_schemas.instruments.definitions.body.isi import ISI
from intersession_schemas.instruments.definitions.body.phq15 import PHQ_15
from intersession_schemas.instruments.definitions.check_in import CHECK_IN
from intersession_schemas.instruments.definitions.distress.core10 import CORE_10, YP_CORE
from intersession_schemas.instruments.definitions.distress.dass21 import DASS_21
from intersession_schemas.instruments.definitions.distress.k10 import K10_ABS, K10_US
from intersession_schemas.instruments.definitions.distress.pss10 import PSS_10
from intersession_schemas.instruments.definitions.distress.sdq import SDQ_SELF
from intersession_schemas.instruments.definitions.distress.wsas import WSAS
from intersession_schemas.instruments.definitions.mood.epds import EPDS
from intersession_schemas.instruments.definitions.mood.madrs_s import MADRS_S
from intersession_schemas.instruments.definitions.mood.phq2 import PHQ_2
from intersession_schemas.instruments.definitions.mood.phq4 import PHQ_4
from intersession_schemas.instruments.definitions.mood.phq9 import PHQ_9
from intersession_schemas.instruments.definitions.risk.cssrs import C_SSRS
from intersession_schemas.instruments.definitions.substances.audit import AUDIT, AUDIT_C
from intersession_schemas.instruments.definitions.substances.cage import CAGE
from intersession_schemas.instruments.definitions.substances.dast10 import DAST_10
from intersession_schemas.instruments.definitions.trauma.ies_r import IES_R
from intersession_schemas.instruments.definitions.trauma.itq import ITQ
from intersession_schemas.instruments.definitions.trauma.pc_ptsd5 import PC_PTSD_5
from intersession_schemas.instruments.definitions.trauma.pcl5 import PCL_5
from intersession_schemas.instruments.definitions.wellbeing.ors_srs import ORS, SRS
from intersession_schemas.instruments.definitions.wellbeing.wemwbs import SWEMWBS, WEMWBS
from intersession_schemas.instruments.definitions.wellbeing.who5 import WHO_5
from intersession_schemas.instruments.values import Instrument

INSTRUMENTS: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        PHQ_9,
        PHQ_2,
        PHQ_4,
        PHQ_15,
        GAD_7,
        GAD_2,
        WHO_5,
        WEMWBS,
        SWEMWBS,
        PCL_5,
        PC_PTSD_5,
        ITQ,
        IES_R,
        AUDIT,
        AUDIT_C,
        DAST_10,
        CAGE,
        K10_ABS,
        K10_US,
        DASS_21,
        CORE_10,
        YP_CORE,
        SDQ_SELF,
        OCI_R,
        Y_BOCS,
        SPIN,
        ISI,
        EDE_Q,
        PSS_10,
        WSAS,
        EPDS,
        MADRS_S,
        C_SSRS,
        ORS,
        SRS,
        CHECK_IN,
    )
}


def instrument(key: str) -> Instrument:
    """The shipped instrument of that key. Raises `InvalidField` when there is none."""
    found = INSTRUMENTS.get(key)
    if found is None:
        raise InvalidField(f"There is no instrument with that key. Built in: {', '.join(INSTRUMENTS)}.")
    return found
