"""Agreements asked at a rhythm of their own: one closely, one once a year, one not at all while its service stands."""

from datetime import timedelta

from contracts.recurrence import Rhythm
from contracts.vocabulary import RhythmKind
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker.demo.hands import Bond, Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import rhythms
from vendor_tracker.usecases.rhythms import RhythmChoice


def story(hands: Hands) -> Story:
    """Decide four times how often somebody is asked; one decision takes the place of another before it begins."""
    yield (26, 14)
    _ask(hands, hands.bonds["saude"], "a cada 3 meses, no 5º dia útil", "Dados de saúde de magistrados e servidores.")
    yield (22, 10)
    _ask(
        hands,
        hands.bonds["arquivo"],
        "todo ano, no último dia útil de março",
        "Coincide com o relatório anual de guarda, que já reúne as provas.",
    )
    yield (18, 16)
    rhythms.set_rhythm(
        hands.officer,
        agreement_id=hands.bonds["guarda"].id,
        choice=RhythmChoice(RhythmKind.SUSPENDED, clock.today(), until=clock.today() + timedelta(days=75)),
        reason="Execução suspensa enquanto o depósito é reformado; nenhum processo novo entra na guarda.",
    )
    yield (5, 11)
    _ask(
        hands,
        hands.bonds["saude"],
        "a cada 4 meses, no 10º dia útil",
        "A operadora do plano fecha os relatórios no início do mês; a data anterior chegaria antes deles.",
    )


def _ask(hands: Hands, bond: Bond, sentence: str, reason: str) -> None:
    """Decide that an agreement is asked as the sentence says, from the month after next on."""
    since = add_months(hands.today.replace(day=1), 2)
    rhythm = Rhythm.read(sentence, since)
    choice = RhythmChoice(RhythmKind.OWN, max(since, rhythm.anchor), rhythm.months, rhythm.rule, rhythm.number)
    rhythms.set_rhythm(hands.fiscal_of(bond), agreement_id=bond.id, choice=choice, reason=reason)
