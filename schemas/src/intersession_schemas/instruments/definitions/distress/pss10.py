"""PSS-10: ten items on stress, four of them turned round."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Codes, Instrument, Licence, Scale, Source

RULE = Source(text="Carnegie Mellon University; AT-PreNUDGE files: items 4, 5, 7 and 8 are reversed", sure="V")

PSS_10 = Instrument(
    key="pss-10",
    scheme="pss-10 sum 0-40, items 4 5 7 8 reversed",
    title="Perceived Stress Scale 10 (PSS-10)",
    window="the past month",
    direction="higher is worse",
    items=numbered(
        (
            "Upset by the unexpected",
            "No control over what matters",
            "Nervous and stressed",
            "Sure of coping with problems",
            "Going one's way",
            "Too much to do",
            "Keeping irritations in check",
            "On top of things",
            "Angry about the uncontrollable",
            "Difficulties piling up",
        ),
        whole(0, 4),
        reverse=(4, 5, 7, 8),
    ),
    scales=(Scale(key="total", label="Stress", items=keys(*range(1, 11)), low=0, high=40),),
    missing="Not scored unless all ten items are answered.",
    licence=Licence(
        status="conditions",
        holder="Sheldon Cohen; American Sociological Association",
        terms="Free for academic use; use for profit needs the permission of the association and the author.",
        source=Source(text="Second-hand", sure="V-2"),
    ),
    codes=Codes(total="106860-0", source=Source(text="HL7 Austria, AT-PreNUDGE", sure="V-2")),
    sources=(RULE,),
    names=("pss 10", "pss10", "perceived stress scale 10", "perceived stress scale"),
    left_out=(
        "The bands 0-13, 14-26, 27-40: folklore. The authors publish none.",
        "Reliable change: no parameters found.",
        "LOINC code of the panel: none found.",
    ),
)
