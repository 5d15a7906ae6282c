"""Elif: panic in lifts, trains and shops; what she avoids becomes less with each step she takes."""

from __future__ import annotations

from intersession.demo.telling import (
    Story,
    StoryEntry,
    StoryForm,
    StoryGoal,
    StoryHomework,
    StoryQuestion,
    StoryReview,
    StoryTopic,
    StoryTracker,
)

ELIF = Story(
    name="Elif Sahin",
    began=104,
    reason="Panic attacks since a stuck lift in the summer; takes the stairs to the sixth floor, no trains, no queues.",
    session_hour=16,
    hour=19.9,
    phases=((90, "treatment"),),
    cancelled=(48,),
    introduction="Write the number before, at the top, and on the way down. The rest if you like.",
    questions=(
        StoryQuestion("What did you not avoid today?"),
        StoryQuestion("Panic attacks today", "number", low=0, high=20),
    ),
    trackers=(
        StoryTracker(
            "panic",
            "How strong was the panic at its worst?",
            ((104, 7.4), (70, 6.4), (40, 4.2), (0, 2)),
            swing=2.2,
            kept=7,
        ),
        StoryTracker(
            "avoidance", "How much did you go out of your way?", ((104, 8.4), (80, 7.6), (40, 4), (0, 1.8)), swing=1
        ),
    ),
    safety=(
        ("warning_signs", "Cancelling everything for a whole week", ""),
        ("on_my_own", "Cold water on the wrists, count the tiles", ""),
        ("people_to_ask", "Deniz", "mobile, any time"),
    ),
    checks=((104, 6), (50, 4.4), (0, 2.4)),
    forms=(
        StoryForm("gad-7", ((104, 16), (76, 14), (55, 11), (34, 8), (13, 5)), (1.2, 0.9, 0.8, 1.0, 0.7, 0.5, 1.4)),
        StoryForm("phq-9", ((104, 9), (55, 7), (13, 4)), (0.8, 0.9, 1.1, 0.9, 0.4, 0.6, 0.9, 0.7, 0.0), risk="q9"),
    ),
    homework=(
        StoryHomework(
            90,
            template="exposure_ladder",
            rule="FREQ=WEEKLY;BYDAY=TU,TH,SA",
            confidence=5,
            done=((90, 5), (60, 7), (0, 8.8)),
            difficulty=((90, 9), (50, 6.5), (0, 3.5)),
            helpful=((90, 4), (0, 8.5)),
            learned=(
                "It goes down by itself, even if I do nothing about it.",
                "The worst part is the door closing, then it is only a box.",
                "Nobody was looking.",
                "I wanted to get out at 70 and stayed. It was 40 a minute later.",
                "Next time without the water bottle.",
            ),
            barriers=(
                ("too_hard", "Stood in front of it and went home."),
                ("no_chance", "Exam week."),
                ("felt_worse", "Slept badly, did not want to add to it."),
            ),
            reviews=(
                StoryReview(
                    69,
                    "step_down",
                    "The station hall first, without a train.",
                    "Stand in the station hall for ten minutes",
                ),
                StoryReview(
                    55,
                    "step_up",
                    "The hall is dull by now. One stop with Deniz.",
                    "One stop on the train, Deniz two carriages away",
                ),
                StoryReview(
                    27,
                    "step_up",
                    "Alone, and at half past five in the afternoon.",
                    "Lift, train and checkout alone, at busy times",
                ),
            ),
        ),
        StoryHomework(
            97,
            "Read the sheet on what a panic attack is",
            due=92,
            confidence=8,
            reported=10,
            done=((97, 10), (0, 10)),
            learned=("Adrenaline has an end. I had not known that.",),
        ),
    ),
    goals=(
        StoryGoal(
            "Go to my cousin's wedding by train",
            "Four hours. I want to be in the photographs.",
            (
                ("Lift to the second floor", 85),
                ("Lift to the sixth, alone", 51),
                ("Train, one stop", 44),
                ("Train to the sea and back", 8),
                ("Buy the ticket", None),
            ),
        ),
    ),
    topics=(StoryTopic(60, "Is it cheating to count?", 55), StoryTopic(5, "What if it happens during the ceremony")),
    resources=("breathing",),
    notes=(
        (
            104,
            (
                "First attack in July, stuck for twenty minutes. Cardiology clear. Safety behaviours: water, phone in "
                "hand, sitting near the door."
            ),
        ),
        (27, "Drops safety behaviours on her own account."),
    ),
    entries=(
        StoryEntry(
            102,
            "Sixth floor by the stairs, twice, because I forgot the charger. My legs are getting strong, that is the "
            "good news 🙃",
            4,
            ("stairs",),
        ),
        StoryEntry(
            94,
            "Attack in the supermarket, between the yoghurts and the eggs. Left the basket standing. 90. I still have "
            "no eggs.",
            2,
            ("shop",),
            comment="Thank you for the number. We will go and get the eggs.",
        ),
        StoryEntry(
            85,
            "Took the lift to the second floor. Heart racing, hands wet, and then it was simply over.",
            5,
            ("lift",),
            comment="Simply over: that is the whole lesson.",
        ),
        StoryEntry(72, "Lift again, third floor, alone. 80 before, 60 at the top, 30 on the way down.", 6, ("lift",)),
        StoryEntry(
            67,
            "Station hall. Did not go in. Bought a sesame ring outside and was angry with myself while eating it.",
            3,
            ("train",),
        ),
        StoryEntry(
            61,
            "Station hall, ten minutes. Read every departure. Somebody asked me for directions and I knew them.",
            6,
            ("train",),
        ),
        StoryEntry(
            44,
            "ONE STOP. Deniz waved through the glass like a lunatic the whole time. 85 → 50 → 20. Cried on the "
            "platform, the good kind.",
            8,
            ("train",),
            comment="I would have waved too.",
        ),
        StoryEntry(38, "Forgot to be afraid for a moment because a child kept pressing all the buttons.", 7, ("lift",)),
        StoryEntry(
            25,
            "Queue at the checkout, third in line, full trolley, no way out. 55. Breathed, counted the chewing gum. "
            "Got eggs.",
            7,
            ("shop",),
            answers={"What did you not avoid today?": "The long queue", "Panic attacks today": 0},
        ),
        StoryEntry(
            16,
            "Bad day after three good weeks. 75 in the tram out of nowhere. Stayed until my stop. Wrote this three "
            "hours later so that it would not grow.",
            4,
            ("tram",),
        ),
        StoryEntry(
            8,
            "The sea. Two hours there, two hours back. I fell asleep on the return and missed nothing.",
            9,
            ("train",),
        ),
        StoryEntry(
            2,
            "Mum asked if I am taking the car to the wedding. Said no. Said it out loud, so now it is true.",
            7,
            answers={"What did you not avoid today?": "The subject", "Panic attacks today": 0},
        ),
    ),
    again=(
        "Lift, sixth floor, with four people and a bicycle. 30.",
        "Nothing to report. Took the tram like a person.",
        "A flutter at the traffic lights, gone by the other side.",
        "Looked at dresses online instead of timetables 💃",
    ),
)
