"""What operators are asked: a question written anew, items of the body's own, a request to a whole list."""

from dataclasses import replace
from datetime import timedelta

from contracts.vocabulary import Exposure, RequestKind
from vendor_tracker import clock
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.library import AUTHOR
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import question_editions, requesting
from vendor_tracker.usecases.question_editions import Typed
from vendor_tracker.usecases.requesting import many
from vendor_tracker.usecases.requesting.many import Asked, Chosen, Filters
from vendor_tracker.wording.batches import filter_words

BACKUPS = Typed(
    title="Cópias de segurança fora do local principal",
    question="Informe onde ficam as cópias de segurança dos dados confiados pelo {body}, com que frequência são "
    "feitas, por quanto tempo são guardadas e quando foi a última restauração de teste.",
    help="Basta uma tabela; não envie endereços de rede nem senhas.",
    wants_file=False,
    reason="Dois operadores guardavam as cópias no mesmo prédio dos sistemas.",
)

MODELS = Typed(
    title="Uso de inteligência artificial com dados do {body}",
    question="Informe se algum dado confiado pelo {body} é enviado a ferramenta de inteligência artificial, própria ou "
    "de terceiro, para qual finalidade e com quais salvaguardas. Se não é, declare-o.",
    help="Inclua assistentes de atendimento e de programação.",
    wants_file=False,
    periodic=True,
    reason="Pergunta repetida pelo Comitê nas últimas reuniões.",
)


def story(hands: Hands) -> Story:
    """Have a question written anew and approved, two items added, and one of them asked of a whole list."""
    yield 63
    edited = _rewritten(
        hands,
        "evidence.continuity_test",
        "Envie o relatório do último teste",
        "Envie o relatório do último teste, feito há menos de doze meses,",
        reason="Vieram relatórios de três anos atrás.",
    )
    backups = _added(hands, "II", BACKUPS)
    yield 60
    for lineage in (edited, backups):
        page = question_editions.edition_page(hands.lawyer, lineage=lineage)
        question_editions.approve(hands.lawyer, lineage=lineage, revision=page.revision, since=clock.today())
    yield (6, 14.2)
    items = requesting.proposed_items(
        ("II:extra.copias-de-seguranca-fora-do-local-principal", "II:evidence.log_policy")
    )
    batch = many.start(
        hands.encarregado,
        chosen=Chosen(Filters(exposure=Exposure.HIGH.value, stage="in_force")),
        asked=Asked(
            RequestKind.INFORMATION,
            items,
            hands.working_day(24),
            reason="Levantamento sobre cópias de segurança nos acordos de maior exposição.",
            note="Resultado para a reunião do Comitê.",
        ),
        describe=filter_words,
    )
    many.work_through(worker="demonstração", batch_id=batch)
    yield (3, 10.1)
    _added(hands, "VII", MODELS)


def _rewritten(hands: Hands, key: str, before: str, after: str, *, reason: str) -> int:
    """Change a passage of the words in force and send it."""
    page = question_editions.editor_page(key)
    question = page.typed.question.replace(before, after)
    if question == page.typed.question:
        raise ValueError(f"{key} does not say {before!r}")
    typed = replace(page.typed, question=question, reason=reason, since=clock.today() + timedelta(days=3))
    return question_editions.save(hands.actors[AUTHOR], key=key, revision=page.revision, typed=typed, submit=True)


def _added(hands: Hands, inciso: str, typed: Typed) -> int:
    """Write an item of the body's own and send it."""
    whole = replace(typed, since=clock.today() + timedelta(days=3))
    return question_editions.save(hands.actors[AUTHOR], key="", inciso=inciso, revision=0, typed=whole, submit=True)
