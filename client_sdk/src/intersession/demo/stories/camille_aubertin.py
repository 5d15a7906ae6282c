"""Camille: low mood in pregnancy and after the birth; the nights are long and so are the intervals between entries."""

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

CAMILLE = Story(
    name="Camille Aubertin-Roy",
    began=139,
    reason="Low and frightened in the last third of her second pregnancy; depressed after the first birth, untreated "
    "then.",
    session_hour=10,
    hour=14.4,
    phases=((118, "treatment"),),
    cancelled=(83, 76),
    introduction="One hand is enough for a line. A picture of the day, a word, a full stop.",
    trackers=(
        StoryTracker(
            "mood",
            "How was your mood?",
            ((139, 3.4), (100, 4.6), (82, 5), (70, 2.6), (50, 3.8), (20, 5.4), (0, 6.2)),
            kept=5,
        ),
        StoryTracker(
            "sleep", "Hours of sleep, all together", ((139, 6), (84, 5.5), (80, 3.2), (40, 4.4), (0, 5.6)), high=14
        ),
        StoryTracker("closeness", "How close did you feel to the baby?", ((80, 3), (50, 4.6), (0, 7.6)), kept=4),
    ),
    safety=(
        ("warning_signs", 'I ask Théo to take her because "she prefers you"', ""),
        ("on_my_own", "Put her down in the cot, close the door, drink a glass of water", ""),
        ("people_to_ask", "Théo", "ring twice, he leaves the meeting"),
        ("people_to_ask", "Maman", ""),
        ("professionals", "Midwife Odile", "mobile, until 9 p.m."),
        ("professionals", "Mother and baby unit", "number on the fridge"),
    ),
    forms=(
        StoryForm(
            "epds",
            ((139, 15), (118, 13), (97, 11), (69, 17), (55, 15), (41, 12), (20, 9), (6, 7)),
            (0.8, 0.9, 1.3, 1.2, 0.9, 1.2, 1, 1, 0.9, 0.2),
            risk="q10",
            endorsed={69: 1},
        ),
    ),
    homework=(
        StoryHomework(
            118,
            "Let somebody else do one thing a day, and do nothing meanwhile",
            why="Sitting next to the person who is doing it is not nothing.",
            rule="daily",
            until=84,
            confidence=3,
            done=((118, 3), (84, 6)),
            reported=6,
            difficulty=((118, 8), (84, 5)),
            helpful=((118, 4), (84, 6)),
            learned=("Maman folded the towels in thirds. I survived it.", "Slept."),
            barriers=(("too_hard", ""), ("felt_worse", "guilty")),
            reviews=(StoryReview(90, "keep", "Until the birth."),),
        ),
        StoryHomework(
            55,
            "Twenty minutes outside with the pram, before noon",
            rule="FREQ=WEEKLY;BYDAY=MO,WE,FR,SU",
            confidence=5,
            done=((55, 5), (0, 8.5)),
            reported=8,
            difficulty=((55, 6), (0, 2)),
            helpful=((55, 5), (0, 7.5)),
            learned=(
                "She sleeps at the second corner.",
                "Met another one with a pram. We nodded like soldiers.",
                "Rain cover is a drum. We both liked it.",
            ),
            barriers=(("too_hard", "No night."), ("no_chance", "Doctor's appointment")),
            reviews=(StoryReview(27, "keep", "Goes by itself."),),
        ),
    ),
    goals=(
        StoryGoal(
            "Be there, with her, not beside it",
            "With Lou I was beside it for a year.",
            (
                ("Tell Théo about the first year", 96),
                ("Write the night plan with Odile", 87),
                ("One bath a week, only she and I", 33),
            ),
        ),
    ),
    topics=(StoryTopic(100, "Being afraid of being afraid", 97), StoryTopic(2, "Going back to work in spring?")),
    resources=("breathing",),
    notes=(
        (
            139,
            (
                "First episode 2021, eleven months, never told anybody. High risk of recurrence; plan for the first "
                "six weeks with midwife and husband."
            ),
        ),
        (
            69,
            (
                "EPDS 17, item 10 endorsed: images of not waking up, no "
                "intent, never of harming the child. Same-day call with "
                "Odile and Théo, mother and baby unit informed."
            ),
        ),
        (20, "Below 10 for the first time since the birth."),
    ),
    seen=(
        (
            68,
            (
                "Talked on the day: thoughts of not waking up. Nobody is left alone at night this week. Odile visits "
                "daily."
            ),
        ),
        (40, "Going down."),
    ),
    quiet=((84, 79),),
    entries=(
        StoryEntry(
            136,
            "32 weeks. Lou put her ear on my stomach and said it sounds like the swimming pool.",
            5,
            ("Lou",),
            hour=13.1,
        ),
        StoryEntry(
            121,
            "I counted what I am afraid of and stopped at 14. Number 9 is that the list will be found.",
            3,
            hour=4.2,
            comment="Only three of us can read it, and none of us has ever lost a list.",
        ),
        StoryEntry(
            97,
            "Told Théo about the year after Lou. He didn't say he hadn't noticed. He said: I thought you "
            "were tired of me.",
            5,
            ("Théo",),
            hour=22.2,
        ),
        StoryEntry(
            78,
            "Inès. 3,410 g. 4:52 in the morning. 💛 Everyone is well, it says on the sheet.",
            6,
            ("Inès",),
            hour=11.5,
            comment="Welcome, Inès.",
        ),
        StoryEntry(
            71, "They all say how quiet she is. I am the one who is not quiet, only on the inside.", 2, hour=3.6
        ),
        StoryEntry(
            69,
            "I don't want to die I want to sleep until she is two",
            1,
            hour=2.9,
            comment="I read this this morning and have called "
            "you. What you write here I read in the day, "
            "not in the night: Odile and the unit are there at night.",
        ),
        StoryEntry(
            58,
            "Odile came. Odile made soup. Odile said the word depression as one says the word Tuesday.",
            3,
            hour=15.8,
        ),
        StoryEntry(46, "🌧️ pram 20 min ✔️ cried 0×", 4, hour=12.1),
        StoryEntry(
            34,
            "She smiled. It was at the lamp. I took it anyway.",
            6,
            ("Inès",),
            hour=10.4,
            comment="You stood in the light.",
        ),
        StoryEntry(
            22,
            "Bath, just the two of us. She looks at me as if I were explaining something important. I "
            "explained the taps.",
            7,
            ("Inès",),
            hour=18.9,
        ),
        StoryEntry(12, "Three hours in a row and then two 🎉 I could solve equations.", 7, hour=9.2),
        StoryEntry(3, "A bad morning, and by the afternoon it had been a bad morning.", 6, hour=16.7),
    ),
    again=("Second corner: asleep.", "Lou has drawn Inès with moustaches. Accurate 🥸", "5 h 10. In a row!"),
)
