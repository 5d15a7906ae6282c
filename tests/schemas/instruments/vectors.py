"""Answers with the scores they must have, made by hand from the published rules, not by the scoring code."""

from __future__ import annotations

from tests.schemas.instruments.definitions.anxiety import OCI_R, SPIN, Y_BOCS
from tests.schemas.instruments.definitions.distress import ABS, COHEN, DASS, DASS_21, K10, PCL5, PCL_5, PSS_10
from tests.schemas.instruments.definitions.expected import beyond
from tests.schemas.instruments.definitions.functioning import (
    AUDIT,
    AUDIT_C,
    BUSH,
    CHECK_IN,
    ISI,
    MANUAL,
    MORIN,
    MUNDT,
    OURS,
    WSAS,
)
from tests.schemas.instruments.definitions.mood import (
    COX,
    EPDS,
    GAD2,
    GAD7,
    GAD_2,
    GAD_7,
    PHQ2,
    PHQ9,
    PHQ_2,
    PHQ_9,
    WHO5,
    WHO_5,
)
from tests.schemas.instruments.definitions.risk import C_SSRS
from tests.schemas.instruments.definitions.short import CORE_10, MADRS_S, PHQ_4, PHQ_15, YP_CORE
from tests.schemas.instruments.definitions.substances import CAGE, DAST_10
from tests.schemas.instruments.definitions.trauma import IES_R, ITQ, PC_PTSD_5
from tests.schemas.instruments.definitions.wellbeing import EDE_Q, ORS, SRS, SWEMWBS, WEMWBS
from tests.schemas.instruments.definitions.young import SDQ_SELF

BEYOND = [
    *beyond("phq-9", 9, 0, 3, PHQ9),
    *beyond("phq-2", 2, 0, 3, PHQ2),
    *beyond("gad-7", 7, 0, 3, GAD7),
    *beyond("gad-2", 2, 0, 3, GAD2),
    *beyond("who-5", 5, 0, 5, WHO5),
    *beyond("pcl-5", 20, 0, 4, PCL5),
    *beyond("audit", 10, 0, 4, MANUAL),
    *beyond("audit-c", 3, 0, 4, BUSH),
    *beyond("k10-abs", 10, 1, 5, ABS),
    *beyond("k10-us", 10, 0, 4, ABS),
    *beyond("dass-21", 21, 0, 3, DASS),
    *beyond("isi", 7, 0, 4, MORIN),
    *beyond("pss-10", 10, 0, 4, COHEN),
    *beyond("wsas", 5, 0, 8, MUNDT),
    *beyond("epds", 10, 0, 3, COX),
    *beyond("check-in", 6, 0, 10, OURS),
]

VECTORS = [
    *PHQ_9, *PHQ_2, *GAD_7, *GAD_2, *WHO_5, *PCL_5, *AUDIT, *AUDIT_C, *K10, *DASS_21, *ISI, *PSS_10, *WSAS, *EPDS,
    *C_SSRS, *CHECK_IN, *BEYOND, *PHQ_4, *PHQ_15, *MADRS_S, *CORE_10, *YP_CORE, *PC_PTSD_5, *IES_R, *ITQ, *OCI_R, *SPIN,
    *Y_BOCS, *DAST_10, *CAGE, *WEMWBS, *SWEMWBS, *ORS, *SRS, *EDE_Q, *SDQ_SELF,
]  # fmt: skip
