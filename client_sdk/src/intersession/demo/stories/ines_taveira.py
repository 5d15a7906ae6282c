"""Ines: a nurse on an intensive care ward who cannot stop, and then cannot go on. Shifts decide when she writes."""

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

INES = Story(
    name="Ines Taveira",
    began=77,
    reason="Exhausted after three winters on intensive care; cries in the car, sleeps on days off. On sick leave for "
    "three weeks now.",
    session_hour=15,
    hour=7.4,
    phases=((63, "treatment"),),
    cancelled=(42,),
    introduction="After the shift, before the sleep. Three lines, then the phone goes away.",
    questions=(
        StoryQuestion("Shift?", "one_of", options=("early", "late", "night", "off", "sick leave")),
        StoryQuestion("What did you leave undone on purpose?"),
    ),
    trackers=(
        StoryTracker(
            "exhaustion", "How exhausted were you?", ((77, 8), (50, 8.8), (35, 9.2), (21, 8), (0, 6)), kept=7, swing=1
        ),
        StoryTracker("distance", "How far away did you feel from people?", ((77, 6), (40, 8), (0, 5.2)), kept=6),
        StoryTracker("recovery", "How much did you recover?", ((77, 2.4), (35, 1.2), (21, 3), (0, 5)), kept=6),
    ),
    safety=(
        ("warning_signs", "Sitting in the parked car for more than ten minutes", ""),
        ("on_my_own", "Shoes off, feet in the basin, no phone", ""),
        ("people_to_ask", "Paulo", "brother, night owl"),
        ("professionals", "Staff support line", "intranet, or ask the desk"),
    ),
    checks=((77, 6.4), (35, 8), (0, 5)),
    forms=(
        StoryForm("pss-10", ((77, 29), (49, 31), (28, 33), (7, 25)), (1, 1, 1.1, 0.9, 0.8, 1.2, 0.9, 1, 0.9, 1.1)),
        StoryForm(
            "phq-9", ((77, 12), (49, 14), (28, 15), (7, 11)), (1.1, 0.9, 1.3, 1.6, 0.7, 0.8, 1.1, 0.4, 0), risk="q9"
        ),
        StoryForm("isi", ((49, 18), (7, 13)), (1, 1.1, 1, 1.1, 0.6, 0.8, 1.2)),
    ),
    homework=(
        StoryHomework(
            63,
            "One break of fifteen minutes per shift, off the ward",
            why="The stairwell counts. The medication room does not.",
            rule="FREQ=WEEKLY;BYDAY=MO,TU,TH,SA",
            until=22,
            confidence=2,
            done=((63, 1.5), (40, 3), (22, 2)),
            reported=8,
            difficulty=((63, 9), (22, 9)),
            helpful=((63, 5), (22, 6)),
            learned=("Seven minutes. On the fire escape. I could see the sea.",),
            barriers=(
                ("no_chance", "two admissions"),
                ("no_chance", "three nurses for eleven beds"),
                ("forgot", "remembered in the car"),
                ("no_point", ""),
            ),
            reviews=(
                StoryReview(42, "keep", "It is not her who fails at it. Keep as evidence for the talk with the ward."),
                StoryReview(21, "stop", "Sick leave from today."),
            ),
        ),
        StoryHomework(
            21,
            "Every day something useless, for half an hour",
            why="Useless on purpose.",
            rule="daily",
            confidence=5,
            done=((21, 4), (0, 8)),
            reported=9,
            difficulty=((21, 7), (0, 3)),
            helpful=((21, 4), (0, 7.5)),
            learned=(
                "Watched a snail. It had appointments.",
                "Peeled an orange in one go.",
                "Fell asleep being useless. Counts double.",
            ),
            barriers=(("felt_worse", "I kept hearing the pumps."), ("too_hard", "")),
        ),
    ),
    goals=(
        StoryGoal(
            "Decide about the ward when I can decide about breakfast",
            "",
            (
                ("Sick note to the ward without an explanation", 20),
                ("Breakfast, chosen, not found", 6),
                ("Talk to Conceição about day clinic", None),
            ),
        ),
    ),
    topics=(
        StoryTopic(44, "Is it burnout or am I just not good enough any more", 35),
        StoryTopic(2, "They have asked whether I can do Christmas"),
    ),
    notes=(
        (77, "Third winter. Moral distress over bed allocation in February. No suicidal thoughts. Refuses sick leave."),
        (28, "PSS 33, worked eleven of fourteen days. Agreed on sick leave from Monday with her doctor."),
        (7, "First laugh in the room."),
    ),
    seen=((27, "Talked about: sick leave agreed."),),
    offline=((58, 55),),
    entries=(
        StoryEntry(
            76,
            "Night. Bed 4 died at five, bed 4 was taken again at twenty to seven. I made the bed, so I would know.",
            3,
            ("night",),
            hour=8.3,
            answers={"Shift?": "night"},
        ),
        StoryEntry(
            67,
            "Mother on the phone: you sound tired. Me: I am tired. Mother: you always say that. True, it's my name by "
            "now.",
            3,
            ("off",),
            hour=13.5,
        ),
        StoryEntry(
            57,
            "Camping with Paulo, no signal. Slept eleven hours in a tent in the rain. Woke up because it was quiet "
            "and I looked for the alarm that wasn't going off.",
            5,
            ("off",),
            hour=10.2,
            answers={"Shift?": "off"},
        ),
        StoryEntry(
            51,
            "Snapped at a student who asked where the gloves are. They've been in the same place since 2011. She has "
            "been here since Monday.",
            2,
            ("early",),
            hour=16.1,
            comment="And did you tell her where the gloves are?",
        ),
        StoryEntry(
            50,
            "I told her where the gloves are. And sorry. She cried, then I did, then the phone rang.",
            4,
            ("early",),
            hour=16.6,
            answers={"Shift?": "early", "What did you leave undone on purpose?": "The stock list"},
        ),
        StoryEntry(
            38,
            "Sat in the car outside my own house for forty minutes with the seat belt on.",
            1,
            ("late",),
            hour=23.3,
            answers={"Shift?": "late"},
        ),
        StoryEntry(
            29,
            "Counted: eleven shifts, fourteen days. I can calculate a dopamine infusion in my sleep and I had not "
            "counted that.",
            2,
            hour=8.0,
            comment="You have counted it now. Bring the number to Dr Lemos tomorrow.",
        ),
        StoryEntry(
            20,
            "Sick note is in. The ward wrote: get well soon, can you still do Sunday?",
            2,
            ("sick leave",),
            hour=11.9,
        ),
        StoryEntry(
            14, "Slept. Slept. Ate rice. Slept.", 3, ("sick leave",), hour=18.2, answers={"Shift?": "sick leave"}
        ),
        StoryEntry(
            8,
            "Useless half hour: sat on the steps and let the neighbour explain tomatoes to me. I know everything "
            "about tomatoes now and nothing has been asked of me.",
            5,
            ("useless",),
            hour=12.4,
        ),
        StoryEntry(5, "Chose breakfast. Figs.", 6, hour=9.1),
        StoryEntry(
            2,
            "Dreamt of pumps again, but in the dream I went to get somebody.",
            5,
            ("night",),
            hour=7.9,
            comment="Somebody came?",
        ),
    ),
    again=(
        "Somebody came. It was Conceição, with cake.",
        "Half an hour of nothing, on the steps.",
        "Figs again. I am becoming a person with habits.",
    ),
)
