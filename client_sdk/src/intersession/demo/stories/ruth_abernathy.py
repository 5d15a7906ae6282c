"""Ruth: stable for years with recurrent depression; fourteen months of maintenance, monthly sessions, few words."""

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

RUTH = Story(
    name="Ruth Abernathy-Cole",
    began=427,
    reason="Recurrent depression, fourth episode over since spring last year. Wants to notice the fifth before it is "
    "there.",
    session_hour=13,
    every=28,
    hour=17.2,
    zone="Europe/London",
    phases=((399, "treatment"), (343, "follow_up")),
    missed=(147,),
    introduction="Twice a week will do. The scale is the point; words are optional.",
    questions=(
        StoryQuestion(
            "Early signs today?",
            "several_of",
            options=("none", "waking at four", "not singing", "post unopened", "cancelled something"),
        ),
    ),
    trackers=(
        StoryTracker(
            "mood",
            "How was your mood?",
            ((427, 6), (330, 6.8), (262, 6.4), (240, 5), (215, 6.6), (90, 7), (0, 7)),
            kept=2.2,
            swing=1,
        ),
        StoryTracker(
            "early waking",
            "How early did you wake, how awake were you?",
            ((427, 3), (262, 2), (240, 5), (215, 2), (0, 1.6)),
            kept=2.2,
        ),
    ),
    safety=(
        ("warning_signs", "Waking at four for five days running", ""),
        ("warning_signs", "I stop singing in the car", ""),
        ("on_my_own", "Allotment, whatever the weather", ""),
        ("people_to_ask", "Margaret (choir)", ""),
        ("professionals", "Dr Bell: restart at once, she knows", "surgery"),
    ),
    checks=((427, 3.2), (240, 4.4), (200, 2.6), (0, 2)),
    checks_every=28,
    forms=(
        StoryForm(
            "phq-9",
            ((427, 6), (371, 5), (315, 4), (259, 5), (231, 9), (203, 5), (147, 4), (91, 3), (35, 4), (7, 3)),
            (0.6, 0.8, 1.4, 1, 0.5, 0.7, 0.6, 0.3, 0),
            risk="q9",
        ),
    ),
    homework=(
        StoryHomework(
            399,
            "Read the relapse letter that I wrote to myself, on the first of the month",
            rule="FREQ=MONTHLY;BYMONTHDAY=1",
            confidence=9,
            done=((399, 9), (0, 9.5)),
            reported=9.5,
            difficulty=((399, 3), (0, 1)),
            helpful=((399, 6), (0, 6)),
            learned=("I know it by heart. I still read it.", 'Changed one sentence: it said "never".'),
            reviews=(StoryReview(231, "keep", "It is what made her ring in April."), StoryReview(35, "keep", "Yes.")),
        ),
        StoryHomework(
            231,
            "Restart light therapy, half an hour before breakfast",
            rule="daily",
            until=190,
            confidence=8,
            done=((231, 8), (190, 9)),
            reported=6,
            helpful=((231, 6), (190, 7)),
            learned=("Did the crossword in it.",),
            reviews=(StoryReview(190, "stop", "Dip is over; lamp back in the cupboard until October."),),
        ),
    ),
    goals=(
        StoryGoal(
            "Sing the Requiem in November",
            "Second alto. I have a solo of four bars.",
            (("Audition", 300), ("Every rehearsal in October", 32)),
            reached=10,
        ),
    ),
    topics=(StoryTopic(236, "Is it starting?", 231), StoryTopic(20, "Every eight weeks instead of four?")),
    notes=(
        (427, "Four episodes since 1998. On maintenance medication from Dr Bell. Own early signs are reliable."),
        (231, "Rang herself on day six of early waking. PHQ-9 9. Lamp, allotment, no change of dose; two extra calls."),
        (35, "Fourteen months. Discuss spacing."),
    ),
    seen=((230, "She rang before the score did. Early-warning plan running."), (100, "Fine.")),
    entries=(
        StoryEntry(425, "Beans in. Slept.", 6),
        StoryEntry(
            372,
            "A year since the hospital today. Made a cake for no one in particular; the choir ate it.",
            7,
            ("choir",),
        ),
        StoryEntry(330, "Nothing, in a good way.", 7),
        StoryEntry(298, "Solo!! Four bars. Margaret says everyone gets one eventually.", 8, ("choir",)),
        StoryEntry(263, "Frost. The artichokes are done for.", 6, ("allotment",)),
        StoryEntry(
            240,
            "Four in the morning, third day. Not alarmed, but I've noticed that I am telling you I am not alarmed.",
            5,
            ("early signs",),
            answers={"Early signs today?": ("waking at four",)},
            comment="Noticed with you. If it is five days, ring me, as the letter says.",
        ),
        StoryEntry(
            236,
            "Day six. Rang. Not singing either.",
            4,
            ("early signs",),
            answers={"Early signs today?": ("waking at four", "not singing")},
        ),
        StoryEntry(
            218,
            "Slept until half past six and was cross about it, I had wanted to see the sun come up over the sheds.",
            6,
        ),
        StoryEntry(176, "Sang in the car. Roundabout, third exit.", 7, ("choir",)),
        StoryEntry(120, "Courgettes. If anybody needs courgettes.", 7, ("allotment",)),
        StoryEntry(62, "Dr Bell retires in spring. New one is said to be young. Everyone is said to be young.", 6),
        StoryEntry(32, "Every rehearsal. Voice like a gate, but every rehearsal.", 7, ("choir",)),
        StoryEntry(10, "Four bars. I heard them.", 9, ("choir",), comment="So did row seven."),
        StoryEntry(3, "Lamp is out of the cupboard. It's November, I'm not proud.", 7),
    ),
    again=("Leeks, mud, tea.", "Slept. Sang. That's the lot.", "Margaret has a cold, so I have six bars on Sunday."),
)
