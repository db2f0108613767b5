"""Showing what sources type in capitals as a sentence that people can read."""

import re

_CAPITALS = """
ABNT ANATEL ANEEL ANPD ANVISA API AWS BI BNMP CADE CEP CF CFTV CGU CJF CLT CNH CNJ CNMP CNPJ CPD CPF CPU CSJT DF DJE
DJEN DOU EAD EBC ECT EIRELI EPI EPP ERP GPS HD HTTP HTTPS IA IBGE ICP INPC INSS IP IPCA ISO ISS ISSQN ITIL LGPD MEI
MFA NBR NBSP NF NOC OAB ONU OSC PDF PDPJ PDTIC PF PJ PNCP PNUD QR RFID RH RIPD SEEU SEI SERPRO SGD SIAFI SIASG SICAF
SICOM SINAPI SLA SMS SQL SSD SSL STF STJ STM SUS TCU TED TI TIC TJ TLS TRE TRF TRT TSE TST TV UASG UF UG URL USB UTI
VM VPN WAF XML
"""
_ACRONYMS = frozenset(_CAPITALS.split())
_WRITTEN_AS = {
    "adobe": "Adobe", "brasil": "Brasil", "brasilia": "Brasília", "brasília": "Brasília", "datajud": "DataJud",
    "google": "Google", "linux": "Linux", "ltda": "Ltda", "microsoft": "Microsoft", "oracle": "Oracle", "pje": "PJe",
    "saas": "SaaS", "sisbajud": "Sisbajud", "unb": "UnB", "vmware": "VMware", "voip": "VoIP", "wi-fi": "Wi-Fi",
    "wifi": "Wi-Fi", "windows": "Windows",
}  # fmt: skip
_PHRASES = (
    "Conselho Nacional de Justiça", "Distrito Federal", "Supremo Tribunal Federal", "Superior Tribunal de Justiça",
    "Tribunal Superior Eleitoral", "Tribunal de Contas da União", "Poder Judiciário", "Poder Executivo",
    "Governo Federal", "Justiça Federal", "Justiça do Trabalho", "Justiça Eleitoral", "Power BI",
    "Diário Oficial da União", "Lei Geral de Proteção de Dados", "São Paulo", "Rio de Janeiro", "Minas Gerais", "União",
)  # fmt: skip
_ROMAN = re.compile(r"(?=[XVI])X{0,3}(?:IX|IV|V?I{0,3})")
_NUMBERED = "anexo inciso incisos capítulo capitulo título titulo fase etapa lote módulo modulo tipo"
_BEFORE_ROMAN = frozenset(_NUMBERED.split())
_SHORTENED = "art arts inc n nº no al par pág dr dra sr sra ltda cia obs ex etc fls proc séc núm cf res"
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_NORM = re.compile(
    r"\b(?:lei|decreto|resolução|portaria|instrução normativa)(?: \w+){0,2} n[º°o]?\.? ?[0-9]", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:[-/+&'’][^\W_]+)*", re.UNICODE)


def sentence_case(text: str) -> str:
    """A text typed in capitals, as a sentence; any other text as it is.

    Known acronyms, words with digits, Roman numerals after "inciso", "anexo" and the like, and the names of a few
    institutions keep their form. It is for showing only: the verbatim text is what is kept.
    """
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 8 or sum(c.isupper() for c in letters) < 0.8 * len(letters):
        return text
    pieces: list[str] = []
    last, opens, previous = 0, True, ""
    for found in _WORD.finditer(text):
        between, word = text[last : found.start()], found.group()
        if last and _ends_sentence(between, previous):
            opens = True
        pieces += [between, _cased(word, previous, opens=opens)]
        # An item letter such as "A)" opens a sentence without being its first word.
        opens = opens and len(word) == 1 and text[found.end() : found.end() + 2].lstrip().startswith(")")
        previous, last = word.casefold(), found.end()
    pieces.append(text[last:])
    shown = "".join(pieces)
    shown = _NORM.sub(lambda found: found.group()[:1].upper() + found.group()[1:], shown)
    for phrase in _PHRASES:
        shown = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", phrase, shown, flags=re.IGNORECASE)
    return shown


def _ends_sentence(between: str, previous: str) -> bool:
    if "\n" in between or any(mark in between for mark in "?!"):
        return True
    return "." in between and between[-1:].isspace() and previous not in _ABBREVIATIONS and len(previous) > 1


def _cased(word: str, previous: str, *, opens: bool) -> str:
    if any(c.isdigit() for c in word):
        return word
    if word.casefold() in _WRITTEN_AS:
        known = _WRITTEN_AS[word.casefold()]
        return known[:1].upper() + known[1:] if opens else known
    parts = re.split(r"([-/+&'’])", word)
    if len(parts) > 1:
        cased = "".join(_part(part, previous) for part in parts)
        return cased[:1].upper() + cased[1:] if opens else cased
    plain = _part(word, previous)
    return plain[:1].upper() + plain[1:] if opens else plain


def _part(word: str, previous: str) -> str:
    if word in _ACRONYMS:
        return word
    # A lone I, V or X is as often a letter as a number, so it needs a word before it that numbers things.
    if _ROMAN.fullmatch(word) and (len(word) > 1 or previous in _BEFORE_ROMAN):
        return word
    return word.lower()
