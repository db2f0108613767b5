"""What the sheet of components shows: fictional operators and numbers that agree with each other, on a fixed day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from contracts.norm import ART_14
from contracts.vocabulary import INCISOS, Coverage, Leg, LegState, Verdict
from vendor_tracker.wording.filters import clock
from vendor_tracker.wording.labels import OBLIGATION_TITLES
from vendor_tracker.wording.parts import (
    BriefObligation,
    Clock,
    ErrorLine,
    Fact,
    FileEntry,
    LegView,
    Link,
    MatrixCell,
    MatrixRow,
    Multiple,
    NextAction,
    ObligationView,
    Pager,
    QueueItem,
    ReadingItem,
    Record,
    ScoreLine,
    Sentence,
    Step,
    StripItem,
    TimelineEntry,
    build_pager,
)

TODAY = date(2026, 11, 19)
_MARKS = {"F": LegState.FULL, "H": LegState.HALF, "E": LegState.EMPTY, "B": LegState.BROKEN, "N": LegState.NONE}
_VERDICTS = {
    "m": Verdict.MET,
    "p": Verdict.PARTIAL,
    "u": Verdict.UNPROVEN,
    "b": Verdict.BREACHED,
    "d": Verdict.NOT_DUE,
    "n": Verdict.NOT_APPLICABLE,
}
_PARAM = "parâmetro administrativo"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every component's material, once."""

    today: date
    verdicts: tuple[Verdict, ...]
    leg_states: tuple[LegState, ...]
    clocks: tuple[Clock, ...]
    queue: tuple[QueueItem, ...]
    matrix: tuple[MatrixRow, ...]
    matrix_totals: tuple[int, ...]
    multiples: tuple[Multiple, ...]
    months: tuple[date, ...]
    score_points: tuple[int, ...]
    strip: tuple[StripItem, ...]
    obligations: tuple[ObligationView, ...]
    brief: tuple[BriefObligation, ...]
    score_lines: tuple[ScoreLine, ...]
    facts: tuple[Fact, ...]
    timeline: tuple[TimelineEntry, ...]
    files: tuple[FileEntry, ...]
    steps: tuple[Step, ...]
    errors: tuple[ErrorLine, ...]
    reading: tuple[ReadingItem, ...]
    pager: Pager
    due_on: date
    received_at: datetime


def _row(name: str, detail: str, cells: str, score: int | None, exposure: str, due: date | None) -> MatrixRow:
    """Read a row from twelve words such as ``pHFF``: the verdict and its three marks."""
    return MatrixRow(
        name,
        detail,
        "#matriz",
        tuple(
            MatrixCell(
                inciso,
                _VERDICTS[word[0]],
                (_MARKS[word[1]], _MARKS[word[2]], _MARKS[word[3]]),
                f"#s-{inciso.lower()}" if inciso in {"IX", "XII"} else "#matriz",
            )
            for inciso, word in zip(INCISOS, cells.split(), strict=True)
        ),
        score,
        exposure,
        None if due is None else clock(due, TODAY, "m"),
    )


_CLEAR_VOICE = "mFFF pFHF pHFF pHNF pFHF mFFF mFFF pFHF bFFB mFFF mFFF dNNN"
_ROWS = (
    _row(
        "Arquivo Vivo Guarda de Acervo",
        "contrato 033/2023",
        "pHFF uEHE uEEE pHNF pFEF mFFF mFFF uEHE mFFF pHFF mFFF bFEB",
        52,
        "Média",
        date(2026, 11, 17),
    ),
    _row("Voz Clara Teleatendimento", "contrato 017/2025", _CLEAR_VOICE, 69, "Alta", date(2026, 11, 23)),
    _row(
        "Universidade do Alto Planalto",
        "cooperação 014/2026",
        "pHFF pEHF pEEF pHNF pFHF mFFF mFFF pFHF pHFF pHFF pHFF dNNN",
        54,
        "Alta",
        TODAY,
    ),
    _row(
        "Secretaria de Dados do Cerrado",
        "convênio 002/2026",
        "mFFF mFFF mFFF mFNF mFFF mFFF mFFF mFFF mFFF mFFF mFFF nNNN",
        100,
        "Baixa",
        None,
    ),
)


def _obligation(
    inciso: str, verdict: str, law: str, legs: tuple[tuple[str, Sentence], ...], action: NextAction | None = None
) -> ObligationView:
    views = [LegView(leg, _MARKS[mark], (sentence,)) for leg, (mark, sentence) in zip(Leg, legs, strict=True)]
    return ObligationView(
        inciso, OBLIGATION_TITLES[inciso], _VERDICTS[verdict], law, (views[0], views[1], views[2]), action
    )


_NINE = _obligation(
    "IX",
    "b",
    ART_14["IX"].text or "",
    (
        ("F", Sentence("O contrato permite auditorias e inspeções.", (Record("Cláusula 12.12, p. 15", "#s-ix"),))),
        ("F", Sentence("A auditoria foi recebida e o relatório, aceito.", (Record("Auditoria 2026/08", "#s-ix"),))),
        (
            "B",
            Sentence(
                "A ação corretiva 3 venceu em 30/10/2026 e não foi concluída.",
                (Record("Ação corretiva 3", "#s-ix"), Record("Auditoria 2026/08")),
                "prazo: " + _PARAM,
            ),
        ),
    ),
    NextAction("Decidir sobre o novo prazo pedido pelo preposto, até 15/12/2026.", "Decidir", "#s-ix"),
)
_TWELVE = ObligationView(
    "XII",
    OBLIGATION_TITLES["XII"],
    Verdict.NOT_DUE,
    ART_14["XII"].text or "",
    (
        LegView(Leg.INSTRUMENT, LegState.NONE),
        LegView(Leg.EVIDENCE, LegState.NONE),
        LegView(Leg.CONDUCT, LegState.NONE),
    ),
    None,
    "Passa a ser exigível com o fim do contrato, previsto para 14/03/2027.",
)

_MET = (
    (4, 5, 6, 6, 6, 7, 7, 6, 6, 6, 7, 7),
    (1, 1, 0, 1, 2, 3, 3, 3, 3, 4, 4, 4),
    (10, 10, 11, 11, 10, 10, 11, 12, 13, 13, 12, 12),
    (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1),
)
_BREACHED = (
    (0,) * 12,
    (0,) * 12,
    (4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2),
    (2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1),
)


def component_sheet() -> Sheet:
    """Build the material of ``components/folha.html``."""
    shown = {cell.inciso: cell for cell in _ROWS[1].cells}
    return Sheet(
        today=TODAY,
        verdicts=tuple(_VERDICTS.values()),
        leg_states=tuple(_MARKS.values()),
        clocks=tuple(clock(day, TODAY) for day in (date(2026, 11, 17), TODAY, date(2026, 11, 23), None)),
        queue=(
            QueueItem(
                clock(date(2026, 11, 17), TODAY),
                "Decidir se a falta de prova de descarte vai a notificação formal",
                "Arquivo Vivo Guarda de Acervo. Finalidade encerrada em 19/08; 90 dias para a prova",
                "Decidir",
                "#s-xii",
                _PARAM,
                "Art. 14, XII",
            ),
            QueueItem(
                clock(TODAY, TODAY),
                "Conferir duas evidências recebidas",
                "Prisma Biometria. Relatório de teste de invasão e lista de compromissos de confidencialidade",
                "Conferir",
                "#s-ix",
                place="Art. 14, V e VIII",
            ),
            QueueItem(
                clock(date(2026, 11, 23), TODAY),
                "Aceitar ou recusar novo prazo para a ação corretiva 3",
                "Voz Clara Teleatendimento. Vencida em 30/10; o preposto pediu até 15/12",
                "Decidir",
                "#s-ix",
                place="Art. 14, IX",
            ),
        ),
        matrix=_ROWS,
        matrix_totals=tuple(
            sum(row.cells[place].verdict is Verdict.MET for row in _ROWS) for place in range(len(INCISOS))
        ),
        multiples=tuple(
            Multiple(inciso, OBLIGATION_TITLES[inciso], met, breached)
            for inciso, met, breached in zip(("I", "II", "IX", "XII"), _MET, _BREACHED, strict=True)
        ),
        months=tuple(date(2025 + (11 + step) // 12, (11 + step) % 12 + 1, 1) for step in range(12)),
        score_points=(52, 52, 55, 58, 58, 61, 64, 70, 70, 73, 73, 69),
        strip=tuple(StripItem(inciso, cell.verdict, cell.url) for inciso, cell in shown.items()),
        obligations=(_NINE, _TWELVE),
        brief=(
            BriefObligation(
                "I",
                OBLIGATION_TITLES["I"],
                Verdict.PARTIAL,
                (LegState.HALF, LegState.FULL, LegState.FULL),
                "Canal sem contato permanente e sem conteúdo mínimo",
                Link("Redigir aditivo", "#s-ix"),
            ),
            BriefObligation(
                "VI",
                OBLIGATION_TITLES["VI"],
                Verdict.MET,
                (LegState.FULL, LegState.FULL, LegState.FULL),
                "Nada",
            ),
        ),
        score_lines=(
            ScoreLine(Verdict.MET, ("I", "VI", "VII", "X", "XI"), (2, 2, 2, 2, 3), 11, Decimal(1), 11),
            ScoreLine(
                Verdict.PARTIAL, ("II", "III", "IV", "V", "VIII"), (2, 1, 3, 3, 2), 11, Decimal("0.5"), Decimal("5.5")
            ),
            ScoreLine(Verdict.BREACHED, ("IX",), (2,), 2, Decimal(0), 0),
            ScoreLine(Verdict.UNPROVEN, (), (), 0, Decimal(0), 0),
            ScoreLine(Verdict.NOT_DUE, ("XII",), (2,), 2, None, 0),
        ),
        facts=(
            Fact("CNPJ", "98.217.340/0001-73"),
            Fact("Instrumento", "até 14/03/2027", Link("Contrato 017/2025", "#s-fatos")),
            Fact("Exposição", "Alta, 11 pontos", param=_PARAM),
            Fact("Encarregado do operador"),
        ),
        timeline=(
            TimelineEntry(
                "Situação recalculada: 69 pontos, quatro a menos que em 30/10.",
                TODAY,
                record="A ação corretiva 3 passou a contar como descumprimento (IX).",
            ),
            TimelineEntry(
                "O preposto pediu novo prazo para a ação corretiva 3, até 15/12/2026.",
                date(2026, 11, 12),
                record="Portal, protocolo 2026-0412-7K",
                url="#s-historico",
            ),
            TimelineEntry("O fiscal do contrato confere os arquivos.", when="Até 04/12"),
        ),
        files=(
            FileEntry(
                "certificado-2026.pdf",
                412_000,
                "0001656fbe829c97f3fd2011c26b486b5ba968d6e2a965d385533c633f12d3e9",
                "#s-arquivos",
                "1. Certificado de gestão de segurança",
                "certificado-2026.pdf",
            ),
            FileEntry(
                "declaracao-de-aplicabilidade.pdf",
                1_100_000,
                "925044b32f658ea4fd8e553767e6c1ccea56cb74b2b39b08da2632ab0de1a438",
            ),
        ),
        steps=(
            Step("Instrumento", "done", "#s-passos"),
            Step("Operador e contatos", "current"),
            Step("Dados pessoais tratados", "ahead"),
            Step("Conferir e registrar", "ahead"),
        ),
        errors=(
            ErrorLine("Informe uma data depois de hoje.", "Prazo", "d-prazo"),
            ErrorLine("Escreva ao menos uma frase.", "Motivo", "d-motivo"),
        ),
        reading=(
            ReadingItem(
                "IV", OBLIGATION_TITLES["IV"], Coverage.COVERED, "", (Link("Ver trecho 12.1, p. 11", "#s-leitura"),)
            ),
            ReadingItem(
                "II",
                OBLIGATION_TITLES["II"],
                Coverage.MISSING,
                "Nenhum trecho trata de registros para fins forenses. O mais próximo é 12.6, sobre operações.",
            ),
        ),
        pager=build_pager(320, 4, 20, lambda number, size: f"?pagina={number}&por-pagina={size}"),
        due_on=date(2026, 11, 23),
        received_at=datetime(2026, 11, 20, 19, 7, 42, tzinfo=UTC),
    )
