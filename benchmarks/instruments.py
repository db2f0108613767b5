"""Measure the reading of a signed instrument of sixty pages: a contract that was printed, with our annex at its end.

``python -m benchmarks.instruments`` prints the rows that ``make bench`` prints too. The whole act is what somebody
waits for: a process of its own is started, reads the file, judges it and answers.
"""

import hashlib
import logging
import random
import resource
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import typst

from benchmarks.documents import annex, description, twenty
from benchmarks.pages import Measure, timed
from clause_library.coverage import read_coverage
from clause_library.passages import Part, Passage
from clause_library.reading import read_file
from clause_library.reading.apart import check_apart
from clause_library.redline import compare
from contracts.vocabulary import INCISOS

PAGES = 60
ROUNDS = 9
SEED = 369
_SUBJECTS = (
    "o fornecimento dos equipamentos", "a prestação dos serviços", "a fiscalização", "o reajuste dos preços",
    "a garantia contratual", "o recebimento do objeto", "a subcontratação", "as sanções administrativas",
    "a alteração subjetiva", "a sustentabilidade ambiental", "o nível de serviço", "a medição mensal",
)  # fmt: skip
_DUTIES = (
    "observará as especificações do Termo de Referência e da proposta vencedora",
    "manterá durante toda a execução as condições de habilitação exigidas no edital",
    "comunicará por escrito ao fiscal qualquer fato que impeça ou retarde o cumprimento do cronograma",
    "responderá pelos encargos trabalhistas, previdenciários, fiscais e comerciais decorrentes",
    "apresentará a nota fiscal acompanhada das certidões de regularidade até o quinto dia útil",
    "corrigirá às suas expensas os vícios e defeitos que forem apontados no prazo assinalado",
    "guardará sigilo sobre as informações de que tiver conhecimento em razão do contrato",
    "indicará preposto aceito pela Administração para representá-la na execução do objeto",
)
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\#$*_`<>@[]-+=/~"})


def main() -> None:
    """Print the rows."""
    logging.disable(logging.CRITICAL)
    for line in measured():
        print(
            f"{line.name:<52}{line.size:>4} {line.n:>4}{line.median_ms:>12.2f}{line.p95_ms:>12.2f}{line.cpu_ms:>12.2f}"
        )


def measured(rounds: int = ROUNDS) -> Iterator[Measure]:
    """Measure the reading, the judging, both in a process of their own, and the redline against what was issued.

    Raises ``RuntimeError`` when the file is not of sixty pages, or what it surely says is not found.
    """
    printed, word = instrument()
    file, coverage = check_apart(printed, "contrato.pdf")
    if file.pages != PAGES:
        raise RuntimeError(f"the instrument has {file.pages} pages, not {PAGES}")
    lacking = [inciso for inciso in INCISOS if coverage.points[inciso].coverage == "missing"]
    if lacking:
        raise RuntimeError(f"our own annex was not found to say {', '.join(lacking)}")
    issued = read_file(word, "anexo.docx").passages

    def line(name: str, work: object) -> Measure:
        return timed(name, work, size=PAGES, backend="none", rounds=rounds)  # type: ignore[arg-type]

    yield line("instrument of 60 pages: read the PDF", lambda: read_file(printed, "contrato.pdf"))
    yield line("instrument of 60 pages: judge what was read", lambda: read_coverage(file.passages))
    before = _children_ms()
    apart = line("instrument of 60 pages: all of it, apart", lambda: check_apart(printed, "contrato.pdf"))
    # The work is done by another process, once unseen and then measured.
    yield replace(apart, cpu_ms=round(apart.cpu_ms + (_children_ms() - before) / (rounds + 1), 2))
    yield line("instrument of 60 pages: redline with our annex", lambda: compare(file.passages, issued))


def _children_ms() -> float:
    """Return the processor time of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (used.ru_utime + used.ru_stime)


@cache
def instrument() -> tuple[bytes, bytes]:
    """Return a contract of sixty pages in PDF, and the DOCX file of the annex at its end."""
    word = annex(twenty(), description())
    ours = [_words(passage) for passage in read_file(word, "anexo.docx").passages if passage.part in _SHOWN]
    least, most = 200, 900
    # How many paragraphs fill sixty pages depends on the letters that typst brings: it is looked for.
    while True:
        count = (least + most) // 2
        printed = _printed([*_contract(count), *ours])
        pages = read_file(printed, "").pages or 0
        if pages == PAGES or most - least <= 1:
            return printed, word
        least, most = (count, most) if pages < PAGES else (least, count)


_SHOWN = {Part.BODY, Part.TABLE}


def _words(passage: Passage) -> str:
    return " ".join(word for word in (passage.label, passage.text) if word)


def _contract(count: int) -> Iterator[str]:
    """Return the clauses of a contract about everything but personal data; the same count gives the same text."""
    chance = random.Random(SEED)
    for number in range(count):
        clause, item = number // 9 + 1, number % 9
        if item == 0:
            yield f"CLÁUSULA {clause}ª – {chance.choice(_SUBJECTS).upper()}"
            continue
        subject = chance.choice(_SUBJECTS)
        duties = "; ".join(f"a CONTRATADA {duty}" for duty in chance.sample(_DUTIES, 4))
        mark = hashlib.sha256(str(number).encode()).hexdigest()[:4]
        yield f"{clause}.{item}. No que toca a {subject}, conforme o processo nº {mark}/2026, {duties}."


def _printed(paragraphs: list[str]) -> bytes:
    head = (
        '#set page(paper: "a4", margin: (top: 3cm, rest: 2.5cm), header: [Contrato nº 12/2026], '
        "footer: context [Página #counter(page).display()])\n"
        '#set text(lang: "pt", region: "br", size: 12pt, hyphenate: true)\n#set par(justify: true)\n\n'
    )
    markup = head + "\n\n".join(text.translate(_ESCAPED) for text in paragraphs)
    return bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True))


if __name__ == "__main__":
    main()
