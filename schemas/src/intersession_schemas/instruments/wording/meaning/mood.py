"""Stems for the items on mood, fear, well-being and suicidal thoughts, by instrument and item."""

from __future__ import annotations

from intersession_schemas.instruments.wording.meaning.risk import RISK

Stems = dict[str, str]

PHQ_9: Stems = {
    "q1": "interest|pleasure|*interesse|*freude|interet|plaisir|interes|placer|plezier|piacere|prazer",
    "q2": (
        "depress|hopeless|down.|low mood|sad|niedergeschlag|schwermut|hoffnungslos|deprimi|triste|desespoir"
        "|desesper|decaid|sin esperanza|somber|neerslachtig|hopeloos|moedeloos|giu di|giu.|sconfort"
        "|senza speranza|disperat|para baixo|em baixo|sem esperanca|desanimad"
    ),
    "q3": "sleep|asleep|*schlaf|dormir|dormi|sommeil|sueno|dorm|slaap|slapen|sonno|sono.",
    "q4": (
        "tired|energy|fatig|mude|mudigkeit|*energie|energia|epuis|cansad|moe.|vermoeid|stanc|cansac|exhaust|erschopf"
    ),
    "q5": (
        "appetit|overeat|eating|*appetit|essen.|eetlust|eten.|manger|comer|mangiar|apetit|apetite"
        "|vermindert+essen|trop+mange"
    ),
    "q6": (
        "failure|bad about yourself|bad about myself|self worth|worthless|let yourself|your family"
        "|schlechte meinung|versager|enttauscht|familie+enttauscht|votre famille|mauvaise opinion|echec|decu"
        "|perdant|su familia|fracas|mal con usted|mal acerca|quedado mal|uw familie|je familie|mislukk|mislukt|gefaald"
        "|teleurgesteld|tekort|sua famiglia|falliment|fallito|delus|sua familia|desilud|decepcion|sentir mal"
    ),
    "q7": "concentr|*konzentr|newspaper|television|zeitung|fernseh|journal.|televis|jornal|giornal|krant|periodic",
    "q8": (
        "slow|restless|fidget|moving|speaking|bewegung|verlangsam|unruhig|rastlos|zappelig|bouger|parler"
        "|lentement|agite|mouvement|moverse|moviendo|hablar|hablando|lent|inquiet|agitad|langzaam|traag|onrustig"
        "|rusteloos|bewegen|bewoog|muover|movimento|parlar|irrequiet|mexer|movimentar|falar|devagar"
    ),
    "q9": RISK,
    "difficulty": (
        "difficult+work|difficult+daily|difficult+things|how hard|difficile+travail|dificil+trabaj"
        "|dificult+trabaj|schwer+arbeit|erschwert|schwierig+arbeit|moeilij+werk|difficil+lavor|dificil+trabalh"
        "|dificult+trabalh"
    ),
}

GAD_7: Stems = {
    "q1": (
        "nervous|on edge|anxious|nervos|*angst|angstlich|*anspann|tendu|anxieu|nerveu|nervios|ansios|zenuwachtig"
        "|gespannen|teso.|tesa.|tens|al limite"
    ),
    "q2": (
        "control+worr|stop+worr|worry out of control|sorgen+kontroll|sorgen+stopp|inquiet+control|inquiet+arret"
        "|soucis+control|preocup+control|preocup+dejar|preocup+parar|zorgen+control|zorgen+stop|piekeren+control"
        "|piekeren+stop|preoccup+control|preoccup+smettere"
    ),
    "q3": (
        "worr+different|worr+many|worr+too much|sorgen+viele|sorgen+verschied|sorgen+ubermassig|inquiet+trop"
        "|inquiet+divers|inquiet+different|inquiet+tout et|soucis+trop|soucis+divers|preocup+demasiado"
        "|preocup+diferentes|preocup+divers|preocup+excessiv|preocup+muit|zorgen+veel|zorgen+verschill"
        "|piekeren+veel|piekeren+verschill|preoccup+tropp|preoccup+divers|preoccup+different"
    ),
    "q4": "relax|*entspann|detendre|detente|relaj|ontspann|rilass|descontra",
    "q5": (
        "restless|sit still|hard to sit|rastlos|stillsitz|still.|unruh|en place|agite|agitat|quieto|quieta"
        "|sentado|sentada|rusteloos|onrustig|stil.|stilzitten|irrequiet|ferm|agitad|parado|parada"
    ),
    "q6": (
        "irritab|annoyed|reizbar|gereizt|*verarger|contrari|irrit|molest|enoj|prikkelbaar|geirriteerd|ergert"
        "|snel geergerd|infastid|aborrec"
    ),
    "q7": (
        "awful|afraid|terrible|schlimm|furcht|schreckl|peur|terribl|affreux|miedo|algo+malo|algo+mau|bang."
        "|vreselijk|verschrikkelijk|paura|medo|horrivel|*angst+passier|fear"
    ),
}

WHO_5: Stems = {
    "q1": (
        "cheerful|good spirits|good mood|froh|guter laune|bonne humeur|gai.|gaie.|joyeu|alegre|buen animo|vrolijk"
        "|opgewekt|goede stemming|goed humeur|allegr|buon umore|bem dispost|bom humor|animad"
    ),
    "q2": "calm|relaxed|ruhig|*entspannt|calme|tranquil|detendu|relaj|rustig|ontspannen|rilass|descontra",
    "q3": "active|vigorous|aktiv|energisch|energie|actif|vigour|energ|activ|vigor|actief|attiv|ativ",
    "q4": (
        "fresh|rested|woke|waking|frisch|ausgeruht|aufwach|frais|fraiche|repose|reveil|fresc|descansad|despert"
        "|uitgerust|fris.|wakker|riposat|svegli|repousad|acord|refreshed"
    ),
    "q5": (
        "daily life|interest|*alltag|*interess|quotidien|interess|interes|vida cotidiana|dagelijks"
        "|vita quotidiana|dia a dia|vida diaria"
    ),
}

EPDS: Stems = {
    "q1": (
        "laugh|funny|lachen|lustig|sonnenseite|rire|reir|gracios|divertid|grappig|ridere|divertent|rir.|engracad"
        "|lato+cose"
    ),
    "q2": (
        "forward|enjoyment|*freude|freuen|vorgefreut|confiant|avenir|joie|ilusion|disfrut|vooruit|verheug"
        "|uitgekeken|gioia|piacere|prazer|futur|zukunft"
    ),
    "q3": "blame|schuld|reproch|coupable|culp|verwijt|verweten|colpa|incolp|*vorwurf|vorgeworfen",
    "q4": (
        "anxious|worried|worry|angstlich|besorgt|beunruhig|sorgen|inquiet|souci|anxieu|ansios|preocup|ongerust"
        "|bezorgd|ansia|preoccup"
    ),
    "q5": "scared|panick|panic|fear|erschreck|erschrock|panik|panisch|effray|paniqu|miedo|paniek|paur|assust|medo",
    "q6": (
        "on top of me|too much|*uberforder|uber den kopf|zu viel|depass|submerg|opprim|sommers|abrum|agobi|encima"
        "|te veel|teveel|boven het hoofd|sopraffa|troppo|demasiado|demais|sobrecarreg"
    ),
    "q7": "sleep|*schlaf|dormir|sommeil|slapen|slaap|dormi|dorm|durm",
    "q8": "sad.|sadness|miserable|traurig|elend|triste|desgraciad|verdriet|ellendig|miserav|desdichad|somber",
    "q9": "cry|crying|weinen|geweint|pleur|llor|huil|pianto|piang|chor",
    "q10": RISK,
}

C_SSRS: Stems = {
    "q1": (
        "wish+dead|wish+alive|wish+wake|wunsch+tot|gewunscht+tot|gewunscht+aufwach|souhait+mort|souhait+reveill"
        "|dese+muert|dese+despert|gewenst+dood|gewenst+wakker|wens+dood|desider+mort|desej+mort|desej+acord"
    ),
    "q2": (
        "thoughts+kill|thoughts+killing|gedanken+toten|gedanken+umbring|gedanken+umzubring|pensees+tuer"
        "|pens+suicid|pens+matar|gedacht+leven|gedachten+leven|pens+uccid|actual+thoughts"
    ),
    "q3": (
        "how you might|how you would|thoughts of how|thinking about how|wie sie+konnten|wie sie+wurden|facon dont"
        "|comment+faire|como lo haria|como hacerlo|como podria|hoe u|hoe je|come+farlo|como faria|methode|metodo"
        "|method"
    ),
    "q4": (
        "intention of acting|some intention|intent+acting|absicht+umzusetzen|absicht+handeln|intention d agir"
        "|intention+passer|intencion de|voornemen|intenzione di agire|intenzione+mettere|intencao de agir"
        "|intencao+agir"
    ),
    "q5": (
        "details|worked out|plan and|plan.|carry out|ausgearbeitet|einzelheiten|ausfuhren|elabor|detall"
        "|llevar a cabo|uitgewerkt|uitvoer|dettagli|piano.|detalhe|plano."
    ),
    "q6": (
        "prepar|attempt|done anything|started to do|vorbereit|versuch|etwas getan|tente|prepare"
        "|fait quelque chose|intent+vida|hecho algo|voorbereid|poging|gedaan|tentat|fatto qualcosa|feito algo"
        "|tentou"
    ),
    "q6-recent": (
        "3 months|past+months|last+months|three months|3 monate|drei monate|3 mois|trois mois|3 meses|tres meses"
        "|3 maanden|drie maanden|3 mesi|tre mesi"
    ),
}

CHECK_IN: Stems = {
    "q1": "low mood|mood",
    "q2": "worry|fear",
    "q3": "sleep",
    "q4": "energy",
    "q5": "matter",
    "q6": "alone",
}
