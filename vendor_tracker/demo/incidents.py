"""Incidents: how older ones ended, and one that an operator is telling these days, a little at a time."""

from datetime import datetime, timedelta
from io import BytesIO

from contracts.vocabulary import DataNature, Harm, IncidentClock, IncidentSource, VolumeBand
from vendor_tracker import clock
from vendor_tracker.demo.hands import Bond, Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import conduct, incidents
from vendor_tracker.usecases.incidents import IncidentFile, Reporter, Told


def story(hands: Hands) -> Story:
    """The Encarregado deals with the year's incidents; then two operators report by their standing links."""
    yield (117, 10)
    exposed = _lineage("Exposição de fotografias")
    _assess(hands, exposed, DataNature.SENSITIVE, VolumeBand.UP_TO_1K, Harm.SERIOUS)
    _decide(hands, exposed, "reached_data", True, "A pasta trazia fotografias e nomes de visitantes.")
    _communicate(
        hands, exposed, IncidentClock.PRESIDENCY, "Ofício fictício 12",
        late="O relato da imprensa chegou na sexta-feira à noite e só foi lido no dia seguinte.",
    )  # fmt: skip
    yield (116, 15)
    _communicate(hands, exposed, IncidentClock.ANPD, "Fictício 48000.000012", partial=True)
    yield (115, 11)
    _decide(hands, exposed, "relevant_risk", True, "Imagens que permitem reconhecer pessoas ficaram públicas.")
    _communicate(hands, exposed, IncidentClock.DATA_SUBJECTS, "")
    yield (100, 16)
    _communicate(hands, exposed, IncidentClock.ANPD_COMPLEMENT, "Fictício 48000.000019")
    for title, reason in (
        ("Tentativa de acesso", "Os registros mostram que nenhuma tentativa passou da tela de entrada."),
        ("Atraso na cópia", "A remessa foi conferida na chegada e nada se perdeu nem se expôs."),
    ):
        lineage = _lineage(title)
        _decide(hands, lineage, "reached_data", False, reason)
        _close(hands, lineage, "Encerrado sem alcance de dados pessoais.")
    wrong = _lineage("Envio de extrato")
    _assess(hands, wrong, DataNature.SENSITIVE, VolumeBand.UP_TO_1K, Harm.MINOR)
    _decide(hands, wrong, "reached_data", True, "O extrato trazia nome e procedimento de um beneficiário.")
    _decide(hands, wrong, "relevant_risk", False, "Um só extrato, devolvido lacrado no dia seguinte.")
    _close(hands, wrong, "Escala de plantão corrigida e beneficiário informado.")
    yield (92, 10)
    _close(hands, exposed, "Pasta retirada, titulares avisados e ANPD informada.")
    yield 45
    for key in ("nuvem", "telefonia", "prisma"):
        incidents.issue_channel(hands.fiscal_of(hands.bonds[key]), agreement_id=hands.bonds[key].id)
    bond = hands.bonds["telefonia"]
    yield (2, 9)
    noticed = _ago(hours=3)
    first = incidents.report(
        _reporter(bond), hands.files, told=Told(
            what="Relatório de chamadas enviado a outro cliente. Pedimos que o apague e apuramos o que ele trazia.",
            aware_at=noticed,
            person="Tadeu Lessa",
            email="tadeu@deltadopoente.example",
        ),
    )  # fmt: skip
    lineage = _lineage("Relatório de chamadas")
    yield (2, 10.5)
    _assess(hands, lineage, DataNature.COMMON, VolumeBand.UP_TO_1K, Harm.SERIOUS)
    yield (2, 12)
    _communicate(hands, lineage, IncidentClock.PRESIDENCY, "Ofício fictício 31")
    yield (1, 15)
    incidents.amend(
        _reporter(bond), hands.files, first_protocol=first.protocol, told=Told(
            what="Relatório mensal de chamadas enviado a outro cliente, que o abriu antes de o apagar.",
            aware_at=noticed - timedelta(hours=1),
            person="Noêmia Farias",
            position="Encarregada",
            email="noemia@deltadopoente.example",
            reached_data=True,
            natures=(DataNature.COMMON,),
            volume=VolumeBand.UP_TO_1K,
            affected_data="Números de telefone, data e duração das chamadas.",
            affected_people="Servidores com linha institucional.",
            measures="Exclusão confirmada por escrito; envio automático suspenso.",
        ),
        new_files=(IncidentFile("confirmacao-de-exclusao.txt", BytesIO(_CONFIRMATION.encode())),),
    )  # fmt: skip
    # The press told first, and the operator after: somebody has to say that it is one incident.
    reader = hands.bonds["prisma"]
    yield (1, 8.5)
    conduct.record(
        hands.fiscal_of(reader), hands.files, agreement_id=reader.id, slug="incidente", values={
            "title": "Leitor de crachás com registros à mostra",
            "description": "Jornal local mostrou a tela de um leitor com nomes e horários de entrada.",
            "learned_at": clock.now(),
            "source": IncidentSource.THIRD_PARTY,
        },
    )  # fmt: skip
    yield (1, 17.5)
    incidents.report(
        _reporter(reader), hands.files, told=Told(
            what="Tela de diagnóstico de um leitor ficou acessível no saguão e mostrava registros de entrada.",
            aware_at=_ago(hours=30),
            person="Otávio Brandt",
            position="Sócio-administrador",
            email="otavio@prismabiometria.example",
            reached_data=True,
            natures=(DataNature.COMMON,),
            affected_people="Visitantes e servidores.",
        ),
    )  # fmt: skip


_CONFIRMATION = "Confirmamos a exclusão do arquivo recebido por engano e da cópia de segurança.\n"


def _reporter(bond: Bond) -> Reporter:
    return Reporter(bond.id, "channel", 0, "")


def _lineage(title: str) -> int:
    lines = incidents.incidents_page(standing="all").lines
    return next(line.lineage for line in lines if line.title.startswith(title))


def _ago(*, hours: float) -> datetime:
    return clock.now().replace(second=0, microsecond=0) - timedelta(hours=hours)


def _assess(hands: Hands, lineage: int, nature: DataNature, volume: VolumeBand, harm: Harm) -> None:
    incidents.assess(
        hands.encarregado, lineage=lineage, natures=(nature,), volume=volume, harm=harm, level=None, reason=""
    )


def _decide(hands: Hands, lineage: int, question: str, answer: bool, reason: str) -> None:
    incidents.decide(hands.encarregado, lineage=lineage, question=question, answer=answer, known_at=None, reason=reason)


def _close(hands: Hands, lineage: int, reason: str) -> None:
    incidents.close(hands.encarregado, lineage=lineage, reason=reason)


def _communicate(
    hands: Hands, lineage: int, kind: IncidentClock, protocol: str, *, partial: bool = False, late: str = ""
) -> None:
    incidents.communicate(
        hands.encarregado,
        hands.files,
        lineage=lineage,
        kind=kind,
        sent_at=clock.now(),
        protocol=protocol,
        partial=partial,
        delay_reason=late,
        note="",
    )
