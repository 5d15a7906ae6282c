"""Mara: worries that keep her awake, and sleep that comes back. She does what she is given, nearly always."""

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

MARA = Story(
    name="Mara Keller",
    began=118,
    reason="Worries that keep her awake since the autumn; five hours of sleep on a good night.",
    session_hour=9,
    hour=21.7,
    phases=((97, "treatment"),),
    missed=(55,),
    introduction="A few lines in the evening are enough. What you leave out is fine as well.",
    questions=(
        StoryQuestion("What kept your mind busy today?"),
        StoryQuestion("What helped, even a little?"),
        StoryQuestion("How long did you sleep?", "number", low=0, high=24, unit="hours"),
    ),
    trackers=(
        StoryTracker(
            "worry", "How much did you worry today?", ((118, 7.6), (80, 6.8), (45, 5.2), (10, 3.4), (0, 3.2)), kept=8.5
        ),
        StoryTracker("tension", "How tense were you?", ((118, 6.5), (60, 5.6), (0, 3.4))),
        StoryTracker("sleep", "How well did you sleep?", ((118, 2.4), (90, 2.6), (60, 4.5), (20, 6.8), (0, 7))),
    ),
    safety=(
        ("warning_signs", "Three nights without sleep, not answering the telephone", ""),
        ("on_my_own", "Go outside, take the long way round the lake", ""),
        ("people_to_ask", "My sister", "her number is on the fridge"),
        ("professionals", "Doctor on call", "the number on the practice's door"),
    ),
    checks=((118, 6.6), (70, 5.6), (30, 3.8), (0, 3)),
    forms=(
        StoryForm("isi", ((118, 21), (90, 19), (62, 15), (34, 10), (6, 7)), (1.2, 1.0, 0.7, 1.2, 0.6, 1.1, 1.0)),
        StoryForm("gad-7", ((118, 15), (90, 14), (62, 11), (34, 8), (6, 6)), (1.0, 1.3, 1.3, 1.1, 0.4, 0.5, 0.8)),
    ),
    homework=(
        StoryHomework(
            111,
            template="worry_time",
            rule="FREQ=WEEKLY;BYDAY=MO,WE,FR,SU",
            confidence=6,
            done=((111, 9), (0, 9.4)),
            difficulty=((111, 7), (0, 2.5)),
            helpful=((111, 4), (70, 7), (0, 8)),
            learned=(
                "Most of it had gone by six o'clock.",
                "Two of the five are things I can do something about.",
                "Fifteen minutes are longer than I thought.",
                "I could not get worked up about it on command.",
                "The ones about work are shorter than the ones about my mother.",
            ),
            barriers=(("no_chance", "Visitors until ten."), ("forgot", "")),
            worksheet={"Which worries": ("Work on Saturday", "My mother's hip")},
            reviews=(
                StoryReview(90, "keep", "It works on weekdays. Weekends need a place and a time of their own."),
                StoryReview(48, "step_down", "Every other day is enough now, she says, and she is right."),
            ),
        ),
        StoryHomework(
            83,
            "Get up at half past six, whatever the night was like",
            why="A fixed time to get up brings more for sleep than any time to go to bed.",
            rule="daily",
            until=20,
            confidence=5,
            done=((83, 7), (50, 9), (20, 9.5)),
            difficulty=((83, 8), (20, 3)),
            helpful=((83, 3), (20, 8)),
            learned=("Tired until ten, then not.", "Sunday is the hard one.", "I wake up before the alarm."),
            barriers=(("too_hard", "Awake until four. I stayed down."),),
            reviews=(
                StoryReview(62, "keep", "First week was a shock, the second was not."),
                StoryReview(20, "stop", "It is a habit by now."),
            ),
        ),
    ),
    goals=(
        StoryGoal(
            "Fall asleep without going through tomorrow first",
            "So that I have something left for my children in the evening.",
            (
                ("Write tomorrow's list before supper", 100),
                ("Walk round the block instead of reading mails", 71),
                ("One evening a week without a list", 13),
            ),
        ),
    ),
    topics=(
        StoryTopic(93, "Why the bad nights are always before the easy days", 90),
        StoryTopic(40, "What to tell my mother about the move", 34),
        StoryTopic(3, "How to say no to the Saturday shift"),
    ),
    resources=("breathing",),
    notes=(
        (
            118,
            (
                "Onset in October with the reorganisation. No naps, two glasses of wine on bad evenings. Wants tools, "
                "not "
                "talk."
            ),
        ),
        (62, "Sleep restriction tolerated. Observe: perfectionism about the diary itself."),
    ),
    seen=((50, "Missed the session because of the school play; spoke on the phone."),),
    entries=(
        StoryEntry(
            116,
            "First entry. I do not know what belongs here. Slept from three to half past six, and before that I "
            "rewrote an email eleven times. In my head.",
            3,
            ("sleep",),
        ),
        StoryEntry(
            109,
            "Worry time, first attempt. Sat at the kitchen table at six with the egg timer and felt like somebody in "
            "a film about therapy. Then I wrote for fifteen minutes without stopping.",
            4,
            ("homework",),
            comment="The egg timer is a good idea. Leave it on the table.",
        ),
        StoryEntry(
            101,
            "Tonight's inventory: the boiler. Whether Lena has friends. A sentence Herr Vogt said in June. The boiler "
            "again.",
            3,
            ("worry",),
            answers={"What kept your mind busy today?": "The boiler", "How long did you sleep?": 4.5},
        ),
        StoryEntry(
            88,
            "Four nights of getting up at half past six. I hate it with real energy, which is at least energy.",
            4,
            ("sleep",),
        ),
        StoryEntry(
            79,
            "Fell asleep on the sofa at nine with a book on my face, woke up, went to bed properly, slept. Nobody "
            "tell Dr Demo about the sofa.",
            6,
            ("sleep",),
            comment="I have read it. The sofa is forgiven.",
        ),
        StoryEntry(
            66,
            "The list for tomorrow, written at five in the afternoon, looks like a list. At two in the morning it "
            "looks like a verdict.",
            5,
            ("worry", "sleep"),
            answers={"What helped, even a little?": "Writing it down before supper"},
        ),
        StoryEntry(
            52,
            "My mother fell. Nothing broken. Drove there, drove back, lay awake the way I used to. It was odd to "
            "recognise it, like an old address.",
            3,
            ("family",),
            about=1,
        ),
        StoryEntry(41, "Six hours and forty minutes.", 7, ("sleep",), answers={"How long did you sleep?": 6.5}),
        StoryEntry(
            29,
            "Quarterly figures. I prepared as long as it takes to prepare and then I stopped, and stood in the "
            "corridor not knowing what to do with my hands.",
            6,
            ("work",),
        ),
        StoryEntry(
            17, "The meeting I had dreaded was over in ten minutes. Nobody asked what I had rehearsed.", 7, ("work",)
        ),
        StoryEntry(
            9,
            "Slept through. First time in weeks. Not sure whether it was the walk or just being tired.",
            8,
            ("sleep",),
            comment="Both count.",
        ),
        StoryEntry(
            4,
            "Lena asked why I am not on the phone at supper any more. I had not noticed.",
            7,
            ("family",),
            answers={"What helped, even a little?": "Phone in the drawer"},
        ),
        StoryEntry(1, "Worry came back on the train. I noticed it sooner than last time.", 6, ("worry",)),
    ),
    again=(
        "Half an hour on the balcony instead of the inbox. Nothing collapsed.",
        "The list is written, the drawer is shut. We will see.",
        "Awake at four, bored rather than frightened. Went back to sleep at some point.",
        "Vogt called at seven. I called back at nine. That is all I have to report.",
        "Noticed that I had been humming.",
    ),
    devices=2,
)
