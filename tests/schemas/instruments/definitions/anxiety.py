"""OCI-R, SPIN, Y-BOCS: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    Vector,
    beyond,
    digits,
    each_missing,
    each_missing_of,
    got,
    plain,
    whole,
)

# --- OCI-R ------------------------------------------------------------------------------------------------------------

OCI = "Art83/CompPsychQ, README.md: 21; subscales of three items each"
SUBSCALES = {
    "hoarding": ("q1", "q7", "q13"),
    "checking": ("q2", "q8", "q14"),
    "ordering": ("q3", "q9", "q15"),
    "neutralising": ("q4", "q10", "q16"),
    "washing": ("q5", "q11", "q17"),
    "obsessing": ("q6", "q12", "q18"),
}


def oci(text: str, why: str, total: int, parts: tuple[int, int, int, int, int, int], *cuts: str) -> Vector:
    scales = {"total": got(total, None, *cuts)}
    scales |= {key: got(score) for key, score in zip(SUBSCALES, parts, strict=True)}
    return Vector("oci-r", why, digits(text), whole(scales), OCI)


OCI_R = [
    oci("000000 000000 000000", "lowest", 0, (0, 0, 0, 0, 0, 0)),
    oci("211111 211111 111111", "below the cut-off", 20, (5, 3, 3, 3, 3, 3)),
    oci("211111 211111 211111", "at the cut-off", 21, (6, 3, 3, 3, 3, 3), "likely"),
    oci("400000 400000 400000", "hoarding alone", 12, (12, 0, 0, 0, 0, 0)),
    oci("040000 040000 040000", "checking alone", 12, (0, 12, 0, 0, 0, 0)),
    oci("004000 004000 004000", "ordering alone", 12, (0, 0, 12, 0, 0, 0)),
    oci("000400 000400 000400", "neutralising alone", 12, (0, 0, 0, 12, 0, 0)),
    oci("000040 000040 000040", "washing alone", 12, (0, 0, 0, 0, 12, 0)),
    oci("000004 000004 000004", "obsessing alone", 12, (0, 0, 0, 0, 0, 12)),
    oci("444444 444444 444444", "highest", 72, (12, 12, 12, 12, 12, 12), "likely"),
    *each_missing_of(
        "oci-r",
        digits("4" * 18),
        {
            "total": (got(72, None, "likely"), tuple(f"q{n}" for n in range(1, 19))),
            **{key: (got(12), items) for key, items in SUBSCALES.items()},
        },
    ),
    *beyond("oci-r", 18, 0, 4, OCI),
]

# --- SPIN -------------------------------------------------------------------------------------------------------------

CONNOR = "Connor 2000, second-hand: 19; ranges: Cambio CDS"
SPIN = [
    plain("spin", CONNOR, "00000 00000 00000 00", "lowest", 0, "none or little"),
    plain("spin", CONNOR, "21111 11111 11111 11", "below the cut-off", 18, "none or little"),
    plain("spin", CONNOR, "22111 11111 11111 11", "at the cut-off", 19, "none or little", "positive"),
    plain("spin", CONNOR, "22211 11111 11111 11", "upper end of none", 20, "none or little", "positive"),
    plain("spin", CONNOR, "22221 11111 11111 11", "lower end of mild", 21, "mild", "positive"),
    plain("spin", CONNOR, "22222 22222 22211 11", "upper end of mild", 30, "mild", "positive"),
    plain("spin", CONNOR, "22222 22222 22221 11", "lower end of moderate", 31, "moderate", "positive"),
    plain("spin", CONNOR, "33333 32222 22222 22", "upper end of moderate", 40, "moderate", "positive"),
    plain("spin", CONNOR, "33333 33222 22222 22", "lower end of severe", 41, "severe", "positive"),
    plain("spin", CONNOR, "33333 33333 33333 32", "upper end of severe", 50, "severe", "positive"),
    plain("spin", CONNOR, "33333 33333 33333 33", "lower end of very severe", 51, "very severe", "positive"),
    plain("spin", CONNOR, "44444 44444 44444 44", "highest", 68, "very severe", "positive"),
    *each_missing("spin", "4" * 17),
    *beyond("spin", 17, 0, 4, CONNOR),
]

# --- Y-BOCS -----------------------------------------------------------------------------------------------------------

GOODMAN = "CamCOPS ybocs.py: items 1 to 5, 6 to 10; ranges: brainphysics.com after Goodman 1989"


def y_bocs(text: str, why: str, total: int, band: str, obsessions: int, compulsions: int) -> Vector:
    scales = {"total": got(total, band), "obsessions": got(obsessions), "compulsions": got(compulsions)}
    return Vector("y-bocs", why, digits(text), whole(scales), GOODMAN)


Y_BOCS = [
    y_bocs("00000 00000", "lowest", 0, "subclinical", 0, 0),
    y_bocs("22210 00000", "upper end of subclinical", 7, "subclinical", 7, 0),
    y_bocs("22220 00000", "lower end of mild", 8, "mild", 8, 0),
    y_bocs("22222 11111", "upper end of mild", 15, "mild", 10, 5),
    y_bocs("22222 21111", "lower end of moderate", 16, "moderate", 10, 6),
    y_bocs("33322 22222", "upper end of moderate", 23, "moderate", 13, 10),
    y_bocs("33332 22222", "lower end of severe", 24, "severe", 14, 10),
    y_bocs("43333 33333", "upper end of severe", 31, "severe", 16, 15),
    y_bocs("44333 33333", "lower end of extreme", 32, "extreme", 17, 15),
    y_bocs("44444 44444", "highest", 40, "extreme", 20, 20),
    *each_missing_of(
        "y-bocs",
        digits("4" * 10),
        {
            "total": (got(40, "extreme"), tuple(f"q{n}" for n in range(1, 11))),
            "obsessions": (got(20), ("q1", "q2", "q3", "q4", "q5")),
            "compulsions": (got(20), ("q6", "q7", "q8", "q9", "q10")),
        },
    ),
    *beyond("y-bocs", 10, 0, 4, GOODMAN),
]
