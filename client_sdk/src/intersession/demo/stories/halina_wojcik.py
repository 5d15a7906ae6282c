"""Halina: widowed after forty-one years. Her grief comes in waves, around dates. She writes long entries, and well."""

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

HALINA = Story(
    name="Halina Wójcik-Amsel",
    began=183,
    reason="Her husband Emil died in April after forty-one years of marriage. Referred by her doctor in early summer.",
    session_hour=11,
    hour=18.6,
    phases=((155, "treatment"),),
    cancelled=(85,),
    introduction="Write as you would write a letter. Nobody marks it.",
    trackers=(
        StoryTracker(
            "longing",
            "How strong was the longing?",
            ((183, 8.4), (150, 7), (128, 8.8), (110, 6), (80, 5.4), (64, 8.4), (45, 5), (20, 4.2), (9, 7.8), (0, 5)),
            kept=5,
        ),
        StoryTracker("company", "How much company did you have?", ((183, 2), (100, 3.6), (0, 5.6)), kept=5),
    ),
    safety=(
        ("warning_signs", "Not winding his clock", ""),
        ("on_my_own", "The radio concert on Sunday morning", ""),
        ("people_to_ask", "Dorota upstairs", "knock twice"),
        ("professionals", "Dr Amsel's old colleague, Dr Fink", "practice number in the address book under F"),
    ),
    forms=(
        StoryForm(
            "phq-9",
            ((183, 15), (155, 13), (127, 14), (99, 11), (71, 9), (43, 8), (15, 7)),
            (0.9, 1.2, 1.2, 1.0, 0.9, 0.6, 0.6, 0.5, 0.2),
            risk="q9",
            endorsed={183: 1},
        ),
        StoryForm("core-10", ((155, 17), (71, 12), (15, 9)), (1, 0.8, 0.7, 0.5, 0.3, 0, 1.1, 0.9, 1.2, 1)),
    ),
    homework=(
        StoryHomework(
            155,
            "Set the table for one, properly, and sit at it",
            why="Eating standing up at the window was for when he was in hospital.",
            rule="FREQ=WEEKLY;BYDAY=WE,SU",
            confidence=4,
            done=((155, 6), (0, 8)),
            reported=8,
            difficulty=((155, 8), (0, 4)),
            helpful=((155, 4), (0, 7)),
            learned=(
                "I used the good plate.",
                "I talked to the chair. Then I did not need to.",
                "Dorota came down because it smelled of dill.",
            ),
            barriers=(("felt_worse", "His birthday."), ("too_hard", "")),
            reviews=(
                StoryReview(
                    99,
                    "adapt",
                    "She would rather invite somebody once a week.",
                    "Set the table for two once a week, and invite whoever it is",
                ),
            ),
        ),
        StoryHomework(
            43,
            "Open one of the three boxes, with Dorota, for half an hour",
            due=29,
            confidence=5,
            reported=10,
            done=((43, 10), (0, 10)),
            difficulty=((43, 8), (0, 8)),
            helpful=((43, 8), (0, 8)),
            learned=("It was his maps. He had marked every bench.",),
        ),
    ),
    goals=(
        StoryGoal(
            "Go to the lake in May as we did, and come back",
            "He would be furious if I stayed at home because of him.",
            (
                ("Look at the timetable", 60),
                ("Ask Dorota whether she swims", 24),
                ("Book the small room, not ours", None),
            ),
        ),
    ),
    topics=(
        StoryTopic(132, "People who say he is in a better place", 127),
        StoryTopic(66, "The wedding anniversary", 64),
        StoryTopic(4, "Whether one may give away shoes"),
    ),
    notes=(
        (
            183,
            (
                "Expected course of grief so far, with a depressive episode on top. Sleeps three hours. Passive wish "
                "to "
                "be with him; no intent, religious, two grandchildren."
            ),
        ),
        (64, "Anniversary as expected; a wave, not a setback. Keep rhythm."),
        (15, "Prolonged grief criteria not met. Continue to May."),
    ),
    seen=(
        (182, "Asked in the session: longing to be with him, no thought of doing anything."),
        (126, "The date, discussed beforehand."),
    ),
    entries=(
        StoryEntry(
            180,
            "Dear notebook, since that is what I am to call you. I was told to write down what I miss. I miss being "
            "interrupted. Emil could not let a story of mine come to its end without correcting the year, and for "
            "forty-one years I found it unbearable, and now all my stories have the wrong year and nobody minds.",
            2,
            ("Emil",),
            hour=17.1,
            comment="I minded the year in your story on Tuesday. It was 1984, you said 1983.",
        ),
        StoryEntry(
            169,
            "I wound the clock. He did it on Sundays, eleven turns, and I had let it stop because I could not "
            "remember which way. It is to the right.",
            3,
            ("Emil",),
            hour=16.3,
        ),
        StoryEntry(
            150,
            "Supermarket. I put his mustard into the trolley, and then I could neither buy it nor put it back. A "
            "young man with a nose ring put it back for me without a word. I should like him to know that I have "
            "thought about him every day.",
            3,
            hour=18.2,
        ),
        StoryEntry(
            128,
            "His birthday. I had imagined that I would do something dignified. I lay on the carpet of the hall "
            "because it was cool, and listened to the people on the stairs. At six I got up since one does get up at "
            "some point.",
            1,
            ("dates",),
            hour=20.9,
            comment="One does. Thank you for writing it on the day itself.",
        ),
        StoryEntry(
            112,
            "Dorota's grandson explained to me what a podcast is. It is the radio, except that nobody has chosen it "
            "for you.",
            6,
            ("company",),
            hour=17.7,
        ),
        StoryEntry(
            96,
            "A whole morning, from the milk to the post, in which I did not think of him. Then I noticed, and it was "
            "as if I had left him at a bus stop.",
            4,
            ("guilt",),
            hour=15.4,
        ),
        StoryEntry(83, "Nothing to tell, which is a form of news.", 5, hour=18.0),
        StoryEntry(
            64,
            "Forty-two years today, or none, depending on how you count. I put on the green dress and went to the "
            "concert, our seats, or rather my seat and a coat. In the slow movement I wept so much that the lady "
            "beside me gave me a peppermint. Emil never liked Brahms. I had forgotten that I do.",
            5,
            ("dates", "music"),
            hour=22.3,
            comment="That you like Brahms is a good sentence to keep.",
        ),
        StoryEntry(
            47,
            "I invited the caretaker to supper. He ate like a man who has not been asked for a long time, and "
            "repaired the tap.",
            7,
            ("company",),
            hour=21.2,
        ),
        StoryEntry(
            30,
            "We opened the box with the maps. Every walk we took is marked in pencil, with the benches in red. There "
            "are a hundred and six benches. I had thought that he was looking at the birds.",
            6,
            ("Emil",),
            hour=19.4,
        ),
        StoryEntry(
            18,
            "I was short with my daughter on the telephone. She wants me to sell the flat. I said I was not yet dead, "
            "which was a cheap remark and gave me pleasure.",
            5,
            ("family",),
            hour=18.8,
        ),
        StoryEntry(
            9,
            "First snow. He would have gone out for the newspaper in slippers, to annoy me. I stood at the window in "
            "such anger at those slippers that I had to hold on to the sill.",
            3,
            ("Emil", "waves"),
            hour=9.6,
        ),
        StoryEntry(
            2,
            "It has passed again, this one in four days. The one in summer took three weeks. I am getting to know "
            "them like the buses.",
            6,
            ("waves",),
            hour=17.9,
        ),
    ),
    again=(
        "A letter from my granddaughter, with a drawing in which I am as tall as the house.",
        "Soup. Brahms. Bed.",
        "I have found his reading glasses in the flour. There must be a story, and nobody left to deny it.",
    ),
)
