"""Contratos.gov.br: a unit's contracts (``/api/contrato/ug/{ug}``) and a contract's history (``…/{id}/historico``).

Money comes as text (``"1.234.567,89"``), individuals' CPFs come masked, and the contract has no PNCP number: it is
known by the service's own ``id``, which is what the history's ``contrato_id`` repeats. ``situacao`` may still say
``Ativo`` after the last day, so it is carried along and decides nothing.
"""

from datetime import datetime

from contracts.vocabulary import AgreementKind
from vendor_tracker.importing.building import (
    EMPENHO_SKIPPED,
    NUMBER_BLANK,
    OBJECT_BLANK,
    Candidate,
    Row,
    latest_of_each,
    not_a_record,
    read_dates,
    read_value,
)
from vendor_tracker.importing.json_source import Record, first_record, group, load_json, pick, records_of, text_of
from vendor_tracker.importing.kinds import is_empenho, kind_of
from vendor_tracker.importing.rows import Findings, ImportedAgreement, ImportedTerm, ImportFile, UnreadableFile
from vendor_tracker.importing.suppliers import read_supplier
from vendor_tracker.importing.terms import TermFields, build_term, term_kind
from vendor_tracker.importing.values import echo, fold, parse_code, parse_instant, plain_text, verbatim_text

_NO_ID = "O registro não traz o identificador do contrato no Contratos.gov.br."
_NO_KIND = "O tipo de instrumento não é conhecido. O acordo foi lido como instrumento congênere; confira."
_INITIAL = (
    "É o registro do instrumento inicial, que já está na lista de contratos. Só os termos são lidos do histórico."
)
_TERM_CODE = 2
"""Code of "VIGÊNCIA" among a history record's ``qualificacao_termo``."""


def recognises(payload: object) -> bool:
    """Whether loaded JSON is one of the two answers this module reads."""
    return _is_history(payload) or _is_list(payload)


def _is_list(payload: object) -> bool:
    first = first_record(payload)
    return (
        "vigencia_inicio" in first and ("contratante" in first or "fornecedor" in first) and "contrato_id" not in first
    )


def _is_history(payload: object) -> bool:
    first = first_record(payload)
    return "contrato_id" in first and ("qualificacao_termo" in first or "vigencia_fim" in first)


def read(data: bytes, *, include_empenhos: bool = False) -> ImportFile:
    """Read a unit's list of contracts or a contract's history. Raises ``UnreadableFile``."""
    return read_payload(load_json(data), include_empenhos=include_empenhos)


def read_payload(payload: object, *, include_empenhos: bool = False) -> ImportFile:
    """``read`` for JSON already loaded."""
    if _is_history(payload):
        return _history(payload)
    records = records_of(payload)
    if records and not _is_list(payload):
        raise UnreadableFile("O arquivo é um JSON, mas os registros não são do Contratos.gov.br.")
    findings = Findings()
    candidates: list[Candidate] = []
    for row, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            not_a_record(findings, row)
            continue
        candidates.append(Candidate(row, parse_code(pick(record, "id")), _updated(record), record))
    agreements = [
        agreement
        for candidate in latest_of_each(candidates, findings)
        if (agreement := _agreement(candidate, findings, include_empenhos=include_empenhos)) is not None
    ]
    return ImportFile(
        source="contratosgov", agreements=tuple(agreements), problems=findings.sorted(), read=len(records)
    )


def _updated(record: Record) -> datetime | None:
    return parse_instant(pick(record, "alterado_em", "criado_em"))


def _agreement(candidate: Candidate, findings: Findings, *, include_empenhos: bool) -> ImportedAgreement | None:
    record = candidate.record
    number = parse_code(pick(record, "numero"))
    row = Row(findings, candidate.row, number or candidate.key)
    type_name = text_of(record, "tipo")
    empenho = is_empenho(type_name)
    if empenho and not include_empenhos:
        row.skip(EMPENHO_SKIPPED, "tipo de instrumento", echo(type_name))
        return None
    if not candidate.key:
        row.reject(_NO_ID, "id")
        return None
    seller = group(record, "fornecedor")
    supplier = read_supplier(pick(seller, "cnpj_cpf_idgener"), pick(seller, "nome"), pick(seller, "tipo"))
    if supplier.operator is None:
        add = row.skip if supplier.severity == "skipped" else row.reject
        add(supplier.reason, "fornecedor", supplier.read)
        return None
    dates = read_dates(
        row,
        {
            "signed": pick(record, "data_assinatura"),
            "starts": pick(record, "vigencia_inicio"),
            "ends": pick(record, "vigencia_fim"),
            "published": pick(record, "data_publicacao"),
        },
    )
    if dates is None:
        return None
    for warning in supplier.warnings:
        row.warn(warning, "fornecedor")
    kind = kind_of(type_name)
    if kind is None:
        row.warn(_NO_KIND, "tipo de instrumento", echo(type_name))
    text = verbatim_text(pick(record, "objeto"))
    if not text:
        row.warn(OBJECT_BLANK, "objeto")
    if not number:
        row.warn(NUMBER_BLANK, "número")
    unit = group(record, "contratante", "orgao", "unidade_gestora")
    return ImportedAgreement(
        row=candidate.row,
        pncp_id=None,
        external_id=candidate.key,
        kind=kind or AgreementKind.CONGENERE,
        number=number or candidate.key,
        sei_process=text_of(record, "processo"),
        unit_code=parse_code(pick(unit, "codigo"), 6),
        unit_name=text_of(unit, "nome"),
        object=text,
        signed_on=dates.signed_on,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        value=read_value(row, pick(record, "valor_global", "valor_inicial")),
        operator=supplier.operator,
        published_on=dates.published_on,
        is_empenho=empenho,
        body_cnpj=None,
        source="contratosgov",
        updated_at=candidate.updated_at,
        source_status=text_of(record, "situacao"),
    )


def _history(payload: object) -> ImportFile:
    records = records_of(payload)
    findings = Findings()
    candidates: list[Candidate] = []
    for row, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            not_a_record(findings, row)
            continue
        candidates.append(Candidate(row, parse_code(pick(record, "id")), _updated(record), record))
    terms = [
        term for candidate in latest_of_each(candidates, findings) if (term := _term(candidate, findings)) is not None
    ]
    return ImportFile(source="contratosgov", terms=tuple(terms), problems=findings.sorted(), read=len(records))


def _term(candidate: Candidate, findings: Findings) -> ImportedTerm | None:
    record = candidate.record
    number = parse_code(pick(record, "numero"))
    agreement = parse_code(pick(record, "contrato_id"))
    row = Row(findings, candidate.row, number or candidate.key)
    name = text_of(record, "tipo")
    kind = term_kind(name)
    if kind is None:
        row.skip(_INITIAL, "tipo do termo", echo(name))
        return None
    if not agreement:
        row.reject(_NO_ID, "contrato_id")
        return None
    return build_term(
        row,
        TermFields(
            kind=kind,
            number=number,
            text=verbatim_text(pick(record, "objeto", "observacao", "informacao_complementar")),
            marked=_marked(record),
            signed=pick(record, "data_assinatura"),
            starts=pick(record, "vigencia_inicio"),
            ends=pick(record, "vigencia_fim"),
        ),
        pncp_id=None,
        external_id=agreement,
        source="contratosgov",
    )


def _marked(record: Record) -> bool:
    """Whether "VIGÊNCIA" is among the qualifications, which come as objects or as plain words."""
    listed = pick(record, "qualificacao_termo")
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, dict) and (
            item.get("codigo") == _TERM_CODE or fold(text_of(item, "descricao")) == "vigencia"
        ):
            return True
        if isinstance(item, str) and "vigencia" in fold(plain_text(item)):
            return True
    return False
