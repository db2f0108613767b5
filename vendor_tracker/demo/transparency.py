"""What the public portal holds back, two reviews of shared data, and one that nobody made for more than two years."""

from dataclasses import replace
from datetime import timedelta

from contracts.vocabulary import PublicField, UserRole
from vendor_tracker import clock
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import agreements, reviews, transparency
from vendor_tracker.usecases.reviews import ReviewData


def story(hands: Hands) -> Story:
    """Review twice, find a review that is too old, and decide about two fields of the public portal."""
    yield (64, 10)
    archive = hands.bonds["arquivo"]
    reviews.record_review(
        hands.as_(UserRole.PROCUREMENT),
        agreement_id=archive.id,
        data=ReviewData(
            clock.today(),
            "Imagens e índices dos autos digitalizados, no sistema de guarda da contratada e nas cópias de segurança.",
            "Autos em curso e autos arquivados dentro do prazo da tabela de temporalidade.",
            "Imagens de teste da implantação e índices duplicados de 2024: finalidade cumprida.",
            "A contratada deixa de receber o endereço das partes, que a indexação não usa.",
            "Ao fim do contrato, devolução das imagens e eliminação das cópias, com termo.",
        ),
    )
    yield (33, 15)
    copies = hands.bonds["copias"]
    reviews.record_review(
        hands.fiscal_of(copies),
        agreement_id=copies.id,
        data=ReviewData(
            clock.today(),
            "Cópias de segurança dos sistemas processuais guardadas fora do sítio.",
            "Cópias dos últimos doze meses, necessárias à recuperação.",
            "",
            "",
            "",
        ),
    )
    yield (19, 11)
    keeping = hands.bonds["guarda"]
    agreements.change_processing(
        hands.as_(UserRole.PROCUREMENT),
        agreement_id=keeping.id,
        data=replace(keeping.deal.processing(), reviewed_on=clock.today() - timedelta(days=770)),
        holds_from=clock.today(),
        reason="Corrigido: a última revisão é a do contrato anterior",
    )
    yield (12, 10)
    transparency.decide_field(
        hands.as_(UserRole.ENCARREGADO),
        agreement_id=hands.bonds["prisma"].id,
        field=PublicField.PARTY,
        held_back=True,
        ground="Art. 5º da Portaria Presidência CNJ nº 369/2025 e art. 23, VII, da Lei nº 12.527/2011.",
    )
    transparency.decide_field(
        hands.as_(UserRole.ENCARREGADO),
        agreement_id=hands.bonds["saude"].id,
        field=PublicField.PURPOSE,
        held_back=False,
        ground="A finalidade consta do extrato publicado; a restrição protege os arquivos.",
    )
    yield (1, 7)
    reviews.open_due()
