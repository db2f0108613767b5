"""Signed files of the demonstration that wait for a check: one of ours that came back altered, and an ordinary one.

The contract is fictional and written the way such contracts are: the data protection clause stands among many others,
says some things well, some narrowly, and is silent about the rest.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_BODY = "word/document.xml"
_HEADING = '<w:p><w:pPr><w:pStyle w:val="Heading1"/>'
_ITEM = '<w:p><w:pPr><w:pStyle w:val="ClausulaItem"/></w:pPr><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'

CHANGES: Mapping[str, str] = {
    "Comunicar de imediato é comunicar assim que houver suspeita, em qualquer dia e a qualquer hora. O limite de 24 "
    "(vinte e quatro) horas, contado da primeira suspeita, é convencionado pelas partes, não autoriza esperar e corre "
    "sem interrupção: nunca se conta em horas ou dias úteis.": "A comunicação é feita em até 48 (quarenta e oito) "
    "horas úteis, contadas da confirmação do incidente pela equipe de segurança do OPERADOR.",
    "O número de auditorias não é limitado.": "Realiza-se no máximo uma auditoria por ano, às custas de quem a pedir.",
}
"""What the other side wrote over our words, without a mark."""

TAKEN_OUT = "Dos registros para propósitos forenses"
"""The clause that did not come back."""

ADDED = (
    "Do custo de novas exigências",
    (
        "As exigências de segurança posteriores à assinatura que aumentem o custo do OPERADOR são objeto de "
        "ajuste prévio entre as partes."
    ),
)
"""The clause that nobody here had written: its title and its text."""

BEFORE = "Da responsabilidade e do regresso"
"""The clause before which it was put."""


def altered(data: bytes) -> bytes:
    """Return a Word file of ours as the other side sent it back: words changed, a clause gone, another one in.

    Raises :class:`ValueError` when the file does not have the words that are to be changed.
    """
    with ZipFile(BytesIO(data)) as archive:
        entries = [(each, archive.read(each)) for each in archive.infolist()]
    body = next(content for entry, content in entries if entry.filename == _BODY).decode()
    for old, new in CHANGES.items():
        body = _replaced(body, escape(old), escape(new))
    start, end = _clause(body, TAKEN_OUT)
    body = body[:start] + body[end:]
    start, _ = _clause(body, BEFORE)
    title, text = ADDED
    heading = f'{_HEADING}</w:pPr><w:r><w:t xml:space="preserve">{escape(title)}</w:t></w:r></w:p>'
    body = body[:start] + heading + _ITEM.format(escape(text)) + body[start:]
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for entry, content in entries:
            written = ZipInfo(entry.filename, entry.date_time)
            written.compress_type = ZIP_DEFLATED
            archive.writestr(written, body.encode() if entry.filename == _BODY else content)
    return out.getvalue()


def _replaced(body: str, old: str, new: str) -> str:
    if old not in body:
        message = f"The file does not have the words “{old[:60]}…”."
        raise ValueError(message)
    return body.replace(old, new)


def _clause(body: str, title: str) -> tuple[int, int]:
    """Return where the clause of this title begins and where the next one does."""
    words = body.find(f">{escape(title)}</w:t>")
    start = body.rfind(_HEADING, 0, words) if words >= 0 else -1
    if start < 0:
        message = f"The file has no clause “{title}”."
        raise ValueError(message)
    return start, body.index(_HEADING, words)


CONTRACT: Sequence[str] = (
    "CONTRATO DE PRESTAÇÃO DE SERVIÇOS DE CERTIFICAÇÃO DIGITAL",
    (
        "Pelo presente instrumento, o órgão contratante, doravante CONTRATANTE, e {operator}, doravante "
        "CONTRATADA, por quem os representa na forma de seus atos constitutivos, celebram o presente contrato, "
        "decorrente de pregão eletrônico, que se regerá pelas cláusulas e condições seguintes."
    ),
    "CLÁUSULA PRIMEIRA – DO OBJETO",
    (
        "1.1. O objeto deste contrato é a emissão, a validação e a renovação de certificados digitais para "
        "pessoas físicas e servidores de rede, com visitas técnicas de validação presencial e por "
        "videoconferência."
    ),
    (
        "1.2. Integram este contrato, independentemente de transcrição, o edital, o termo de referência e a "
        "proposta da CONTRATADA, naquilo que não o contrariarem."
    ),
    "CLÁUSULA SEGUNDA – DA VIGÊNCIA",
    (
        "2.1. O prazo de vigência é de vinte e quatro meses, contados da data indicada na ordem de início, "
        "prorrogável na forma da lei, desde que haja interesse das partes e vantagem demonstrada nos autos."
    ),
    "CLÁUSULA TERCEIRA – DO PREÇO E DO PAGAMENTO",
    (
        "3.1. O CONTRATANTE pagará os certificados efetivamente emitidos no mês, pelos preços unitários da "
        "proposta, em até trinta dias do recebimento definitivo."
    ),
    (
        "3.2. A nota fiscal será acompanhada da relação dos certificados emitidos, com a data e o tipo de cada "
        "um, vedada a indicação de dados pessoais além do nome de quem o recebeu."
    ),
    "3.3. Os preços são fixos por doze meses e, depois, reajustados pelo índice previsto no edital.",
    "CLÁUSULA QUARTA – DAS OBRIGAÇÕES DA CONTRATADA",
    ("4.1. Executar os serviços na forma e nos prazos do termo de referência, com pessoal qualificado e identificado."),
    (
        "4.2. Manter, durante toda a execução, as condições de habilitação exigidas na licitação e o "
        "credenciamento na infraestrutura nacional de chaves públicas."
    ),
    "4.3. Atender às solicitações do fiscal em até dois dias úteis e corrigir, sem ônus, o que for recusado.",
    ("4.4. Manter central de suporte por telefone e correio eletrônico, em dias úteis, das oito às dezoito horas."),
    "4.5. Não subcontratar o objeto, no todo ou em parte, sem anuência prévia e escrita do CONTRATANTE.",
    "CLÁUSULA QUINTA – DAS OBRIGAÇÕES DO CONTRATANTE",
    "5.1. Acompanhar a execução por gestor e fiscal designados por portaria, que registrarão as ocorrências.",
    "5.2. Indicar as pessoas que receberão certificados e comunicar o desligamento delas.",
    "CLÁUSULA SEXTA – DO SIGILO E DA SEGURANÇA DA INFORMAÇÃO",
    (
        "6.1. A CONTRATADA guardará sigilo sobre as informações a que tiver acesso e responderá pela conduta de "
        "seus empregados, dos quais colherá termo individual de confidencialidade, mantido à disposição do "
        "CONTRATANTE."
    ),
    (
        "6.2. O acesso aos dados de identificação dos titulares de certificados é limitado aos agentes de "
        "registro que deles precisem para executar as suas tarefas."
    ),
    "6.3. A CONTRATADA manterá registros de acesso aos sistemas de emissão por seis meses.",
    "CLÁUSULA SÉTIMA – DA PROTEÇÃO DE DADOS PESSOAIS",
    (
        "7.1. As partes cumprirão a Lei nº 13.709/2018, cabendo ao CONTRATANTE a posição de controlador e à "
        "CONTRATADA a de operadora dos dados pessoais tratados em razão deste contrato."
    ),
    (
        "7.2. A CONTRATADA tratará os dados pessoais segundo as instruções documentadas do CONTRATANTE e não os "
        "usará para finalidade própria, inclusive oferta comercial."
    ),
    (
        "7.3. A CONTRATADA comunicará ao CONTRATANTE, pelo endereço eletrônico do fiscal, o incidente de "
        "segurança que envolva dados pessoais, em até 48 (quarenta e oito) horas contadas da sua confirmação, com"
        " a descrição dos dados e das pessoas afetadas e das medidas adotadas."
    ),
    ("7.4. A CONTRATADA adotará medidas técnicas e administrativas de segurança adequadas ao risco do tratamento."),
    (
        "7.5. A CONTRATADA manterá registro das operações de tratamento que realizar em nome do CONTRATANTE, com "
        "histórico de alterações, e o apresentará sempre que solicitado."
    ),
    (
        "7.6. O CONTRATANTE poderá verificar o cumprimento desta cláusula uma vez por ano, mediante aviso com "
        "trinta dias de antecedência e sem acesso a informações de outros clientes."
    ),
    (
        "7.7. A CONTRATADA auxiliará o CONTRATANTE, em até cinco dias úteis, a responder aos pedidos dos "
        "titulares e às requisições da Autoridade Nacional de Proteção de Dados."
    ),
    (
        "7.8. Encerrado o contrato, a CONTRATADA eliminará os dados pessoais no prazo de sessenta dias, "
        "ressalvados os que deva conservar por exigência das normas de certificação digital."
    ),
    "CLÁUSULA OITAVA – DAS SANÇÕES",
    "8.1. O descumprimento sujeita a CONTRATADA às sanções da Lei nº 14.133/2021, assegurada a ampla defesa.",
    "8.2. A multa por atraso é de meio por cento ao dia sobre o valor da parcela, limitada a dez por cento.",
    "CLÁUSULA NONA – DA EXTINÇÃO",
    "9.1. O contrato se extingue pelo fim do prazo, pelo cumprimento do objeto ou nas hipóteses da lei.",
    "CLÁUSULA DÉCIMA – DO FORO",
    "10.1. Fica eleito o foro da Justiça Federal em Brasília para dirimir as questões deste contrato.",
    "E, por estarem de acordo, as partes assinam eletronicamente este instrumento.",
)
"""An ordinary contract, paragraph by paragraph; ``{operator}`` is the other side's name."""
