"""Tom: good weeks at first, then a slow slide that nobody decided. He writes little, and less of late."""

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

TOM = Story(
    name="Tom Reed",
    began=167,
    reason="Irritability and low mood after his separation; wants to be steady for his son.",
    session_hour=17,
    every=14,
    hour=22.1,
    zone="Europe/London",
    phases=((139, "treatment"),),
    missed=(27,),
    introduction="One line is plenty.",
    trackers=(
        StoryTracker(
            "irritability",
            "How short was your fuse?",
            ((167, 6.2), (130, 4.4), (90, 3), (60, 4), (25, 6.4), (0, 7.6)),
            kept=5.5,
        ),
        StoryTracker("low mood", "How low were you?", ((167, 5.8), (110, 3.4), (80, 2.6), (45, 4.8), (0, 7.2))),
        StoryTracker("drinks", "How many drinks?", ((167, 1.5), (90, 0.6), (30, 2), (0, 3.1)), high=20, swing=1.6),
    ),
    safety=(
        ("warning_signs", "Shouting in the car. Not picking Leo up.", ""),
        ("on_my_own", "Garage, vice, piece of wood", ""),
        ("people_to_ask", "Big Steve", "07 something, it is in the phone"),
    ),
    checks=((167, 6), (90, 3), (55, 4.2), (0, 7)),
    forms=(
        StoryForm(
            "phq-9",
            ((167, 14), (139, 11), (111, 8), (83, 6), (55, 8), (41, 11), (13, 16)),
            (0.9, 1.1, 1.1, 1.1, 0.7, 1.0, 0.9, 0.6, 0.2),
            risk="q9",
        ),
        StoryForm("wsas", ((167, 18), (83, 9), (13, 22)), (1, 1, 0.9, 0.7, 1.4)),
    ),
    homework=(
        StoryHomework(
            139,
            "Leave the room before the second sentence; write down what the first one was",
            why="The first sentence is usually true. The second one starts the fight.",
            rule="FREQ=WEEKLY;BYDAY=SU",
            confidence=7,
            done=((139, 8), (80, 9), (40, 4), (0, 1.5)),
            difficulty=((139, 5), (90, 3), (0, 8)),
            helpful=((139, 6), (90, 7), (0, 3)),
            learned=(
                "Left the room. Dishes still there later. World still there too.",
                "She said thank you.",
                "Walked to the end of the road and back.",
            ),
            barriers=(("felt_worse", "what is the point"), ("no_point", ""), ("forgot", "")),
            reviews=(
                StoryReview(83, "keep", "Working. He tells me so with some surprise."),
                StoryReview(
                    41,
                    "adapt",
                    "Weekly is too thin for a bad patch.",
                    'Say "I\'m going out for ten minutes" before the first sentence',
                ),
            ),
        ),
        StoryHomework(
            125,
            "Friday swim with Leo",
            rule="FREQ=WEEKLY;BYDAY=FR",
            confidence=8,
            done=((125, 9), (60, 8), (20, 3), (0, 1)),
            reported=8,
            helpful=((125, 8), (0, 6)),
            barriers=(("no_chance", "Her weekend."), ("no_point", "Couldn't face it.")),
        ),
    ),
    goals=(
        StoryGoal(
            "Leo looks forward to Fridays",
            "He stopped asking.",
            (("Swim kit stays in the boot", 120), ("No phone at the pool", 101), ("Ask him what he wants to do", None)),
        ),
    ),
    topics=(StoryTopic(30, "The solicitor's letter"), StoryTopic(12, "Not sure this is doing anything")),
    notes=(
        (83, "Doing well; considers ending. Agreed to stay fortnightly until after the hearing."),
        (41, "Hearing postponed, sleeps on the sofa, drinks again. He plays it down."),
        (13, "PHQ-9 up ten points from his best. Asked about suicidal thoughts directly: none. Offer weekly."),
    ),
    entries=(
        StoryEntry(164, "Argued about the dishes. I left the room before I said the rest, which is new.", 4, ("home",)),
        StoryEntry(150, "Flat's empty. Put the radio on in every room.", 3),
        StoryEntry(
            133,
            "Leo did a length without armbands. I was the one who needed them.",
            7,
            ("Leo",),
            comment="That one deserves a frame.",
        ),
        StoryEntry(117, "Good week. Don't want to jinx it.", 7),
        StoryEntry(98, "Laughed at work. Proper laugh. Malcolm fell off the forklift step, he's fine.", 7, ("work",)),
        StoryEntry(84, "Told the doc I might be done here. She said let's see the hearing out. Fair.", 7),
        StoryEntry(
            63,
            "Letter from her solicitor. Read it once, put it in the drawer, read it again at midnight.",
            4,
            ("hearing",),
        ),
        StoryEntry(47, "Hearing's off till January. So that's two more months of this.", 3, ("hearing",)),
        StoryEntry(
            33,
            "Snapped at Leo over a spoon. A spoon.",
            2,
            ("Leo",),
            comment="Can we talk about the spoon on Thursday? It matters that you wrote it down.",
        ),
        StoryEntry(21, "Not sleeping. Not writing much either, sorry.", 2),
        StoryEntry(6, "Didn't go Friday. Said I was ill. I wasn't ill.", 1, ("Leo",)),
    ),
    again=("Same.", "Got through work.", "Leo rang. Let it ring out. Rang back after an hour."),
    seen=((26, "Did not attend. Rang: forgot, he says. New date agreed."),),
)
