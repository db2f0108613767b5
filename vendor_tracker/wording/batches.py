"""Batches in words: the filter that chose the agreements, and the states of a batch and of its agreements."""

from collections.abc import Mapping

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


def filter_words(*, words: str, unit: str, kind: str, exposure: str, stage: str, only_incomplete: bool) -> str:
    """Say which agreements a filter lets through: "Acordos com tipo convênio, exposição alta.".

    ``unit`` is a name; ``kind``, ``exposure`` and ``stage`` are slugs; what is empty filters nothing.
    """
    said = []
    if words:
        said.append(f"texto “{words}”")
    if unit:
        said.append(f"unidade {unit}")
    if kind:
        said.append(f"tipo {lower_first(label(AgreementKind(kind)))}")
    if exposure:
        said.append(f"exposição {lower_first(label(Exposure(exposure)))}")
    if stage:
        said.append(f"etapa “{lower_first(STAGE_LABELS[stage])}”")
    if only_incomplete:
        said.append("dados a completar")
    return f"Acordos com {', '.join(said)}." if said else "Todos os acordos."
