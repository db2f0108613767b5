"""What programs are told when something goes wrong: one shape, in Portuguese, wherever it happened."""

from collections.abc import Mapping

PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("Pedido malformado", "O pedido não pôde ser entendido. Confira o endereço e o conteúdo enviado."),
    401: ("Sem identificação", "Envie uma chave válida no cabeçalho Authorization: Bearer."),
    403: ("Acesso recusado", "O papel da pessoa dona desta chave não permite este ato."),
    404: ("Não encontrado", "Não há nada neste endereço."),
    405: ("Método não aceito", "Este endereço não aceita este método; o cabeçalho Allow lista os que aceita."),
    409: ("Conflito", "O registro já existe ou mudou. Leia-o de novo antes de repetir o ato."),
    410: ("Não existe mais", "O que havia neste endereço foi retirado."),
    413: ("Conteúdo grande demais", "O conteúdo enviado passa do limite."),
    415: ("Formato não aceito", "Envie o conteúdo como application/json."),
    422: ("Dados não aceitos", "Corrija os campos indicados e envie de novo."),
    429: ("Pedidos demais", "Aguarde antes de repetir o pedido."),
    500: (
        "Erro do sistema",
        "O sistema falhou ao atender o pedido. Tente de novo; se persistir, avise a administração.",
    ),
    503: ("Indisponível", "O sistema está indisponível no momento. Tente de novo em alguns minutos."),
}
"""For each status: its name, and what to do when nothing more exact is known."""


def problem(code: int, *, message: str = "", errors: object = None) -> dict[str, object]:
    """Return the body of an error answer; ``errors`` tells, field by field, what was not accepted."""
    name, advice = PROBLEMS.get(code, PROBLEMS[400 if code < 500 else 500])
    body: dict[str, object] = {"code": code, "status": name, "message": message or advice}
    if errors:
        body["errors"] = errors
    return body
