"""Strategies for property tests: any facts at all, sensible or not, that the types allow.

Days crowd around the months in which the cases play, so that terms often meet and cross.
"""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from contracts import facts as f
from contracts import vocabulary as v

days = st.dates(date(2025, 10, 20), date(2027, 12, 31))
maybe_days = st.none() | days
moments = st.datetimes(datetime(2025, 11, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
maybe = st.none() | st.booleans()
incisos = st.sampled_from(v.INCISOS)
points = st.sampled_from((*v.INCISOS, *(point.value for point in v.Formality), "A-1"))
texts = st.sampled_from(("", "Descrição com {chaves} e “aspas”.", "sem ponto final", "ÚNICA"))


def records(kind: str) -> st.SearchStrategy[f.Record]:
    """Any record of a kind."""
    return st.builds(
        f.Record, st.just(kind), st.integers(1, 99), st.sampled_from(("Requisição nº 1", "Papel {x}", "Évora"))
    )


def few(items: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """None to three of them."""
    return st.lists(items, max_size=3).map(tuple)


clauses = st.sampled_from(["auditoria", "incidente"])
readings = st.dictionaries(
    points, st.builds(f.CoverageFact, points, st.sampled_from(list(v.Coverage)), texts, texts, texts), max_size=8
)
instruments = st.builds(
    f.InstrumentFact,
    records("instrument"),
    st.sampled_from(list(v.InstrumentKind)),
    maybe_days,
    maybe,
    maybe_days,
    maybe_days,
    maybe_days,
    st.dictionaries(clauses, days, max_size=2),
    st.booleans(),
    readings,
)
evidence = st.builds(
    f.EvidenceFact,
    records("evidence"),
    st.sampled_from(list(v.EvidenceKind)),
    st.frozensets(incisos, max_size=3),
    days,
    st.none() | st.sampled_from(list(v.ReviewDecision)),
    maybe_days,
    maybe_days,
    maybe_days,
    st.booleans(),
    maybe,
    texts,
)
requests = st.builds(
    f.RequestFact,
    records("request"),
    st.sampled_from(list(v.RequestKind)),
    incisos,
    days,
    days,
    st.sampled_from(list(v.RequestState)),
    maybe_days,
    st.none() | st.sampled_from(list(v.EvidenceKind)),
)
deviations = st.builds(f.DeviationFact, records("deviation"), incisos, texts, days, maybe_days)
decisions = st.builds(
    f.Dispensation, st.sampled_from(list(v.DispensationGround)), texts, st.sampled_from(("", "Encarregado")), days
)
roles = st.builds(f.RoleDecision, st.sampled_from(list(v.Role)), texts, st.just("Encarregado"), maybe_days)

agreements = st.builds(
    f.AgreementFacts,
    id=st.integers(1, 99),
    label=st.just("Contrato nº 12/2026"),
    kind=st.sampled_from(list(v.AgreementKind)),
    regime=st.none() | st.sampled_from(list(v.Regime)),
    role=st.none() | roles,
    dispensation=st.none() | decisions,
    signed_on=maybe_days,
    starts_on=maybe_days,
    ends_on=maybe_days,
    ended_on=maybe_days,
    closed_on=maybe_days,
    purpose=st.none() | texts,
    public_function=st.none() | texts,
    guarantees=st.none() | texts,
    subject_access=st.none() | texts,
    reviewed_on=maybe_days,
    data_categories=st.none() | st.frozensets(st.sampled_from(list(v.DataCategory)), max_size=3),
    sensitive=maybe,
    children=maybe,
    volume=st.none() | st.sampled_from(list(v.VolumeBand)),
    uses_sub_operators=maybe,
    raised_exposure=st.none() | st.sampled_from(list(v.Exposure)),
    incident_term_hours=st.none() | st.integers(0, 72),
    disposal_term_days=st.none() | st.integers(0, 90),
    contacts=few(
        st.builds(f.ContactFact, records("contact"), st.sampled_from(list(v.ContactRole)), days, maybe_days, maybe)
    ),
    instruments=few(instruments),
    evidence=st.lists(evidence, max_size=6).map(tuple),
    requests=few(requests),
    audits=few(st.builds(f.AuditFact, records("audit"), maybe_days, maybe_days, maybe_days, maybe_days)),
    corrective_actions=few(
        st.builds(f.CorrectiveActionFact, records("corrective_action"), incisos, texts, days, maybe_days)
    ),
    deviations=few(deviations),
    incidents=few(
        st.builds(
            f.IncidentFact,
            records("incident"),
            st.none() | moments,
            st.none() | moments,
            moments,
            st.sampled_from(list(v.IncidentSource)),
        )
    ),
    instructions=few(st.builds(f.InstructionFact, records("instruction"), days, maybe_days, maybe_days, maybe_days)),
    assistance=few(st.builds(f.AssistanceFact, records("assistance"), days, days, maybe_days)),
    people=st.none() | few(st.builds(f.PersonFact, records("person"), maybe, maybe_days, days, maybe_days, maybe_days)),
    calendar=few(
        st.builds(
            f.DeliveryFact,
            records("calendar"),
            texts.filter(bool),
            st.none() | st.integers(1, 24),
            days,
            days,
            maybe_days,
            maybe_days,
        )
    ),
    channel_tests=few(st.builds(f.ChannelTestFact, records("channel_test"), moments, st.none() | moments)),
    proposals=few(st.builds(f.ProposalFact, records("proposal"), days, maybe_days, maybe_days)),
    disposal=st.none()
    | st.builds(
        f.DisposalFact,
        records("disposal"),
        st.sampled_from(list(v.EndReason)),
        days,
        maybe_days,
        maybe,
        maybe,
        maybe,
        maybe_days,
    ),
)

editions = st.dictionaries(
    clauses, st.lists(days, min_size=1, max_size=3).map(lambda found: tuple(sorted(set(found)))), max_size=2
)
