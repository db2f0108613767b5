"""An operator that answers in a spreadsheet: sent today, and still to be looked through and confirmed."""

from io import BytesIO

from openpyxl import load_workbook

from vendor_tracker import clock
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.routine import visit
from vendor_tracker.demo.timeline import Story
from vendor_tracker.reports.request_sheet import ANSWERS, HEADER
from vendor_tracker.usecases import requesting
from vendor_tracker.usecases.answering import sheets

WORDS = "Descrevemos no documento anexo o procedimento em vigor, com os responsáveis e a data da última revisão."
FORMULA = "=HOJE()+30"
"""What people put into cells; it is not computed, and the page says so."""


def story(hands: Hands) -> Story:
    """Fill the book of the open request with the most items, as the last thing of the last day."""
    now = clock.now()
    yield now
    yield now  # After whatever else happens today.
    lines = [
        line
        for line in requesting.requests_page(standing="waiting", size=100).lines
        if line.head.due_on >= clock.today()
    ]
    if not lines:
        return
    chosen = max(lines, key=lambda line: (line.items, line.head.due_on, -line.head.id)).head
    came = visit(chosen.id)
    book = load_workbook(BytesIO(sheets.sheet_file(came).data))
    sheet = book[ANSWERS]
    sheet.cell(HEADER + 1, 4).value = WORDS
    if sheet.cell(HEADER + 2, 1).value is not None:
        sheet.cell(HEADER + 2, 4).value = FORMULA
    filled = BytesIO()
    book.save(filled)
    filled.seek(0)
    sheets.upload_sheet(came, hands.files, stream=filled, name="respostas.xlsx")
