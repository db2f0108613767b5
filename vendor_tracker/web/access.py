"""Who may open what. Access is data: endpoint -> roles. What is missing here is refused.

A test compares this table with every endpoint of the application, so that none is open, or shut, by omission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.vocabulary import UserRole

EVERY_ROLE = frozenset(UserRole)
DECIDES = frozenset({UserRole.ENCARREGADO, UserRole.ADMIN})
REGISTERS = frozenset({UserRole.PROCUREMENT, UserRole.ADMIN})
WRITES_CLAUSES = frozenset({UserRole.LEGAL, UserRole.ADMIN})
FOLLOWS = frozenset({UserRole.FISCAL, UserRole.PROCUREMENT, UserRole.AUDITOR, UserRole.ENCARREGADO, UserRole.ADMIN})
AUDITS = frozenset({UserRole.AUDITOR, UserRole.ENCARREGADO, UserRole.ADMIN})
ADMINISTERS = frozenset({UserRole.ADMIN})
READS_PAPERS = WRITES_CLAUSES | frozenset({UserRole.ENCARREGADO})
"""Who concludes what a signed paper says, and issues the papers to be signed."""
FILES_PAPERS = READS_PAPERS | REGISTERS | frozenset({UserRole.FISCAL})
"""Who puts a signed paper on record."""
REVIEWS = AUDITS | frozenset({UserRole.FISCAL})
"""Who decides about a proof."""
NOTES_CONDUCT = FOLLOWS | WRITES_CLAUSES
"""Who puts what happened on record."""

HANDLES_INCIDENTS = DECIDES | frozenset({UserRole.FISCAL})
"""Who says how serious an incident is and records what was communicated (art. 25, caput)."""

MAINTAINS = REGISTERS | WRITES_CLAUSES | DECIDES | frozenset({UserRole.FISCAL})
"""Who completes what is known of an agreement: its data, its people, its chain."""
PROPOSES = REGISTERS | WRITES_CLAUSES | DECIDES
"""Who proposes a role, raises the exposure, protects files."""
SETS_RHYTHMS = REGISTERS | DECIDES | frozenset({UserRole.FISCAL})
"""Who decides how often one agreement is asked."""
DISPENSES = WRITES_CLAUSES | DECIDES
"""Who decides about a dispensation."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint: everybody (``public``), a bearer token of the API, or people of some roles."""

    roles: frozenset[UserRole] = field(default_factory=frozenset)
    public: bool = False
    token: bool = False
    why: str = ""


def only(roles: frozenset[UserRole]) -> Access:
    """Let people of these roles in."""
    return Access(roles=roles)


def anybody(why: str) -> Access:
    """Let everybody in; says why that is right."""
    return Access(public=True, why=why)


def with_token(roles: frozenset[UserRole] = EVERY_ROLE) -> Access:
    """Let API clients in, whose token's owner has one of these roles."""
    return Access(roles=roles, token=True)


READS = only(EVERY_ROLE)

ACCESS: Mapping[str, Access] = {
    "static": anybody("estilo e ícones, sem dados"),
    # session.py
    "session.sign_in": anybody("é a porta de entrada"),
    "session.sign_out": READS,
    "session.password": READS,
    # home.py
    "home.start": READS,
    "home.search": READS,
    "home.components": READS,
    # operators.py
    "operators.index": READS,
    "operators.show": READS,
    "operators.create": only(REGISTERS),
    "operators.edit": only(REGISTERS | WRITES_CLAUSES),
    "operators.add_contact": only(MAINTAINS),
    "operators.edit_contact": only(MAINTAINS),
    "operators.end_contact": only(MAINTAINS),
    # agreements.py
    "agreements.index": READS,
    "agreements.show": READS,
    "agreements.create": only(REGISTERS),
    "agreements.step_processing": only(REGISTERS),
    "agreements.step_people": only(REGISTERS),
    "agreements.step_summary": only(REGISTERS),
    "agreements.edit_instrument": only(REGISTERS),
    "agreements.edit_processing": only(MAINTAINS),
    "agreements.people": only(PROPOSES),
    "agreements.edit_deadlines": only(PROPOSES),
    "agreements.edit_secrecy": only(PROPOSES),
    "agreements.role": only(PROPOSES),
    "agreements.decide_role": only(DECIDES),
    "agreements.dispensation": only(DISPENSES),
    "agreements.withdraw_dispensation": only(DISPENSES),
    "agreements.exposure": only(PROPOSES),
    "agreements.end": only(REGISTERS),
    "agreements.undo_end": only(REGISTERS),
    "agreements.add_steward": only(REGISTERS),
    "agreements.end_steward": only(REGISTERS),
    "agreements.add_sub_operator": only(MAINTAINS),
    "agreements.authorise_sub_operator": only(PROPOSES),
    "agreements.end_sub_operator": only(MAINTAINS),
    # chains.py
    "chains.show": READS,
    "chains.bind": only(MAINTAINS),
    "chains.correct": only(MAINTAINS),
    # authorised.py
    "authorised.show": READS,
    "authorised.many": only(NOTES_CONDUCT),
    "authorised.exhibit": only(NOTES_CONDUCT),
    # transparency.py, sharing.py, ropa.py, reviews.py; the use case holds back what the public must not read.
    "transparency.index": anybody("arts. 5º e 26: o acordo que compartilha dados é público, salvo o que é retido"),
    "transparency.as_csv": anybody("os mesmos dados da página pública"),
    "transparency.as_json": anybody("os mesmos dados da página pública"),
    "transparency.as_public": READS,
    "transparency.decide": only(PROPOSES),
    "sharing.show": READS,
    "ropa.show": READS,
    "ropa.as_csv": READS,
    "ropa.as_xlsx": READS,
    "reviews.index": READS,
    "reviews.show": READS,
    "reviews.create": only(MAINTAINS),
    "reviews.edit": only(MAINTAINS),
    # imports.py
    "imports.index": only(REGISTERS),
    "imports.show": only(REGISTERS),
    "imports.apply": only(REGISTERS),
    "imports.template": only(REGISTERS),
    # trail.py
    "trail.index": only(AUDITS | DECIDES | frozenset({UserRole.COMMITTEE})),
    "trail.verify": only(AUDITS | DECIDES | frozenset({UserRole.COMMITTEE})),
    # painel.py, boletim.py
    "painel.show": READS,
    # panorama.py, saved_views.py
    "panorama.changed": READS,
    "panorama.weak": READS,
    "panorama.trend": READS,
    "panorama.depends": READS,
    "panorama.sheet": READS,
    "views.index": READS,
    "views.save": READS,
    "views.rename": READS,
    "views.make_default": READS,
    "views.withdraw": READS,
    "boletim.show": READS,
    "boletim.of_agreement": READS,
    "boletim.pdf": READS,
    "boletim.sheet": READS,
    "boletim.of_agreement_pdf": READS,
    "boletim.of_agreement_sheet": READS,
    # agenda.py; whoever has the secret address of a calendar reads it, while its owner has an account.
    "agenda.index": READS,
    "agenda.feeds": READS,
    "agenda.issue": READS,
    "agenda.revoke": READS,
    "agenda.subscription": anybody("o endereço é secreto, revogável e só conta prazos; a conta do dono é conferida"),
    # book.py, parameters.py, calendar.py
    "book.show": READS,
    "parameters.index": only(DECIDES),
    "parameters.edit": only(DECIDES),
    "parameters.create_further": only(DECIDES),
    "parameters.end_further": only(DECIDES),
    "calendar.index": READS,
    "calendar.create": only(ADMINISTERS),
    # users.py
    "users.index": only(ADMINISTERS),
    "users.create": only(ADMINISTERS),
    "users.edit": only(ADMINISTERS),
    "users.create_unit": only(ADMINISTERS),
    # files.py; the use case refuses what art. 5º protects.
    "files.download": READS,
    # instruments.py
    "instruments.index": only(READS_PAPERS),
    "instruments.create": only(FILES_PAPERS),
    "instruments.edit": only(FILES_PAPERS),
    "instruments.show": READS,
    "instruments.confirm": only(READS_PAPERS),
    "instruments.read": only(FILES_PAPERS),
    "instruments.origin": only(READS_PAPERS),
    "instruments.reader": READS,
    # documents.py
    "documents.create": only(READS_PAPERS | REGISTERS),
    "documents.of_request": only(FOLLOWS | WRITES_CLAUSES),
    "documents.of_fact": only(NOTES_CONDUCT),
    "documents.index": READS,
    "documents.show": READS,
    "documents.propose": only(FILES_PAPERS),
    "documents.proposal": only(FILES_PAPERS),
    # batches.py; the use case refuses an archive that holds what art. 5º protects.
    "batches.index": READS,
    "batches.show": READS,
    "batches.create": only(WRITES_CLAUSES),
    "batches.cancel": only(WRITES_CLAUSES),
    "batches.download": READS,
    # extensions.py
    "extensions.decide": only(FOLLOWS),
    # evidence.py
    "evidence.index": READS,
    "evidence.show": READS,
    "evidence.review": only(REVIEWS),
    "evidence.create": only(NOTES_CONDUCT),
    # conduct.py
    "conduct.index": READS,
    "conduct.show": READS,
    "conduct.create": only(NOTES_CONDUCT),
    "conduct.edit": only(NOTES_CONDUCT),
    # incidents.py
    "incidents.index": READS,
    "incidents.show": READS,
    "incidents.assess": only(HANDLES_INCIDENTS),
    "incidents.decide": only(HANDLES_INCIDENTS),
    "incidents.communicate": only(HANDLES_INCIDENTS),
    "incidents.annul": only(HANDLES_INCIDENTS),
    "incidents.close": only(HANDLES_INCIDENTS),
    "incidents.join": only(HANDLES_INCIDENTS),
    "incidents.channel": READS,
    "incidents.issue_channel": only(FOLLOWS),
    "incidents.revoke_channel": only(FOLLOWS),
    # audits.py, matters.py
    "audits.index": READS,
    "audits.show": READS,
    "audits.notice": only(NOTES_CONDUCT),
    "audits.propose": only(NOTES_CONDUCT),
    "audits.add_check": only(NOTES_CONDUCT),
    "audits.check": only(NOTES_CONDUCT),
    "audits.create_finding": only(NOTES_CONDUCT),
    "audits.add_action": only(NOTES_CONDUCT),
    "audits.withdraw_finding": only(NOTES_CONDUCT),
    "audits.ask_actions": only(NOTES_CONDUCT),
    "audits.ask_action": only(NOTES_CONDUCT),
    "audits.verify": only(NOTES_CONDUCT),
    "audits.perform": only(NOTES_CONDUCT),
    "audits.conclude": only(NOTES_CONDUCT),
    "audits.refuse": only(NOTES_CONDUCT),
    "matters.send_instruction": only(NOTES_CONDUCT),
    "matters.ask_assistance": only(NOTES_CONDUCT),
    "matters.extend_court_term": only(NOTES_CONDUCT),
    # library.py
    "library.index": READS,
    "library.show": READS,
    # clause_editions.py; the use case lets only legal staff approve, and never who wrote the version.
    "clause_editions.create": only(WRITES_CLAUSES),
    "clause_editions.index": READS,
    "clause_editions.show": READS,
    "clause_editions.approve": only(WRITES_CLAUSES),
    "clause_editions.give_back": only(WRITES_CLAUSES),
    "clause_editions.withdraw": only(WRITES_CLAUSES),
    "clause_editions.compare": READS,
    "clause_editions.outdated": READS,
    # questions.py; the use case lets only legal staff approve, and never who wrote the edition.
    "questions.index": READS,
    "questions.show": READS,
    "questions.compare": READS,
    "questions.editions": READS,
    "questions.edition": READS,
    "questions.add": only(WRITES_CLAUSES),
    "questions.create": only(WRITES_CLAUSES),
    "questions.approve": only(WRITES_CLAUSES),
    "questions.give_back": only(WRITES_CLAUSES),
    "questions.withdraw": only(WRITES_CLAUSES),
    # many.py
    "many.index": READS,
    "many.show": READS,
    "many.create": only(FOLLOWS),
    "many.cancel": only(FOLLOWS),
    # The API: vendor_tracker/api.
    "api-docs.openapi_json": anybody("descreve a API, sem dados"),
    "api_operators.index": with_token(),
    "api_operators.show": with_token(),
    "api_operators.create": with_token(REGISTERS),
    "api_agreements.index": with_token(),
    "api_agreements.show": with_token(),
    "api_agreements.create": with_token(REGISTERS),
    "api_agreements.assessment": with_token(),
    "api_agreements.issued": with_token(),
    "api_agreements.create_document": with_token(READS_PAPERS | REGISTERS),
    "api_documents.show": with_token(),
    "api_documents.file": with_token(),
    "api_instruments.check": with_token(FILES_PAPERS | AUDITS),
    "api_requests.index": with_token(),
    "api_requests.show": with_token(),
    "api_lists.scorecards": with_token(),
    "api_lists.evidence": with_token(),
    "api_lists.incidents": with_token(),
    "api_transparency.index": with_token(),
    # requests.py, messages.py, verify.py
    "requests.index": READS,
    "requests.show": READS,
    "as_vendor.show": READS,
    "as_vendor.preview": only(FOLLOWS),
    "requests.receipt": READS,
    "requests.receipt_paper": READS,
    "requests.file": READS,
    "requests.create": only(FOLLOWS),
    "requests.extend": only(FOLLOWS),
    "requests.cancel": only(FOLLOWS),
    "requests.refuse": only(FOLLOWS),
    "requests.reissue": only(FOLLOWS),
    "requests.decide": only(FOLLOWS),
    "requests.give_back": only(FOLLOWS),
    # rhythms.py
    "rhythms.show": READS,
    "rhythms.decide": only(SETS_RHYTHMS),
    "rhythms.facts": READS,
    "portal_access.show": only(FOLLOWS),
    "portal_access.revoke": only(FOLLOWS),
    "messages.index": only(FOLLOWS),
    "messages.show": only(FOLLOWS),
    "messages.retry": only(FOLLOWS),
    "verify.form": anybody("qualquer pessoa confere um recibo ou documento pelo código"),
    "verify.check": anybody("diz se um arquivo é o emitido; nada dele fica guardado"),
    "verify.show": anybody("mostra só o que prova a autenticidade, sem nomes de arquivos nem de pessoas"),
    # portal/pages.py: the link and the session of the portal are the key.
    "portal.front": anybody("diz como se entra no portal, sem dados"),
    "portal.landing": anybody("quem tem o endereço do e-mail é o operador"),
    "portal.enter": anybody("quem tem o endereço do e-mail é o operador"),
    "portal.leave": anybody("encerra a sessão do próprio navegador"),
    "portal.answer": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.autosave": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.upload": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.colleagues": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.invite": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.revoke": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.file": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.extension": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.receipt": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.sheet": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.sheet_file": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.sheet_reading": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.receipt_paper": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.receipt_text": anybody("exige a sessão do portal, que alcança uma só requisição"),
    "portal.receipt_content": anybody("exige a sessão do portal, que alcança uma só requisição"),
    # portal/incidents.py: the same, with the standing link of an agreement as another way in.
    "portal.incident_landing": anybody("quem tem o endereço permanente do e-mail é o operador"),
    "portal.incident_enter": anybody("quem tem o endereço permanente do e-mail é o operador"),
    "portal.incident_closed_landing": anybody("quem tem o endereço do e-mail é o operador"),
    "portal.incident_closed_enter": anybody("quem tem o endereço do e-mail é o operador"),
    "portal.incident_from_request": anybody("só leva à página seguinte, que exige a sessão do portal"),
    "portal.incident_leave": anybody("encerra a sessão do próprio navegador"),
    "portal.incidents": anybody("exige a sessão do portal ou do canal, que alcança um só acordo"),
    "portal.incident": anybody("exige a sessão do portal ou do canal, que alcança um só acordo"),
    "portal.incident_receipt": anybody("exige a sessão do portal ou do canal, que alcança um só acordo"),
    "portal.incident_receipt_content": anybody("exige a sessão do portal ou do canal, que alcança um só acordo"),
    "portal.incident_file": anybody("exige a sessão do portal ou do canal, que alcança um só acordo"),
    # health.py
    "health.alive": anybody("sonda de vida, sem dados"),
    "health.ready": anybody("sonda de prontidão, sem dados"),
    "health.metrics": anybody("contadores sem dados pessoais; o proxy restringe"),
}
