"""How much of a file is read, and what people are told about a file that is not.

The limits are technical: they keep a hostile file from taking the machine. None of them is law, and an instrument that
anybody could sign is far below each.
"""

from collections.abc import Mapping

from clause_library.passages import UnreadableFileError

MEBIBYTE = 1024 * 1024

LARGEST_FILE = 40 * MEBIBYTE
"""Bytes of a file."""
MOST_ENTRIES = 2_000
"""Parts of a DOCX file, which is a ZIP archive."""
MOST_UNPACKED = 200 * MEBIBYTE
"""Bytes of all the parts of a DOCX file once unpacked."""
MOST_RATIO = 100
"""Times that the parts of a DOCX file may grow when unpacked."""
RATIO_COUNTS_FROM = 4 * MEBIBYTE
"""Bytes unpacked below which the ratio does not matter: a short, repetitive file is harmless."""
LARGEST_PART = 24 * MEBIBYTE
"""Bytes of one XML part of a DOCX file; its tree takes some ten times as much memory."""
DEEPEST_XML = 200
"""Elements inside one another. Word's own files stay below fifty."""
DEEPEST_TABLE = 12
"""Tables, text boxes or content controls inside one another."""
MOST_PAGES = 600
"""Pages of a PDF file."""
MOST_LINES = 3_000
"""Lines of one page of a PDF file."""
MOST_PASSAGES = 30_000
MOST_CHARACTERS = 2_500_000
"""Characters of text: a thousand dense pages."""
LONGEST_LABEL = 60
"""Characters of an automatic number."""
FEWEST_LETTERS = 30
"""Letters below which a file is taken for a scan: a stamp or a page number is not a text."""

SECONDS = 18
"""After which a reading is ended: whoever asked has an answer within twenty."""
MEMORY_MIB = 512
OCR_SECONDS = 600
OCR_MEMORY_MIB = 2_048
"""What recognising the letters of a scan may take; ``ocrmypdf`` works page by page."""

SENTENCES: Mapping[str, str] = {
    "empty": "O arquivo está vazio. Confira se ele foi salvo por inteiro e envie de novo.",
    "too_large": (
        f"O arquivo passa de {LARGEST_FILE // MEBIBYTE} MB. Envie só o instrumento assinado, sem anexos técnicos, "
        "ou salve-o com imagens menores."
    ),
    "too_many_pages": (
        f"O arquivo tem mais de {MOST_PAGES} páginas. Envie só o instrumento assinado e os anexos que tratam de "
        "dados pessoais."
    ),
    "too_long": (
        "O arquivo tem texto demais para um instrumento. Envie só o instrumento assinado e os anexos que tratam "
        "de dados pessoais."
    ),
    "encrypted": "O arquivo está protegido por senha e não pode ser lido. Salve-o sem senha e envie de novo.",
    "old_doc": (
        "O arquivo é do Word antigo (.doc). Abra-o no Word ou no LibreOffice, salve-o como .docx e envie de novo."
    ),
    "rtf": "O arquivo é um RTF. Abra-o no Word ou no LibreOffice, salve-o como .docx e envie de novo.",
    "odt": "O arquivo é um documento do LibreOffice (.odt). Salve-o como .docx ou PDF e envie de novo.",
    "unsupported": "Este tipo de arquivo não é lido. Envie o instrumento em PDF, Word (.docx) ou texto (.txt).",
    "image": "O arquivo é uma imagem. Digitalize o instrumento como PDF com texto pesquisável (OCR) e envie de novo.",
    "corrupted": "O arquivo está danificado ou incompleto. Gere-o de novo a partir do original e envie outra vez.",
    "bomb": (
        "O arquivo cresce demais ao ser aberto e, por segurança, não foi lido. Gere-o de novo a partir do original."
    ),
    "entities": (
        "O arquivo traz definições que um documento do Word nunca traz e, por segurança, não foi lido. Abra-o no "
        "Word, salve-o de novo como .docx e envie outra vez."
    ),
    "nested": (
        "O arquivo tem elementos dentro de elementos além do que um documento comum tem e, por segurança, não foi "
        "lido. Gere-o de novo a partir do original."
    ),
    "no_text": (
        "O arquivo é uma digitalização sem texto. Gere um PDF com texto pesquisável (OCR) ou envie o arquivo original."
    ),
    "empty_text": "O arquivo não tem texto de um instrumento. Confira se é o arquivo certo e envie de novo.",
    "ocr_failed": (
        "O reconhecimento de letras (OCR) deste arquivo não deu certo. Gere um PDF com texto pesquisável em outro "
        "programa ou envie o arquivo original."
    ),
    "ocr_missing": (
        "O reconhecimento de letras (OCR) não está instalado neste servidor. Gere um PDF com texto pesquisável ou "
        "envie o arquivo original."
    ),
    "too_slow": (
        "A leitura do arquivo passou do tempo permitido e foi interrompida. Gere-o de novo a partir do original "
        "ou envie só o instrumento assinado."
    ),
    "too_demanding": (
        "A leitura do arquivo exigiria memória demais e foi interrompida. Gere-o de novo a partir do original ou "
        "envie só o instrumento assinado."
    ),
    "busy": "Outros arquivos estão sendo lidos agora. Tente de novo em alguns instantes.",
    "failed": "O arquivo não pôde ser lido. Gere-o de novo a partir do original; se persistir, avise a administração.",
}
"""For each refusal, by its code: what happened and what to do."""

OCR_OFFER = " Este servidor também pode reconhecer as letras da digitalização: peça a leitura com OCR."


def refusal(code: str) -> UnreadableFileError:
    """Return the error of this code, with its sentence."""
    return UnreadableFileError(code, SENTENCES[code])
