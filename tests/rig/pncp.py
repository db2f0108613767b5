"""Files in the PNCP's shape with fictional bodies, companies and people, made small for each test."""

import json
from typing import Any

from tests.rig.cnpj import make_cnpj

BODY = make_cnpj(900).value


def pncp_id(sequence: int, year: int = 2026) -> str:
    """Return a control number of the fictional body."""
    return f"{BODY}-2-{sequence:06}/{year}"


def contract(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    """Return one contract as ``/contratos`` answers it."""
    record: dict[str, Any] = {
        "numeroControlePNCP": pncp_id(sequence),
        "anoContrato": 2026,
        "numeroContratoEmpenho": f"{sequence:05}",
        "tipoContrato": {"id": 1, "nome": "Contrato (termo inicial)"},
        "dataAssinatura": "2026-03-02",
        "dataVigenciaInicio": "2026-03-10",
        "dataVigenciaFim": "2027-03-09",
        "niFornecedor": make_cnpj(100 + sequence).value,
        "tipoPessoa": "PJ",
        "nomeRazaoSocialFornecedor": f"EMPRESA FICTICIA {sequence} LTDA",
        "orgaoEntidade": {"cnpj": BODY, "razaoSocial": "TRIBUNAL FICTICIO"},
        "unidadeOrgao": {"codigoUnidade": "990001", "nomeUnidade": "SECRETARIA FICTICIA"},
        "processo": f"{sequence:05}/2025",
        "objetoContrato": "SERVIÇOS DE HOSPEDAGEM DE SISTEMAS DE INFORMAÇÃO",
        "valorGlobal": 120000.5,
        "dataPublicacaoPncp": "2026-03-05T10:00:00",
        "dataAtualizacao": "2026-03-05T10:00:00",
    }
    return {**record, **changes}


def term(**changes: Any) -> dict[str, Any]:
    """Return one term as ``/contratos/{ano}/{seq}/termos`` answers it: an aditivo that extends by a year."""
    record: dict[str, Any] = {
        "tipoTermoContratoId": 2,
        "tipoTermoContratoNome": "Termo Aditivo",
        "numeroTermoContrato": "00001/2026",
        "sequencialTermoContrato": 1,
        "dataAssinatura": "2026-09-01",
        "dataVigenciaInicio": "2026-09-01",
        "dataVigenciaFim": "2028-03-09",
        "objetoTermoContrato": "PRORROGAÇÃO DA VIGÊNCIA DO CONTRATO POR DOZE MESES",
        "qualificacaoVigencia": True,
    }
    return {**record, **changes}


def contracts_file(*records: dict[str, Any]) -> bytes:
    """Return a page of contracts."""
    return json.dumps({"data": list(records)}, ensure_ascii=False).encode()


def terms_file(**by_sequence: list[dict[str, Any]]) -> bytes:
    """Return a file of terms: ``terms_file(n1=[term()])`` holds the terms of contract 1."""
    return json.dumps({pncp_id(int(key[1:])): terms for key, terms in by_sequence.items()}, ensure_ascii=False).encode()
