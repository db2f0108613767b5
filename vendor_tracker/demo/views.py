"""Filters that people of the demonstration saved."""

from contracts.vocabulary import UserRole
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import saved_views


def story(hands: Hands) -> Story:
    """The Encarregado keeps two looks at the painel, and gives one a better name; neither opens by itself."""
    yield 45
    encarregado = hands.as_(UserRole.ENCARREGADO)
    saved_views.save(encarregado, name="Descumprimentos em exposição alta", query="situacao=breached&exposicao=high")
    view = saved_views.save(encarregado, name="Convenios", query="instrumento=convenio")
    yield 44
    saved_views.rename(encarregado, view_id=view.id, name="Só convênios")
