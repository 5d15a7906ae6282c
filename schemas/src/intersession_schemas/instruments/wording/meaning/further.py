"""Stems for the items of further instruments, most of them in English, German and what other languages share with them.

In a language whose words are missing here, a form of theirs is for a person to decide.
"""

from __future__ import annotations

from intersession_schemas.instruments.wording.meaning.risk import RISK

Stems = dict[str, str]

PHQ_15: Stems = {
    "no-periods": (
        "does not apply|not apply|nicht zutreff|trifft nicht|ne s applique|no corresponde|niet van toepassing"
        "|non applicabile|nao se aplica"
    ),
    "q1": (
        "stomach pain|stomach ache|abdominal|bauchschmerz|magenschmerz|estomac|ventre|estomago|buikpijn|maagpijn"
        "|stomaco|barriga"
    ),
    "q2": "back pain|ruckenschmerz|mal de dos|maux de dos|espalda|rugpijn|schiena|costas",
    "q3": (
        "arms|legs|joints|limbs|armen|beinen|gelenk|bras|jambes|articulations|brazos|piernas|articulaciones"
        "|gewricht|braccia|gambe|articolazioni|bracos|pernas"
    ),
    "q4": "period|menstr|regel.|regles|reglas|mestru",
    "q5": (
        "headache|kopfschmerz|maux de tete|mal de tete|dolor de cabeza|dolores de cabeza|hoofdpijn|mal di testa"
        "|dor de cabeca|dores de cabeca"
    ),
    "q6": (
        "chest pain|schmerzen im brust|brustschmerz|brustbereich|poitrine|pecho|pijn op de borst|torace|petto|peito"
    ),
    "q7": "dizz|schwindel|vertige|etourdiss|mareo|duizelig|vertigin|capogiri|tontura",
    "q8": "faint|ohnmacht|evanou|desmay|flauwval|flauwgevallen|sveniment|desmaio",
    "q9": "heart|herz|coeur|corazon|hartklop|cuore|coracao|palpit",
    "q10": "shortness|short of breath|breath|atemnot|kurzatmig|souffle|falta de aire|kortademig|respiro|falta de ar",
    "q11": "sexual|sex.|geschlechtsverkehr|rapports|relaciones sexuales|seksue|rapporti sessuali|relacoes sexuais",
    "q12": "bowel|constipat|diarr|verstopf|durchfall|estrenimiento|obstipatie|stitichezza|prisao de ventre",
    "q13": "nausea|gas.|indigest|ubelkeit|blahung|verdauung|naus|indigestion|misselijk|nauseas|gases|gasi",
    "q14": "tired|energy|mude|mudigkeit|*energie|fatig|energia|cansa|moe.|vermoeid|stanc",
    "q15": "sleep|*schlaf|dormir|sommeil|sueno|dorm|slaap|slapen|sonno|sono.",
}

WEMWBS: Stems = {
    "q1": "optimis|hopeful|zukunft|optimist|avenir|futuro",
    "q2": "useful|nutzlich|utile|util.|nuttig",
    "q3": "relaxed|entspannt|detendu|relaj|ontspannen|rilass|relaxad",
    "q4": (
        "interested in other|interest in people|interesse an anderen|interessiert an anderen|interesse aux autres"
        "|otras personas"
    ),
    "q5": "energy to spare|*energie|energia",
    "q6": "dealing with|problem+umgehen|probleme|problemes|problemas",
    "q7": "thinking clearly|clear thinking|klar gedacht|klar denken|clairement|claridad",
    "q8": "good about myself|good about oneself|good about yourself|mir selbst|moi meme|conmigo mism",
    "q9": "close to|nahe gefuhlt|nahe.|proche|cercan",
    "q10": "confident|zuversicht|selbstsicher|confian|segur",
    "q11": "make up my own mind|own mind|mind about|eigene meinung|entscheid|decid",
    "q12": "loved|geliebt|aime|querid",
    "q13": "new things|interest in new|neuen dingen|neue dinge|choses nouvelles|cosas nuevas",
    "q14": "cheerful|frohlich|gai.|alegre",
}
SWEMWBS: Stems = {
    key: WEMWBS[whole]
    for key, whole in (
        ("q1", "q1"),
        ("q2", "q2"),
        ("q3", "q3"),
        ("q4", "q6"),
        ("q5", "q7"),
        ("q6", "q9"),
        ("q7", "q11"),
    )
}

PC_PTSD_5: Stems = {
    "event": "experienced this kind|lived through|traumatic event|kind of event|erlebt|ereignis|vecu|vivido",
    "q1": "nightmare|thought about|dreams|memories|alptr|albtr|cauchemar|pesadill|nachtmerrie|incubi|pesadelo",
    "q2": "tried hard|avoid|vermeid|vermied|eviter|evit|vermijd",
    "q3": "on guard|watchful|startled|wachsam|schreckhaft|sur vos gardes|sur ses gardes|alerta|waakzaam|guardia",
    "q4": "numb|detached|far away|betaubt|abgestumpft|entfremdet|detache|insensib|distant|verdoofd|distaccat",
    "q5": "guilt|blam|schuld|coupable|culp|colpa|verwijt",
}

ITQ: Stems = {
    "p1": "dream|traum.|traume|reves|suenos|dromen|sogni|sonhos",
    "p2": "powerful|happening again|happened again|images|noch einmal|wieder erlebt|bilder|reviv",
    "p3": "internal reminders|inner reminders|avoid+thoughts|avoid+feelings|innere|vermeid+gedanken|evit+pens",
    "p4": ("external reminders|outer reminders|avoid+places|avoid+people|aussere|vermeid+orte|evit+lieux|evit+lugares"),
    "p5": "super alert|superalert|watchful|on guard|wachsam|auf der hut|alerta|waakzaam",
    "p6": "jumpy|startle|schreckhaft|sursaut|sobresalt",
    "p7": "relationships|social life|in the way+people|beziehungen|sozialleben",
    "p8": "work.|ability to work|arbeit|travail|trabajo",
    "p9": "other important|in the way+other|parenting|anderen wichtigen|autres",
    "c1": "calm down|long time+calm|beruhig|calmer|calmar",
    "c2": "numb|shut down|taub.|betaubt|engourdi|insensib",
    "c3": "failure|versager|echec|fracas",
    "c4": "worthless|wertlos|sans valeur|sin valor",
    "c5": "distant|cut off|entfernt|abgeschnitten|distant|distante",
    "c6": "emotionally close|stay close|nahe zu bleiben|emotional nahe|proche|cerca",
    "c7": "relationships|social life|in the way+people|beziehungen|sozialleben",
    "c8": "work.|ability to work|arbeit|travail|trabajo",
    "c9": "other important|in the way+other|parenting|anderen wichtigen|autres",
}

IES_R: Stems = {
    "q1": "reminder+feelings|reminder brought back|feelings at reminders|erinner+gefuhle",
    "q2": "staying asleep|durchschlaf",
    "q3": "other things+thinking|other things remind|andere dinge",
    "q4": "irritable|angry|reizbar|arger",
    "q5": "avoided letting myself get upset|getting upset|nicht aufzuregen",
    "q6": "when i didn t mean|thought about it when|thoughts unwanted|ohne es zu beabsichtigen|ungewollt",
    "q7": "hadn t happened|wasn t real|not real|nicht wirklich|unwirklich",
    "q8": "stayed away|stays away|fern.|ferngehalten",
    "q9": "pictures|bilder",
    "q10": "jumpy|startled|schreckhaft",
    "q11": "not to think about|tries not to think|nicht daran zu denken",
    "q12": "didn t deal|feelings left alone|lot of feelings|nicht um meine gefuhle",
    "q13": "numb|taub|betaubt",
    "q14": "back at that time|back then|zuruckversetzt",
    "q15": "falling asleep|einschlaf|einzuschlaf",
    "q16": "waves|wellen",
    "q17": "remove it from|tries to forget|memory|aus meiner erinnerung|vergessen",
    "q18": "concentr|*konzentr",
    "q19": "physical reactions|sweating|body at reminders|korperlich",
    "q20": "dreams|traum|traume",
    "q21": "watchful|on guard|wachsam",
    "q22": "not to talk|nicht daruber zu sprechen|nicht daruber zu reden",
}

DAST_10: Stems = {
    "q1": "other than those required|medical reasons|medical need|medizinisch",
    "q2": "more than one|mehr als eine",
    "q3": "able to stop|stop using|aufhoren",
    "q4": "blackout|flashback|gaps in memory",
    "q5": "guilt|feel bad|schuld",
    "q6": "complain|beschwert|klagen",
    "q7": "neglect|vernachlass",
    "q8": "illegal",
    "q9": "withdrawal|entzug",
    "q10": "medical problems|medical trouble|hepatitis|medizinische probleme",
}
CAGE: Stems = {
    "q1": "cut down|cutting down|weniger trinken|einschrank|reduzier|diminuer|beber menos|minderen|ridurre|diminuir",
    "q2": "annoy|criticis|criticiz|kritis|geargert|critiqu|critic|ergerd|criticat",
    "q3": "guilt|schuld|coupable|culpable|colpa|culpad",
    "q4": "morning|eye opener|*morgen|matin|manana|ochtend|mattin|manha",
}

CORE_10: Stems = {
    "q1": "tense|anxious|nervous|angespannt|angstlich|nervos|tendu|anxieu|tens|ansios|gespannen|ansia",
    "q2": "someone to turn|somebody to turn|turn to for support|jemanden+unterstutz|quelqu un+soutien|alguien+apoyo",
    "q3": "able to cope|coping|when things go wrong|zurechtkomm|bewaltig|faire face|afrontar",
    "q4": "talking to people|people too much|mit leuten|mit menschen|parler aux gens|hablar con",
    "q5": "panic|terror|panik|entsetz|panique|panico|paniek",
    "q6": "plans to end|" + RISK,
    "q7": "sleep|asleep|*schlaf|dormir|sommeil|dorm|slaap|sonno",
    "q8": "despair|hopeless|verzweif|hoffnungslos|desespoir|desesper|wanhoop|disperaz",
    "q9": "unhappy|unglucklich|malheur|infeliz|ongelukkig|infelic",
    "q10": "unwanted images|unwanted+memories|images|bilder|imagenes|beelden|immagini",
}
YP_CORE: Stems = {
    "q1": "edgy|nervous|nervos|angespannt",
    "q2": "didn t feel like talking|talk to anyone|not wanting to talk|mit niemandem+reden|reden",
    "q3": "able to cope|coping|zurechtkomm",
    "q4": "hurting oneself|" + RISK,
    "q5": "able to ask|somebody to ask|someone i felt|um hilfe",
    "q6": "thoughts and feelings+distress|distress|belast",
    "q7": "problems+too much|problems too|zu viel|probleme",
    "q8": "sleep|*schlaf",
    "q9": "unhappy|unglucklich",
    "q10": "things i wanted|doing what|tun was|was ich wollte",
}

SDQ_SELF: Stems = {
    "q1": "nice to|nett zu",
    "q2": "restless|stay still|unruhig",
    "q3": "headaches|aches|kopfschmerzen",
    "q4": "share|sharing|teile",
    "q5": "temper|angry|wutend",
    "q6": "on my own|mostly alone|meistens allein|keep to myself",
    "q7": "do as i am told|does as told|was man mir sagt",
    "q8": "worry|worries|sorgen",
    "q9": "helpful if|helps the hurt|hilfsbereit",
    "q10": "fidget|squirm|zappelig",
    "q11": "one good friend|has a good friend|guten freund",
    "q12": "fight|schlage mich",
    "q13": "unhappy|unglucklich",
    "q14": "like me|liked by|beliebt",
    "q15": "distracted|ablenk",
    "q16": "nervous in new|nervous with|neuen situationen",
    "q17": "younger|jungeren",
    "q18": "lying|cheating|luge",
    "q19": "picked on|bully|gehanselt",
    "q20": "volunteer|freiwillig",
    "q21": "think before|thinks first|denke nach",
    "q22": "take things|takes things|not mine|nehme dinge",
    "q23": "adults|erwachsenen",
    "q24": "fears|scared|angste",
    "q25": "finish|zu ende",
}

OCI_R: Stems = {
    "q1": "get in the way|things in the way|saved up|im weg",
    "q2": "check things|checks too often|kontrolliere dinge",
    "q3": "not arranged|upset by disorder|richtig angeordnet",
    "q4": "compelled to count|has to count|zahlen wahrend",
    "q5": "touched|beruhrt",
    "q6": "control my own thoughts|thoughts out of control|meine gedanken zu kontroll",
    "q7": "collect|sammle",
    "q8": "doors|windows|turen|fenster",
    "q9": "change the way|changed order|anordnung",
    "q10": "repeat certain numbers|repeat numbers|zahlen+wiederhol",
    "q11": "wash or clean|contaminated|feeling dirty|verseucht",
    "q12": "against my will|upset by own thoughts|gegen meinen willen",
    "q13": "throw|throwing|wegwerf|wegzuwerf",
    "q14": "taps|switches|wasserhahn|schalter",
    "q15": "particular order|set order|bestimmten ordnung",
    "q16": "good and bad numbers|gute und schlechte zahlen",
    "q17": "wash my hands|washes hands|meine hande",
    "q18": "nasty|unpleasant thoughts|unangenehme gedanken",
}

Y_BOCS: Stems = {
    "q1": "obsess+time|zwangsgedanken+zeit|gedanken+zeit",
    "q2": "obsess+interf|obsess+in the way|zwangsgedanken+beeintracht",
    "q3": "obsess+distress|zwangsgedanken+belast",
    "q4": "obsess+resist|zwangsgedanken+widerstand",
    "q5": "obsess+control|zwangsgedanken+kontroll",
    "q6": "compuls+time|zwangshandlungen+zeit",
    "q7": "compuls+interf|compuls+in the way|zwangshandlungen+beeintracht",
    "q8": "compuls+distress|compuls+anxious|zwangshandlungen+belast",
    "q9": "compuls+resist|zwangshandlungen+widerstand",
    "q10": "compuls+control|zwangshandlungen+kontroll",
}

SPIN: Stems = {
    "q1": "afraid of people in authority|people in authority|autoritat",
    "q2": "blush|errot|rot werde",
    "q3": "parties|social events",
    "q4": "avoid+strangers|avoid+don t know|avoid talking",
    "q5": "being criticised|being criticized|kritisiert",
    "q6": "avoid+embarrass",
    "q7": "sweat|schwitz",
    "q8": "avoid+parties|avoid going to parties",
    "q9": "center of attention|centre of attention|avoid+centre|avoid+center|mittelpunkt",
    "q10": "talking to strangers|fremden",
    "q11": "speeches|reden zu halten",
    "q12": "anything+criticis|anything+criticiz|anything to avoid",
    "q13": "heart|herz",
    "q14": "watching|watched|zuschau",
    "q15": "foolish|embarrassed or looking|dumm",
    "q16": "avoid+authority",
    "q17": "trembl|shak|zitter",
}

EDE_Q: Stems = {
    "q1": "limit the amount|held back",
    "q2": "long periods|long without|8 waking hours",
    "q3": "exclude|left out",
    "q4": "definite rules|follow+rules|rules on",
    "q5": "empty stomach|leeren magen",
    "q6": "flat stomach|flachen bauch",
    "q7": "thinking about food|thoughts of food",
    "q8": "thinking about shape|thoughts of shape",
    "q9": "losing control|kontrolle+verlier",
    "q10": "gain weight|gaining weight|zunehmen|zuzunehmen",
    "q11": "felt fat|dick gefuhlt",
    "q12": "lose weight|abnehmen|abzunehmen",
    "q19": "in secret|secret|heimlich",
    "q20": "guilt|schuldig",
    "q21": "see you eat|seen eating|beim essen",
    "q22": "weight influenced|weight and own|gewicht+beeinflusst",
    "q23": "shape influenced|shape and own|figur+beeinflusst",
    "q24": "weigh yourself|weigh oneself|zu wiegen",
    "q25": "dissatisfied+weight|not content with weight|unzufrieden+gewicht",
    "q26": "dissatisfied+shape|not content with shape|unzufrieden+figur",
    "q27": "seeing your body|seeing own body|ihren korper zu sehen",
    "q28": "others seeing|andere+korper",
}

MADRS_S: Stems = {
    "q1": "mood|stimmung|humeur|animo|stemming|umore|humor",
    "q2": "unease|tension|anxiety|unruhe|inquietude|inquietud|onrust|inquietudine",
    "q3": "sleep|*schlaf|sommeil|sueno|slaap|sonno|sono.",
    "q4": "appetite|*appetit|apetito|eetlust|appetito|apetite",
    "q5": "concentr|*konzentr",
    "q6": "initiative|getting started|antrieb|tatkraft|iniciativa|initiatief|iniziativa",
    "q7": "emotional involvement|feeling for others|interest in|gefuhl|anteilnahme",
    "q8": "pessimis|dark thoughts|dustere|zukunft|pesimis",
    "q9": (
        "zest|will to live|lebensfreude|lebenslust|lebenswille|joie de vivre|ganas de vivir|levenslust"
        "|voglia di vivere|vontade de viver|" + RISK
    ),
}

ORS: Stems = {
    "q1": "individual|personal well|oneself|myself|personlich",
    "q2": "interpersonal|family|close people|close relationships|familie",
    "q3": "social|work.|school|sozial|arbeit",
    "q4": "overall|all in all|allgemein|insgesamt",
}
SRS: Stems = {
    "q1": "relationship|heard|understood|beziehung",
    "q2": "goals|topics|ziele",
    "q3": "approach|method|methode|vorgehen",
    "q4": "overall|all in all|insgesamt|allgemein",
}

BY_KEY: dict[str, Stems] = {
    "phq-15": PHQ_15,
    "wemwbs": WEMWBS,
    "swemwbs": SWEMWBS,
    "pc-ptsd-5": PC_PTSD_5,
    "itq": ITQ,
    "ies-r": IES_R,
    "dast-10": DAST_10,
    "cage": CAGE,
    "core-10": CORE_10,
    "yp-core": YP_CORE,
    "sdq-self": SDQ_SELF,
    "oci-r": OCI_R,
    "y-bocs": Y_BOCS,
    "spin": SPIN,
    "ede-q": EDE_Q,
    "madrs-s": MADRS_S,
    "ors": ORS,
    "srs": SRS,
}
