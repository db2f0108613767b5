"""One search over operators, agreements and requests."""

from dataclasses import dataclass

from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import search as store
from vendor_tracker.usecases.work import look

PER_KIND = 20


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found; at most twenty of each kind, best first."""

    title: str
    query: str
    operators: tuple[store.OperatorHit, ...] = ()
    agreements: tuple[store.AgreementHit, ...] = ()
    requests: tuple[store.RequestHit, ...] = ()

    @property
    def total(self) -> int:
        """Return how many are shown."""
        return len(self.operators) + len(self.agreements) + len(self.requests)


def search(*, query: str) -> SearchPage:
    """Search by name, CNPJ, number, process or object; an empty query finds nothing."""
    words = query.strip()
    if not words:
        return SearchPage("Busca", "")
    with look() as session:
        return SearchPage(
            "Busca",
            words,
            tuple(store.operators(session, words, limit=PER_KIND)),
            tuple(
                hit._replace(object=sentence_case(hit.object))
                for hit in store.agreements(session, words, limit=PER_KIND)
            ),
            tuple(store.requests(session, words, limit=PER_KIND)),
        )
