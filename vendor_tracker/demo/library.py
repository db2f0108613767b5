"""The legal staff's own texts: one that took the place of a file's, and one that waits for a second person."""

from dataclasses import replace
from datetime import timedelta

from vendor_tracker import clock
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import clause_editions

AUTHOR = "juridico.revisao@orgao.example"
"""Who writes; the person that signs in as legal staff is the second one, who approves."""


def story(hands: Hands) -> Story:
    """Write two new versions of clauses, and have the first approved in time for the older documents to show it."""
    yield 64
    audits = _write(
        hands,
        "audits",
        (
            "Recebidos os achados, o {parte.termo} apresenta",
            "Recebidos os achados por escrito, o {parte.termo} apresenta",
        ),
        more="O {parte.termo} indica, em até {parametro.resposta_requisicao_dias}, quem acompanha a auditoria e "
        "responde às perguntas da equipe.",
        reason="As duas últimas auditorias atrasaram porque ninguém do operador fora indicado para acompanhá-las.",
        ahead=9,
    )
    yield 61
    page = clause_editions.edition_page(hands.lawyer, hands.settings.body, lineage=audits)
    clause_editions.approve(hands.lawyer, lineage=audits, revision=page.revision)
    yield 4
    _write(
        hands,
        "sub-operators",
        (
            "O silêncio não vale como autorização.",
            "O silêncio não vale como autorização, e o pedido feito depois de iniciado o tratamento não o regulariza.",
        ),
        more="O {parte.termo} comunica ao {orgao.sigla}, com a mesma antecedência, a troca do local de tratamento.",
        reason="Dois pedidos de autorização chegaram depois de o suboperador já ter começado.",
        ahead=24,
    )


def _write(hands: Hands, clause_id: str, change: tuple[str, str], *, more: str, reason: str, ahead: int) -> int:
    """Change a passage of the text in force, add one item and send it; it holds from so many days ahead."""
    page = clause_editions.editor_page(hands.settings.body, clause_id=clause_id)
    before, after = change
    body = page.typed.body.replace(before, after)
    if body == page.typed.body:
        raise ValueError(f"{clause_id} does not say {before!r}")
    typed = replace(
        page.typed,
        body=f"{body}\n{page.in_force.item_count + 1}. {more}\n",
        reason=reason,
        since=clock.today() + timedelta(days=ahead),
    )
    return clause_editions.save(
        hands.actors[AUTHOR], clause_id=clause_id, revision=page.revision, typed=typed, submit=True
    )
