"""How people of the demonstration look at the painel, and a data centre on which two operators depend."""

from contracts.vocabulary import UserRole
from vendor_tracker import clock
from vendor_tracker.demo import cast
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import agreements, saved_views


def story(hands: Hands) -> Story:
    """The Encarregado keeps two looks at the painel; lately two operators turn out to use one data centre."""
    yield 45
    encarregado = hands.as_(UserRole.ENCARREGADO)
    saved_views.save(encarregado, name="Descumprimentos em exposição alta", query="situacao=breached&exposicao=high")
    view = saved_views.save(encarregado, name="Convenios", query="instrumento=convenio")
    yield 44
    saved_views.rename(encarregado, view_id=view.id, name="Só convênios")
    yield 9
    agreements.add_sub_operator(
        hands.as_(UserRole.PROCUREMENT),
        agreement_id=hands.bonds["prisma"].id,
        name="Rocha Fria Centros de Dados Ltda.",
        cnpj=cast.with_check_digits("917860540002"),
        activity="Guarda dos moldes biométricos",
        since=clock.today(),
    )
