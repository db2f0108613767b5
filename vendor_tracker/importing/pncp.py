"""PNCP: contracts (``/api/consulta/v1/contratos``), their terms, and the same contracts by dadosabertos.compras.

The shapes were taken from answers of the live services. Contracts come as ``{"data": [...]}`` (PNCP), ``{"resultado":
[...]}`` (dadosabertos.compras, ``modulo-contratos``, with other field names), a bare list, or saved pages in a list.
Terms come as ``{numeroControlePNCP: [terms]}``, which is how one keeps the answers of
``/contratos/{ano}/{seq}/termos``, or as a list whose records carry ``numeroControlePNCP``.

The feed repeats records, so each control number is read once; see ``building.latest_of_each``. What a term does to the
agreement's end is decided in ``terms``.
"""

from contracts.vocabulary import AgreementKind
from vendor_tracker.importing.building import (
    EMPENHO_SKIPPED,
    NUMBER_BLANK,
    OBJECT_BLANK,
    PNCP_ID,
    Candidate,
    Row,
    latest_of_each,
    not_a_record,
    read_dates,
    read_pncp_id,
    read_value,
)
from vendor_tracker.importing.json_source import (
    MAX_RECORDS,
    Record,
    first_record,
    group,
    load_json,
    pick,
    records_of,
    text_of,
)
from vendor_tracker.importing.kinds import is_empenho, kind_of
from vendor_tracker.importing.rows import (
    Findings,
    ImportedAgreement,
    ImportedTerm,
    ImportFile,
    Source,
    UnreadableFile,
)
from vendor_tracker.importing.suppliers import parse_cnpj, read_supplier
from vendor_tracker.importing.terms import TermFields, build_term, term_kind
from vendor_tracker.importing.values import echo, parse_code, parse_instant, verbatim_text

_ID_NAMES = ("numeroControlePNCP", "numeroControlePncp", "numeroControlePncpContrato", "numeroControlePNCPContrato")
_TERM_MARKS = ("tipoTermoContratoNome", "tipoTermoContratoId", "sequencialTermoContrato", "numeroTermoContrato")
_CONTRACT_MARKS = (*_ID_NAMES, "niFornecedor", "numeroContratoEmpenho", "objetoContrato", "numeroContrato")
_EXCLUDED = "O contrato foi excluído na fonte."
_NO_KEY = "O registro não traz o número de controle do PNCP nem o órgão, o ano e a sequência que o formam."
_NO_KIND = "O tipo de instrumento não é conhecido. O acordo foi lido como instrumento congênere; confira."
_TERM_WITHOUT_AGREEMENT = "O termo não traz um número de controle do PNCP válido, e não se sabe a que acordo pertence."
_TERM_KIND_UNKNOWN = "O tipo do termo não é aditivo, apostilamento nem rescisão."


def read(data: bytes, *, include_empenhos: bool = False) -> ImportFile:
    """Read a file of contracts or of terms, whichever it is. Raises ``UnreadableFile``."""
    return read_payload(load_json(data), include_empenhos=include_empenhos)


def read_payload(payload: object, *, include_empenhos: bool = False) -> ImportFile:
    """``read`` for JSON already loaded."""
    if _holds_terms(payload):
        return _terms(payload)
    return _contracts(payload, include_empenhos=include_empenhos)


def read_contracts(data: bytes, *, include_empenhos: bool = False) -> ImportFile:
    """Read a file of contracts. Raises ``UnreadableFile``, also when the file holds terms."""
    payload = load_json(data)
    if _holds_terms(payload):
        raise UnreadableFile("O arquivo traz termos aditivos, não contratos. Envie-o na importação de termos.")
    return _contracts(payload, include_empenhos=include_empenhos)


def read_terms(data: bytes) -> ImportFile:
    """Read a file of terms (aditivos and the like). Raises ``UnreadableFile``, also when it holds contracts."""
    payload = load_json(data)
    if not _holds_terms(payload) and first_record(payload):
        raise UnreadableFile("O arquivo traz contratos, não termos aditivos. Envie-o na importação de contratos.")
    return _terms(payload)


def _holds_terms(payload: object) -> bool:
    if isinstance(payload, dict) and any(PNCP_ID.fullmatch(str(key)[:60].strip().upper()) for key in payload):
        return True
    first = first_record(payload)
    return any(name in first for name in _TERM_MARKS)


# Contracts -----------------------------------------------------------------------------------------------------------


def _contracts(payload: object, *, include_empenhos: bool) -> ImportFile:
    records = records_of(payload)
    first = first_record(payload)
    if records and not any(name in first for name in _CONTRACT_MARKS):
        raise UnreadableFile("O arquivo é um JSON, mas os registros não são contratos do PNCP nem do Contratos.gov.br.")
    open_data = "numeroControlePncpContrato" in first or "codigoUnidadeGestora" in first
    source: Source = "dadosabertos" if open_data else "pncp"
    findings = Findings()
    candidates: list[Candidate] = []
    for row, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            not_a_record(findings, row)
            continue
        updated = parse_instant(pick(record, "dataAtualizacaoGlobal", "dataAtualizacao", "dataHoraInclusao"))
        candidates.append(Candidate(row, _pncp_id(record) or "", updated, record))
    agreements = [
        agreement
        for candidate in latest_of_each(candidates, findings)
        if (agreement := _agreement(candidate, source, findings, include_empenhos=include_empenhos)) is not None
    ]
    return ImportFile(source=source, agreements=tuple(agreements), problems=findings.sorted(), read=len(records))


def _pncp_id(record: Record) -> str | None:
    """The control number, or the one that the body, the year and the sequence make up."""
    written = read_pncp_id(pick(record, *_ID_NAMES))
    if written is not None:
        return written
    cnpj = _body_cnpj(record, None)
    sequence = parse_code(pick(record, "sequencialContrato"), 6)
    year = parse_code(pick(record, "anoContrato"))
    return read_pncp_id(f"{cnpj}-2-{sequence}/{year}") if cnpj and sequence and year else None


def _body_cnpj(record: Record, pncp_id: str | None) -> str | None:
    written = parse_cnpj(parse_code(pick(group(record, "orgaoEntidade"), "cnpj"), 14))
    return written or (parse_cnpj(pncp_id[:14]) if pncp_id else None)


def _number(record: Record) -> str:
    """``00004`` of 2023 is printed ``00004/2023``; a number that carries its year, or an empenho's, stays as it is."""
    number = parse_code(pick(record, "numeroContratoEmpenho", "numeroContrato"))
    year = parse_code(pick(record, "anoContrato"))
    return f"{number}/{year}" if number and year and number.isascii() and number.isdigit() else number


def _external_id(record: Record, pncp_id: str | None, number: str) -> str:
    if pncp_id:
        return pncp_id
    unit = parse_code(pick(record, "codigoUnidadeGestoraOrigemContrato", "codigoUnidadeGestora"), 6)
    return f"{unit}:{number}" if unit and number else ""


def _agreement(
    candidate: Candidate, source: Source, findings: Findings, *, include_empenhos: bool
) -> ImportedAgreement | None:
    record, pncp_id = candidate.record, candidate.key or None
    number = _number(record)
    row = Row(findings, candidate.row, pncp_id or number)
    type_name = text_of(group(record, "tipoContrato"), "nome") or text_of(record, "nomeTipo")
    # The numbers of dadosabertos.compras (codigoTipo 50, 99…) are another table, so only the PNCP's are looked at.
    type_id = pick(group(record, "tipoContrato"), "id") or pick(record, "tipoContratoId")
    empenho = is_empenho(type_name, type_id)
    if pick(record, "contratoExcluido") is True:
        row.skip(_EXCLUDED)
        return None
    if empenho and not include_empenhos:
        row.skip(EMPENHO_SKIPPED, "tipo de instrumento", echo(type_name or type_id))
        return None
    external_id = _external_id(record, pncp_id, number)
    if not external_id:
        row.reject(_NO_KEY, "número de controle do PNCP", echo(pick(record, *_ID_NAMES)))
        return None
    supplier = read_supplier(
        pick(record, "niFornecedor"),
        pick(record, "nomeRazaoSocialFornecedor"),
        pick(record, "tipoPessoa"),
        pick(record, "codigoPaisFornecedor"),
    )
    if supplier.operator is None:
        add = row.skip if supplier.severity == "skipped" else row.reject
        add(supplier.reason, "fornecedor", supplier.read)
        return None
    dates = read_dates(
        row,
        {
            "signed": pick(record, "dataAssinatura"),
            "starts": pick(record, "dataVigenciaInicio", "dataVigenciaInicial"),
            "ends": pick(record, "dataVigenciaFim", "dataVigenciaFinal"),
            "published": pick(record, "dataPublicacaoPncp"),
        },
    )
    if dates is None:
        return None
    for warning in supplier.warnings:
        row.warn(warning, "fornecedor")
    kind = kind_of(type_name, type_id)
    if kind is None:
        row.warn(_NO_KIND, "tipo de instrumento", echo(type_name or type_id))
    text = verbatim_text(pick(record, "objetoContrato", "objeto"))
    if not text:
        row.warn(OBJECT_BLANK, "objeto")
    if not number:
        row.warn(NUMBER_BLANK, "número")
    unit = group(record, "unidadeOrgao")
    return ImportedAgreement(
        row=candidate.row,
        pncp_id=pncp_id,
        external_id=external_id,
        kind=kind or AgreementKind.CONGENERE,
        number=number or external_id,
        sei_process=text_of(record, "processo"),
        unit_code=parse_code(
            pick(unit, "codigoUnidade") or pick(record, "codigoUnidadeGestoraOrigemContrato", "codigoUnidadeGestora"), 6
        ),
        unit_name=text_of(unit, "nomeUnidade")
        or text_of(record, "nomeUnidadeGestoraOrigemContrato", "nomeUnidadeGestora"),
        object=text,
        signed_on=dates.signed_on,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        value=read_value(row, pick(record, "valorGlobal", "valorInicial")),
        operator=supplier.operator,
        published_on=dates.published_on,
        is_empenho=empenho,
        body_cnpj=_body_cnpj(record, pncp_id),
        source=source,
        updated_at=candidate.updated_at,
    )


# Terms ---------------------------------------------------------------------------------------------------------------


def _terms(payload: object) -> ImportFile:
    records = _term_records(payload)
    findings = Findings()
    candidates: list[Candidate] = []
    for row, (key, record) in enumerate(records, start=1):
        agreement = read_pncp_id(key)
        if not isinstance(record, dict):
            not_a_record(findings, row)
        elif agreement is None:
            findings.reject(row, _TERM_WITHOUT_AGREEMENT, "número de controle do PNCP", echo(key))
        else:
            updated = parse_instant(pick(record, "dataAtualizacao", "dataInclusao"))
            candidates.append(Candidate(row, f"{agreement} {_identity(row, record)}", updated, record))
    terms = [
        term for candidate in latest_of_each(candidates, findings) if (term := _term(candidate, findings)) is not None
    ]
    return ImportFile(source="pncp", terms=tuple(terms), problems=findings.sorted(), read=len(records))


def _term_records(payload: object) -> list[tuple[object, object]]:
    """Each term with the control number of its agreement, as written."""
    found: list[tuple[object, object]] = []
    if isinstance(payload, dict) and not first_record(payload):
        for key, terms in payload.items():
            # One page of the service is a bare list; some tools keep the envelope around it.
            listed = terms if isinstance(terms, list) else pick(terms, "data") if isinstance(terms, dict) else None
            found += (
                [(key, record) for record in listed]
                if isinstance(listed, list)
                else [(key, terms)] * (terms is not None)
            )
    else:
        for record in records_of(payload):
            found.append((pick(record, *_ID_NAMES) if isinstance(record, dict) else None, record))
    if len(found) > MAX_RECORDS:
        raise UnreadableFile(f"O arquivo tem mais de {MAX_RECORDS} termos. Divida a consulta e envie em partes.")
    return found


def _identity(row: int, record: Record) -> str:
    """What tells a term from the others of its agreement: its sequence, or else its kind, number and day."""
    sequence = parse_code(pick(record, "sequencialTermoContrato"))
    if sequence:
        return f"termo {sequence}"
    number = parse_code(pick(record, "numeroTermoContrato"))
    name = text_of(record, "tipoTermoContratoNome", "tipoTermoContratoId")
    return f"{name} {number} {text_of(record, 'dataAssinatura')}" if number else f"item {row}"


def _term(candidate: Candidate, findings: Findings) -> ImportedTerm | None:
    record = candidate.record
    agreement = candidate.key.partition(" ")[0]
    row = Row(findings, candidate.row, agreement)
    name = pick(record, "tipoTermoContratoNome", "tipoTermoContratoId")
    kind = term_kind(name)
    if kind is None:
        row.reject(_TERM_KIND_UNKNOWN, "tipo do termo", echo(name))
        return None
    return build_term(
        row,
        TermFields(
            kind=kind,
            number=parse_code(pick(record, "numeroTermoContrato")),
            text=verbatim_text(pick(record, "objetoTermoContrato", "informativoObservacao", "informacaoComplementar")),
            marked=pick(record, "qualificacaoVigencia") is True,
            signed=pick(record, "dataAssinatura"),
            starts=pick(record, "dataVigenciaInicio"),
            ends=pick(record, "dataVigenciaFim"),
        ),
        pncp_id=agreement,
        external_id=None,
        source="pncp",
    )
