"""Ravi: social anxiety; homework hardly ever done. He stopped logging three weeks ago, and nobody knows why yet."""

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

RAVI = Story(
    name="Ravi Deshpande",
    began=92,
    reason="Avoids seminars and the canteen; close to dropping his degree. Came because his tutor booked the "
    "appointment.",
    session_hour=15,
    hour=23.2,
    phases=((78, "treatment"),),
    missed=(64, 15, 8),
    cancelled=(43,),
    introduction="Anything counts, also a list of words.",
    trackers=(
        StoryTracker("dread", "How much dread was there today?", ((92, 7), (50, 6.2), (21, 7.4)), kept=5),
        StoryTracker("talked to people", "How many people did you talk to?", ((92, 1), (50, 2.4), (21, 0.8)), high=20),
    ),
    checks=((92, 6), (50, 5), (21, 6.8)),
    forms=(StoryForm("gad-7", ((92, 13), (71, 12), (50, 10), (29, 12)), (1.1, 1, 1, 1, 0.4, 0.4, 0.9)),),
    homework=(
        StoryHomework(
            78,
            "Ask one question in a seminar, any question",
            rule="FREQ=WEEKLY;BYDAY=MO,TH",
            confidence=3,
            done=((78, 1.5), (21, 0.8)),
            reported=6,
            difficulty=((78, 9), (0, 9)),
            helpful=((78, 3), (0, 4)),
            learned=("I asked when the break was. It counts, you said any.",),
            barriers=(
                ("too_hard", ""),
                ("forgot", ""),
                ("unclear", "is emailing a question ok?"),
                ("no_chance", "seminar was on zoom"),
            ),
            reviews=(
                StoryReview(
                    50,
                    "step_down",
                    "Too big. He says yes to everything and then feels he has failed.",
                    "Say good morning to the person beside you",
                ),
            ),
        ),
        StoryHomework(
            50,
            template="thought_record",
            rule="weekly",
            confidence=4,
            done=((50, 1), (0, 1)),
            reported=4,
            barriers=(("no_point", ""), ("forgot", "")),
        ),
    ),
    goals=(
        StoryGoal(
            "Give the January presentation",
            "otherwise I lose the year",
            (
                ("Look at who is in the group", 60),
                ("Tell Dr Sollers that I'm anxious", None),
                ("Practise in the empty room", None),
            ),
        ),
    ),
    topics=(StoryTopic(37, "whether this counts as a real problem", 36),),
    notes=(
        (
            92,
            (
                "Never told anybody. Blushes, leaves early, rehearses sentences. No self-harm. No safety plan agreed "
                "yet: "
                "he found the word alarming; try again."
            ),
        ),
        (36, "Homework: perhaps mine rather than his. Ask what he would choose."),
        (15, "Did not attend, did not answer the telephone. Letter to him; tutor not contacted, no consent."),
    ),
    quiet=((21, 0),),
    entries=(
        StoryEntry(
            90, "list: canteen no. seminar sat by the door. shop self checkout. spoke to: nobody (bus driver?)", 4
        ),
        StoryEntry(81, "somebody said my name and i dropped my pen", 3, hour=23.9),
        StoryEntry(
            70,
            'Group chat is planning a thing on friday. I have typed and deleted "sounds good" for 40 min. Time stamp '
            "on the message would be 02:10 so now I cant.",
            3,
            hour=23.95,
            comment='What would "sounds good" at 02:10 have told them about you?',
        ),
        StoryEntry(
            61,
            "ok. asked when the break was. voice did the thing. the guy next to me said thanks i was wondering too",
            6,
            ("seminar",),
        ),
        StoryEntry(
            52,
            "ate lunch in the library stairwell, its warm there, someone had left a cushion. so im not the only one?",
            5,
        ),
        StoryEntry(
            44,
            "didnt come today because i hadnt done the homework. yes i know.",
            3,
            comment="You can come with nothing in your hands. Especially then.",
        ),
        StoryEntry(33, "good morning x1. she had headphones in. does it count", 5),
        StoryEntry(25, "presentation list is up. i am first.", 2, ("january",)),
        StoryEntry(22, "tired of writing the same thing", 2, hour=23.97),
    ),
)
