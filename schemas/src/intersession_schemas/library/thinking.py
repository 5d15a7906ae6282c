"""Templates for looking at thoughts: a thought record, worry time."""

from __future__ import annotations

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library.questions import choice, clock, count, in_order, scale, text

THOUGHT_RECORD = Template(
    title="Thought record",
    about=(
        "For catching a thought that comes with a strong feeling, and looking at it from more than one side. It"
        " fits when you can already tell a thought from a feeling, and when the thought might be only part of the"
        " truth.\n\n"
        "It does not fit while the feeling is too strong to think, when the thought is simply right (grief, an"
        " unjust situation: then help with the situation comes first), or when writing thoughts down turns into"
        " going over them again and again."
    ),
    makes="homework",
    what=(
        "When your mood drops or something stings, take a few minutes and write down what went through your mind."
        " Then look at that thought from the other sides, too. You are not meant to think positively, only more"
        " completely."
    ),
    why=(
        "What goes through our mind in a hard moment feels like a fact. On paper it becomes something you can"
        " look at: some of it will hold, some of it will not. How you feel often shifts a little with it."
    ),
    fields=in_order(
        situation=text("Where were you, and what was happening just then?", required=True),
        feeling=text("What did you feel? A word or two is enough."),
        strength_before=scale("How strong was that feeling?", "not at all", "as strong as it gets"),
        thought=text("What went through your mind? A sentence, a picture, a memory.", required=True),
        belief_before=scale("How true did that seem to you at that moment?", "not at all true", "completely true"),
        speaks_for=text("What speaks for it? Only what somebody else could have seen, too."),
        speaks_against=text("What does not fit with it?"),
        friend=text("What would you say to a good friend who thought this about themselves?"),
        fuller_view=text("How would you put it now, with all of this in view?"),
        strength_after=scale("How strong is the feeling now?", "not at all", "as strong as it gets"),
        next_step=text("Is there something small you would like to do next?"),
    ),
    tags=("thoughts", "mood"),
)

WORRY_TIME = Template(
    title="Worry time",
    about=(
        "For worries that turn up all day and get in the way. You keep them for a fixed time of day, and find out"
        " that they can wait.\n\n"
        "It does not fit for something that has to be dealt with at once, for thoughts of harming yourself (those"
        " do not wait: talk to somebody now), or close to bedtime."
    ),
    makes="homework",
    what=(
        "Choose a quarter of an hour each day, always at the same time and in the same place, and not in bed."
        " When a worry comes at another time, note it in a word or two and tell yourself: later. When your time"
        " has come, go through your notes. Stop when the time is up, even if you are not through."
    ),
    why=(
        "You cannot forbid yourself to worry: the more you try, the louder it gets. You can put it off, though."
        " Many worries have become smaller, or have gone, by the time you come back to them."
    ),
    rule="FREQ=DAILY",
    fields=in_order(
        began=clock("When did you begin?"),
        minutes=count("How long did it take?", "minutes", 240),
        worries=text("Which worries did you go through?", required=True),
        kind=choice(
            "What were they mostly about?",
            "something I can do something about",
            "something that is out of my hands",
            "some of both",
        ),
        next_step=text("If there is something you can do: what is the first step, and when will you take it?"),
        put_off=scale("How well could you put worries off until then?", "not at all", "very well"),
        faded=text("Was there a worry that did not matter any more when its time came?"),
    ),
    tags=("worry", "anxiety"),
)
