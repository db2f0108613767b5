"""The norms that the product cites: the articles of the Portaria, quoted verbatim, and where related law is found.

The quotes live in ``norm.toml`` and the whole regulation in ``portaria-369-2025.txt``, both beside this file. Related
norms are cited by number only, because their wording is not kept here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contracts.vocabulary import INCISOS

PORTARIA_DATED_ON = date(2025, 10, 20)
"""The day that the Portaria bears; the product judges no day before it."""

PORTARIA_SIGNED_ON = date(2025, 10, 23)
"""The day of its electronic signature."""

CROSS_REFERENCE_NOTE = (
    "O art. 14, parágrafo único, da Portaria remete ao “art. 6º, inciso IV, e respectivo parágrafo único”, mas o "
    "art. 6º não tem parágrafo único: tem §§ 1º e 2º. Pelo conteúdo, a remissão parece dirigir-se ao § 1º, que trata "
    "das formalidades do compartilhamento (finalidade, categorias de dados, garantias e acesso do titular), enquanto o "
    "§ 2º dispensa o instrumento entre unidades de gestão de pessoas. O texto é citado aqui como foi publicado; em "
    "caso de dúvida, consulte a área jurídica."
)
"""The drafting defect of art. 14, parágrafo único, told and not mended."""

PUBLICATION_NOTE = (
    "A Portaria é de 20/10/2025, foi assinada eletronicamente em 23/10/2025 e entra em vigor na data da sua publicação "
    "(art. 28). O sistema conta a partir de 20/10/2025; confira a data de publicação no Diário da Justiça do CNJ antes "
    "de contar prazo que dependa dela, como os 180 dias do art. 27."
)
"""Which day counts as the start, and what has to be looked up before counting from publication."""


class NormError(ValueError):
    """The norms file is malformed, or a reference does not exist."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A law, resolution or portaria. ``of`` is the preposition that joins an article to either name ("da", "do")."""

    key: str
    name: str
    short: str
    of: str

    def __str__(self) -> str:
        """The full name."""
        return self.name


@dataclass(frozen=True, slots=True)
class LegalReference:
    """One provision. ``text`` is verbatim, or None when only the place is cited.

    A quoted inciso comes without its numeral and without the closing ";", ".", or "; e" of the list.
    ``article`` is empty when the norm is cited as a whole.
    """

    key: str
    norm: Norm
    article: str
    label: str
    text: str | None = None

    @property
    def citation(self) -> str:
        """As a document cites it: "art. 14, XI, da Portaria Presidência CNJ nº 369/2025"."""
        return self._joined(self.norm.name)

    @property
    def short_citation(self) -> str:
        """As a page cites it: "art. 14, XI, da Portaria nº 369/2025"."""
        return self._joined(self.norm.short)

    def _joined(self, norm: str) -> str:
        if not self.article:
            return norm
        # A comma closes the list of an article's parts, as legal writing has it; a bare article takes none.
        return f"{self.article}{',' if ',' in self.article else ''} {self.norm.of} {norm}"


def parse_norms(text: str) -> Mapping[str, LegalReference]:
    """Read a norms file into references by key, refusing whatever it does not know.

    Raises:
        NormError: not TOML, an unknown or missing field, or a reference to a norm that is not declared.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NormError(f"norms file is not valid TOML: {error}") from error
    if document.keys() != {"norms", "references"}:
        raise NormError("norms file must have exactly the sections norms and references")
    norms = {key: Norm(key, **_fields(key, raw, {"name", "short", "of"})) for key, raw in document["norms"].items()}
    references: dict[str, LegalReference] = {}
    for key, raw in document["references"].items():
        fields = _fields(key, raw, {"norm", "article", "label"}, {"text"})
        if fields["norm"] not in norms:
            raise NormError(f"{key}: unknown norm {fields['norm']!r}")
        norm = norms[fields["norm"]]
        references[key] = LegalReference(key, norm, fields["article"], fields["label"], fields.get("text"))
    return MappingProxyType(references)


def _fields(
    key: str, raw: object, required: set[str], optional: frozenset[str] | set[str] = frozenset()
) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise NormError(f"{key}: must be a section")
    if wrong := (raw.keys() - required - optional) | (required - raw.keys()):
        raise NormError(f"{key}: unknown or missing field {', '.join(sorted(wrong))}")
    if not all(isinstance(value, str) for value in raw.values()):
        raise NormError(f"{key}: every field must be text")
    return dict(raw)


REFERENCES: Mapping[str, LegalReference] = parse_norms(
    files("contracts").joinpath("norm.toml").read_text(encoding="utf-8")
)
"""Every reference by key, in the file's order."""


def reference(key: str) -> LegalReference:
    """The reference with this key.

    Raises:
        NormError: there is none.
    """
    try:
        return REFERENCES[key]
    except KeyError:
        raise NormError(f"no legal reference has the key {key!r}; add it to norm.toml") from None


def _by_inciso(prefix: str, incisos: tuple[str, ...]) -> Mapping[str, LegalReference]:
    return MappingProxyType({inciso: reference(f"{prefix}_{inciso.lower()}") for inciso in incisos})


@cache
def portaria_text() -> str:
    """The whole Portaria, paragraphs parted by blank lines, without the signature block."""
    return files("contracts").joinpath("portaria-369-2025.txt").read_text(encoding="utf-8")


def is_verbatim(text: str) -> bool:
    """Whether ``text`` occurs word for word in the Portaria, whitespace aside. An empty text does not."""
    wanted = _one_line(text)
    return bool(wanted) and wanted in _one_line(portaria_text())


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# The Portaria.
ART_5 = reference("art_5")
ART_6_CAPUT = reference("art_6_caput")
ART_6 = _by_inciso("art_6", INCISOS[:7])
ART_6_IV = ART_6["IV"]
ART_6_V = ART_6["V"]
ART_6_P1 = reference("art_6_p1")
ART_6_P2 = reference("art_6_p2")
ART_8_SOLE_PARAGRAPH = reference("art_8_sole_paragraph")
ART_9_CAPUT = reference("art_9_caput")
ART_9_VII = reference("art_9_vii")
ART_11 = reference("art_11")
ART_13 = reference("art_13")
ART_13_SOLE_PARAGRAPH = reference("art_13_sole_paragraph")
ART_14_CAPUT = reference("art_14_caput")
ART_14 = _by_inciso("art_14", INCISOS)
ART_14_SOLE_PARAGRAPH = reference("art_14_sole_paragraph")
ART_24 = reference("art_24")
ART_25 = reference("art_25_caput")
ART_25_P1_CAPUT = reference("art_25_p1")
ART_25_P1 = _by_inciso("art_25_p1", INCISOS[:8])
ART_25_P2 = reference("art_25_p2")
ART_26 = reference("art_26")
ART_27 = reference("art_27_caput")
ART_27_SOLE_PARAGRAPH_CAPUT = reference("art_27_sole_paragraph")
ART_27_SOLE_PARAGRAPH = _by_inciso("art_27_sole_paragraph", INCISOS[:7])
ART_28 = reference("art_28")
ART_29 = reference("art_29")

# Related law, by number.
CONSTITUTION_ART_5_LXXIX = reference("constituicao_5_lxxix")
LGPD_ART_5 = reference("lgpd_5")
LGPD_ART_6 = reference("lgpd_6")
LGPD_ART_7 = reference("lgpd_7")
LGPD_ART_11 = reference("lgpd_11")
LGPD_ART_14 = reference("lgpd_14")
LGPD_ART_15 = reference("lgpd_15")
LGPD_ART_16 = reference("lgpd_16")
LGPD_ART_18 = reference("lgpd_18")
LGPD_ART_19 = reference("lgpd_19")
LGPD_ART_20 = reference("lgpd_20")
LGPD_ART_23 = reference("lgpd_23")
LGPD_ART_26 = reference("lgpd_26")
LGPD_ART_29 = reference("lgpd_29")
LGPD_ART_33 = reference("lgpd_33")
LGPD_ART_37 = reference("lgpd_37")
LGPD_ART_38 = reference("lgpd_38")
LGPD_ART_39 = reference("lgpd_39")
LGPD_ART_40 = reference("lgpd_40")
LGPD_ART_41 = reference("lgpd_41")
LGPD_ART_42 = reference("lgpd_42")
LGPD_ART_42_P1_I = reference("lgpd_42_p1_i")
LGPD_ART_44 = reference("lgpd_44")
LGPD_ART_46 = reference("lgpd_46")
LGPD_ART_47 = reference("lgpd_47")
LGPD_ART_48 = reference("lgpd_48")
LGPD_ART_49 = reference("lgpd_49")
LGPD_ART_50 = reference("lgpd_50")
MARCO_CIVIL_ART_13 = reference("marco_civil_13")
MARCO_CIVIL_ART_15 = reference("marco_civil_15")
LAI = reference("lai")
LEI_14133_ART_92 = reference("lei_14133_92")
LEI_14133_ART_94 = reference("lei_14133_94")
LEI_14133_ART_117 = reference("lei_14133_117")
LEI_14133_ART_124 = reference("lei_14133_124")
LEI_14133_ART_137 = reference("lei_14133_137")
LEI_14133_ART_155 = reference("lei_14133_155")
LEI_14133_ART_183 = reference("lei_14133_183")
LEI_9784_ART_66 = reference("lei_9784_66")
LEI_5010_ART_62 = reference("lei_5010_62")
LEI_8159 = reference("lei_8159")
MP_2200_2 = reference("mp_2200_2")
RES_ANPD_2_ART_9 = reference("res_anpd_2_9")
RES_ANPD_15_ART_5 = reference("res_anpd_15_5")
RES_ANPD_15_ART_6 = reference("res_anpd_15_6")
RES_ANPD_15_ART_9 = reference("res_anpd_15_9")
RES_ANPD_15_ART_10 = reference("res_anpd_15_10")
RES_ANPD_18 = reference("res_anpd_18")
RES_ANPD_19 = reference("res_anpd_19")
RES_CNJ_363 = reference("res_cnj_363")
RES_CNJ_396 = reference("res_cnj_396")
