"""PCL-5, K10, DASS-21, PSS-10: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    MISSING_RULE,
    Vector,
    digits,
    each_missing,
    got,
    lacking,
    plain,
    whole,
)

# --- PCL-5 ------------------------------------------------------------------------------------------------------------

PCL5 = "CamCOPS pcl5.py: clusters B 1-5, C 6-7, D 8-14, E 15-20; National Center for PTSD: 31 to 33"
CLUSTERS = {"b": range(1, 6), "c": range(6, 8), "d": range(8, 15), "e": range(15, 21)}


def pcl5(text: str, why: str, total: int, clusters: tuple[int, int, int, int], *, met: bool) -> Vector:
    cuts = [f"probable-{cut}" for cut in (31, 33) if total >= cut]
    scales = {"total": got(total, None, *cuts)}
    scales |= {f"cluster-{name}": got(score) for name, score in zip("bcde", clusters, strict=True)}
    return Vector("pcl-5", why, digits(text), whole(scales, rules={"provisional": met}), PCL5)


def pcl5_missing(n: int) -> Vector:
    """Everything at 4 but one item, which is missing: the other clusters are scored."""
    full = {"b": 20, "c": 8, "d": 28, "e": 24}
    scales = {"total": lacking(f"q{n}")}
    scales |= {f"cluster-{k}": lacking(f"q{n}") if n in CLUSTERS[k] else got(score) for k, score in full.items()}
    answers = digits("4" * 20, **{f"q{n}": None})
    return Vector(
        "pcl-5",
        f"item {n} missing",
        answers,
        whole(scales, rules={"provisional": None}, missing=(f"q{n}",)),
        MISSING_RULE,
    )


PCL_5 = [
    pcl5("00000 00 0000000 000000", "lowest", 0, (0, 0, 0, 0), met=False),
    pcl5("44444 44 4444444 444444", "highest", 80, (20, 8, 28, 24), met=True),
    pcl5("22222 22 2222222 200000", "below 31; one E only", 30, (10, 4, 14, 2), met=False),
    pcl5("32222 22 2222222 200000", "at 31", 31, (11, 4, 14, 2), met=False),
    pcl5("33222 22 2222222 200000", "between 31 and 33", 32, (12, 4, 14, 2), met=False),
    pcl5("33322 22 2222222 200000", "at 33", 33, (13, 4, 14, 2), met=False),
    pcl5("20000 20 2200000 220000", "the least that meets the rule", 12, (2, 2, 4, 4), met=True),
    pcl5("00002 02 0000022 000022", "the least, at the last item of each cluster", 12, (2, 2, 4, 4), met=True),
    pcl5("10000 20 2200000 220000", "no B at 2", 11, (1, 2, 4, 4), met=False),
    pcl5("20000 10 2200000 220000", "no C at 2", 11, (2, 1, 4, 4), met=False),
    pcl5("20000 20 2100000 220000", "one D at 2", 11, (2, 2, 3, 4), met=False),
    pcl5("20000 20 2200000 210000", "one E at 2", 11, (2, 2, 4, 3), met=False),
    pcl5("02000 20 0022000 002200", "the least, by items 2, 6, 10, 11, 17, 18", 12, (2, 2, 4, 4), met=True),
    pcl5("00200 20 2000200 220000", "the least, by items 3, 6, 8, 12, 15, 16", 12, (2, 2, 4, 4), met=True),
    pcl5("00020 20 2200000 220000", "the least, by items 4, 6, 8, 9, 15, 16", 12, (2, 2, 4, 4), met=True),
    pcl5("11111 20 2200000 220000", "every B at 1", 15, (5, 2, 4, 4), met=False),
    pcl5("20000 11 2200000 220000", "every C at 1", 12, (2, 2, 4, 4), met=False),
    pcl5("20000 20 2111111 220000", "the first D at 2, the others at 1", 16, (2, 2, 8, 4), met=False),
    pcl5("20000 20 1111112 220000", "the last D at 2, the others at 1", 16, (2, 2, 8, 4), met=False),
    pcl5("20000 20 2200000 211111", "the first E at 2, the others at 1", 15, (2, 2, 4, 7), met=False),
    pcl5("20000 20 2200000 111112", "the last E at 2, the others at 1", 15, (2, 2, 4, 7), met=False),
    *(pcl5_missing(n) for n in range(1, 21)),
]

# --- K10 --------------------------------------------------------------------------------------------------------------

ABS = "Australian Bureau of Statistics 4817.0.55.001"
K10 = [
    plain("k10-abs", ABS, "1111111111", "lowest", 10, "low"),
    plain("k10-abs", ABS, "2222211111", "upper end of low", 15, "low"),
    plain("k10-abs", ABS, "2222221111", "lower end of moderate", 16, "moderate"),
    plain("k10-abs", ABS, "3222222222", "upper end of moderate", 21, "moderate"),
    plain("k10-abs", ABS, "3322222222", "lower end of high", 22, "high"),
    plain("k10-abs", ABS, "3333333332", "upper end of high", 29, "high"),
    plain("k10-abs", ABS, "3333333333", "lower end of very high", 30, "very high"),
    plain("k10-abs", ABS, "5555555555", "highest", 50, "very high"),
    *each_missing("k10-abs", "5555555555"),
    plain("k10-us", ABS, "0000000000", "lowest", 0),
    plain("k10-us", ABS, "2222222222", "the same answers are 30 in the other scheme; no band here", 20),
    plain("k10-us", ABS, "4444444444", "highest", 40),
    *each_missing("k10-us", "4444444444"),
]

# --- DASS-21 ----------------------------------------------------------------------------------------------------------

DASS = "Lovibond & Lovibond 1995; subscales: MII"
DASS_ITEMS = {
    "depression": (3, 5, 10, 13, 16, 17, 21),
    "anxiety": (2, 4, 7, 9, 15, 19, 20),
    "stress": (1, 6, 8, 11, 12, 14, 18),
}
NORMAL = "normal"


def dass_answers(depression: str, anxiety: str, stress: str) -> dict[str, int | bool | None]:
    given = {"depression": depression, "anxiety": anxiety, "stress": stress}
    found = {n: int(d) for name, text in given.items() for n, d in zip(DASS_ITEMS[name], text, strict=True)}
    return {f"q{n}": found[n] for n in range(1, 22)}


def dass(scale: str, text: str, why: str, raw: int, score: int, band: str) -> Vector:
    """One subscale as given, the others at 0."""
    given = dict.fromkeys(DASS_ITEMS, "0000000") | {scale: text}
    scales = {name: got(0, NORMAL, raw=0) for name in DASS_ITEMS} | {scale: got(score, band, raw=raw)}
    return Vector("dass-21", f"{scale}: {why}", dass_answers(**given), whole(scales), DASS)


def dass_missing(n: int) -> Vector:
    scales = {
        name: lacking(f"q{n}") if n in items else got(42, "extremely severe", raw=21)
        for name, items in DASS_ITEMS.items()
    }
    answers = digits("3" * 21, **{f"q{n}": None})
    return Vector(
        "dass-21", f"item {n} missing: its subscale only", answers, whole(scales, missing=(f"q{n}",)), MISSING_RULE
    )


DASS_21 = [
    dass("depression", "0000000", "lowest", 0, 0, NORMAL),
    dass("depression", "1111000", "upper end of normal", 4, 8, NORMAL),
    dass("depression", "1111100", "lower end of mild", 5, 10, "mild"),
    dass("depression", "1111110", "upper end of mild", 6, 12, "mild"),
    dass("depression", "1111111", "lower end of moderate", 7, 14, "moderate"),
    dass("depression", "2221111", "upper end of moderate", 10, 20, "moderate"),
    dass("depression", "2222111", "lower end of severe", 11, 22, "severe"),
    dass("depression", "2222221", "upper end of severe", 13, 26, "severe"),
    dass("depression", "2222222", "lower end of extremely severe", 14, 28, "extremely severe"),
    dass("depression", "3333333", "highest", 21, 42, "extremely severe"),
    dass("anxiety", "1110000", "upper end of normal", 3, 6, NORMAL),
    dass("anxiety", "1111000", "mild: 8 is the only even score in 8 to 9", 4, 8, "mild"),
    dass("anxiety", "1111100", "raw 5 is 10, moderate; tables of raw sums say mild", 5, 10, "moderate"),
    dass("anxiety", "1111111", "upper end of moderate", 7, 14, "moderate"),
    dass("anxiety", "2111111", "lower end of severe", 8, 16, "severe"),
    dass("anxiety", "2211111", "upper end of severe", 9, 18, "severe"),
    dass("anxiety", "2221111", "lower end of extremely severe", 10, 20, "extremely severe"),
    dass("anxiety", "3333333", "highest", 21, 42, "extremely severe"),
    dass("stress", "1111111", "upper end of normal", 7, 14, NORMAL),
    dass("stress", "2111111", "lower end of mild", 8, 16, "mild"),
    dass("stress", "2211111", "upper end of mild", 9, 18, "mild"),
    dass("stress", "2221111", "lower end of moderate", 10, 20, "moderate"),
    dass("stress", "2222211", "upper end of moderate", 12, 24, "moderate"),
    dass("stress", "2222221", "lower end of severe", 13, 26, "severe"),
    dass("stress", "3322222", "upper end of severe", 16, 32, "severe"),
    dass("stress", "3332222", "lower end of extremely severe", 17, 34, "extremely severe"),
    dass("stress", "3333333", "highest", 21, 42, "extremely severe"),
    *(dass_missing(n) for n in range(1, 22)),
]

# --- PSS-10 -----------------------------------------------------------------------------------------------------------

COHEN = "Carnegie Mellon University; AT-PreNUDGE: items 4, 5, 7 and 8 reversed"
PSS_10 = [
    plain("pss-10", COHEN, "0004404400", "lowest", 0),
    plain("pss-10", COHEN, "4440040044", "highest", 40),
    plain("pss-10", COHEN, "0000000000", "all at 0: four reversed items count 4 each", 16),
    plain("pss-10", COHEN, "4444444444", "all at 4: six items count 4 each", 24),
    plain("pss-10", COHEN, "2222222222", "the middle stays the middle", 20),
    plain("pss-10", COHEN, "0000404400", "item 4 alone, reversed", 4),
    plain("pss-10", COHEN, "0004004400", "item 5 alone, reversed", 4),
    plain("pss-10", COHEN, "0004400400", "item 7 alone, reversed", 4),
    plain("pss-10", COHEN, "0004404000", "item 8 alone, reversed", 4),
    plain("pss-10", COHEN, "0001404400", "item 4 at 1 counts 3", 3),
    plain("pss-10", COHEN, "0004304400", "item 5 at 3 counts 1", 1),
    plain("pss-10", COHEN, "4004404400", "item 1 alone, not reversed", 4),
    plain("pss-10", COHEN, "0404404400", "item 2 alone, not reversed", 4),
    plain("pss-10", COHEN, "0044404400", "item 3 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004444400", "item 6 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004404440", "item 9 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004404404", "item 10 alone, not reversed", 4),
    *each_missing("pss-10", "4440040044"),
]
