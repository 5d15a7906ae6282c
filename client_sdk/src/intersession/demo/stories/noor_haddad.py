"""Noor: a client of three days. Little is there yet; she writes in Arabic and in English, as it comes."""

from __future__ import annotations

from intersession.demo.telling import (
    Story,
    StoryEntry,
    StoryForm,
    StoryHomework,
    StoryTopic,
    StoryTracker,
)

NOOR = Story(
    name="Noor Haddad-Levi",
    began=3,
    reason="Trouble sleeping and startling since a road accident in the spring. First appointment three days ago.",
    session_hour=12,
    hour=21.6,
    introduction="Write in whichever language it comes. We will read it together.",
    trackers=(
        StoryTracker("startled", "How often were you startled?", ((3, 6), (0, 6)), kept=10),
        StoryTracker("sleep", "How did you sleep?", ((3, 3), (0, 3.6)), kept=10),
    ),
    safety=(
        ("on_my_own", "Call the cat, put the kettle on", ""),
        ("people_to_ask", "Yael", "lives on the second floor"),
    ),
    checks=((3, 6), (0, 6)),
    forms=(
        StoryForm(
            "pcl-5",
            ((3, 38),),
            (1.2, 1, 0.6, 1.3, 1, 1.1, 1.4, 0.3, 0.5, 0.8, 1, 0.6, 0.5, 0.4, 0.9, 0.2, 1.4, 1.5, 0.9, 1.3),
        ),
    ),
    homework=(
        StoryHomework(
            3,
            "Write down each evening one thing that you drove or walked past",
            rule="daily",
            confidence=7,
            reported=10,
            done=((3, 8), (0, 8)),
            learned=("I looked at the crossing. From the other side of the street, but I looked.",),
        ),
    ),
    topics=(StoryTopic(1, "Do I have to tell it from the beginning?"),),
    entries=(
        StoryEntry(3, "مرّت سيارة مسرعة تحت النافذة فسقط الكوب من يدي. لم يستيقظ أحد غيري.", 3, ("ليل",), hour=22.7),
        StoryEntry(
            2,
            "Horn at the crossing. My shoulders were at my ears before I knew it. Then I went on and bought bread, so "
            "that is something.",
            4,
        ),
        StoryEntry(1, "نمتُ أربع ساعات متواصلة. 🐈 القطة نامت ستًّا.", 5, hour=8.1),
    ),
    again=(
        "اليوم مشيتُ من الطريق الآخر، الأطول.",
        "Counted eleven buses. Did not flinch at nine of them.",
        "The cat has decided that my chair is hers.",
    ),
)
