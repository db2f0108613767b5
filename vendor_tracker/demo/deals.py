"""The agreements of the demonstration: what each says, and since when the register knows it.

Days are counted from today, negative ones back; ``registered`` counts back as the stories do (:mod:`.timeline`).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from contracts.vocabulary import AgreementKind, DataCategory, Role, SubjectGroup, VolumeBand
from vendor_tracker import clock
from vendor_tracker.demo import cast
from vendor_tracker.demo.cast import Company
from vendor_tracker.usecases.agreements import InstrumentData, ProcessingData

_K, _C, _G, _V, _R = AgreementKind, DataCategory, SubjectGroup, VolumeBand, Role

EXECUTION = "Art. 7º, III, da LGPD: execução de políticas públicas e cumprimento das atribuições do órgão."
CONTRACTUAL = "Art. 7º, II, da LGPD: cumprimento de obrigação legal do órgão como empregador e contratante."
GUARANTEES = (
    "Controle de acesso por pessoa, registro das operações, cifragem em trânsito e em repouso, proibição de uso para "
    "finalidade diversa e descarte comprovado ao fim."
)
ACCESS = (
    "O titular pede ao órgão, pelo canal do Encarregado; o operador encaminha em dois dias o que receber e fornece os "
    "dados de que dispuser."
)


@dataclass(frozen=True, slots=True)
class Deal:
    """An agreement as an officer types it in."""

    key: str
    company: Company
    kind: AgreementKind
    number: int
    """Within the year of the signature; 0: there is no instrument."""
    unit: str
    object: str
    registered: float
    signed: int
    ends: int | None
    value: str | None = None
    starts: int | None = None
    purpose: str = ""
    public_function: str = ""
    legal_basis: str = EXECUTION
    categories: tuple[DataCategory, ...] = (_C.IDENTIFICATION, _C.CONTACT)
    groups: tuple[SubjectGroup, ...] = (_G.CITIZENS,)
    volume: VolumeBand | None = _V.UP_TO_10K
    yes: frozenset[str] = field(default_factory=frozenset)
    """Which of the circumstances that raise exposure hold; the others are on record as absent."""
    countries: tuple[str, ...] = ()
    reviewed: bool = True
    """Whether the data were reviewed (art. 6º, V) when the agreement was put on record."""
    process: str = ""
    role: Role = Role.OPERATOR
    """The role on record from the start; any other is proposed in the story, and decided there."""

    def signed_on(self, today: date) -> date:
        """Return the day of the signatures, a working day of the week."""
        day = today + timedelta(days=self.signed)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def instrument(self, today: date, unit_id: int | None) -> InstrumentData:
        """Return what identifies and dates the instrument."""
        signed = self.signed_on(today)
        published = signed + timedelta(days=6) if self.kind is _K.CONTRATO else None
        return InstrumentData(
            kind=self.kind,
            number=f"{self.number:05}/{signed.year}" if self.number else "",
            sei_process=self.process or f"{sum(map(ord, self.key)) * 7 % 90000 + 10000:05}/{signed.year}",
            unit_id=unit_id,
            object=self.object,
            signed_on=signed,
            published_on=published if published is None or published <= today else None,
            starts_on=signed if self.starts is None else today + timedelta(days=self.starts),
            ends_on=None if self.ends is None else today + timedelta(days=self.ends),
            value=None if self.value is None else Decimal(self.value),
        )

    def processing(self) -> ProcessingData:
        """Return what is done with which personal data, as known on the day on which the story asks."""
        return ProcessingData(
            purpose=self.purpose,
            public_function=self.public_function or "Prestação jurisdicional e administração do Poder Judiciário.",
            legal_basis=self.legal_basis,
            data_categories=self.categories,
            subject_groups=self.groups,
            volume=self.volume,
            sensitive="sensitive" in self.yes,
            children="children" in self.yes,
            judicial_secrecy="judicial_secrecy" in self.yes,
            international_transfer=bool(self.countries),
            transfer_countries=self.countries,
            system_access="system_access" in self.yes,
            external_hosting="external_hosting" in self.yes,
            uses_sub_operators="sub_operators" in self.yes,
            guarantees=GUARANTEES,
            subject_access=ACCESS,
            reviewed_on=clock.today() if self.reviewed else None,
        )


NUVEM = Deal(
    "nuvem", cast.NUVEM, _K.CONTRATO, 12, "DTI",
    "Hospedagem e sustentação dos sistemas processuais em nuvem", 396, -760, 700, "8640000.00",
    purpose="Manter disponíveis e íntegros os sistemas em que tramitam os processos.",
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.PROCEDURAL, _C.AUTHENTICATION),
    groups=(_G.PARTIES, _G.LAWYERS, _G.JUDGES, _G.STAFF), volume=_V.OVER_100K,
    yes=frozenset({"judicial_secrecy", "system_access", "external_hosting", "sub_operators"}),
)  # fmt: skip
COPIAS = Deal(
    "copias", cast.NUVEM, _K.CONTRATO, 31, "DTI", "Guarda de cópias de segurança fora do sítio", 205, -230, 1200,
    "1150000.00", purpose="Recuperar os sistemas depois de falha ou desastre.",
    categories=(_C.IDENTIFICATION, _C.PROCEDURAL), groups=(_G.PARTIES, _G.STAFF), volume=_V.OVER_100K,
    yes=frozenset({"judicial_secrecy", "external_hosting"}),
)  # fmt: skip
PRISMA = Deal(
    "prisma", cast.PRISMA, _K.CONTRATO, 7, "DTI", "Identificação biométrica de visitantes e de colaboradores",
    392, -1010, 420, "2310500.00", purpose="Controlar quem entra nas dependências e nos sistemas do órgão.",
    categories=(_C.IDENTIFICATION, _C.BIOMETRIC, _C.IMAGE_VOICE, _C.LOCATION),
    groups=(_G.VISITORS, _G.STAFF, _G.OUTSOURCED), volume=_V.UP_TO_100K,
    yes=frozenset({"sensitive", "judicial_secrecy", "system_access", "external_hosting"}),
)  # fmt: skip
ARQUIVO = Deal(
    "arquivo", cast.ARQUIVO, _K.CONTRATO, 21, "SAD", "Digitalização, indexação e guarda do acervo processual",
    388, -930, 260, "5402300.50", purpose="Converter para o meio digital e conservar os autos físicos.",
    categories=(_C.IDENTIFICATION, _C.PROCEDURAL, _C.CRIMINAL), groups=(_G.PARTIES, _G.LAWYERS, _G.DETAINED),
    volume=_V.OVER_100K, yes=frozenset({"judicial_secrecy", "external_hosting"}), reviewed=False,
)  # fmt: skip
GUARDA = Deal(
    "guarda", cast.ARQUIVO, _K.CONTRATO, 44, "SAD", "Guarda de processos administrativos encerrados", 300, -520, 575,
    "438900.00", purpose="Conservar os processos administrativos pelo prazo da tabela de temporalidade.",
    legal_basis=CONTRACTUAL, categories=(_C.IDENTIFICATION, _C.FUNCTIONAL, _C.FINANCIAL), groups=(_G.STAFF,),
    yes=frozenset({"external_hosting"}),
)  # fmt: skip
VOZ = Deal(
    "voz", cast.VOZ, _K.CONTRATO, 18, "OUV", "Central de atendimento ao cidadão por telefone e mensagem", 380,
    -640, 90, "3975000.00", purpose="Atender quem procura o órgão e acompanhar o que pediu.",
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.IMAGE_VOICE), volume=_V.OVER_100K,
    yes=frozenset({"system_access"}),
)  # fmt: skip
LUMEN = Deal(
    "lumen", cast.LUMEN, _K.CONTRATO, 3, "SEP", "Preservação digital de longo prazo do acervo histórico", 340, -420,
    1040, "690000.00", purpose="Conservar, com prova de integridade, documentos de guarda permanente.",
    categories=(_C.IDENTIFICATION, _C.PROCEDURAL), groups=(_G.PARTIES, _G.CITIZENS), volume=_V.UP_TO_100K,
    yes=frozenset({"external_hosting", "sub_operators"}), countries=("NL",),
)  # fmt: skip
SAUDE = Deal(
    "saude", cast.HORIZONTE, _K.CONTRATO, 9, "SGP",
    "Administração do plano de assistência à saúde de magistrados e servidores", 372, -1250, 210, "21480000.00",
    purpose="Prestar assistência à saúde a magistrados, servidores e dependentes.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.HEALTH, _C.FINANCIAL),
    groups=(_G.JUDGES, _G.STAFF, _G.DEPENDANTS, _G.CHILDREN), volume=_V.UP_TO_100K,
    yes=frozenset({"sensitive", "children", "external_hosting", "system_access"}),
)  # fmt: skip
MEDICINA = Deal(
    "medicina", cast.CUMARU, _K.CONTRATO, 15, "SGP", "Exames ocupacionais e perícias médicas", 384, -900, -160,
    "512000.00", purpose="Realizar exames admissionais, periódicos e perícias.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.HEALTH), groups=(_G.STAFF,), volume=_V.UP_TO_1K, yes=frozenset({"sensitive"}),
)  # fmt: skip
IMPRESSAO = Deal(
    "impressao", cast.JANGADA, _K.CONTRATO, 27, "SAD", "Impressão corporativa com bilhetagem por usuário", 366,
    -1170, 230, "287400.00", purpose="Imprimir e contabilizar cópias por pessoa.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.FUNCTIONAL), groups=(_G.STAFF, _G.OUTSOURCED), volume=_V.UP_TO_1K,
    yes=frozenset({"system_access"}),
)  # fmt: skip
ESTAGIO = Deal(
    "estagio", cast.RIBEIRA, _K.CONTRATO, 33, "SGP", "Agenciamento de estágio supervisionado", 330, -742, -12,
    "396000.00", purpose="Selecionar e acompanhar estagiários.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.FUNCTIONAL, _C.FINANCIAL), groups=(_G.INTERNS,), volume=_V.UP_TO_1K,
)  # fmt: skip
ENSINO = Deal(
    "ensino", cast.ZENITE, _K.CONTRATO, 40, "SGP", "Plataforma de ensino a distância para magistrados e servidores",
    350, -480, 615, "264800.00", purpose="Oferecer cursos e registrar a capacitação.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.FUNCTIONAL), groups=(_G.JUDGES, _G.STAFF), volume=_V.UP_TO_10K,
    yes=frozenset({"external_hosting"}),
)  # fmt: skip
ACERVO = Deal(
    "acervo", cast.ZENITE, _K.CONTRATO, 50, "SGP", "Licença de acervo de cursos gravados, sem cadastro de alunos", 60,
    -80, 285, "48000.00", purpose="Oferecer aulas gravadas sem identificar quem assiste.", legal_basis=CONTRACTUAL,
    categories=(), groups=(), volume=None, reviewed=False,
)  # fmt: skip
PORTARIA = Deal(
    "portaria", cast.GUARITA, _K.CONTRATO, 22, "SAD", "Vigilância, portaria e monitoramento por imagem", 345, -560,
    535, "4120000.00", purpose="Proteger pessoas e bens nas dependências do órgão.",
    categories=(_C.IDENTIFICATION, _C.IMAGE_VOICE), groups=(_G.VISITORS, _G.STAFF), volume=_V.UP_TO_100K,
)  # fmt: skip
EVENTOS = Deal(
    "eventos", cast.GUARITA, _K.CONTRATO, 48, "SCS", "Apoio de segurança a eventos institucionais", 215, -345, 19,
    "96000.00", purpose="Controlar a entrada em eventos.", categories=(_C.IDENTIFICATION,), groups=(_G.VISITORS,),
    volume=_V.UP_TO_1K,
)  # fmt: skip
CERTIFICADO = Deal(
    "certificado", cast.QUARTZO, _K.CONTRATO, 63, "DTI", "Emissão e validação de certificados digitais", 9, -11, 740,
    "151200.00", starts=21, purpose="Identificar quem assina atos eletrônicos.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.AUTHENTICATION), groups=(_G.JUDGES, _G.STAFF), volume=_V.UP_TO_10K,
    yes=frozenset({"system_access"}),
)  # fmt: skip
AUDIENCIAS = Deal(
    "audiencias", cast.TRAVESSIA, _K.CONTRATO, 36, "SEP", "Transcrição automática de audiências e sessões", 320, -500,
    230, "1870000.00", purpose="Converter em texto a gravação das audiências.",
    categories=(_C.IDENTIFICATION, _C.IMAGE_VOICE, _C.PROCEDURAL), groups=(_G.PARTIES, _G.LAWYERS, _G.JUDGES),
    volume=_V.UP_TO_100K, yes=frozenset({"judicial_secrecy", "external_hosting", "system_access"}), countries=("NL",),
)  # fmt: skip
TELEFONIA = Deal(
    "telefonia", cast.POENTE, _K.CONTRATO, 14, "DTI", "Telefonia fixa e móvel e enlace de dados", 310, -390, 705,
    "2044000.00", purpose="Prover comunicação de voz e de dados.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.CONTACT, _C.LOCATION), groups=(_G.JUDGES, _G.STAFF), volume=_V.OVER_100K,
    yes=frozenset({"system_access"}),
)  # fmt: skip
CADASTRO = Deal(
    "cadastro", cast.TRIBUNAL, _K.CONVENIO, 2, "SEP", "Compartilhamento do cadastro de pessoas privadas de liberdade",
    378, -700, 1125, purpose="Acompanhar o cumprimento de penas e de medidas em meio aberto.",
    categories=(_C.IDENTIFICATION, _C.CRIMINAL, _C.RACIAL_ETHNIC), groups=(_G.DETAINED,), volume=_V.UP_TO_100K,
    yes=frozenset({"sensitive", "judicial_secrecy"}), role=_R.JOINT_CONTROLLER,
)  # fmt: skip
PRECEDENTES = Deal(
    "precedentes", cast.TRIBUNAL, _K.CONGENERE, 5, "SEP", "Acordo de intercâmbio de bases de precedentes", 190, -215,
    None, purpose="Reunir decisões para pesquisa de jurisprudência.",
    categories=(_C.IDENTIFICATION, _C.PROCEDURAL), groups=(_G.PARTIES, _G.LAWYERS), volume=_V.UP_TO_100K,
)  # fmt: skip
PESQUISA = Deal(
    "pesquisa", cast.UNIVERSIDADE, _K.TERMO_COOPERACAO, 11, "SEP",
    "Cooperação técnica para pesquisa sobre o tempo de tramitação", 270, -300, 790,
    purpose="Estudar o tempo de tramitação com dados pseudonimizados.",
    categories=(_C.IDENTIFICATION, _C.PROCEDURAL), groups=(_G.PARTIES, _G.LAWYERS), volume=_V.OVER_100K,
    role=_R.INDEPENDENT_CONTROLLER,
)  # fmt: skip
ESTATISTICA = Deal(
    "estatistica", cast.INSTITUTO, _K.TERMO_COOPERACAO, 6, "SEP", "Intercâmbio de estatísticas agregadas", 360, -610,
    485, purpose="Publicar estatísticas oficiais.", categories=(), groups=(), volume=None, reviewed=False,
    role=_R.NO_PERSONAL_DATA,
)  # fmt: skip
REDE = Deal(
    "rede", cast.PROCESSAMENTO, _K.NONE, 0, "DTI", "Processamento de dados por determinação legal", 295, -330, None,
    purpose="Processar a folha de pagamento na rede do governo.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.FUNCTIONAL, _C.FINANCIAL), groups=(_G.JUDGES, _G.STAFF), volume=_V.UP_TO_10K,
    yes=frozenset({"external_hosting", "system_access"}), process="04417/2025",
)  # fmt: skip
CEDIDOS = Deal(
    "cedidos", cast.SECRETARIA, _K.NONE, 0, "SGP", "Dados funcionais de servidores cedidos", 280, -300, None,
    purpose="Cumprir a obrigação de informar frequência e remuneração ao órgão de origem.", legal_basis=CONTRACTUAL,
    categories=(_C.IDENTIFICATION, _C.FUNCTIONAL, _C.FINANCIAL), groups=(_G.STAFF,), volume=_V.UP_TO_1K,
    process="05120/2025",
)  # fmt: skip
ABERTOS = Deal(
    "abertos", cast.CERRO, _K.TERMO_COMPROMISSO, 4, "SCS", "Painel público de acompanhamento de metas", 150, -165, 565,
    purpose="Publicar indicadores por unidade judiciária.", categories=(_C.IDENTIFICATION, _C.FUNCTIONAL),
    groups=(_G.JUDGES, _G.STAFF), volume=_V.UP_TO_10K,
)  # fmt: skip
