"""Daniel: depression in a forester who is away for days. What he answered in the cabin two days ago arrived today."""

from __future__ import annotations

from intersession.demo.telling import (
    Story,
    StoryChange,
    StoryEntry,
    StoryForm,
    StoryGoal,
    StoryHomework,
    StoryReview,
    StoryTopic,
    StoryTracker,
)

DANIEL = Story(
    name="Daniel Okonjo-Pryce",
    began=126,
    reason="Low since his back injury; alone for days in the forest, which he used to love.",
    session_hour=8,
    hour=20.1,
    phases=((112, "treatment"),),
    missed=(7,),
    introduction="Write when you have a hand free. It will send itself when you are back in the valley.",
    trackers=(
        StoryTracker("mood", "How was your mood?", ((126, 3), (90, 4.6), (50, 5.4), (25, 4.4), (0, 1.8)), kept=6.5),
        StoryTracker("pain", "How bad was the back?", ((126, 6), (60, 4), (20, 5.4), (0, 7))),
    ),
    safety=(
        ("warning_signs", "I stop talking to the dog", ""),
        ("warning_signs", "Counting what I would not be missed for", ""),
        ("on_my_own", "Light the stove, cook something that takes long", ""),
        ("people_and_places", "The inn at the ford, also just to sit", ""),
        ("people_to_ask", "Bea", "satellite messenger, first name on the list"),
        ("professionals", "Crisis line of the district", "number is written inside the cabin door"),
        ("safe_place", "The rifle stays in the inn's safe. Bea has the key.", ""),
    ),
    evening=(
        (119, (2, 2, 2, 0)),
        (105, (1, 2, 2, 0)),
        (84, (1, 1, 1, 0)),
        (63, (1, 1, 1, 0)),
        (42, (1, 1, 1, 0)),
        (21, (2, 1, 2, 0)),
        (2, (3, 3, 3, 1)),
    ),
    forms=(
        StoryForm(
            "phq-9",
            ((126, 17), (105, 14), (84, 11), (56, 9), (28, 12)),
            (1, 1.2, 1, 1.1, 0.6, 1.1, 0.7, 0.6, 0.2),
            risk="q9",
            endorsed={126: 1},
        ),
    ),
    homework=(
        StoryHomework(
            112,
            template="behavioural_activation",
            rule="FREQ=WEEKLY;BYDAY=SA,SU",
            confidence=6,
            done=((112, 6), (60, 8), (20, 5), (0, 2)),
            reported=8,
            difficulty=((112, 6), (40, 4), (0, 8)),
            helpful=((112, 5), (50, 7), (0, 3)),
            learned=("Sharpened the saws. Hands knew how.", "Sat at the inn for an hour. Drank tea, nobody laughed."),
            barriers=(("felt_worse", "Back."), ("no_chance", "Storm damage, sixteen hours."), ("too_hard", "")),
            reviews=(StoryReview(63, "keep", "He does more than he writes down."),),
        ),
    ),
    goals=(
        StoryGoal(
            "Walk the boundary again, all of it",
            "Nineteen miles. My father's line.",
            (("Four miles, flat", 92), ("Eight, with the dog", 57), ("The north slope", None)),
        ),
    ),
    topics=(StoryTopic(58, "Selling the horse", 56), StoryTopic(3, "I don't know how to say the thing")),
    notes=(
        (
            126,
            "Back injury in May. Attempt by his father in the same cabin, 1994. Rifle is with Bea, agreed and checked.",
        ),
        (28, "Worse with the pain. Will be without network from next week; messenger works."),
        (7, "No-show, expected back on the weekend. Bea has seen him on Tuesday: quiet, eats."),
    ),
    seen=((125, "Discussed at length; safety plan written together, rifle moved the same day."),),
    offline=((7, None),),
    entries=(
        StoryEntry(124, "Dog's name is Bracken, since you asked. She eats better than I do.", 3, ("Bracken",)),
        StoryEntry(
            110, "Marked forty stems. Slow. Used to be a hundred and twenty. The trees don't mind, I do.", 4, ("work",)
        ),
        StoryEntry(
            93,
            "Four miles. Flat as a table and I was proud like a boy. Back held.",
            6,
            ("line",),
            comment="Like a boy is exactly right.",
        ),
        StoryEntry(
            76, "Sold nothing, fixed nothing, sat by the stove and read the almanac of 1971. It rained more then.", 5
        ),
        StoryEntry(
            57,
            "Eight miles with Bracken. She did sixteen. Saw the lynx tracks by the burn, first since I was a lad.",
            7,
            ("line", "Bracken"),
        ),
        StoryEntry(41, "Quiet week. Good quiet.", 6),
        StoryEntry(29, "Woke with the leg numb. Lay there and did the arithmetic a man does.", 3, ("back",)),
        StoryEntry(
            20,
            "Told the estate that I can't do the north slope before spring. They were decent about it. I'd have "
            "preferred otherwise.",
            3,
            ("work",),
            comment="Decent is hard to be angry with. We will make room for the anger on Monday.",
        ),
        StoryEntry(
            6, "Cabin. Snow to the sill. Should have turned round at the ford and come to the session, I know it.", 3
        ),
        StoryEntry(5, "Did not get the stove going till noon. Bracken lay on my feet.", 2, ("Bracken",)),
        StoryEntry(
            2,
            "Answered the questions straight for once. I'm not going to do anything. But I'd be lying if I put a "
            "nought. Lit the stove after, put the long stew on, like it says on the list.",
            2,
            hour=22.6,
        ),
        StoryEntry(
            1,
            "Walked down as far as the ford with Bracken. Bea messaged. Said I'd be at the inn tonight.",
            3,
            hour=14.1,
        ),
    ),
    again=(
        "At the inn. Bea is making me eat.",
        "Road's open. I'll come on Monday, whatever time you have.",
        "Bracken found the cushion by the inn's stove. We're staying a night.",
    ),
    covered=True,
    changes=(
        StoryChange(
            1,
            safety=(("people_to_ask", "Sam Locum, at the practice, this week", "the practice's number, until Friday"),),
            covering=True,
        ),
    ),
)
