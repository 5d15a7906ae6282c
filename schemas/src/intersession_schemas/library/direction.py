"""Templates for where somebody wants to go: gratitude, values and goals."""

from __future__ import annotations

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library.questions import in_order, text

GRATITUDE = Template(
    title="What was good today",
    about=(
        "For noticing again what goes well, small things above all, when the eye has got used to what does not.\n\n"
        "It does not fit as an answer to grief, injustice or a situation that has to change, nor when it turns"
        " into one more thing you ought to feel. On days when nothing comes to you, leave it empty."
    ),
    makes="journal",
    what=(
        "In the evening, take five minutes for something that was good today, however small. The more exactly you"
        " tell it, the more of it comes back."
    ),
    why="What we look for, we find more of. Looking for what is good takes practice after a hard time.",
    rule="FREQ=DAILY",
    fields=in_order(
        good=text("What was good today? Tell it as if you wanted somebody to see it."),
        part=text("What did you do, or somebody else, that it came about?"),
        felt=text("What was it like for you?"),
        thanks=text("Is there somebody you would like to tell?"),
    ),
    tags=("mood", "gratitude"),
)

VALUES_AND_GOALS = Template(
    title="From what matters to a first step",
    about=(
        "For finding out what you want your life to be about, and turning a part of it into a goal with steps you"
        " can take.\n\n"
        "It does not fit in an acute crisis, or while others decide for you what should matter. Low mood can hide"
        " what matters: then ask what used to, and try some of it out first."
    ),
    makes="goal",
    what="Choose a part of your life that matters to you, and say what you would like to be different in it.",
    why=(
        "A goal carries you further when it is your own, and when you know what you want it for. What matters to"
        " you is a direction and never finished; a goal is a place on the way, and you can tell when you are"
        " there."
    ),
    fields=in_order(
        area=text(
            "Look at the parts of your life: family, love, friends, work, learning, body, home, play, belief,"
            " community. Pick one in which how you live and how you would like to live are far apart."
        ),
        person=text("Write down in a few sentences how you would like to be in it, even if nobody ever saw it."),
        sign=text("Think of one thing you would be doing in three months if you had come closer. Make that your goal."),
        smallest=text("Find the smallest step towards it that you could take this week, and choose the day."),
        hindrance=text("Think of what will probably get in the way, and what you will do then."),
        company=text("Tell somebody who wishes you well what you intend to do."),
    ),
    tags=("goals", "values"),
)
