"""Fictional records in the shapes that the public services answer with."""

import io
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import xlsxwriter

from tests.rig.cnpj import make_cnpj

BODY = make_cnpj(1).value
SELLER = make_cnpj(2).value
OTHER_SELLER = make_cnpj(3).value
CPF = "12345678909"
"""Eleven digits that pass the check, and that no one was given."""
CPF_MASKED = "***.456.789-**"


def pncp_id(sequence: int = 9, year: int = 2026) -> str:
    return f"{BODY}-2-{sequence:06d}/{year}"


def contract(sequence: int = 9, **changes: Any) -> dict[str, Any]:
    """A contract as the PNCP's consulta answers."""
    record: dict[str, Any] = {
        "numeroControlePNCP": pncp_id(sequence),
        "numeroControlePncpCompra": f"{BODY}-1-000001/2026",
        "anoContrato": 2026,
        "sequencialContrato": sequence,
        "tipoContrato": {"id": 1, "nome": "Contrato (termo inicial)"},
        "numeroContratoEmpenho": f"{sequence:05d}",
        "dataAssinatura": "2026-01-15",
        "dataVigenciaInicio": "2026-02-01",
        "dataVigenciaFim": "2028-01-31",
        "niFornecedor": SELLER,
        "tipoPessoa": "PJ",
        "nomeRazaoSocialFornecedor": "FICTICIA SERVICOS DE NUVEM LTDA",
        "codigoPaisFornecedor": "BRA",
        "orgaoEntidade": {"cnpj": BODY, "razaoSocial": "TRIBUNAL FICTICIO", "poderId": "J", "esferaId": "F"},
        "unidadeOrgao": {"codigoUnidade": "040999", "nomeUnidade": "TRIBUNAL FICTICIO"},
        "dataPublicacaoPncp": "2026-01-16T18:21:39",
        "dataAtualizacao": "2026-01-16T18:21:39",
        "dataAtualizacaoGlobal": "2026-01-20T10:00:00",
        "processo": "01234/2025",
        "objetoContrato": "HOSPEDAGEM DE SISTEMAS EM NUVEM.",
        "valorInicial": 1000.5,
        "valorGlobal": 1234567.89,
        "valorAcumulado": None,
        "receita": False,
    }
    return record | changes


def open_data(**changes: Any) -> dict[str, Any]:
    """A contract as dadosabertos.compras (modulo-contratos) answers."""
    record: dict[str, Any] = {
        "codigoUnidadeGestora": 40999,
        "nomeUnidadeGestora": "TRIBUNAL FICTICIO",
        "codigoUnidadeGestoraOrigemContrato": 40999,
        "nomeUnidadeGestoraOrigemContrato": "TRIBUNAL FICTICIO",
        "numeroContrato": "00021/2026",
        "codigoTipo": "50",
        "nomeTipo": "Contrato",
        "niFornecedor": SELLER,
        "nomeRazaoSocialFornecedor": "FICTICIA SERVICOS DE NUVEM LTDA",
        "processo": "01234/2025",
        "objeto": "LIMPEZA",
        "dataVigenciaInicial": "2026-02-01T00:00:00",
        "dataVigenciaFinal": "2028-01-31T00:00:00",
        "valorGlobal": 16315,
        "dataHoraInclusao": "2026-01-30T14:18:14",
        "numeroControlePncpContrato": pncp_id(140),
        "contratoExcluido": False,
    }
    return record | changes


def term(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    """A term as the PNCP answers under a contract: here an extension to 31/01/2030."""
    record: dict[str, Any] = {
        "sequencialTermoContrato": sequence,
        "numeroTermoContrato": f"{sequence:05d}/2027",
        "tipoTermoContratoNome": "Termo Aditivo",
        "qualificacaoVigencia": True,
        "dataAssinatura": "2027-12-10",
        "dataVigenciaInicio": "2028-02-01",
        "dataVigenciaFim": "2030-01-31",
        "dataAtualizacao": "2027-12-10T10:00:00",
        "prazoAditadoDias": 0,
        "objetoTermoContrato": "PRORROGAÇÃO DO PRAZO DE VIGÊNCIA DO CONTRATO EM EPÍGRAFE.",
        "nomeRazaoSocialFornecedor": "FICTICIA SERVICOS DE NUVEM LTDA",
    }
    return record | changes


def federal(**changes: Any) -> dict[str, Any]:
    """A contract as Contratos.gov.br lists it."""
    record: dict[str, Any] = {
        "id": 118999,
        "tipo": "Contrato",
        "numero": "00029/2026",
        "situacao": "Ativo",
        "processo": "23082.006789/2026-88",
        "objeto": "SUPORTE TÉCNICO",
        "fornecedor": {
            "cnpj_cpf_idgener": make_cnpj(2).formatted,
            "nome": "FICTICIA SERVICOS DE NUVEM LTDA",
            "tipo": "JURIDICA",
        },
        "contratante": {"orgao": {"unidade_gestora": {"codigo": "40999", "nome": "TRIBUNAL FICTICIO"}}},
        "data_assinatura": "2026-01-15",
        "data_publicacao": "2026-01-20",
        "vigencia_inicio": "2026-02-01",
        "vigencia_fim": "2027-01-31",
        "valor_inicial": "8.190.000,00",
        "valor_global": "10.354.305,17",
    }
    return record | changes


def federal_term(**changes: Any) -> dict[str, Any]:
    """A record of a contract's history at Contratos.gov.br: an extension to 31/01/2028."""
    record: dict[str, Any] = {
        "id": 750999,
        "contrato_id": 118999,
        "tipo": "Termo Aditivo",
        "numero": "00003/2026",
        "data_assinatura": "2026-12-05",
        "vigencia_inicio": "2027-02-01",
        "vigencia_fim": "2028-01-31",
        "objeto": None,
        "observacao": "PRORROGAR O PRAZO DE VIGÊNCIA POR MAIS 12 MESES",
        "qualificacao_termo": [{"codigo": 2, "descricao": "VIGÊNCIA"}, {"codigo": 4, "descricao": "REAJUSTE"}],
        "alterado_em": "2026-12-07T10:01:10Z",
        "valor_global": "88.418,57",
    }
    return record | changes


def as_json(payload: Any) -> bytes:
    return json.dumps(
        payload, ensure_ascii=False, default=lambda v: float(v) if isinstance(v, Decimal) else str(v)
    ).encode()


def envelope(*records: Any) -> bytes:
    return as_json({"data": list(records), "totalRegistros": len(records), "totalPaginas": 1, "empty": not records})


def xlsx(rows: Iterable[Iterable[Any]], *, sheet: str = "Plan1") -> bytes:
    """A workbook with those rows; dates are written as dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                page.write(number, place, value)
    book.close()
    return out.getvalue()
