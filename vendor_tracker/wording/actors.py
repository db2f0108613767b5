"""Who acted, as the trail prints it: a person's account stands as it is, a machine says what it was doing."""

from collections.abc import Mapping

_JOBS: Mapping[str, str] = {
    "committee_month": "mensagem mensal ao Comitê Gestor",
    "check_files": "conferência de arquivos recebidos",
    "batches": "emissão de documentos em lote",
    "escalate": "lembretes e avisos de prazo",
    "evaluate": "reavaliação dos acordos",
    "open_disposal": "abertura de casos de descarte",
    "plan_requests": "abertura de requisições",
    "open_reviews": "revisões bienais vencidas",
    "receipt_papers": "composição de recibos",
    "read_files": "leitura de arquivos assinados",
    "recognise_letters": "reconhecimento de letras em imagens",
    "send_mail": "envio de mensagens",
    "snapshot": "retrato mensal",
    "watch_terms": "avisos de prazos de incidentes",
}

_MACHINES: Mapping[str, str] = {
    "cli": "Linha de comando",
    "demo": "Montagem da demonstração",
    "incident-channel": "Operador, canal de incidentes",
    "generate": "Registro fictício",
    "portal": "Portal do operador",
    "system": "Sistema",
}


def who(actor: str) -> str:
    """Name an actor of the trail: "Rotina: envio de mensagens", "Operador, requisição 2026/0001", an e-mail."""
    kind, _, rest = actor.partition(":")
    if kind == "job" and rest:
        return f"Rotina: {_JOBS[rest]}" if rest in _JOBS else "Rotina automática"
    if kind == "operator" and rest:
        return f"Operador, requisição {rest}"
    return _MACHINES.get(actor, actor)
