"""The German of the templates for rest, for where somebody wants to go, and of the safety plan; see `german`."""

from __future__ import annotations

from collections.abc import Mapping

from intersession_schemas.library.german import ACTING, THINKING, Texts

RESTING: Mapping[str, Texts] = {
    "sleep_diary": {
        "title": "Schlaftagebuch",
        "about": (
            "Für zwei Wochen oder mehr, deren Nächte man gemeinsam ansehen kann: wann Sie sich hingelegt haben, wie"
            " lange Sie etwa geschlafen haben, wie Sie sich am Morgen fühlten.\n\n"
            "Nicht geeignet, wenn Sie das Zählen Ihrer Nächte unruhiger macht. Wenn man Ihnen sagt, dass Ihr Atem im"
            " Schlaf aussetzt, oder wenn Sie am Steuer einschlafen, lassen Sie das zuerst ärztlich abklären."
        ),
        "what": (
            "Füllen Sie es innerhalb einer Stunde nach dem Aufstehen aus. Schätzen Sie die Zeiten: Bitte sehen Sie"
            " nachts nicht auf die Uhr. Eine ungefähre Angabe jeden Morgen sagt mehr als genaue Zahlen hin und wieder."
        ),
        "why": ("Einzelne Nächte täuschen. Über einige Wochen zeigt sich, was Ihr Schlaf braucht und was ihn stört."),
        "fields.lay_down": "Wann sind Sie gestern ins Bett gegangen?",
        "fields.lights_out": "Wann wollten Sie einschlafen?",
        "fields.until_asleep": "Wie lange hat es etwa gedauert, bis Sie schliefen?",
        "fields.until_asleep.unit": "Minuten",
        "fields.awakenings": "Wie oft sind Sie aufgewacht?",
        "fields.awakenings.unit": "Mal",
        "fields.awake": "Wie lange waren Sie zwischen Einschlafen und endgültigem Aufwachen insgesamt etwa wach?",
        "fields.awake.unit": "Minuten",
        "fields.woke": "Wann sind Sie endgültig aufgewacht?",
        "fields.got_up": "Wann sind Sie aufgestanden?",
        "fields.quality": "Wie gut haben Sie geschlafen?",
        "fields.quality.labels": ("sehr schlecht", "sehr gut"),
        "fields.rested": "Wie ausgeruht sind Sie jetzt?",
        "fields.rested.labels": ("gar nicht", "völlig"),
        "fields.naps": "Wie lange haben Sie gestern tagsüber geschlafen?",
        "fields.naps.unit": "Minuten",
        "fields.before_bed": "Was davon hatten Sie gestern nach 16 Uhr?",
        "fields.before_bed.options": ("Kaffee, Tee oder Cola", "Alkohol", "Nikotin", "etwas zum Schlafen", "Sport"),
        "fields.remarks": "War am Tag oder in der Nacht etwas Besonderes?",
    },
    "breathing": {
        "title": "Langsam atmen",
        "about": (
            "Um ein wenig herunterzukommen, wenn Sie angespannt sind, und um das zu üben, solange Sie es nicht sind."
            " Es braucht ein paar Minuten und sonst nichts.\n\n"
            "Nicht geeignet, wenn das Achten auf den Atem die Angst verstärkt: Dann sehen Sie sich stattdessen im Raum"
            " um. Bei Brustschmerzen oder Atemnot holen Sie ärztliche Hilfe. Bei Schritten auf die Angst zu lassen Sie"
            " es weg, damit Sie merken, dass es auch ohne geht."
        ),
        "what": (
            "Üben Sie das ein- bis zweimal am Tag zu einer ruhigen Zeit, etwa fünf Minuten lang. Dann gelingt es"
            " leichter, wenn Sie es brauchen. Wenn Ihnen schwindlig wird, atmen Sie zu tief: Lassen Sie den Atem"
            " kleiner werden oder hören Sie auf."
        ),
        "why": "Ein langes, leichtes Ausatmen zeigt Ihrem Körper, dass er langsamer werden darf.",
        "fields.settle": (
            "Setzen oder legen Sie sich so, dass nichts drückt. Stellen Sie die Füße auf den Boden. Lassen Sie die"
            " Schultern sinken."
        ),
        "fields.notice": ("Ändern Sie einige Atemzüge lang nichts. Achten Sie nur darauf, wo Sie Ihren Atem spüren."),
        "fields.breathe_in": (
            "Atmen Sie sanft durch die Nase ein und zählen Sie langsam bis vier. Dabei bewegt sich der Bauch, nicht"
            " die Brust."
        ),
        "fields.breathe_out": (
            "Atmen Sie langsamer aus als ein, zählen Sie bis sechs, als würden Sie auf heiße Suppe blasen."
        ),
        "fields.wander": (
            "Wenn die Gedanken abschweifen, ist das, was Gedanken tun. Kehren Sie zum nächsten Ausatmen zurück."
        ),
        "fields.end": (
            "Lassen Sie nach einigen Minuten das Zählen sein. Sehen Sie sich um, bewegen Sie Hände und Füße, und"
            " lassen Sie sich Zeit."
        ),
    },
}

DIRECTION: Mapping[str, Texts] = {
    "gratitude": {
        "title": "Was heute gut war",
        "about": (
            "Um wieder zu bemerken, was gelingt, vor allem Kleines, wenn sich der Blick an das andere gewöhnt hat.\n\n"
            "Nicht geeignet als Antwort auf Trauer, Unrecht oder eine Lage, die sich ändern muss, und auch nicht, wenn"
            " es zu etwas wird, das Sie auch noch empfinden sollten. An Tagen, an denen Ihnen nichts einfällt, lassen"
            " Sie es leer."
        ),
        "what": (
            "Nehmen Sie sich am Abend fünf Minuten für etwas, das heute gut war, so klein es sei. Je genauer Sie es"
            " erzählen, desto mehr davon kommt zurück."
        ),
        "why": (
            "Wonach wir suchen, davon finden wir mehr. Nach dem Guten zu suchen braucht nach einer schweren Zeit Übung."
        ),
        "fields.good": "Was war heute gut? Erzählen Sie es so, dass jemand es vor sich sieht.",
        "fields.part": "Was haben Sie oder andere dazu getan?",
        "fields.felt": "Wie war das für Sie?",
        "fields.thanks": "Gibt es jemanden, dem Sie es gern sagen würden?",
    },
    "values_and_goals": {
        "title": "Von dem, was zählt, zu einem ersten Schritt",
        "about": (
            "Um herauszufinden, worum es in Ihrem Leben gehen soll, und einen Teil davon zu einem Ziel mit gangbaren"
            " Schritten zu machen.\n\n"
            "Nicht geeignet in einer akuten Krise oder solange andere für Sie bestimmen, was wichtig sein soll."
            " Niedergeschlagenheit kann verdecken, was zählt: Dann fragen Sie, was früher gezählt hat, und probieren"
            " Sie zuerst etwas davon aus."
        ),
        "what": "Wählen Sie einen Bereich, der Ihnen wichtig ist, und sagen Sie, was darin anders sein soll.",
        "why": (
            "Ein Ziel trägt weiter, wenn es Ihr eigenes ist und Sie wissen, wozu Sie es wollen. Was Ihnen wichtig ist,"
            " ist eine Richtung und nie zu Ende; ein Ziel ist ein Ort auf dem Weg, und Sie merken, wenn Sie da sind."
        ),
        "fields.area": (
            "Sehen Sie die Bereiche Ihres Lebens an: Familie, Liebe, Freunde, Arbeit, Lernen, Körper, Zuhause, Spiel,"
            " Glaube, Gemeinschaft. Wählen Sie einen, in dem weit auseinanderliegt, wie Sie leben und wie Sie gern"
            " leben würden."
        ),
        "fields.person": (
            "Schreiben Sie in einigen Sätzen auf, wie Sie darin gern wären, auch wenn es nie jemand sähe."
        ),
        "fields.sign": (
            "Denken Sie an etwas, das Sie in drei Monaten tun würden, wenn Sie dem näher wären. Das ist Ihr Ziel."
        ),
        "fields.smallest": (
            "Suchen Sie den kleinsten Schritt dorthin, den Sie diese Woche gehen könnten, und wählen Sie den Tag."
        ),
        "fields.hindrance": "Überlegen Sie, was wahrscheinlich dazwischenkommt, und was Sie dann tun.",
        "fields.company": "Sagen Sie jemandem, der es gut mit Ihnen meint, was Sie vorhaben.",
    },
}

SAFETY: Mapping[str, Texts] = {
    "safety_plan": {
        "title": "Sicherheitsplan",
        "about": (
            "Für Zeiten, in denen Gedanken auftauchen, sich das Leben zu nehmen oder sich zu verletzen. Sie schreiben"
            " ihn gemeinsam mit Ihrer Therapeutin oder Ihrem Therapeuten, solange es ruhig ist, in Ihren eigenen"
            " Worten, damit er da ist, wenn das Denken schwerfällt. Jeder dieser Schritte ist eine Frage: Ihre"
            " Antworten treten an ihre Stelle.\n\n"
            "Er ersetzt keine Hilfe. Er ist nicht dafür gedacht, allein ausgefüllt zu werden, und er reicht nicht aus,"
            " wenn Sie jetzt in Gefahr sind: Dann wählen Sie den Notruf oder gehen Sie in das nächste Krankenhaus."
            " Hier liest niemand in Echtzeit mit."
        ),
        "steps.warning_signs": (
            "Woran merken Sie, dass es für Sie gefährlich wird? Gedanken, Bilder, Stimmungen, Dinge, die Sie tun oder"
            " lassen."
        ),
        "steps.on_my_own": (
            "Was können Sie allein tun, sofort und überall, um durch die nächsten Minuten zu kommen, ohne sich zu"
            " verletzen?"
        ),
        "steps.people_and_places": (
            "Wohin können Sie gehen, und mit wem können Sie sein, damit Sie nicht allein sind und an etwas anderes"
            " denken?"
        ),
        "steps.people_to_ask": (
            "Wem können Sie sagen, dass es gerade schlimm ist, und wen um Hilfe bitten? Schreiben Sie auf, wie Sie"
            " jede dieser Personen erreichen."
        ),
        "steps.professionals": (
            "Wer hilft fachlich, bei Tag und bei Nacht? Schreiben Sie Ihre Praxis, den Krisendienst und den Notruf an"
            " Ihrem Wohnort auf, mit den Zeiten, zu denen jemand erreichbar ist."
        ),
        "steps.safe_place": (
            "Womit könnten Sie sich etwas antun, und wer verwahrt es für Sie, oder wie bringen Sie es außer Reichweite?"
        ),
        "steps.reasons": ("Wofür bleiben Sie am Leben? Menschen, Tiere, etwas, das Sie noch sehen oder tun möchten."),
    },
}

GERMAN: Mapping[str, Texts] = {**ACTING, **THINKING, **RESTING, **DIRECTION, **SAFETY}
"""By the key of the template."""
