"""A reader of files for tests about what is done with its answers: it counts what it was asked, and says what it is told."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from clause_library.passages import CoverageReading, Passage, PointReading, Quote, ReadFile, UnreadableFileError
from contracts.vocabulary import INCISOS, Coverage

TEXT = (
    "CLÁUSULA DÉCIMA SEGUNDA – DA PROTEÇÃO DE DADOS PESSOAIS",
    "12.1. A CONTRATADA tratará os dados pessoais segundo as instruções do CONTRATANTE.",
    "12.2. A CONTRATADA comunicará o incidente em até 48 horas da sua confirmação, pelo endereço da proposta.",
    "12.3. O CONTRATANTE poderá pedir informações sobre o serviço.",
)
"""What the file says, unless a test says otherwise."""


@dataclass
class Reader:
    """Stands in the place of ``check_apart``."""

    levels: Mapping[str, Coverage] = field(
        default_factory=lambda: {"VII": Coverage.COVERED, "XI": Coverage.PARTIAL, "IX": Coverage.POSSIBLE}
    )
    text: tuple[str, ...] = TEXT
    page: int | None = 11
    error: UnreadableFileError | Exception | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def __call__(self, data: bytes, name: str, *, ocr: bool = False, **_: Any) -> tuple[ReadFile, CoverageReading]:
        """Answer as the reader does."""
        self.asked.append((name, ocr))
        if self.error is not None:
            raise self.error
        passages = tuple(Passage(text, number, self.page) for number, text in enumerate(self.text, 1))
        digest = hashlib.sha256(data).hexdigest()
        read = ReadFile(name, digest, "application/pdf", self.page and 22, passages, self.notes)
        return read, CoverageReading(len(passages), {inciso: self._point(inciso, passages) for inciso in INCISOS})

    def _point(self, inciso: str, passages: tuple[Passage, ...]) -> PointReading:
        level = self.levels.get(inciso, Coverage.MISSING)
        number = {"VII": 2, "XI": 3, "I": 3, "IX": 4}.get(inciso, 2)
        if level is Coverage.MISSING or number > len(passages):
            return PointReading(
                inciso, Coverage.MISSING, missing=("nada se diz",), why="Nada encontrado.", confidence=0.85
            )
        said = passages[number - 1]
        start = said.text.index(" ") + 1
        quote = Quote(said.text[start:], said.paragraph, said.page, start, len(said.text))
        whole = level is Coverage.COVERED
        return PointReading(
            inciso,
            level,
            (quote,),
            f"cláusula 12.{number - 1}, p. 11",
            ideas=("uma ideia",),
            missing=() if whole else ("não manda avisar de imediato",),
            why="O texto traz uma ideia."
            if whole
            else "O texto traz uma ideia, mas falta: não manda avisar de imediato.",
            confidence=0.9 if whole else 0.7,
        )


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A reader that answers at once; a test may change what it says."""
    from vendor_tracker.usecases.instruments import machine

    made = Reader()
    monkeypatch.setattr(machine, "check_apart", made)
    return made
