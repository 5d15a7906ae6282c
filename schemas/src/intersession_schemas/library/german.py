"""The German of the templates that come with Intersession, by template and by where in it a text stands.

`fields.<id>` is a question, `fields.<id>.options` and `fields.<id>.labels` are its answers in order, `fields.<id>.unit`
its unit; `steps.<id>` is a step of a safety plan.
"""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str | tuple[str, ...]]

_NOT_TO_VERY_HIGH = ("gar nicht", "so stark es nur geht")
_LOW_TO_GOOD = ("sehr schlecht", "sehr gut")
_DISTRESS = ("ruhig", "das Schlimmste, was ich mir vorstellen kann")
_NOT_TO_FULLY = ("gar nicht", "vollkommen")

ACTING: Mapping[str, Texts] = {
    "behavioural_activation": {
        "title": "Planen, was Ihnen guttut",
        "about": (
            "Für Tage, an denen wenig von dem übrig ist, was Ihnen sonst Freude macht oder das Gefühl gibt, etwas"
            " geschafft zu haben: Sie planen zuerst kleine Tätigkeiten und lassen die Stimmung nachkommen"
            " (Verhaltensaktivierung).\n\n"
            "Nicht geeignet, wenn Sie ohnehin überlastet sind und Ruhe brauchen, oder in einer Phase mit ungewöhnlich"
            " viel Antrieb und wenig Schlaf. Bei Schmerzen oder einer Krankheit, die nach Anstrengung wiederkommt,"
            " legen Sie das Maß vorher gemeinsam fest."
        ),
        "what": (
            "Planen Sie für heute eine kleine Sache, die angenehm ist, die Ihnen wichtig ist oder die Sie gern hinter"
            " sich hätten. Legen Sie fest, wann und wo. Tun Sie es dann wie geplant, ob Ihnen danach ist oder nicht."
            " Machen Sie es so klein, dass es auch an einem schlechten Tag ginge."
        ),
        "why": (
            "Wenn es uns schlecht geht, tun wir weniger, und wer weniger tut, hat weniger, was ihm guttut. Auf den"
            " Antrieb zu warten dauert lange. Zuerst ein wenig zu tun bringt oft etwas davon zurück."
        ),
        "fields.activity": "Was haben Sie geplant?",
        "fields.planned_for": "Für welche Uhrzeit?",
        "fields.kind": "Weshalb haben Sie es gewählt?",
        "fields.kind.options": ("Freude", "etwas geschafft haben", "unter Menschen sein", "mein Körper"),
        "fields.mood_before": "Wie war Ihre Stimmung davor?",
        "fields.mood_before.labels": _LOW_TO_GOOD,
        "fields.went": "Was ist daraus geworden?",
        "fields.mood_after": "Wie war Ihre Stimmung danach?",
        "fields.mood_after.labels": _LOW_TO_GOOD,
        "fields.joy": "Wie viel Freude war dabei?",
        "fields.joy.labels": ("keine", "viel"),
        "fields.managed": "Wie sehr hatten Sie das Gefühl, etwas geschafft zu haben?",
        "fields.managed.labels": ("gar nicht", "sehr"),
        "fields.in_the_way": "Falls nichts daraus wurde: Was stand im Weg, und wie ließe es sich kleiner machen?",
    },
    "exposure_ladder": {
        "title": "Schritt für Schritt auf die Angst zu",
        "about": (
            "Für etwas, das Sie aus Angst meiden, obwohl es nicht gefährlich ist. Sie stellen mit Ihrer Therapeutin"
            " oder Ihrem Therapeuten eine Liste von leichten zu schweren Schritten auf, gehen einen davon, bleiben in"
            " der Situation und sehen, was geschieht (Exposition).\n\n"
            "Nicht geeignet bei wirklicher Gefahr, bevor besprochen ist, wie es wirkt, und Sie zugestimmt haben, oder"
            " allein bei Erinnerungen an etwas Schreckliches, das Ihnen angetan wurde. Bei Herzkrankheiten, Epilepsie"
            " oder in der Schwangerschaft fragen Sie vorher ärztlich nach."
        ),
        "what": (
            "Gehen Sie den vereinbarten Schritt. Lassen Sie weg, womit Sie sich sonst absichern, und bleiben Sie, bis"
            " Sie etwas Neues darüber erfahren haben: mindestens so lange wie geplant. Geben Sie Ihre Anspannung von"
            " 0 bis 100 an: davor, am höchsten Punkt und danach. Wiederholen Sie denselben Schritt an anderen Tagen,"
            " bevor Sie den nächsten gehen."
        ),
        "why": (
            "Meiden erleichtert sofort und hält die Angst am Leben: Sie sehen nie, was geschehen wäre. Jedes Mal, wenn"
            " Sie bleiben, sammeln Sie eigene Belege dafür, was eintritt und was Sie aushalten."
        ),
        "fields.step": "Welchen Schritt sind Sie gegangen?",
        "fields.expected": "Davor: Was befürchten Sie?",
        "fields.likelihood": "Davor: Wie sicher sind Sie, dass es eintritt?",
        "fields.likelihood.labels": ("tritt nicht ein", "sicher"),
        "fields.before": "Anspannung unmittelbar davor (0 bis 100)",
        "fields.before.labels": _DISTRESS,
        "fields.peak": "Anspannung am höchsten Punkt (0 bis 100)",
        "fields.peak.labels": _DISTRESS,
        "fields.after": "Anspannung am Ende (0 bis 100)",
        "fields.after.labels": _DISTRESS,
        "fields.minutes": "Wie lange sind Sie geblieben?",
        "fields.minutes.unit": "Minuten",
        "fields.safety": "Was haben Sie, wenn überhaupt, getan, um sich sicherer zu fühlen?",
        "fields.happened": "Was ist geschehen?",
        "fields.learned": "Was wissen Sie jetzt, das Sie vorher nicht wussten?",
        "fields.again": "Würden Sie denselben Schritt noch einmal gehen?",
    },
    "behavioural_experiment": {
        "title": "Ausprobieren",
        "about": (
            "Für eine Überzeugung über Sie selbst, andere oder die Welt, die sich prüfen lässt: Sie sagen, was Sie"
            " erwarten, probieren es im Alltag aus und vergleichen (Verhaltensexperiment).\n\n"
            "Nicht geeignet, wenn es schaden würde, falls das Befürchtete eintritt, wenn nichts, was Sie beobachten"
            " könnten, es entscheiden würde, oder wenn Sie die Antwort schon kennen und nur Mut brauchen: Dann passen"
            " einzelne Schritte besser."
        ),
        "what": (
            "Wählen Sie eine Erwartung und einen Weg, herauszufinden, ob sie stimmt. Schreiben Sie vorher auf, was Sie"
            " erwarten, damit Sie vergleichen können. Tun Sie es, sehen Sie genau hin und schreiben Sie auf, was Sie"
            " gesehen haben, nicht, was Sie davon halten. Das kommt zuletzt."
        ),
        "why": (
            "Nachdenken klärt eine Erwartung selten. Hinsehen schon: Was auch herauskommt, Sie wissen mehr als vorher."
            " Ein Experiment kann nicht misslingen, es kann nur anders ausgehen."
        ),
        "fields.belief": "Welcher Erwartung möchten Sie nachgehen?",
        "fields.sure_before": "Wie sicher sind Sie sich jetzt?",
        "fields.sure_before.labels": _NOT_TO_FULLY,
        "fields.otherwise": "Was könnte stattdessen der Fall sein?",
        "fields.plan": "Was werden Sie tun, wann und wo?",
        "fields.watch_for": "Worauf genau werden Sie achten? Was spräche dafür, was dagegen?",
        "fields.hindrance": "Was könnte dazwischenkommen, und was täten Sie dann?",
        "fields.seen": "Danach: Was haben Sie gesehen?",
        "fields.meaning": "Was schließen Sie daraus?",
        "fields.sure_after": "Wie sicher sind Sie sich jetzt, danach?",
        "fields.sure_after.labels": _NOT_TO_FULLY,
        "fields.next_step": "Was möchten Sie als Nächstes ausprobieren?",
    },
}

THINKING: Mapping[str, Texts] = {
    "thought_record": {
        "title": "Gedankenprotokoll",
        "about": (
            "Um einen Gedanken festzuhalten, der mit einem starken Gefühl kommt, und ihn von mehr als einer Seite"
            " anzusehen. Geeignet, wenn Sie Gedanken und Gefühle schon auseinanderhalten können und der Gedanke"
            " vielleicht nur ein Teil der Wahrheit ist.\n\n"
            "Nicht geeignet, solange das Gefühl zum Nachdenken zu stark ist, wenn der Gedanke einfach stimmt (Trauer,"
            " eine ungerechte Lage: dann ist zuerst Hilfe in der Sache dran) oder wenn aus dem Aufschreiben Grübeln"
            " wird."
        ),
        "what": (
            "Wenn die Stimmung kippt oder etwas wehtut, nehmen Sie sich ein paar Minuten und schreiben Sie auf, was"
            " Ihnen durch den Kopf ging. Sehen Sie den Gedanken dann auch von den anderen Seiten an. Es geht nicht"
            " darum, positiv zu denken, sondern vollständiger."
        ),
        "why": (
            "Was uns in einem schweren Moment durch den Kopf geht, fühlt sich wie eine Tatsache an. Auf dem Papier"
            " lässt es sich ansehen: Manches hält stand, manches nicht. Oft verändert sich das Gefühl ein wenig mit."
        ),
        "fields.situation": "Wo waren Sie, und was geschah gerade?",
        "fields.feeling": "Was haben Sie gefühlt? Ein, zwei Wörter genügen.",
        "fields.strength_before": "Wie stark war das Gefühl?",
        "fields.strength_before.labels": _NOT_TO_VERY_HIGH,
        "fields.thought": "Was ging Ihnen durch den Kopf? Ein Satz, ein Bild, eine Erinnerung.",
        "fields.belief_before": "Wie wahr erschien Ihnen das in dem Moment?",
        "fields.belief_before.labels": ("gar nicht wahr", "völlig wahr"),
        "fields.speaks_for": "Was spricht dafür? Nur, was auch jemand anderes hätte sehen können.",
        "fields.speaks_against": "Was passt nicht dazu?",
        "fields.friend": "Was würden Sie einem guten Freund sagen, der so über sich denkt?",
        "fields.fuller_view": "Wie würden Sie es jetzt sagen, mit all dem vor Augen?",
        "fields.strength_after": "Wie stark ist das Gefühl jetzt?",
        "fields.strength_after.labels": _NOT_TO_VERY_HIGH,
        "fields.next_step": "Gibt es etwas Kleines, das Sie als Nächstes tun möchten?",
    },
    "worry_time": {
        "title": "Sorgenzeit",
        "about": (
            "Für Sorgen, die den ganzen Tag auftauchen und im Weg stehen. Sie heben sie für eine feste Zeit am Tag auf"
            " und merken, dass sie warten können.\n\n"
            "Nicht geeignet für etwas, das sofort getan werden muss, für Gedanken daran, sich etwas anzutun (die"
            " warten nicht: sprechen Sie jetzt mit jemandem), oder kurz vor dem Schlafengehen."
        ),
        "what": (
            "Nehmen Sie sich jeden Tag eine Viertelstunde, immer zur selben Zeit und am selben Ort, und nicht im Bett."
            " Wenn zu einer anderen Zeit eine Sorge kommt, notieren Sie sie mit einem Wort oder zweien und sagen Sie"
            " sich: später. Wenn Ihre Zeit da ist, gehen Sie die Notizen durch. Hören Sie auf, wenn die Zeit um ist,"
            " auch wenn Sie nicht fertig sind."
        ),
        "why": (
            "Sorgen lassen sich nicht verbieten: Je mehr man es versucht, desto lauter werden sie. Verschieben lassen"
            " sie sich aber. Viele sind kleiner geworden oder weg, wenn Sie darauf zurückkommen."
        ),
        "fields.began": "Wann haben Sie begonnen?",
        "fields.minutes": "Wie lange hat es gedauert?",
        "fields.minutes.unit": "Minuten",
        "fields.worries": "Welche Sorgen sind Sie durchgegangen?",
        "fields.kind": "Worum ging es meistens?",
        "fields.kind.options": (
            "etwas, wogegen ich etwas tun kann",
            "etwas, das nicht in meiner Hand liegt",
            "von beidem etwas",
        ),
        "fields.next_step": "Wenn Sie etwas tun können: Was ist der erste Schritt, und wann gehen Sie ihn?",
        "fields.put_off": "Wie gut konnten Sie Sorgen bis dahin verschieben?",
        "fields.put_off.labels": ("gar nicht", "sehr gut"),
        "fields.faded": "Gab es eine Sorge, die nicht mehr wichtig war, als ihre Zeit kam?",
    },
}
