"""Jonas: depressed since he lost his work, and better step by step over seven months. He writes in German, briefly."""

from __future__ import annotations

from intersession.demo.telling import (
    Story,
    StoryEntry,
    StoryForm,
    StoryGoal,
    StoryHomework,
    StoryReview,
    StoryTopic,
    StoryTracker,
)

JONAS = Story(
    name="Jonas Brandt",
    began=211,
    reason="Low and withdrawn since he lost his work in the spring. Second episode; the first was at 24.",
    session_hour=14,
    hour=20.4,
    phases=((190, "treatment"), (22, "follow_up")),
    missed=(155,),
    cancelled=(92,),
    introduction="Schreiben Sie, wenn etwas anders war, als Sie erwartet hatten.",
    trackers=(
        StoryTracker(
            "Stimmung", "Wie war Ihre Stimmung heute?", ((211, 2.2), (160, 2.8), (120, 4), (60, 5.6), (0, 6.8)), kept=6
        ),
        StoryTracker("Antrieb", "Wie viel Antrieb hatten Sie?", ((211, 1.6), (140, 2.6), (60, 5), (0, 6.2))),
    ),
    safety=(
        ("warning_signs", "Zwei Tage nicht aus dem Bett, Briefe ungeöffnet", ""),
        ("on_my_own", "Zum Fluss gehen, auch im Regen", ""),
        ("people_and_places", "Die Werkstatt von Karl", ""),
        ("people_to_ask", "Karl", "klingeln, er ist immer da"),
        ("professionals", "Notaufnahme der Klinik am Park", ""),
    ),
    checks=((211, 7.8), (150, 6.8), (90, 5), (0, 2.6)),
    checks_every=14,
    forms=(
        StoryForm(
            "phq-9",
            ((211, 19), (183, 18), (162, 17), (134, 14), (106, 12), (78, 9), (50, 7), (22, 5), (8, 4)),
            (1.2, 1.2, 0.9, 1.2, 0.6, 1.1, 0.8, 0.4, 0.3),
            risk="q9",
            endorsed={211: 1, 183: 1},
        ),
        StoryForm("wsas", ((211, 27), (106, 17), (22, 9)), (0.6, 1.0, 1.1, 0.9, 1.2)),
    ),
    homework=(
        StoryHomework(
            190,
            template="behavioural_activation",
            rule="FREQ=WEEKLY;BYDAY=MO,WE,FR",
            confidence=3,
            done=((190, 3), (150, 5), (100, 7), (0, 8.4)),
            difficulty=((190, 8), (0, 3)),
            helpful=((190, 3), (100, 6), (0, 7.5)),
            learned=(
                "Danach war es nicht so grau wie davor.",
                "Zehn Minuten reichen.",
                "Ich muss nicht wollen, um anzufangen.",
                "Mit Karl geht es leichter.",
            ),
            barriers=(
                ("too_hard", "Nicht hochgekommen."),
                ("no_point", ""),
                ("felt_worse", "Unter Leuten war es schlimmer."),
            ),
            reviews=(
                StoryReview(
                    162,
                    "step_down",
                    "Zehn Minuten statt einer Stunde.",
                    "Zehn Minuten nach draußen, zu einer festen Zeit",
                ),
                StoryReview(
                    106,
                    "step_up",
                    "Zehn Minuten sind kein Thema mehr.",
                    "Dreimal in der Woche etwas mit jemandem zusammen",
                ),
                StoryReview(36, "keep", "Läuft. So lassen bis zum neuen Jahr."),
            ),
        ),
        StoryHomework(
            64,
            "Eine Bewerbung abschicken",
            due=50,
            confidence=5,
            reported=10,
            done=((64, 10), (0, 10)),
            learned=("Das Anschreiben war in einer Stunde fertig.",),
        ),
        StoryHomework(
            29,
            "Den Brief vom Amt öffnen und beantworten",
            due=23,
            confidence=7,
            reported=10,
            done=((64, 10), (0, 10)),
            learned=("Es war eine Bestätigung. Drei Wochen Angst wegen einer Bestätigung.",),
        ),
    ),
    goals=(
        StoryGoal(
            "Wieder unter Menschen sein",
            "Weil ich sonst nur noch mich höre.",
            (
                ("Karl in der Werkstatt besuchen", 141),
                ("Am Sonntag jemanden anrufen", 88),
                ("Zum Chor gehen, einmal zuhören", 30),
            ),
            reached=12,
        ),
        StoryGoal("Arbeit, die ich aushalte", "", (("Zwei Bewerbungen im Monat", None), ("Mit dem Berater reden", 57))),
    ),
    topics=(StoryTopic(170, "Ob das jetzt immer so bleibt", 162), StoryTopic(2, "Angst vor dem ersten Arbeitstag")),
    notes=(
        (
            211,
            (
                "Erste Episode mit 24, zwei Monate Klinik. Passive Todeswünsche, keine Absicht, keinen Plan; "
                "Sicherheitsplan gemeinsam geschrieben."
            ),
        ),
        (22, "Erhaltungsphase. Frühwarnzeichen besprochen, Karl darf anrufen."),
    ),
    seen=(
        (210, "Item 9 besprochen: Gedanken, keine Absicht. Sicherheitsplan liegt vor."),
        (182, "Unverändert, erneut besprochen."),
        (120, "Durchgesehen."),
    ),
    entries=(
        StoryEntry(208, "Bis mittags gelegen. Niemanden angerufen.", 1),
        StoryEntry(197, "Nichts.", 1, comment="Danke, dass Sie es trotzdem geschickt haben."),
        StoryEntry(
            181, "Zehn Minuten draußen, wie abgemacht. Es hat geregnet. Ich bin trotzdem gegangen.", 2, ("draußen",)
        ),
        StoryEntry(
            166, "Den ganzen Tag gedacht: Das machen andere mit links. Dann den Abwasch gemacht. Mit rechts.", 3
        ),
        StoryEntry(149, "Karl hat gefragt, ob ich ihm die Bretter halte. Zwei Stunden Bretter gehalten.", 4, ("Karl",)),
        StoryEntry(131, "Gekocht. Am Tisch gegessen, nicht auf dem Sofa.", 4),
        StoryEntry(112, "Schlechter Tag, aber nur ein Tag. Am nächsten Morgen war er vorbei.", 3, about=1),
        StoryEntry(
            95,
            "Zwei Spaziergänge diese Woche. Immer noch grau, aber weniger wie Beton.",
            5,
            ("draußen",),
            comment="Das Bild merke ich mir.",
        ),
        StoryEntry(
            71, "Im Bus gelacht, über ein Kind, das seiner Mutter das Busfahren erklärt hat. Danach erschrocken.", 6
        ),
        StoryEntry(49, "Bewerbung ist raus. Finger waren kalt.", 6, ("Arbeit",)),
        StoryEntry(
            30,
            "Im Chor hinten gesessen. Die Altistin vor mir hat falsch gesungen und es hat niemanden gestört.",
            7,
            ("Menschen",),
        ),
        StoryEntry(15, "Absage. Geärgert, nicht zusammengebrochen. Das ist neu.", 5, ("Arbeit",)),
        StoryEntry(
            3,
            "Zusage für Probearbeiten, Montag in zwei Wochen, 7 Uhr. Karl hat gesagt, dann muss ich ja früh ins Bett.",
            8,
            ("Arbeit",),
            comment="Herzlichen Glückwunsch. Bringen Sie die Angst am Dienstag mit.",
        ),
    ),
    again=(
        "Kurz: war draußen.",
        "Mit Karl telefoniert. Er hat geredet, ich habe Kartoffeln geschält.",
        "Heute nichts Besonderes, und das ist in Ordnung.",
        "Wecker auf sechs gestellt, zur Probe.",
    ),
)
