"""A fictional answer of the PNCP with as many contracts as one likes, for measuring an import."""

import json
from datetime import date, timedelta
from random import Random
from typing import Any

from vendor_tracker import generating_names as names


def contracts(count: int, *, seed: int) -> bytes:
    """Return the JSON that the PNCP's search would answer; another ``seed`` gives other contracts."""
    random = Random(seed)
    body = names.cnpj(random, alphanumeric=False)
    suppliers = [
        (names.cnpj(random, alphanumeric=random.random() < 0.05), names.company(random))
        for _ in range(max(1, count // 3))
    ]
    records = [_record(random, body, number, *random.choice(suppliers)) for number in range(1, count + 1)]
    return json.dumps({"data": records, "totalRegistros": count}, ensure_ascii=False).encode()


def _record(random: Random, body: str, number: int, supplier: str, name: str) -> dict[str, Any]:
    signed = date(2026, 1, 5) + timedelta(days=random.randint(0, 300))
    published = f"{(signed + timedelta(days=2)).isoformat()}T18:21:39"
    return {
        "numeroControlePNCP": f"{body}-2-{number:06d}/2026",
        "numeroControlePncpCompra": f"{body}-1-{number:06d}/2026",
        "anoContrato": 2026,
        "sequencialContrato": number,
        "tipoContrato": {"id": 1, "nome": "Contrato (termo inicial)"},
        "numeroContratoEmpenho": f"{number:05d}",
        "dataAssinatura": signed.isoformat(),
        "dataVigenciaInicio": signed.isoformat(),
        "dataVigenciaFim": (signed + timedelta(days=729)).isoformat(),
        "niFornecedor": supplier,
        "tipoPessoa": "PJ",
        "nomeRazaoSocialFornecedor": name.upper(),
        "codigoPaisFornecedor": "BRA",
        "orgaoEntidade": {"cnpj": body, "razaoSocial": "ORGAO FICTICIO", "poderId": "J", "esferaId": "F"},
        "unidadeOrgao": {"codigoUnidade": "040999", "nomeUnidade": "ORGAO FICTICIO"},
        "dataPublicacaoPncp": published,
        "dataAtualizacao": published,
        "dataAtualizacaoGlobal": published,
        "processo": f"{number:05d}/2026",
        "objetoContrato": random.choice(names.OBJECTS).upper(),
        "valorInicial": random.randint(10_000, 9_000_000) / 100,
        "valorGlobal": random.randint(10_000, 9_000_000) / 100,
        "valorAcumulado": None,
        "receita": False,
    }
