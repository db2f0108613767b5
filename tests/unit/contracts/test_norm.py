"""The law is quoted word for word."""

from types import MappingProxyType

import pytest

from contracts import norm
from contracts.norm import (
    ART_6,
    ART_6_IV,
    ART_6_P1,
    ART_6_P2,
    ART_6_V,
    ART_9_VII,
    ART_11,
    ART_14,
    ART_14_CAPUT,
    ART_14_SOLE_PARAGRAPH,
    ART_25_P1,
    ART_27_SOLE_PARAGRAPH,
    CROSS_REFERENCE_NOTE,
    LGPD_ART_37,
    LGPD_ART_42_P1_I,
    MARCO_CIVIL_ART_15,
    REFERENCES,
    RES_CNJ_363,
    LegalReference,
    NormError,
    is_verbatim,
    parse_norms,
    portaria_text,
    reference,
)
from contracts.vocabulary import INCISOS

QUOTED = [found for found in REFERENCES.values() if found.norm.key == "portaria_369"]
CITED_ONLY = [found for found in REFERENCES.values() if found.norm.key != "portaria_369"]

SMALL = """
[norms.portaria]
name = "Portaria"
short = "Portaria"
of = "da"

[references.art_1]
norm = "portaria"
article = "art. 1º"
label = "Objeto"
text = "Texto."
"""


@pytest.mark.parametrize("found", QUOTED, ids=lambda found: found.key)
def test_every_quote_of_the_portaria_is_found_in_it_word_for_word(found):
    assert found.text
    assert is_verbatim(found.text)


@pytest.mark.parametrize("found", CITED_ONLY, ids=lambda found: found.key)
def test_a_related_norm_is_cited_by_place_and_never_quoted_from_memory(found):
    assert found.text is None
    assert found.label


@pytest.mark.parametrize("inciso", INCISOS)
def test_each_inciso_of_art_14_is_the_whole_line_of_the_portaria(inciso):
    article = portaria_text().split("Art. 14. ")[1].split("CAPÍTULO V")[0]
    [line] = [line for line in article.split("\n\n") if line.startswith(f"{inciso} – ")]
    assert line.removeprefix(f"{inciso} – ").removesuffix(" e").rstrip(";.") == ART_14[inciso].text


def test_art_14_has_exactly_twelve_incisos_in_order():
    assert tuple(ART_14) == INCISOS
    article = portaria_text().split("Art. 14. ")[1].split("Parágrafo único.")[0]
    assert article.count(" – ") == 12


def test_a_changed_word_is_not_verbatim():
    assert is_verbatim("produzir  registros\npara propósitos forenses")
    assert not is_verbatim("produzir registros para fins forenses")
    assert not is_verbatim("  ")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (ART_14_CAPUT, "O CNJ poderá, a qualquer tempo, requisitar informações"),
        (ART_14["XI"], "comunicar formalmente e de imediato ao CNJ qualquer risco, ameaça ou incidente"),
        (ART_14["XII"], "evidências de descarte irrecuperável ou devolver"),
        (ART_14["XII"], "por extinção de vínculo legal ou contratual"),
        (ART_14_SOLE_PARAGRAPH, "art. 6º, inciso IV, e respectivo parágrafo único"),
        (ART_6_IV, "contrato, convênio, termo de compromisso ou instrumento congênere"),
        (ART_6_V, "periodicidade máxima bienal"),
        (ART_6_P1, "acesso facilitado às informações pertinentes"),
        (ART_6_P2, "unidades de gestão de pessoas"),
        (ART_9_VII, "entidades públicas e privadas com as quais o controlador compartilhou"),
        (ART_11, "15 (quinze) dias contados da data do protocolo"),
        (ART_25_P1["VII"], "motivos da demora"),
        (ART_27_SOLE_PARAGRAPH["VII"], "inclusive internacionais"),
    ],
)
def test_a_reference_points_at_the_provision_it_names(found, words):
    assert words in found.text


def test_the_lists_of_incisos_are_whole():
    assert tuple(ART_6) == INCISOS[:7]
    assert tuple(ART_25_P1) == INCISOS[:8]
    assert tuple(ART_27_SOLE_PARAGRAPH) == INCISOS[:7]


def test_every_reference_of_the_file_has_a_name_in_the_module():
    named = set()
    for value in vars(norm).values():
        if isinstance(value, LegalReference):
            named.add(value.key)
        elif isinstance(value, MappingProxyType) and value is not REFERENCES:
            named.update(found.key for found in value.values())
    assert named == set(REFERENCES)


def test_the_stored_portaria_runs_from_its_head_to_its_last_article_without_marks_of_its_conversion():
    text = portaria_text()
    assert text.startswith("Poder Judiciário")
    assert text.rstrip().endswith("Art. 29. Fica revogada a Portaria Presidência nº 213/2020.")
    for number in range(1, 30):
        assert f"\n\nArt. {number}{'º' if number < 10 else '.'} " in text
    assert "*" not in text
    assert not [line for line in text.splitlines() if line.startswith("- ")]
    # A paragraph that begins in lower case would be the second half of one that a page break cut.
    assert not [paragraph for paragraph in text.split("\n\n") if paragraph.strip()[0].islower()]


def test_the_drafting_defect_is_told_as_it_stands():
    assert "parágrafo único" in ART_14_SOLE_PARAGRAPH.text
    assert "Art. 6º" in portaria_text()
    assert "Parágrafo único" not in portaria_text().split("Art. 6º ")[1].split("Art. 7º ")[0]
    assert "§§ 1º e 2º" in CROSS_REFERENCE_NOTE
    assert is_verbatim("art. 6º, inciso IV, e respectivo parágrafo único")


@pytest.mark.parametrize(
    ("found", "citation", "short"),
    [
        (ART_14["XI"], "art. 14, XI, da Portaria Presidência CNJ nº 369/2025", "art. 14, XI, da Portaria nº 369/2025"),
        (LGPD_ART_37, "art. 37 da Lei nº 13.709/2018 (Lei Geral de Proteção de Dados Pessoais)", "art. 37 da LGPD"),
        (
            LGPD_ART_42_P1_I,
            "art. 42, § 1º, I, da Lei nº 13.709/2018 (Lei Geral de Proteção de Dados Pessoais)",
            "art. 42, § 1º, I, da LGPD",
        ),
        (
            MARCO_CIVIL_ART_15,
            "art. 15 do Marco Civil da Internet (Lei nº 12.965/2014)",
            "art. 15 do Marco Civil da Internet",
        ),
        (RES_CNJ_363, "Resolução CNJ nº 363/2021 (adequação dos tribunais à LGPD)", "Resolução CNJ nº 363/2021"),
    ],
)
def test_a_citation_reads_as_a_lawyer_writes_it(found, citation, short):
    assert (found.citation, found.short_citation) == (citation, short)
    assert str(found.norm) in citation


def test_an_unknown_reference_is_an_error():
    with pytest.raises(NormError, match="art_99"):
        reference("art_99")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('text = "Texto."', 'text = "Texto."\ncolour = "red"', "unknown or missing field colour"),
        ('label = "Objeto"\n', "", "unknown or missing field label"),
        ('norm = "portaria"', 'norm = "lei"', "unknown norm 'lei'"),
        ('article = "art. 1º"', "article = 1", "every field must be text"),
        ("[norms.portaria]", "[laws.portaria]", "exactly the sections"),
        ("[references.art_1]", "[references.art_1", "not valid TOML"),
        (
            '[norms.portaria]\nname = "Portaria"\nshort = "Portaria"\nof = "da"',
            "[norms]\nportaria = 1",
            "must be a section",
        ),
    ],
)
def test_the_file_refuses_what_it_does_not_know(old, new, message):
    assert old in SMALL
    with pytest.raises(NormError, match=message):
        parse_norms(SMALL.replace(old, new, 1))
