"""Terms asked anew in the portal: one granted, one refused, one that waits; and a person who subscribes."""

from datetime import date, timedelta

from contracts.vocabulary import RequestState, UserRole
from vendor_tracker import clock
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.routine import visit
from vendor_tracker.demo.timeline import Story
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import extensions, feeds, requesting
from vendor_tracker.usecases.answering import Visit


def story(hands: Hands) -> Story:
    """Ask three times for more time, at requests that wait by then, and have two of them decided."""
    yield (34, 11)
    granted = _ask(hands, 12, "O documento depende da assinatura do diretor técnico, em férias até o fim do mês.")
    yield (32, 15)
    if granted is not None:
        head = requesting.request_page(hands.as_(UserRole.FISCAL), granted).head
        until = _working(hands, head.due_on + timedelta(days=12))
        extensions.grant(
            hands.as_(UserRole.FISCAL), request_id=granted, until=until, reason="O motivo é temporário e comprovado."
        )
    refused, ago = None, 27
    while refused is None and ago > 14:
        yield (ago, 11)
        refused = _ask(hands, 10, "A equipe está dedicada a outro cliente neste mês.")
        ago -= 3
    yield (ago + 2, 16)
    if refused is not None and extensions.waits(refused):
        extensions.refuse(
            hands.as_(UserRole.FISCAL),
            request_id=refused,
            reason="A carga de trabalho do operador não justifica deixar sem resposta o que a Portaria manda exibir.",
        )
    yield (2, 10.5)
    waiting = _ask(hands, 9, "O laboratório que faz o teste de intrusão entrega o laudo na próxima semana.")
    if waiting is not None:
        hands.kept.add(waiting)
    yield (1, 9)
    feeds.issue(hands.as_(UserRole.FISCAL))


def _ask(hands: Hands, days: int, reason: str) -> int | None:
    """Ask for so many days more at the open request with the least time left; returns it, or ``None``."""
    today = clock.today()
    heads = [
        line.head
        for line in requesting.requests_page(standing="waiting", size=100).lines
        if line.head.state is RequestState.OPEN
        and line.head.due_on > today
        and line.head.id not in hands.kept
        and line.head.agreement_id in {bond.id for bond in hands.bonds.values()}
    ]
    for head in sorted(heads, key=lambda each: (each.due_on, each.id)):
        came = visit(head.id)
        if extensions.portal_extension(came).may_ask:
            _send(hands, came, head, days, reason)
            return head.id
    return None


def _send(hands: Hands, came: Visit, head: RequestHead, days: int, reason: str) -> None:
    bond = next(each for each in hands.bonds.values() if each.id == head.agreement_id)
    extensions.ask(
        came,
        until=_working(hands, head.due_on + timedelta(days=days)),
        reason=reason,
        person=bond.deal.company.preposto,
    )


def _working(hands: Hands, day: date) -> date:
    """Return the day, or the next one with expediente."""
    return hands.working_day((day - clock.today()).days)
