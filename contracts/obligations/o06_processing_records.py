"""Art. 14, VI — registros das operações de tratamento.

“manter os registros de tratamento de dados pessoais que realizar, com condições de rastreabilidade e de prova
eletrônica”

The proof is an extract for this agreement, with its version and its hash; whoever accepts it sees that both are there.
The renewal never goes beyond two years, because art. 6º, V, has the data themselves reviewed at least that often.
"""

from contracts.checks import CurrentEvidence, clause_covers, common_conduct
from contracts.norm import (
    ART_6_V,
    ART_14,
    ART_27,
    LGPD_ART_37,
    LGPD_ART_38,
    LGPD_ART_40,
    MP_2200_2,
    PORTARIA_DATED_ON,
    RES_ANPD_2_ART_9,
)
from contracts.obligation import Obligation, Requirement, Version
from contracts.vocabulary import EvidenceKind, Leg

OBLIGATION = Obligation(
    inciso="VI",
    title="Registro das operações",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["VI"],
            related=(ART_6_V, ART_27, LGPD_ART_37, LGPD_ART_38, LGPD_ART_40, MP_2200_2, RES_ANPD_2_ART_9),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga a manter registros das operações, rastreáveis e com prova eletrônica.",
                    clause_covers("VI"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há extrato do registro de operações deste acordo, aceito e em vigor.",
                    CurrentEvidence(
                        "VI",
                        (EvidenceKind.PROCESSING_RECORD,),
                        missing="Nenhum extrato do registro de operações está no registro deste acordo.",
                        refresh="processing_record_months",
                    ),
                    asks_for=(EvidenceKind.PROCESSING_RECORD,),
                ),
                *common_conduct(
                    "VI",
                    deviation="Nenhuma operação sem registro foi encontrada em auditoria ou incidente.",
                    nothing="Não consta operação de tratamento sem registro.",
                ),
            ),
        ),
    ),
)
