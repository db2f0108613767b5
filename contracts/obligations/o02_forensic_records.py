"""Art. 14, II — registros para propósitos forenses.

“produzir registros para propósitos forenses”

Two proofs, because a policy shows what should be kept and only an exported sample, with its hash, shows that it is.
A request to preserve or hand over logs is a request like any other; logs missing or altered are a fact on record.
"""

from contracts.checks import CurrentEvidence, clause_covers, common_conduct
from contracts.norm import (
    ART_14,
    LGPD_ART_6,
    LGPD_ART_37,
    LGPD_ART_46,
    LGPD_ART_49,
    MARCO_CIVIL_ART_15,
    PORTARIA_DATED_ON,
    RES_CNJ_396,
)
from contracts.obligation import Obligation, Requirement, Version
from contracts.vocabulary import EvidenceKind, Leg

OBLIGATION = Obligation(
    inciso="II",
    title="Registros para fins forenses",
    versions=(
        Version(
            # In force on publication (art. 28). The day of publication is not on record, so the Portaria's own is used.
            since=PORTARIA_DATED_ON,
            law=ART_14["II"],
            related=(LGPD_ART_6, LGPD_ART_37, LGPD_ART_46, LGPD_ART_49, MARCO_CIVIL_ART_15, RES_CNJ_396),
            requires=(
                Requirement(
                    Leg.INSTRUMENT,
                    "O instrumento obriga o operador a produzir registros para fins forenses.",
                    clause_covers("II"),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há política de registros aceita e em vigor: fontes, campos, retenção, relógio e integridade.",
                    CurrentEvidence(
                        "II",
                        (EvidenceKind.LOG_POLICY,),
                        missing="Nenhuma política de registros está no registro deste acordo.",
                        refresh="log_policy_months",
                    ),
                    asks_for=(EvidenceKind.LOG_POLICY,),
                ),
                Requirement(
                    Leg.EVIDENCE,
                    "Há amostra de registros aceita e em vigor, com o resumo criptográfico.",
                    CurrentEvidence(
                        "II",
                        (EvidenceKind.LOG_SAMPLE,),
                        missing="Nenhuma amostra de registros com resumo criptográfico está no registro deste acordo.",
                        refresh="log_policy_months",
                    ),
                    asks_for=(EvidenceKind.LOG_SAMPLE,),
                ),
                *common_conduct(
                    "II",
                    deviation="Nenhum registro faltou nem foi alterado na janela de um incidente ou de uma auditoria.",
                    nothing="Não consta que registros tenham faltado ou sido alterados.",
                ),
            ),
        ),
    ),
)
