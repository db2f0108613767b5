"""Letters: some days ago an operator with much in arrears was written to, once, about all of it."""

from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import boletim, documents, painel
from vendor_tracker.usecases.document_kinds import LETTER
from vendor_tracker.usecases.painel import Filters
from vendor_tracker.usecases.work import UseCaseError


def story(hands: Hands) -> Story:
    """The lawyer writes to the worst operator of the painel what is open with it."""
    yield (6, 15)
    page = painel.painel_page(actor=hands.lawyer, filters=Filters(), page=1)
    for row in page.rows:
        if boletim.agreement_boletim(agreement_id=row.agreement_id).held.asks:
            documents.issue(hands.lawyer, hands.files, hands.settings.body, kind=LETTER, agreement_id=row.agreement_id)
            return
    message = "the demonstration has no operator with anything open"
    raise UseCaseError(message)
