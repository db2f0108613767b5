"""What happens by itself all year: the jobs at night, operators that answer as they use to, and somebody who reviews.

Operators answer through the portal, with the link of the letter; what comes back is reviewed within days. The stories
keep to what is out of the ordinary.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from contracts.vocabulary import EvidenceKind, RequestState
from vendor_tracker import clock
from vendor_tracker.demo import papers
from vendor_tracker.demo.cast import Company
from vendor_tracker.demo.hands import Bond, Hands, decided
from vendor_tracker.demo.proofs import paper_of, words_of
from vendor_tracker.demo.timeline import Story, Timeline
from vendor_tracker.mail import transport_for
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import answering, escalating, evidence, judging, outbox, planning, portal_links, requesting
from vendor_tracker.usecases.answering import Draft, NewFile, OpenItem
from vendor_tracker.usecases.outbox import Delivery, Outcome, OutgoingMail, Transport
from vendor_tracker.usecases.requesting import ItemView
from vendor_tracker.usecases.work import look

PLANNED_NIGHTLY = 20
"""For how many days back requests were planned every night. Before, once a quarter: enough history, made sooner."""

RECENT = 30
"""For how many days back the jobs ran nearly every night. Before, about once a month."""

REVIEWED_AFTER = 5
"""Days that an answer waits for its review."""

UNREACHABLE = "wagner@"
"""The mailbox that exists no more: its letters come back, and staff see it."""

BUSY = "ivo@"
"""The mailbox whose server always asks to try again later, and then accepts."""


def year(hands: Hands, timeline: Timeline) -> Story:
    """Live the year night by night, and by day let operators answer and people review."""
    carrier = Carrier(hands, timeline)
    for number, night in enumerate(timeline.nights(every=4, recently_every=3, recent_days=RECENT)):
        yield night
        ago = (timeline.today - clock.day_of(night)).days
        begins_quarter = night.day == 1 and night.month % 3 == 1
        if ago <= RECENT or begins_quarter or number % 8 == 0:
            by_night(carrier, plan=ago <= PLANNED_NIGHTLY or begins_quarter)
        day = clock.today()
        if day.weekday() >= 5:
            continue
        for delivery in hands.deliveries:
            if delivery.next_due_on <= day + timedelta(days=15):
                hands.deliver(delivery)
        for number, head in enumerate(list(_to_answer(hands))):
            yield _at(day, 10, number)
            answer_now(hands, hands.bonds[_key_of(hands, head)], head.id)
        for number, head in enumerate(list(_to_review(hands))):
            yield _at(day, 15, number)
            _review(hands, hands.bonds[_key_of(hands, head)], head)
    yield timeline.now
    by_night(carrier, plan=True)
    # A month that nobody pictured in time is pictured late and comes out the same.
    judging.take_snapshots()


def by_night(carrier: "Carrier", *, plan: bool) -> None:
    """Run the jobs in their order; ``plan`` tells whether requests are planned."""
    planning.open_disposals()
    judging.evaluate_register()
    if plan:
        planning.plan_requests()
    escalating.escalate()
    outbox.deliver_waiting(carrier, worker="demonstração")


class Carrier:
    """Carries mail into the folder, except to two mailboxes that have troubles of their own."""

    def __init__(self, hands: Hands, timeline: Timeline) -> None:
        """Use the folder of this installation."""
        self.folder: Transport = transport_for(hands.settings)
        self.timeline = timeline
        self.tried: set[str] = set()

    def send(self, mail: OutgoingMail) -> Delivery:
        """Hand over, or say what the server of the mailbox said."""
        ago = (self.timeline.today - clock.today()).days
        if mail.recipient.startswith(UNREACHABLE) and ago < 45:
            return Delivery(Outcome.REFUSED, "550 5.1.1 Mailbox unavailable")
        if mail.recipient.startswith(BUSY) and mail.message_id not in self.tried:
            self.tried.add(mail.message_id)
            return Delivery(Outcome.DEFERRED, "451 4.3.2 Try again later")
        return self.folder.send(mail)


def _at(day: date, hour: int, number: int) -> datetime:
    return datetime.combine(day, time(hour, 5), clock.SAO_PAULO) + timedelta(minutes=13 * number)


def _key_of(hands: Hands, head: RequestHead) -> str:
    return next(key for key, bond in hands.bonds.items() if bond.id == head.agreement_id)


def _known(hands: Hands, standing: str) -> Iterator[RequestHead]:
    ids = {bond.id for bond in hands.bonds.values()}
    for line in requesting.requests_page(standing=standing, size=200).lines:
        if line.head.agreement_id in ids:
            yield line.head


def _to_answer(hands: Hands) -> Iterator[RequestHead]:
    today = clock.today()
    for head in _known(hands, "waiting"):
        company = hands.bonds[_key_of(hands, head)].deal.company
        # A returned answer has its term anew; the day it came back is that much before the end.
        asked_on = head.opened_on if head.state is RequestState.OPEN else head.due_on - timedelta(days=20)
        silent = company.silent_for is not None and today > hands.today - timedelta(days=company.silent_for)
        if head.id not in hands.kept and not silent and (today - asked_on).days >= company.answers_in:
            yield head


def _to_review(hands: Hands) -> Iterator[RequestHead]:
    today = clock.today()
    for head in _known(hands, "review"):
        if (
            head.id not in hands.kept
            and head.submitted_at is not None
            and (today - clock.day_of(head.submitted_at)).days >= REVIEWED_AFTER
        ):
            yield head


def visit(request_id: int) -> answering.Visit:
    """Enter the portal with the link that was mailed."""
    with look() as session:
        address = portal_links.current_address(session, request_id, now=clock.now())
    return answering.visit_of(answering.open_session(address.rpartition("/")[2], address="192.0.2.10"))


def answer_now(hands: Hands, bond: Bond, request_id: int) -> None:
    """Answer a request whole, in the portal, as its operator does."""
    company = bond.deal.company
    came = visit(request_id)
    page = answering.answer_page(came)
    drafts, files = {}, []
    for item in page.items:
        drafts[item.id], file = _draft(company, bond, item)
        if file is not None:
            files.append(file)
    answering.submit(
        came,
        name=company.preposto,
        position=company.position,
        declared=True,
        files=hands.files,
        drafts=drafts,
        new_files=tuple(files),
        opened=trusted,
    )


def trusted(_data: bytes, _name: str, _seconds: int) -> None:
    """Open nothing: the demonstration made these papers a moment before, and hundreds would take minutes."""


def save_draft(hands: Hands, request_id: int, words: str) -> None:
    """Answer the first item of a request in the portal and save it without sending, as operators do."""
    came = visit(request_id)
    first = answering.answer_page(came).items[0]
    file = NewFile(first.id, "Relação de remessas.pdf", BytesIO(papers.pdf("Relação de remessas", [words])))
    answering.save(came, hands.files, drafts={first.id: Draft(words)}, new_files=(file,), opened=trusted)


def _draft(company: Company, bond: Bond, item: OpenItem) -> tuple[Draft, NewFile | None]:
    kind = _chosen(company, item.accepts)
    if kind is None:
        return Draft(words_of(item.inciso)), None
    if kind in company.cannot and not item.returned_because:
        return Draft(cannot_deliver="O documento está em elaboração e será entregue em trinta dias."), None
    if not item.wants_file:
        return Draft(words_of(item.inciso), kind=kind), None
    title, paragraphs = paper_of(kind, company.name, bond.label, clock.today())
    file = NewFile(item.id, f"{title}.pdf", BytesIO(papers.pdf(title, paragraphs)))
    return Draft("Segue o documento pedido.", kind=kind if len(item.accepts) > 1 else None), file


def _chosen(company: Company, accepts: tuple[EvidenceKind, ...]) -> EvidenceKind | None:
    if company.security in accepts:
        return company.security
    return accepts[0] if accepts else None


def _review(hands: Hands, bond: Bond, head: RequestHead) -> None:
    fiscal = hands.fiscal_of(bond)
    page = requesting.request_page(fiscal, head.id)
    for item in page.items:
        if not item.waits:
            continue
        reason = _objection(bond.deal.company, head, item)
        if item.evidence_id is None:
            requesting.decide_item(fiscal, request_id=head.id, item_id=item.id, accepted=not reason, reason=reason)
        else:
            kind = item.answers[-1].kind
            evidence.decide(fiscal, evidence_id=item.evidence_id, decision=decided(kind, reason))


def give_back(hands: Hands, bond: Bond, request_id: int, reason: str) -> None:
    """Return every item of an answer in words, for one reason."""
    fiscal = hands.fiscal_of(bond)
    for item in requesting.request_page(fiscal, request_id).items:
        requesting.decide_item(fiscal, request_id=request_id, item_id=item.id, accepted=False, reason=reason)


def _objection(company: Company, head: RequestHead, item: ItemView) -> str:
    """Say why an answer goes back; empty when it is accepted. Nobody gives the same answer back twice."""
    if not company.returned or len(item.answers) > 1 or (head.id + item.position) % company.returned:
        return ""
    if item.evidence_id is None:
        return "A resposta não diz a data nem quem responde. Complete-a."
    return "O documento não está datado nem assinado, e não diz se alcança o serviço deste acordo. Envie-o completo."


__all__ = ["answer_now", "by_night", "give_back", "save_draft", "visit", "year"]
