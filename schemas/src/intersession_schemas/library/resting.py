"""Templates for rest: a sleep diary, a breathing practice."""

from __future__ import annotations

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library.questions import choice, clock, count, in_order, scale, text

SLEEP_DIARY = Template(
    title="Sleep diary",
    about=(
        "For two weeks or more of nights that can be looked at together: when you lay down, about how long you"
        " slept, how you felt in the morning.\n\n"
        "It does not fit when keeping count of your nights makes you more anxious about them. If somebody tells"
        " you that you stop breathing in your sleep, or you fall asleep while driving, see a doctor about that"
        " first."
    ),
    makes="journal",
    what=(
        "Fill it in within an hour of getting up. Guess the times: please do not look at the clock at night. A"
        " rough idea each morning tells more than exact numbers now and then."
    ),
    why="Single nights deceive. Over some weeks it shows what your sleep needs, and what disturbs it.",
    rule="FREQ=DAILY",
    fields=in_order(
        lay_down=clock("When did you go to bed last night?"),
        lights_out=clock("When did you mean to fall asleep?"),
        until_asleep=count("About how long did it take until you slept?", "minutes", 720),
        awakenings=count("How many times did you wake up?", "times", 50),
        awake=count(
            "About how long were you awake in all, between falling asleep and waking for good?", "minutes", 720
        ),
        woke=clock("When did you wake up for good?"),
        got_up=clock("When did you get up?"),
        quality=scale("How well did you sleep?", "very badly", "very well"),
        rested=scale("How rested are you now?", "not at all", "completely"),
        naps=count("How long did you sleep during the day yesterday?", "minutes", 720),
        before_bed=choice(
            "Which of these did you have yesterday after four in the afternoon?",
            "coffee, tea or cola",
            "alcohol",
            "nicotine",
            "something to help me sleep",
            "exercise",
            type="several_of",
        ),
        remarks=text("Was there anything special about the day or the night?"),
    ),
    tags=("sleep",),
)

BREATHING = Template(
    title="Breathing slowly",
    about=(
        "For coming down a little when you are tense, and for practising that while you are not. It needs a few"
        " minutes and nothing else.\n\n"
        "It does not fit when watching your breath makes you more afraid: then look at the room around you"
        " instead. If your chest hurts or you cannot get air, get medical help. In steps towards what you fear it"
        " is left out, so that you see that you can do without."
    ),
    makes="resource",
    what=(
        "Practise this once or twice a day at a calm time, for about five minutes. It will come more easily then"
        " when you need it. If you get dizzy, you are breathing too deeply: let it become smaller, or stop."
    ),
    why="A long, easy breath out is a sign to your body that it may slow down.",
    fields=in_order(
        settle=text("Sit or lie so that nothing is tight. Put your feet on the floor. Let your shoulders drop."),
        notice=text("For a few breaths, change nothing. Only notice where you feel your breath."),
        breathe_in=text(
            "Breathe in gently through your nose, counting slowly to four. Let your belly move, not your chest."
        ),
        breathe_out=text("Breathe out more slowly than you breathed in, counting to six, as if you blew on hot soup."),
        wander=text("When your thoughts wander off, that is what thoughts do. Come back to the next breath out."),
        end=text("After some minutes let the counting go. Look around, move your hands and feet, and take your time."),
    ),
    tags=("relaxation", "anxiety"),
)
