"""German for bands, cut-offs, counting rules and other ways of printing a score, by their English labels."""

from __future__ import annotations

BANDS = {
    "minimal": "minimal",
    "none": "keine",
    "none or little": "keine oder wenig",
    "none or very mild": "keine oder sehr leicht",
    "normal": "unauffällig",
    "borderline": "grenzwertig",
    "abnormal": "auffällig",
    "healthy": "gesund",
    "subclinical": "unterschwellig",
    "low": "gering",
    "mild": "leicht",
    "medium": "mittel",
    "moderate": "mittel",
    "moderately severe": "mittel bis schwer",
    "moderate to severe": "mittel bis schwer",
    "high": "hoch",
    "very high": "sehr hoch",
    "severe": "schwer",
    "very severe": "sehr schwer",
    "extremely severe": "äußerst schwer",
    "extreme": "extrem",
    "zone I, low risk": "Zone I, geringes Risiko",
    "zone II, hazardous": "Zone II, riskant",
    "zone III, harmful": "Zone III, schädlich",
    "zone IV, look for dependence": "Zone IV, auf Abhängigkeit prüfen",
    "no problems reported": "keine Probleme angegeben",
    "low level": "geringes Ausmaß",
    "moderate level": "mittleres Ausmaß",
    "substantial level": "beträchtliches Ausmaß",
    "severe level": "schweres Ausmaß",
    "no clinically significant insomnia": "keine klinisch bedeutsame Schlafstörung",
    "subthreshold insomnia": "unterschwellige Schlafstörung",
    "moderate insomnia": "mittlere Schlafstörung",
    "severe insomnia": "schwere Schlafstörung",
    "below 10, as in subclinical groups": "unter 10, wie in unterschwelligen Gruppen",
    "10 to 20, significant impairment": "10 bis 20, deutliche Beeinträchtigung",
    "above 20, moderately severe or worse": "über 20, mittelschwer oder schlimmer",
}

CUT_OFFS = {
    "caseness": "Fallschwelle",
    "positive screen": "Screening auffällig",
    "positive screen for women": "Screening auffällig, für Frauen",
    "positive screen for men": "Screening auffällig, für Männer",
    "hazardous drinking": "riskantes Trinken",
    "low well-being, look for depression": "geringes Wohlbefinden, auf Depression prüfen",
    "lower end of the published range for probable PTSD (31 to 33)": "Beginn des veröffentlichten Bereichs für eine "
    "wahrscheinliche PTBS (31 bis 33)",
    "upper end of the published range for probable PTSD (31 to 33)": "Ende des veröffentlichten Bereichs für eine "
    "wahrscheinliche PTBS (31 bis 33)",
    "probable PTSD": "wahrscheinliche PTBS",
    "probable PTSD, the most sensitive cut-off": "wahrscheinliche PTBS, empfindlichster Grenzwert",
    "probable PTSD, the most efficient cut-off": "wahrscheinliche PTBS, treffsicherster Grenzwert",
    "possible depression": "mögliche Depression",
    "probable depression": "wahrscheinliche Depression",
    "case in the community": "Fall in der Bevölkerung",
    "case in primary care": "Fall in der Hausarztpraxis",
    "clinical range": "klinischer Bereich",
    "clinical range of adults": "klinischer Bereich Erwachsener",
    "look for depression": "auf Depression prüfen",
    "likely obsessive-compulsive disorder": "Zwangsstörung naheliegend",
    "below 36 cm: talk about the session": "unter 36 cm: über die Sitzung sprechen",
}

RULES = {
    "meets the counting rule of the PHQ-9 for a major depressive syndrome": "erfüllt die Zählregel des PHQ-9 für ein "
    "Major-Depression-Syndrom",
    "meets the counting rule of the PCL-5 (one B, one C, two D, two E, each at 2 or more)": "erfüllt die Zählregel der "
    "PCL-5 (ein B, ein C, zwei D, zwei E, jeweils ab 2)",
    "meets the counting rule of the PHQ-15 (three symptoms at 2)": "erfüllt die Zählregel des PHQ-15 (drei Beschwerden "
    "mit 2)",
    "meets the counting rule of the ITQ for PTSD (complex PTSD takes its place where that is met too)": "erfüllt die "
    "Zählregel des ITQ für eine PTBS (an ihrer Stelle steht die komplexe PTBS, wenn auch deren Regel erfüllt ist)",
    "meets the counting rule of the ITQ for disturbances in self-organisation": "erfüllt die Zählregel des ITQ für "
    "Störungen der Selbstorganisation",
    "meets the counting rule of the ITQ for complex PTSD": "erfüllt die Zählregel des ITQ für eine komplexe PTBS",
}

PUBLISHED = {
    "mean, 0 to 6": "Mittelwert, 0 bis 6",
    "metric score": "umgerechneter Wert",
    "centimetres, 0 to 40": "Zentimeter, 0 bis 40",
}

PHRASES = BANDS | CUT_OFFS | RULES | PUBLISHED
