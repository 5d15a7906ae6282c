"""Templates for doing: planning activities, going towards what is feared, trying out a prediction."""

from __future__ import annotations

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library.questions import choice, clock, count, distress, in_order, scale, text, yes_no

ACTIVITY_PLAN = Template(
    title="Planning what is good for you",
    about=(
        "For days on which little is left of what used to give you joy or a sense of having managed something:"
        " you plan small activities first and let the mood come after (behavioural activation).\n\n"
        "It does not fit when you are overworked already and need rest rather than more to do, or in a phase of"
        " unusually high drive with little sleep. With pain or illness that comes back after effort, plan the"
        " amount together first."
    ),
    makes="homework",
    what=(
        "Plan one small thing for today that is pleasant, that matters to you, or that you would be glad to have"
        " behind you. Say when and where. Then do it as planned, whether you feel like it or not. Make it so small"
        " that you could do it on a bad day."
    ),
    why=(
        "When we feel low we do less, and with less there is less to feel better about. Waiting for the drive to"
        " come back takes long. Doing a little first often brings some of it back."
    ),
    rule="FREQ=DAILY",
    fields=in_order(
        activity=text("What did you plan?", required=True),
        planned_for=clock("For what time did you plan it?"),
        kind=choice("What did you choose it for?", "joy", "having managed something", "being with people", "my body"),
        mood_before=scale("How was your mood before?", "very low", "very good"),
        went=text("What became of it?"),
        mood_after=scale("How was your mood afterwards?", "very low", "very good"),
        joy=scale("How much joy was in it?", "none", "a lot"),
        managed=scale("How much did you feel that you managed something?", "not at all", "very much"),
        in_the_way=text("If it did not happen: what got in the way, and what would make it smaller?"),
    ),
    tags=("mood", "activity"),
)

EXPOSURE_LADDER = Template(
    title="Step by step towards what you fear",
    about=(
        "For something you avoid out of fear although it is not dangerous. You and your therapist make a list of"
        " steps from easier to harder; you take one of them, stay in it, and see what happens (exposure).\n\n"
        "It does not fit for what is really dangerous, before you have talked through how it works and agreed to"
        " it, or on your own for memories of something terrible that was done to you. With a heart condition,"
        " epilepsy or during a pregnancy ask your doctor first."
    ),
    makes="homework",
    what=(
        "Take the step you agreed on. Go there without what you usually do to feel safe, and stay until you have"
        " learned something new about it: at least as long as you planned. Rate your distress from 0 to 100"
        " before, at its highest point and after. Repeat the same step on other days before you take the next one."
    ),
    why=(
        "Avoiding brings relief at once, and keeps the fear alive: you never get to see what would have happened."
        " Each time you stay, you collect your own evidence of what comes true and of what you can bear."
    ),
    fields=in_order(
        step=text("Which step did you take?", required=True),
        expected=text("Before: what do you fear will happen?", required=True),
        likelihood=scale("Before: how sure are you that it will?", "it will not", "certain", high=100),
        before=distress("Distress just before (0 to 100)"),
        peak=distress("Distress at its highest (0 to 100)"),
        after=distress("Distress at the end (0 to 100)"),
        minutes=count("How long did you stay?", "minutes", 600),
        safety=text("What did you do, if anything, to feel safer?"),
        happened=text("What did happen?", required=True),
        learned=text("What do you know now that you did not know before?"),
        again=yes_no("Would you take the same step again?"),
    ),
    tags=("anxiety", "exposure"),
)

BEHAVIOURAL_EXPERIMENT = Template(
    title="Trying it out",
    about=(
        "For a belief about yourself, others or the world that can be put to the test: you say what you expect,"
        " try it out in real life, and compare (behavioural experiment).\n\n"
        "It does not fit when what you fear would do harm if it came true, when nothing you could observe would"
        " decide it, or when you already know the answer and only need courage: then steps towards it fit better."
    ),
    makes="homework",
    what=(
        "Choose one expectation and a way to find out whether it is right. Write down beforehand what you expect,"
        " so that you can compare. Do it, watch closely, and write down what you saw, not what you make of it."
        " That comes last."
    ),
    why=(
        "Thinking about an expectation rarely settles it. Looking does: whatever comes out, you know more than"
        " before. An experiment cannot fail, it can only turn out differently."
    ),
    fields=in_order(
        belief=text("Which expectation do you want to look into?", required=True),
        sure_before=scale("How sure of it are you now?", "not at all", "completely", high=100),
        otherwise=text("What could be the case instead?"),
        plan=text("What will you do, when and where?", required=True),
        watch_for=text("What exactly will you watch for? What would speak for it, what against it?"),
        hindrance=text("What might get in the way, and what would you do then?"),
        seen=text("Afterwards: what did you see?"),
        meaning=text("What do you make of it?"),
        sure_after=scale("How sure of it are you now, afterwards?", "not at all", "completely", high=100),
        next_step=text("What would you like to try next?"),
    ),
    tags=("thoughts", "anxiety"),
)
