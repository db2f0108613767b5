"""What the signed papers of the demonstration say about each inciso, whole or only in part."""

from collections.abc import Mapping

from contracts.vocabulary import INCISOS
from vendor_tracker.demo.papers import Clause

WHOLE: Mapping[str, str] = {
    "I": "O operador informará ao órgão a forma, o canal e o contato, disponível a qualquer hora, pelos quais "
    "comunicará incidentes ocorridos sob sua responsabilidade.",
    "II": "O operador produzirá e preservará registros de acesso e de operação, com relógio sincronizado e "
    "garantia de integridade, aptos a fins forenses.",
    "III": "O operador informará os prazos e as frequências das comunicações e do envio de registros ao órgão, "
    "conforme o calendário acordado.",
    "IV": "O operador assina este instrumento com as cláusulas de proteção de dados requeridas pelo órgão e os "
    "aditivos que se fizerem necessários.",
    "V": "O operador apresentará evidências e garantias suficientes de que adota medidas técnicas e "
    "administrativas de segurança para proteger os dados pessoais.",
    "VI": "O operador manterá registro das operações de tratamento, com rastreabilidade e prova eletrônica a "
    "qualquer tempo.",
    "VII": "O operador seguirá fielmente as diretrizes e instruções do órgão e não usará os dados para "
    "finalidade própria.",
    "VIII": "O acesso aos dados é restrito a pessoal autorizado, com estrita necessidade e compromisso formal de "
    "confidencialidade, disponível ao órgão a qualquer tempo.",
    "IX": "O operador permitirá e contribuirá com auditorias e inspeções do órgão ou de auditor por ele "
    "indicado e dará toda a informação necessária.",
    "X": "O operador auxiliará o órgão, em até cinco dias úteis, no atendimento de titulares, autoridades e "
    "outros legítimos interessados.",
    "XI": "O operador comunicará ao órgão, formalmente e de imediato, risco, ameaça ou incidente de segurança, "
    "sem esperar verificações.",
    "XII": "Ao fim do vínculo, o operador devolverá ou descartará de forma irrecuperável os dados e todas as "
    "cópias, e o provará em trinta dias.",
    "public_function": "O compartilhamento serve à função pública e às atribuições legais do órgão.",
    "purpose": "Os dados serão tratados apenas para executar o objeto da cláusula primeira.",
    "categories": "São tratados dados de identificação, de contato e os demais descritos no anexo.",
    "guarantees": "As partes adotam as garantias de segurança e de sigilo descritas no anexo.",
    "subject_access": "O titular exerce seus direitos junto ao Encarregado do órgão, e o operador coopera.",
}

IN_PART: Mapping[str, Clause] = {
    "I": Clause("O operador indicará um contato para incidentes.", "contato disponível a qualquer hora"),
    "II": Clause(
        "O operador manterá registros de acesso aos sistemas.", "integridade, relógio e tempo de guarda dos registros"
    ),
    "III": Clause("O operador enviará relatórios periódicos.", "prazos e frequências de cada comunicação"),
    "V": Clause("O operador adotará medidas de segurança.", "apresentação de evidências e garantias ao órgão"),
    "VI": Clause(
        "O operador manterá controles internos do serviço.", "rastreabilidade e prova eletrônica das operações"
    ),
    "VII": Clause("O operador seguirá as orientações do fiscal.", "vedação de uso para finalidade própria"),
    "VIII": Clause(
        "O operador manterá sigilo sobre o que souber.", "necessidade estrita e compromisso individual exibível"
    ),
    "IX": Clause("O operador prestará as informações solicitadas.", "auditoria e inspeção pelo órgão"),
    "XI": Clause(
        "O operador comunicará incidentes em prazo razoável.",
        "comunicação formal e imediata, também de riscos",
    ),
    "XII": Clause("Ao fim do contrato os dados serão devolvidos.", "descarte irrecuperável das cópias e a sua prova"),
}

FORMALITIES = ("public_function", "purpose", "categories", "guarantees", "subject_access")


def saying(
    *, whole: tuple[str, ...] = INCISOS, partly: tuple[str, ...] = (), formalities: tuple[str, ...] = FORMALITIES
) -> dict[str, Clause]:
    """Return the clauses of a paper that covers some points whole and others in part; ``partly`` wins."""
    return {
        point: IN_PART[point] if point in partly else Clause(WHOLE[point])
        for point in (*INCISOS, *FORMALITIES)
        if point in partly or point in whole or point in formalities
    }
