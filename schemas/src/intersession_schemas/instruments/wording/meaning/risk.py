"""Words for death, suicide and self-harm: what a question that asks about them has, in seven languages."""

from __future__ import annotations

from intersession_schemas.instruments.wording.meaning.stems import spellings, weight

RISK = (
    "suicid|suizid|self harm|selfharm|better off dead|be dead|being dead|were dead|to be alive|not alive"
    "|not wake up|thoughts of death|kill yourself|kill myself|killing yourself|killing myself|killing oneself"
    "|hurt yourself|hurt myself|hurting yourself|hurting myself|harm yourself|harm myself|harming yourself"
    "|harming myself|end your life|end my life|ending your life|take your life|took your life|to die."
    "|selbstmord|lieber tot|tot sein|tot waren|*leid zufug|leid zuzufug|leid anz|selbst verletz"
    "|selbst zu verletz|selbstverletz|das leben nehmen|das leben zu nehmen|umbringen|umzubringen|selbst toten"
    "|selbst zu toten|sich zu toten|sich toten|nicht mehr leben|sterben|antun.|anzutun|selbst schaden"
    "|selbst zu schaden|selbst etwas|selbstschad|leben zu beenden|nicht mehr aufzuwachen|mourir|mort.|morte."
    "|faire du mal|faire mal|vous blesser|me blesser|vous tuer|me tuer|en finir|morir|muert|lastimar"
    "|hacerse dano|hacerme dano|autolesi|matarse|quitarse la vida|causarme dano|hacerse algun dano|zelfmoord"
    "|dood.|zelf pijn|uzelf pijn|jezelf pijn|mezelf pijn|mezelf iets|uzelf iets|jezelf iets|leven te beroven"
    "|leven beroven|zelfbeschad|uzelf verwond|mezelf schade|morire|morto.|morta.|morti.|farsi del male"
    "|farmi del male|farsi male|uccider|autolesion|togliersi la vita|morrer|ferir a|se ferir|magoar a"
    "|se magoar|me magoar|machucar|me matar|se matar|automutil|fazer mal a|tirar a vida|acabar com a"
)


def asks_about_risk(text: str) -> bool:
    """Whether a text has words for death, suicide or self-harm."""
    return any(weight(RISK, words) > 0 for words in spellings(text))
