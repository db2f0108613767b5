"""What an operator reports of an incident: few facts at once, more as they are known, and nothing overwritten.

The moment that counts for the operator's term is the one in which our server received the first version; later versions
never move it. When a later version tells another moment of awareness, both stay on record and the earlier one counts
until a person of the court establishes another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from contracts.incidents import Latency
from contracts.vocabulary import DataNature, IncidentSource, VolumeBand
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.store import incidents as store
from vendor_tracker.store import trails
from vendor_tracker.store.incidents import FileLine
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import Incident, IncidentDecision, IncidentReport, IncidentReportFile, StoredFile
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import filing, judging
from vendor_tracker.usecases.answering.protocols import is_protocol, protocol_of
from vendor_tracker.usecases.incidents.cases import decided, follow, incident_of
from vendor_tracker.usecases.incidents.telling import ToldReport, tell_of_report
from vendor_tracker.usecases.incidents.visiting import Reporter
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import NotFoundError, UseCaseError, Work, act, look

PREFIX = "IN-"
LONGEST_TEXT = 10_000
LONGEST_LINE = 200
LONGEST_TITLE = 90
TWICE = timedelta(hours=1)
"""Within it, the same communication without files is the same one, sent again."""

MOST_FILES = 20
"""Files that one version may bring."""

TOLD_FIELDS: Mapping[str, str] = {
    "what": "description",
    "affected_data": "affected_data",
    "affected_people": "affected_people",
    "measures": "measures",
    "risks": "risks",
    "delay_reason": "delay_reason",
    "prevention": "prevention",
}
"""Each text of a report and the field of the incident that it fills."""

CONTENT_NAMES: Mapping[str, str] = {
    "what": "o_que_aconteceu",
    "affected_data": "dados_afetados",
    "affected_people": "titulares",
    "measures": "medidas",
    "risks": "riscos",
    "delay_reason": "motivos_da_demora",
    "prevention": "prevencao",
}
"""Each text of a report and its name in the receipt's content."""


class ReportRefusedError(UseCaseError):
    """The report cannot be received as it is: ``problems`` maps a field's name to what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep every problem, in the order of the page."""
        super().__init__("Falta completar a comunicação.")
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operator tells. Only what happened, when it was noticed and who tells it are needed."""

    what: str
    aware_at: datetime | None
    person: str
    position: str = ""
    email: str
    phone: str = ""
    reached_data: bool | None = None
    natures: tuple[DataNature, ...] = ()
    volume: VolumeBand | None = None
    affected_data: str = ""
    affected_people: str = ""
    measures: str = ""
    risks: str = ""
    delay_reason: str = ""
    prevention: str = ""


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """A file that came with the form. ``stream`` is seekable; ``too_large``: it passed the limit while coming in."""

    name: str
    stream: BinaryIO
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a report: its protocol, and the files that were not kept, each with the reason."""

    protocol: str
    refused_files: tuple[str, ...] = field(default=())


def is_incident_protocol(text: str) -> bool:
    """Tell whether a text is the protocol of an incident report whose check characters agree."""
    return text.startswith(PREFIX) and is_protocol(text.removeprefix(PREFIX))


def report(reporter: Reporter, files: FileStore, *, told: Told, new_files: tuple[IncidentFile, ...] = ()) -> Received:
    """Receive the first communication of an incident; raises :class:`ReportRefusedError`.

    A file that cannot be kept never holds the communication back: it is received without it, and the answer says so.
    """
    return _receive(reporter, files, told, new_files, lineage=None)


def amend(
    reporter: Reporter, files: FileStore, *, first_protocol: str, told: Told, new_files: tuple[IncidentFile, ...] = ()
) -> Received:
    """Receive a later version of what was communicated; the earlier ones stay as they are.

    Raises :class:`NotFoundError` for an incident of somebody else, and :class:`ReportRefusedError` when nothing is new.
    """
    return _receive(reporter, files, told, new_files, lineage=lineage_of(reporter, first_protocol))


def lineage_of(reporter: Reporter, first_protocol: str) -> int:
    """Return the incident whose first communication has this protocol, when it is the reporter's to see."""
    with look() as session:
        row = store.report(session, first_protocol)
        if row is None or row.number != 1 or not reporter.reaches(row):
            raise NotFoundError("Esta comunicação não existe.")
        return row.incident_lineage


def _problems(told: Told, now: datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not told.what:
        problems["o-que"] = "Diga em poucas palavras o que aconteceu."
    if told.aware_at is None:
        problems["ciencia"] = "Informe o dia e a hora em que o operador percebeu, por exemplo 31/12/2026 14:30."
    elif told.aware_at > now:
        problems["ciencia"] = "Este momento ainda não chegou. Confira o dia e a hora, no horário de Brasília."
    elif told.aware_at.year < 2000:
        problems["ciencia"] = "Confira o ano."
    if not told.person:
        problems["nome"] = "Informe o nome de quem comunica."
    address = told.email
    if not address or " " in address or not all(address.partition("@")[::2]) or len(address) > 254:
        problems["email"] = "Informe um e-mail válido: é para onde vai o recibo."
    for name, text in (("nome", told.person), ("cargo", told.position), ("telefone", told.phone)):
        if len(text) > LONGEST_LINE:
            problems[name] = f"Use no máximo {LONGEST_LINE} caracteres."
    for name, attribute in FORM_TEXTS.items():
        if len(getattr(told, attribute)) > LONGEST_TEXT:
            problems[name] = f"Use no máximo {LONGEST_TEXT} caracteres ou envie o texto como arquivo."
    return problems


FORM_TEXTS: Mapping[str, str] = {
    "o-que": "what",
    "dados": "affected_data",
    "titulares": "affected_people",
    "medidas": "measures",
    "riscos": "risks",
    "demora": "delay_reason",
    "prevencao": "prevention",
}
"""Each long field of the portal's form and the text that it brings."""


def _receive(
    reporter: Reporter, files: FileStore, told: Told, new_files: tuple[IncidentFile, ...], *, lineage: int | None
) -> Received:
    with act(reporter.actor) as work:
        problems = _problems(told, work.now)
        if problems or told.aware_at is None:
            raise ReportRefusedError(problems)
        head = head_of(work.session, reporter.agreement_id)
        # The files are written before it is our turn, so that nobody else waits for a slow disk.
        kept, refused = _keep(work, files, new_files)
        trails.take_turn(work.session)
        earlier = [] if lineage is None else store.reports(work.session, lineage)
        if earlier and not kept and _same(told, told_of(earlier[-1].content)):
            reasons = " ".join(refused)
            raise ReportRefusedError(
                {"o-que": f"Nada mudou em relação à versão anterior. Altere ou acrescente algo. {reasons}".strip()}
            )
        twice = None if earlier or kept else _pressed_twice(work, head.id, told)
        if twice is not None:
            return Received(twice, tuple(refused))
        prefix = f"{PREFIX}{work.today.year}-"
        protocol = PREFIX + protocol_of(work.today.year, store.next_number(work.session, prefix))
        incident = _first(work, head, told) if not earlier else _later(work, told, earlier)
        content = _content(work, head, reporter, told, protocol, earlier, kept)
        row = IncidentReport(
            incident_lineage=int(incident.lineage or 0),
            agreement_id=head.id,
            number=len(earlier) + 1,
            protocol=protocol,
            received_at=work.now,
            aware_at=told.aware_at,
            reporter=told.person,
            position=told.position,
            email=told.email,
            origin=reporter.origin,
            origin_id=reporter.origin_id,
            content=content,
            sha256=sha256(canonical(content).encode()).hexdigest(),
            recorded_at=work.now,
            recorded_by_id=None,
        )
        work.session.add(row)
        work.session.flush()
        work.session.add_all(IncidentReportFile(report_id=row.id, file_id=file.id) for file in kept)
        _note_reached_data(work, row, told)
        terms = follow(work, incident)
        judging.rejudge(
            work, [head.id], cause="Incidente comunicado pelo operador", about=("incident", row.incident_lineage)
        )
        to = tell_of_report(work, head, _as_told(work, head, row, told, earlier, kept), terms)
        said = "complementada" if earlier else "recebida"
        work.trail(
            "incident_amended" if earlier else "incident_reported",
            "incident",
            row.incident_lineage,
            f"Comunicação de incidente {said} em {head.label} sob o protocolo {protocol}.",
            {"sha256": row.sha256, "files": [file.sha256 for file in kept], "told": to},
        )
        return Received(protocol, tuple(refused))


def _pressed_twice(work: Work, agreement_id: int, told: Told) -> str | None:
    """Return the protocol of the same communication received moments ago: a button pressed twice tells it once."""
    for row in store.reports_of_agreement(work.session, agreement_id):
        if work.now - row.received_at < TWICE and row.number == 1 and _same(told, told_of(row.content)):
            return row.protocol
    return None


def _keep(work: Work, files: FileStore, new_files: tuple[IncidentFile, ...]) -> tuple[list[StoredFile], list[str]]:
    """Keep the files that pass the checks; every file of an incident is protected (art. 5º)."""
    limit = settings().upload_limit_mb * 1024 * 1024
    kept: list[StoredFile] = []
    refused: list[str] = []
    for new in new_files:
        name = filing.clean_name(new.name)
        if new.too_large:
            refused.append(f"“{name}” passa de {settings().upload_limit_mb} MB e não foi guardado.")
        elif len(kept) >= MOST_FILES:
            refused.append(f"“{name}” não foi guardado: cada versão leva até {MOST_FILES} arquivos.")
        else:
            try:
                kept.append(filing.receive(work, files, stream=new.stream, name=new.name, limit=limit, restricted=True))
            except UseCaseError as error:
                refused.append(f"“{name}” não foi guardado. {error.message}")
    return kept, refused


def _first(work: Work, head: AgreementHead, told: Told) -> Incident:
    """Put a new incident on record: the court learns of it now, from the operator."""
    row = Incident(
        agreement_id=head.id,
        title=_title(told.what),
        suspected_at=told.aware_at,
        reported_at=work.now,
        learned_at=work.now,
        source=IncidentSource.OPERATOR,
        recorded_at=work.now,
        recorded_by_id=None,
        **{column: getattr(told, name) for name, column in TOLD_FIELDS.items()},
    )
    work.session.add(row)
    work.session.flush()
    return row


def _title(what: str) -> str:
    words = " ".join(what.split())
    first = words.split(". ")[0].rstrip(".")
    if len(first) <= LONGEST_TITLE:
        return first
    return f"{first[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def _later(work: Work, told: Told, earlier: list[IncidentReport]) -> Incident:
    """Carry what is new into the incident; what the court wrote itself since is left as it is."""
    row = incident_of(work.session, earlier[0].incident_lineage)
    before = told_of(earlier[-1].content)
    changes: dict[str, Any] = {}
    for name, column in TOLD_FIELDS.items():
        new, old, held = getattr(told, name), getattr(before, name), getattr(row, column) or ""
        if new and new != held and held in {"", old}:
            changes[column] = new
    # The earlier of the moments told counts; a later one is kept with its version and judged by a person.
    if told.aware_at is not None and row.suspected_at is not None and told.aware_at < row.suspected_at:
        changes["suspected_at"] = told.aware_at
    if not changes:
        return row
    newer = row.next_version(recorded_at=work.now, recorded_by_id=None, **changes)
    work.session.add(newer)
    work.session.flush()
    return newer


def _note_reached_data(work: Work, row: IncidentReport, told: Told) -> None:
    """Start the terms of the Resolution when the operator says that personal data were reached, once.

    Only a “sim” decides by itself: it is knowledge. A “não” is the operator's word, and a person of the court decides.
    """
    if told.reached_data is not True:
        return
    present = decided(work.session, row.incident_lineage).get("reached_data")
    if present is not None and present.answer:
        return
    work.session.add(
        IncidentDecision(
            incident_lineage=row.incident_lineage,
            question="reached_data",
            answer=True,
            known_at=work.now,
            reason=f"O operador o informou na comunicação {row.protocol}.",
            recorded_at=work.now,
            recorded_by_id=None,
        )
    )
    work.session.flush()


def _content(
    work: Work,
    head: AgreementHead,
    reporter: Reporter,
    told: Told,
    protocol: str,
    earlier: list[IncidentReport],
    kept: list[StoredFile],
) -> dict[str, object]:
    """Return everything that was told, in order: what the receipt's own hash is taken over."""
    return {
        "protocolo": protocol,
        "incidente": earlier[0].protocol if earlier else protocol,
        "versao": len(earlier) + 1,
        "sha256_da_versao_anterior": earlier[-1].sha256 if earlier else "",
        "acordo": head.label,
        "operador": head.operator_name,
        "cnpj": store.operator_cnpj(work.session, head.operator_id),
        "recebida_em": work.now.astimezone(clock.SAO_PAULO).isoformat(timespec="microseconds"),
        "por": f"requisição {reporter.number}" if reporter.origin == "request" else "canal permanente",
        "ciencia_do_operador": told.aware_at.astimezone(clock.SAO_PAULO).isoformat() if told.aware_at else "",
        "comunicada_por": told.person,
        "cargo": told.position,
        "email": told.email,
        "telefone": told.phone,
        "alcancou_dados_pessoais": {True: "sim", False: "não", None: "ainda não se sabe"}[told.reached_data],
        "natureza_dos_dados": [each.value for each in told.natures],
        "volume_de_titulares": told.volume.value if told.volume else "",
        **{CONTENT_NAMES[name]: getattr(told, name) for name in TOLD_FIELDS},
        "arquivos": [{"nome": file.name, "tamanho": file.size, "sha256": file.sha256} for file in kept],
    }


def told_of(content: Mapping[str, Any]) -> Told:
    """Return what a version tells, read from its receipt's content."""
    aware = str(content["ciencia_do_operador"])
    volume = str(content["volume_de_titulares"])
    return Told(
        aware_at=datetime.fromisoformat(aware) if aware else None,
        person=str(content["comunicada_por"]),
        position=str(content["cargo"]),
        email=str(content["email"]),
        phone=str(content["telefone"]),
        reached_data={"sim": True, "não": False}.get(str(content["alcancou_dados_pessoais"])),
        natures=tuple(DataNature(each) for each in content["natureza_dos_dados"]),
        volume=VolumeBand(volume) if volume else None,
        **{name: str(content[key]) for name, key in CONTENT_NAMES.items()},
    )


def _same(one: Told, other: Told) -> bool:
    """Tell whether two versions say the same of the incident, whoever says it."""
    names = ("aware_at", "reached_data", "natures", "volume", *TOLD_FIELDS)
    return all(getattr(one, name) == getattr(other, name) for name in names)


def latency_of(session: Session, agreement_id: int, aware_at: datetime, received_at: datetime) -> Latency:
    """Return how long the operator took, against the agreement's term or the administrative parameter of today."""
    policy = judging.policy_of(session).on(clock.today())
    return Latency(
        aware_at,
        received_at,
        store.term_hours(session, agreement_id),
        policy.number("incident_report_hours"),
    )


def _as_told(
    work: Work,
    head: AgreementHead,
    row: IncidentReport,
    told: Told,
    earlier: list[IncidentReport],
    kept: list[StoredFile],
) -> ToldReport:
    first = earlier[0] if earlier else row
    counted = min([each.aware_at for each in earlier] + [row.aware_at])
    return ToldReport(
        row.incident_lineage,
        head.label,
        head.operator_name,
        store.operator_cnpj(work.session, head.operator_id),
        row.protocol,
        first.protocol,
        row.number,
        row.received_at,
        row.aware_at,
        told.person,
        told.position,
        told.email,
        told.reached_data,
        latency_of(work.session, head.id, counted, first.received_at),
        row.sha256,
        tuple((file.name, file.size, file.sha256) for file in kept),
    )


__all__ = ["FileLine", "IncidentFile", "Received", "ReportRefusedError", "Told", "amend", "report"]
