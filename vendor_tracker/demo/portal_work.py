"""Two colleagues at work on one answer: what one saved, what the other typed meanwhile, a file that did not open."""

from io import BytesIO

from clause_library.passages import UnreadableFileError
from vendor_tracker.demo import papers
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.routine import trusted, visit
from vendor_tracker.store import portal
from vendor_tracker.usecases import answering, portal_links
from vendor_tracker.usecases.answering import Draft, NewFile, Seen, Visit
from vendor_tracker.usecases.work import look


def together(hands: Hands, request_id: int, *, name: str, email: str) -> None:
    """Invite a colleague to a request; both write about its second item at the same time, and one file is refused."""
    first = visit(request_id)
    answering.invite(first, name=name, email=email)
    second = answering.visit_of(answering.open_session(_secret(request_id), address="192.0.2.11"))
    item = answering.answer_page(first).items[1]
    seen = _seen(first, "preposto")
    mine = _seen(second, "colega")
    answering.save(
        second,
        hands.files,
        drafts={item.id: Draft("Os registros do transportador são guardados por doze meses e conferidos a cada mês.")},
        seen=mine,
        opened=trusted,
    )
    answering.save(
        first,
        hands.files,
        drafts={item.id: Draft("Os registros do transportador são guardados por seis meses.")},
        seen=seen,
        opened=trusted,
    )
    locked = NewFile(item.id, "Registros de acesso.pdf", BytesIO(papers.pdf("Registros de acesso", ["Fictício."])))
    answering.save(second, hands.files, drafts={}, new_files=(locked,), seen=mine, opened=_with_password)


def _with_password(_data: bytes, _name: str, _seconds: int) -> None:
    raise UnreadableFileError("encrypted", "O arquivo está protegido por senha.")


def _seen(came: Visit, page: str) -> Seen:
    shown = answering.answer_page(came)
    return Seen({item.id: (item.round, item.version) for item in shown.items}, shown.turn, page)


def _secret(request_id: int) -> str:
    with look() as session:
        return portal_links.guest_secret(request_id, portal.guests(session, request_id)[-1].nonce)
