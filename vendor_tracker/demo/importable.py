"""A fictional file of the PNCP, to import: three contracts are on record already, two are new."""

import json
from datetime import date, timedelta

from vendor_tracker.demo.cast import IMPORTED, MORE_TO_IMPORT, with_check_digits

_BODY = "915600370001"


def contracts(today: date, *, more: bool = True) -> str:
    """Return the JSON that the PNCP's search would answer; without ``more``, only what the demonstration imported."""
    rows = [*IMPORTED, *(MORE_TO_IMPORT if more else ())]
    records = [_record(number, row, today) for number, row in enumerate(rows, 1)]
    return json.dumps({"data": records, "totalRegistros": len(records)}, ensure_ascii=False, indent=1)


def _record(sequence: int, row: tuple[str, str, str, str], today: date) -> dict[str, object]:
    name, base, number, object_ = row
    body = with_check_digits(_BODY)
    signed = date(today.year - 1, 11, 3) + timedelta(days=sequence)
    return {
        "numeroControlePNCP": f"{body}-2-{sequence:06d}/{signed.year}",
        "numeroControlePncpCompra": f"{body}-1-{sequence:06d}/{signed.year}",
        "anoContrato": signed.year,
        "sequencialContrato": sequence,
        "tipoContrato": {"id": 1, "nome": "Contrato (termo inicial)"},
        "numeroContratoEmpenho": number,
        "dataAssinatura": signed.isoformat(),
        "dataVigenciaInicio": (signed + timedelta(days=10)).isoformat(),
        "dataVigenciaFim": (signed + timedelta(days=740)).isoformat(),
        "niFornecedor": with_check_digits(base),
        "tipoPessoa": "PJ",
        "nomeRazaoSocialFornecedor": name,
        "codigoPaisFornecedor": "BRA",
        "orgaoEntidade": {"cnpj": body, "razaoSocial": "ÓRGÃO FICTÍCIO", "poderId": "J", "esferaId": "F"},
        "unidadeOrgao": {"codigoUnidade": "040999", "nomeUnidade": "ÓRGÃO FICTÍCIO"},
        "dataPublicacaoPncp": f"{(signed + timedelta(days=2)).isoformat()}T18:21:39",
        "dataAtualizacao": f"{(signed + timedelta(days=2)).isoformat()}T18:21:39",
        "dataAtualizacaoGlobal": f"{(signed + timedelta(days=3)).isoformat()}T10:00:00",
        "processo": f"{7000 + sequence:05d}/{signed.year}",
        "objetoContrato": f"{object_}.",
        "valorInicial": 120000.0 * sequence,
        "valorGlobal": 120000.0 * sequence,
        "valorAcumulado": None,
        "receita": False,
    }
