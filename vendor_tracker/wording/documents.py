"""The documents of the clause library in words: the button that leads to each, and what it is for."""

from collections.abc import Mapping

DOCUMENT_BUTTONS: Mapping[str, str] = {
    "anexo": "Gerar anexo de cláusulas",
    "termo-aditivo": "Gerar termo aditivo",
    "termo-de-compromisso": "Gerar termo de compromisso",
    "requisicao-de-informacoes": "Gerar requisição em Word",
    "plano-de-auditoria": "Gerar plano de auditoria",
    "relatorio-de-auditoria": "Gerar relatório de auditoria",
    "relatorio-de-incidente": "Gerar relatório de incidente",
    "termo-de-devolucao-e-descarte": "Gerar termo de devolução e descarte",
    "compromisso-individual": "Gerar compromisso individual",
    "carta-ao-operador": "Gerar carta ao operador",
}

DOCUMENT_LEDES: Mapping[str, str] = {
    "anexo": "Todas as cláusulas que o acordo pede.",
    "termo-aditivo": "Só as cláusulas que a conferência do instrumento mostrou faltar.",
    "termo-de-compromisso": (
        "Vale por si: todas as cláusulas, para convênios e instrumentos congêneres que não têm contrato."
    ),
    "requisicao-de-informacoes": "O que se requisita, sob cada inciso, com prazo, forma de resposta e consequências.",
    "plano-de-auditoria": "Alcance, critérios, roteiro de verificação, equipe e calendário.",
    "relatorio-de-auditoria": "O que se verificou, os achados, as ações corretivas com prazo e a conclusão.",
    "relatorio-de-incidente": "Os elementos do art. 25, § 1º, da Portaria, na ordem em que o artigo os traz.",
    "termo-de-devolucao-e-descarte": "O que foi devolvido ou descartado, onde, como, por quem e com que comprovante.",
    "carta-ao-operador": "O que está em aberto em todos os acordos do operador, com o dispositivo, o pedido e o prazo.",
    "compromisso-individual": "O compromisso de uma pessoa autorizada. O nome e o CPF são escritos por quem assina.",
}

COMPLETED_BY: Mapping[str, str] = {
    "body": "configuração do órgão",
    "parameters": "parâmetro administrativo",
    "signer": "a preencher por quem assina, nenhum registro o guarda",
    "document": "preenchido na emissão",
    "amendment": "escolha abaixo",
}
"""Where a missing fact is completed, when no page of the record holds it."""

DOCUMENT_STARTS: Mapping[str, str] = {
    "": "Na página do acordo",
    "request": "Na página da requisição",
    "audit": "Na página da auditoria, em Cumprimento",
    "incident": "Na página do incidente, em Cumprimento",
    "disposal": "Na página da devolução ou do descarte, em Cumprimento",
    "person": "Na página da pessoa autorizada, em Cumprimento",
}
"""Where each document begins, by what it is about besides the agreement."""
