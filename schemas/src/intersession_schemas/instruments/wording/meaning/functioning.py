"""Stems for the items on trauma, drinking, distress, stress, sleep and daily life, by instrument and item."""

from __future__ import annotations

Stems = dict[str, str]

PCL_5: Stems = {
    "q1": (
        "disturbing+memor|unwanted+memor|intrude|erinnerung+belastend|erinnerung+unerwunscht|souvenirs+penib"
        "|souvenirs+perturb|souvenirs+repet|recuerdos+repet|recuerdos+perturb|herinneringen+ongewenst"
        "|herinneringen+verstorend|herhaald+herinner|ricordi+ripet|ricordi+disturb|lembrancas+repet"
        "|memorias+repet|memorias+perturb"
    ),
    "q2": (
        "dream|traum.|traume.|alptraum|albtraum|reves|cauchemar|suenos|pesadill|dromen|nachtmerr|sogni|incubi"
        "|sonhos|pesadel"
    ),
    "q3": (
        "suddenly+feeling|happening again|happened again|reliving|plotzlich|wieder erleben|noch einmal"
        "|erneut+ereign|soudainement|reviv|de repente|repentin|plotseling|opnieuw+beleef|herbelev|improvvis"
        "|rivive|subitamente"
    ),
    "q4": (
        "very upset|upset by|emotional+remind|erinner+aufgewuhlt|emotional+belast|bouleverse|muy alterad"
        "|molesto+recordaba|erg van streek|overstuur|molto turbat|sconvolt|muito perturbad|muito chatead"
        "|muito transtornad"
    ),
    "q5": (
        "physical+react|body+react|heart pounding|korperlich|herzklopfen|reactions physiques|physiqu|palpit|fisic"
        "|lichamelijk|hartklop|*sweating|batticuore"
    ),
    "q6": (
        "avoid+thoughts|avoid+feelings|vermeid+gedanken|vermeid+gefuhl|vermied+gedanken|evit+pensees"
        "|evit+sentiment|evit+pensamientos|vermijd+gedachten|vermeden+gedachten|evit+pensieri|evit+pensamentos"
    ),
    "q7": (
        "avoid+external|avoid+outer|avoid+places|avoid+people|vermeid+orte|vermeid+auss|vermied+orte"
        "|evit+exterieur|evit+endroits|evit+externos|evit+lugares|vermijd+plaatsen|vermijd+extern|evit+estern"
        "|evit+luoghi|evit+extern"
    ),
    "q8": (
        "trouble remembering|remember+important|gaps+memory|schwierigkeiten+erinnern|schwierigkeiten+zu erinnern"
        "|rappeler|recordar partes|recordar+important|herinneren van|ricordare|relembrar|lembrar+partes"
        "|lembrar de"
    ),
    "q9": (
        "negative beliefs|dark beliefs|beliefs|uberzeugung|croyances|creencias|overtuiging|opvatting|convinzion|crencas"
    ),
    "q10": (
        "blam|schuld+gegeben|die schuld|vorwurf|vorwurfe|blame|reproch|culpar|culpabil|verwijt|colpevolizz|incolp"
        "|culpand"
    ),
    "q11": (
        "strong+negative+feelings|fear+horror|strong bad feelings|angst+entsetzen|entsetzen|schrecken|horreur"
        "|honte|horror|verguenza|afschuw|afgrijzen|schaamte|orrore|vergogna|vergonha"
    ),
    "q12": "interest|*interess|interet|interes",
    "q13": (
        "distant|cut off|distance|abgeschnitten|entfernt|distanziert|coupe|eloigne|distan|aislad|afgesneden"
        "|afstand|distaccat|isolat|afastad|desligad"
    ),
    "q14": (
        "positive feelings|good feelings|positive gefuhle|emotions positives|sentiments positifs"
        "|sentimientos positivos|positieve gevoelens|positive emozioni|emozioni positive|sentimenti positivi"
        "|sentimentos positivos|unable to feel"
    ),
    "q15": (
        "irritab|angry outburst|aggressi|reizbar|wutausbruch|colere|irrit|agresiv|explosiones|prikkelbaar|woede"
        "|rabbia|raiva|agressiv"
    ),
    "q16": "risk|risik|risque|riesgo|risico|rischi|risco|cause you harm",
    "q17": (
        "superalert|alert|watchful|on guard|wachsam|auf der hut|vigilan|sur vos gardes|en guardia|waakzaam"
        "|op je hoede|op uw hoede|all erta|guardia|alerta"
    ),
    "q18": "jumpy|startle|schreckhaft|sursaut|sobresalt|schrikachtig|schrikken|sobbalz|trasal|assust|susto",
    "q19": "concentr|*konzentr",
    "q20": "sleep|asleep|*schlaf|dormir|sommeil|dorm|slaap|slapen|sonno|addorment",
}

AUDIT: Stems = {
    "q1": (
        "how often+drink containing|how often+containing alcohol|how often.|wie oft+alkoholisch|wie oft+getrank"
        "|frequence+boisson|souvent+consommez|souvent+buvez|frecuencia+consume|hoe vaak+alcohol"
        "|spesso+consum+alcol|spesso+bevande|frequencia+consome|frequencia+bebida"
    ),
    "q2": "how many|how much on|typical day|wie viel|combien|cuant|hoeveel|quant|um dia normal",
    "q3": (
        "six or more|6 or more|five or more|5 or more|many on one occasion|sechs oder mehr|6 oder mehr|six verres"
        "|6 verres|seis o mas|6 o mas|zes of meer|6 of meer|sei o piu|6 o piu|seis ou mais|6 ou mais|one occasion"
        "|einer gelegenheit|une occasion|meme occasion|una sola|une meme|un occasione|unica occasione|uma unica"
    ),
    "q4": (
        "able to stop|stop drinking|aufhoren|arreter de boire|vous arreter|parar de beber|stoppen|smettere|parar+comec"
    ),
    "q5": "failed|expected|erwartung|erwartet|attend|esperaba|verwacht|aspett|esperad|deixou de",
    "q6": (
        "morning|first drink|am morgen|fruhmorgens|*morgen|brauchten+morgen|morgens|matin|mananas|ayunas|ochtend"
        "|mattin|manha"
    ),
    "q7": "guilt|remorse|schuld|gewissensbiss|coupab|remord|remordim|culpa|schuldgevoel|spijt|colpa|rimors|remorso",
    "q8": "unable to remember|remember|memory|erinnern|souven|rappel|recordar|herinneren|ricord|lembrar|recordar",
    "q9": "injur|verletz|bless|herid|gewond|letsel|ferit|feri|lesion|prejuiz",
    "q10": (
        "relative|concerned|concern|verwand|besorgt|sorgen|parent|inquiet|familiar|preocup|familielid|bezorgd"
        "|parente|preoccup|cut down"
    ),
}

K10: Stems = {
    "q1": "tired|mude|erschopf|fatig|epuis|cansad|agotad|moe.|uitgeput|stanc|stanch|exaust",
    "q2": "nervous|nervos|nerveu|nervios|zenuwachtig|nervos",
    "q3": (
        "nervous+calm|nervos+beruhig|nervos+ruhig|nerveu+calm|nervios+calmar|zenuwachtig+kalm|zenuwachtig+rustig"
        "|nervos+calmar|beyond calming"
    ),
    "q4": (
        "hopeless|hoffnungslos|desesper|sin esperanza|desesperanza|hopeloos|disperat|senza speranza|sem esperanca"
        "|desespoir"
    ),
    "q5": "restless|fidget|unruh|rastlos|zappelig|agite|inquiet|agitad|rusteloos|irrequiet|impacient",
    "q6": (
        "restless+sit|restless+still|unruh+still|unruh+sitz|agite+assis|agite+immobile|agite+tranquille"
        "|agite+place|inquiet+sentad|inquiet+quiet|inquiet+tranquil|rusteloos+zitten|rusteloos+stil"
        "|irrequiet+fermo|irrequiet+sedut|agitad+sentad|agitad+parad|irrequiet+ferm"
    ),
    "q7": "depress|deprimi|neerslachtig|depressi|depre",
    "q8": "effort|anstreng|muhe|esfuerzo|moeite|inspanning|sforzo|fatica|esforco",
    "q9": (
        "cheer|sad+nothing|aufheiter|aufmuntern|traurig+nichts|triste+rien|remonter|egayer|triste+nada|alegrar"
        "|animar|opvrolijken|somber+niets|triste+niente|rallegr|tirar+su"
    ),
    "q10": (
        "worthless|wertlos|valeur|bon a rien|inutil|no valia|sin valor|waardeloos|senza valore|privo di valore"
        "|sem valor|nullo"
    ),
}

DASS_21: Stems = {
    "q1": (
        "wind down|winding|mich zu beruhigen|ruhe zu kommen|zur ruhe|calmer|desconect|relajarme|descarg|tot rust"
        "|rust te komen|rilassarmi|calmarmi|acalmar"
    ),
    "q2": "dry|trocken|seche|seca|droge|droog|secca|boca",
    "q3": (
        "positive feeling|no good feeling|positive gefuhl|sentiment positif|sentimientos positiv"
        "|sentimiento positiv|positief gevoel|emozioni positive|sensazioni positive|sentimento positivo|positiv"
    ),
    "q4": "breath|atem|atmen|respir|adem|fiato",
    "q5": (
        "initiative|getting started|work up|aufraffen|aufzuraffen|in gang|initiativ|iniciativa|iniziativa"
        "|initiatief|op gang"
    ),
    "q6": "over react|overreact|uberreag|uberzureag|reaccion|exager|overdreven|reageren|reazion",
    "q7": "trembl|zitter|trill|tembl|bever|tremor|beven|mani che tremavano|tremo",
    "q8": (
        "nervous energy|alles anstrengend|nervose energie|energie nerveuse|energia nervos|nerveuze energie"
        "|nervios|nervos|zenuw|a lot of energy|beaucoup d energie"
    ),
    "q9": (
        "panic+fool|fear of panic|situation+panic|panik+lacherlich|panisch+lacherlich|panik+blamier"
        "|paniqu+ridicul|panico+ridicul|paniek+belachelijk|panico+brutta figura|panico+figura|panico+papel"
    ),
    "q10": (
        "look forward|nothing ahead|freuen|nichts+freu|attendre+avenir|esperance|ilusion|vivir|verlangen|naar uit"
        "|aspettative|prospettiv|guardare avanti|esperar|nada+desej"
    ),
    "q11": "agitat|aufgeregt|aufreg|agite|agite|agitad|inquiet|geagiteerd|opgewonden|agitar|agitando",
    "q12": "relax|entspann|detendre|relaj|ontspann|rilass|descontra",
    "q13": (
        "down hearted|downhearted|blue|niedergeschlag|traurig|cafard|deprim|triste|desanim|neerslachtig|somber"
        "|scoraggi|giu di"
    ),
    "q14": "intoleran|ungehalten|hindrances|ungeduld|impatien|intoler|aufgehalten|ongeduld|insofferen|paci",
    "q15": (
        "close to panic|near panic|panik+nahe|kurz+panik|nahe+panik|proche+paniqu|bord+paniqu|punto+panico"
        "|paniek+nabij|bijna+paniek|vicin+panico|proxim+panico|panico+beira|panik"
    ),
    "q16": "enthus|begeister|enthousias|entusias",
    "q17": "worth|wert|valeur|valia|valgo|waard|valere|valessi|valor|valho",
    "q18": "touchy|empfindlich|susceptible|suscept|sensible|irritab|lichtgeraakt|sensib",
    "q19": "heart+absence|heartbeat|heart.|herz|coeur|corazon|hart.|hartslag|cuore|coracao",
    "q20": "scared|angst+grund|angstlich+grund|grundlos|peur|asustad|miedo|bang.|spavent|paura|assust|medo",
    "q21": "meaning|sinn.|sinnlos|de sens.|aucun sens|sentido|zinloos|betekenis|zin meer|senso|significat",
}

ISI: Stems = {
    "q1": (
        "falling asleep|einschlaf|endormir|quedarse dormid|conciliar|inslapen|in slaap|addorment|adormec|pegar no sono"
    ),
    "q2": (
        "staying asleep|durchschlaf|reste+endormi|rester endormi|permanecer dormid|mantener|doorslapen|mantenere"
        "|manter|risvegli frequ|continuar a dormir"
    ),
    "q3": (
        "too early|waking up|fruh|trop tot|muy temprano|demasiado temprano|te vroeg|troppo presto|muito cedo"
        "|demasiado cedo"
    ),
    "q4": "satisf|content|zufrieden|tevreden|soddisf",
    "q5": (
        "noticeable|others|anderen|andere+wahrnehm|andere+bemerk|andere.|apparent|remarqu|les autres|demas|otros"
        "|merk|notare|altri|percept|outras pessoas|outros"
    ),
    "q6": "worried|distressed|worry|sorgen|beunruhig|besorgt|inquiet|preoccup|preocup|zorgen|ongerust",
    "q7": (
        "interfer|by day|daytime|beeintracht|perturb|fonctionnement|interfier|functioner|dagelijks|belemmer"
        "|funzionament|quotidian|funcionament"
    ),
}

PSS_10: Stems = {
    "q1": "unexpected|unerwartet|inattend|inesperad|onverwacht|imprevist|inaspettat",
    "q2": (
        "control+important|no control|wichtig+kontroll|control+importantes|controle+important|beheers+belangrijk"
        "|controle+belangrijk|controll+important"
    ),
    "q3": (
        "nervous|stressed|nervos|gestresst|nerveu|stresse|nervios|estresad|zenuwachtig|gestrest|nervos|stressat"
        "|estressad|stressad"
    ),
    "q4": (
        "confident|sure of|zuversicht|zuversicht+problem|sicher+problem|confian|segur|vertrouwen|zeker+probl"
        "|fiducios|capacit|confiante"
    ),
    "q5": (
        "going your way|going one s way|wunsch|gunsten|comme vous le vouliez|allaient+vouliez|van bien|iban bien"
        "|naar wens|zoals u wilde|bene|sua maneira|sua vontade|acordo com|nach ihren|goed gingen|andando"
    ),
    "q6": (
        "could not cope|too much to do|gewachsen|aufgaben+bewaltigen|faire face|afrontar|lidar com+todas"
        "|aankunnen|opgewassen|far fronte|all die anstehenden"
    ),
    "q7": "irritation|arger|agacement|irrit|dificultades de su vida|ergernis",
    "q8": (
        "on top of|im griff|maitris|control de todo|todo bajo control|onder controle|alles in de hand|padrone"
        "|sotto controllo|tudo sob|tenia todo"
    ),
    "q9": "anger|angry|geargert|wutend|colere|enfad|molest|enojad|boos|arrabbi|raiva|zangad|irritad+fora",
    "q10": "piling|aufgestapelt|gehauft|angehauft|haufen|turmen|accumul|acumul|opgestapeld|opstapel|accumul",
}

WSAS: Stems = {
    "no-work": (
        "retired|no work|no work+reasons|choose not to have|not applicable|rentner|berentet|retraite|jubilad"
        "|gepensioneerd|pension|reformad|aposentad"
    ),
    "q1": "work.|arbeit|travail|trabaj|werk.|lavor|trabalh|beruf",
    "q2": "home|haushalt|menag|domestic|huishoud|casa|hogar",
    "q3": (
        "social|with others|with other people|sozial|gemeinsam|social|avec d autres|otras personas|anderen"
        "|sociali|outras pessoas"
    ),
    "q4": "private|alone|allein|prive|seul|solas|privad|alleen|da solo|privat|sozinh|solitari",
    "q5": "relationship|beziehung|relations|relacion|relatie|relazion|relac",
}
