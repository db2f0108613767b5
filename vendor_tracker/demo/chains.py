"""Who works for whom: what binds the sub-operators of the first agreements, and one that came unannounced."""

from collections.abc import Collection
from datetime import timedelta

from contracts.vocabulary import INCISOS, UserRole
from vendor_tracker import clock
from vendor_tracker.demo.hands import Bond, Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import agreements, authorised_people, chains


def story(hands: Hands) -> Story:
    """Record what binds each, two people from the operator's own list, and a maintainer that nobody asked about."""
    yield 290
    cloud, archive = hands.bonds["nuvem"], hands.bonds["lumen"]
    centre, line = _links(cloud)
    _bind(hands, cloud, centre, "Contrato de hospedagem 7/2025, anexo C", INCISOS)
    _bind(hands, cloud, line, "Contrato de enlace 19/2025", set(INCISOS) - {"VI", "XII"})
    _bind(hands, archive, _links(archive)[0], "Bewaarovereenkomst 2025/41, bijlage 2", INCISOS)
    yield 160
    signed = clock.today() - timedelta(days=3)
    authorised_people.record_many(
        hands.fiscal_of(cloud),
        agreement_id=cloud.id,
        text=f"NS-031 T.P.; Analista de plantão; Responde a falhas fora do expediente.; {signed:%d/%m/%Y}\n"
        f"NS-035 L.M.; Administração de banco de dados; Executa as cópias e a recuperação.; {signed:%d/%m/%Y}",
    )
    yield 11
    agreements.add_sub_operator(
        hands.as_(UserRole.PROCUREMENT),
        agreement_id=cloud.id,
        name="Pinhão Refrigeração e Energia Ltda.",
        activity="Manutenção da sala-cofre",
        since=clock.today() - timedelta(days=6),
        parent=centre,
    )


def _links(bond: Bond) -> list[int]:
    """Return the sub-operators of an agreement, those that engaged others first."""
    return [link.lineage for link in chains.every_link(chains.show(agreement_id=bond.id).links)]


def _bind(hands: Hands, bond: Bond, lineage: int, named: str, incisos: Collection[str]) -> None:
    chains.bind(
        hands.as_(UserRole.LEGAL),
        agreement_id=bond.id,
        lineage=lineage,
        bound_on=clock.today() - timedelta(days=12),
        bound_by=named,
        incisos=incisos,
    )
