"""Batches in words: the filter that chose the agreements, and the states of a batch and of its agreements."""

from collections.abc import Mapping
from typing import Protocol

from contracts.vocabulary import AgreementKind, Exposure
from vendor_tracker.wording.filters import lower_first
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.register import STAGE_LABELS

BATCH_STATES: Mapping[str, str] = {
    "queued": "Na fila",
    "running": "Em andamento",
    "cancelling": "Cancelamento pedido",
    "cancelled": "Cancelado",
    "done": "Concluído",
    "failed": "Encerrado sem o arquivo compactado",
}

ITEM_STATES: Mapping[str, str] = {
    "done": "Emitido",
    "skipped": "Deixado de fora",
    "failed": "Falhou",
    "pending": "Na fila",
}
"""The states of an agreement of a batch; the last one is said otherwise once the batch has ended."""

NOT_STARTED = "Não iniciado"


class Chosen(Protocol):
    """A filter of the list of agreements: slugs of its lists; what is empty filters nothing."""

    @property
    def words(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def exposure(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def only_incomplete(self) -> bool: ...


def filter_words(chosen: Chosen, unit: str = "") -> str:
    """Say which agreements a filter lets through: "Acordos com tipo convênio, exposição alta.".

    ``unit`` is the name of the unit filtered by, empty when none is.
    """
    said = []
    if chosen.words:
        said.append(f"texto “{chosen.words}”")
    if unit:
        said.append(f"unidade {unit}")
    if chosen.kind:
        said.append(f"tipo {lower_first(label(AgreementKind(chosen.kind)))}")
    if chosen.exposure:
        said.append(f"exposição {lower_first(label(Exposure(chosen.exposure)))}")
    if chosen.stage:
        said.append(f"etapa “{lower_first(STAGE_LABELS[chosen.stage])}”")
    if chosen.only_incomplete:
        said.append("dados a completar")
    return f"Acordos com {', '.join(said)}." if said else "Todos os acordos."
