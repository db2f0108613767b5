"""Who appears in the demonstration. Nobody here exists: names, numbers and addresses are invented.

E-mail addresses end in ``.example``, which is nobody's. CNPJs have right check digits over bases that begin with 9.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.cnpj import cnpj_check_digits
from contracts.vocabulary import EvidenceKind, Regime, UserRole

PASSWORD = "demonstracao-local"  # noqa: S105 - Printed on the terminal on purpose: the data are fictional.


def with_check_digits(base: str) -> str:
    """Return the whole CNPJ of twelve characters."""
    return base + cnpj_check_digits(base)


def ascii_of(name: str) -> str:
    """Return a name as addresses write it: lower case, without accents."""
    return unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the court who signs in."""

    name: str
    email: str
    role: UserRole
    unit: str
    does: str
    """What the person does here, as the terminal says it."""


PEOPLE: Mapping[UserRole, Person] = {
    person.role: person
    for person in (
        Person("Iara Quintanilha", "contratos@orgao.example", UserRole.PROCUREMENT, "SAD", "Gestão de contratos"),
        Person("Saulo Meireles", "juridico@orgao.example", UserRole.LEGAL, "ASJUR", "Jurídico"),
        Person("Teresa Nóbrega", "fiscal@orgao.example", UserRole.FISCAL, "DTI", "Fiscal"),
        Person("Helena Prado", "encarregado@orgao.example", UserRole.ENCARREGADO, "OUV", "Encarregado"),
        Person("Norberto Valadares", "comite@orgao.example", UserRole.COMMITTEE, "", "Comitê Gestor"),
        Person("Olívia Abrantes", "auditoria@orgao.example", UserRole.AUDITOR, "", "Auditoria"),
        Person("Vinícius Holanda", "administracao@orgao.example", UserRole.ADMIN, "DTI", "Administração"),
    )
}
"""One sign-in per role."""

OTHERS = (
    Person("Gilda Figueira", "fiscal.pessoas@orgao.example", UserRole.FISCAL, "SGP", "Fiscal"),
    Person("Lúcio Dornelles", "fiscal.administracao@orgao.example", UserRole.FISCAL, "SAD", "Fiscal"),
    Person("Dalva Siqueira", "juridico.revisao@orgao.example", UserRole.LEGAL, "ASJUR", "Jurídico"),
    Person("Célia Rezende", "contratos.anterior@orgao.example", UserRole.PROCUREMENT, "SAD", "Gestão de contratos"),
)
"""Other people of the court; the last one has left, and her account is closed."""

UNITS: Mapping[str, tuple[str, str]] = {
    "DTI": ("Departamento de Tecnologia da Informação", "DTI"),
    "SGP": ("Secretaria de Gestão de Pessoas", "SGP"),
    "SAD": ("Secretaria de Administração", "SAD"),
    "SEP": ("Secretaria Especial de Programas, Pesquisas e Gestão Estratégica", "SEP"),
    "SCS": ("Secretaria de Comunicação Social", "SCS"),
    "ASJUR": ("Assessoria Jurídica", "ASJUR"),
    "OUV": ("Ouvidoria", "OUV"),
}
"""Code -> name and acronym."""


@dataclass(frozen=True, slots=True)
class Company:
    """An operator, and how it behaves when something is asked of it."""

    name: str
    base: str
    """Twelve characters of a CNPJ, or the identification of a foreign entity."""
    domain: str
    preposto: str
    position: str = "Gerente de contratos"
    regime: Regime = Regime.PRIVATE
    country: str = "BR"
    address: str = ""
    answers_in: int = 9
    """Days it takes to answer a request."""
    silent_for: int | None = None
    """Since how many days before today it answers nothing."""
    returned: int = 0
    """One answer in so many is returned for correction; 0: never."""
    security: EvidenceKind = EvidenceKind.PENETRATION_TEST
    """The proof of security that it prefers."""

    cannot: frozenset[EvidenceKind] = frozenset()
    """Proofs that it says it cannot deliver yet."""

    @property
    def cnpj(self) -> str | None:
        """Return the CNPJ with its check digits; ``None`` for a foreign entity."""
        return None if self.regime is Regime.FOREIGN else with_check_digits(self.base)

    @property
    def foreign_id(self) -> str | None:
        """Return the identification of a foreign entity."""
        return self.base if self.regime is Regime.FOREIGN else None

    @property
    def email(self) -> str:
        """Return the preposto's address."""
        return f"{ascii_of(self.preposto.partition(' ')[0])}@{self.domain}.example"


NUVEM = Company(
    "Nuvem Serrana Hospedagem S.A.", "917350420001", "nuvemserrana", "Renato Villar", "Diretor de operações",
    address="Rua das Araucárias, 120, Serra Bonita", answers_in=7, security=EvidenceKind.ISO_27001,
)  # fmt: skip
PRISMA = Company(
    "Prisma Biometria e Identificação Ltda.", "9PRM4TR80001", "prismabiometria", "Otávio Brandt", "Sócio-administrador",
    address="Avenida do Porto, 45, Porto Sereno", answers_in=19, silent_for=70, returned=2,
)  # fmt: skip
ARQUIVO = Company(
    "Arquivo Vivo Gestão Documental S.A.", "926410870001", "arquivovivo", "Beatriz Salles", returned=3, answers_in=14,
    address="Rodovia do Acervo, km 4, Vila Aurora", security=EvidenceKind.CONTINUITY_TEST,
)  # fmt: skip
VOZ = Company(
    "Voz Clara Teleatendimento Ltda.", "938205160001", "vozclara", "Wagner Leitão", "Coordenador de atendimento",
    address="Rua dos Ipês, 900, Nova Alvorada", answers_in=23, silent_for=95,
)  # fmt: skip
LUMEN = Company(
    "Lumen Archive B.V.", "NL-FICT-40291877", "lumenarchive", "Annelies Verbeek", "Data protection lead",
    regime=Regime.FOREIGN, country="NL", address="Zonnekade 12, Oostmeer", security=EvidenceKind.SOC2_TYPE2,
)  # fmt: skip
HORIZONTE = Company(
    "Horizonte Sul Assistência à Saúde S.A.", "941178230001", "horizontesul", "Marlene Koch",
    "Gerente de relacionamento", address="Praça da Matriz, 7, Campo Largo do Norte", answers_in=11,
    security=EvidenceKind.ISO_27001,
)  # fmt: skip
CUMARU = Company(
    "Cumaru Medicina do Trabalho Ltda.", "952036910001", "cumarumedicina", "Ivo Pacheco", "Médico coordenador",
    address="Rua do Cumaru, 31, Santa Clara do Vale",
)  # fmt: skip
JANGADA = Company(
    "Jangada Impressão e Reprografia Ltda.", "963748050001", "jangadaimpressao", "Cícero Maia", silent_for=150,
    address="Travessa do Cais, 18, Porto Sereno", answers_in=15,
)  # fmt: skip
RIBEIRA = Company(
    "Ribeira Recrutamento e Estágios Ltda.", "971520640001", "ribeiraestagios", "Sônia Prates",
    address="Rua da Ribeira, 402, Vila Aurora", answers_in=4,
)  # fmt: skip
ZENITE = Company(
    "Zênite Capacitação a Distância Ltda.", "9ZN7EAD20001", "zenitead", "Fabrício Lemos", "Sócio",
    address="Alameda do Saber, 55, Serra Bonita", answers_in=6, security=EvidenceKind.SELF_DECLARATION,
)  # fmt: skip
GUARITA = Company(
    "Guarita Segurança Patrimonial Ltda.", "983091270001", "guaritaseguranca", "Adão Menezes",
    address="Avenida das Sentinelas, 1000, Nova Alvorada", answers_in=16, returned=4,
    cannot=frozenset({EvidenceKind.LOG_SAMPLE}), security=EvidenceKind.SECURITY_POLICY,
)  # fmt: skip
QUARTZO = Company(
    "Quartzo Certificação Digital S.A.", "994637180001", "quartzodigital", "Débora Antunes",
    address="Rua do Quartzo, 8, Santa Clara do Vale", security=EvidenceKind.AUDIT_REPORT,
)  # fmt: skip
TRAVESSIA = Company(
    "Travessia Transcrição de Audiências Ltda.", "9TRV5AUD0001", "travessiatranscricao", "Joel Bernardes",
    "Diretor técnico", address="Rua da Travessia, 77, Campo Largo do Norte", answers_in=18, returned=2,
)  # fmt: skip
POENTE = Company(
    "Delta do Poente Telecomunicações S.A.", "905284930001", "deltadopoente", "Rosane Figueiró",
    address="Avenida Beira-Delta, 210, Porto Sereno", answers_in=12, security=EvidenceKind.ISO_27001,
)  # fmt: skip
TRIBUNAL = Company(
    "Tribunal Estadual de Vila Aurora", "917643050001", "tribunal.vilaaurora", "Hélio Sampaio",
    "Secretário de tecnologia", regime=Regime.PUBLIC, address="Praça da Justiça, s/n, Vila Aurora", answers_in=17,
)  # fmt: skip
UNIVERSIDADE = Company(
    "Universidade Pública de Porto Sereno", "928150470001", "universidade.portosereno", "Lúcia Amorim",
    "Coordenadora do laboratório de estudos judiciários", regime=Regime.PUBLIC, answers_in=15,
    address="Campus Universitário, Porto Sereno", security=EvidenceKind.SECURITY_POLICY,
)  # fmt: skip
INSTITUTO = Company(
    "Instituto de Estatística de Serra Bonita", "939426810001", "instituto.serrabonita", "Ademir Falcão", "Diretor",
    regime=Regime.PUBLIC, address="Rua dos Números, 10, Serra Bonita",
)  # fmt: skip
PROCESSAMENTO = Company(
    "Empresa Pública de Processamento de Nova Alvorada", "940718360001", "processamento.novaalvorada", "Edna Sarmento",
    "Gerente de serviços", regime=Regime.PUBLIC, address="Setor de Serviços, Nova Alvorada", answers_in=10,
    security=EvidenceKind.ISO_27001,
)  # fmt: skip
SECRETARIA = Company(
    "Secretaria de Administração de Campo Largo do Norte", "951863720001", "administracao.campolargo", "Nair Couto",
    "Diretora de pessoal", regime=Regime.PUBLIC, address="Paço Municipal, Campo Largo do Norte",
)  # fmt: skip
CERRO = Company(
    "Associação Cerro Azul de Dados Abertos", "962975410001", "cerroazul", "Tadeu Brito", "Coordenador",
    address="Rua do Cerro, 14, Santa Clara do Vale", answers_in=10, security=EvidenceKind.SELF_DECLARATION,
)  # fmt: skip

IMPORTED = (
    ("UMBU BENEFÍCIOS E REFEIÇÕES LTDA", "973308250001", "00052", "FORNECIMENTO DE CARTÕES DE REFEIÇÃO E ALIMENTAÇÃO"),
    ("VÁRZEA CORREIO ELETRÔNICO E COLABORAÇÃO S.A.", "9VRZ1MA10001", "00057", "CORREIO ELETRÔNICO E COLABORAÇÃO"),
    ("AROEIRA LIMPEZA E CONSERVAÇÃO LTDA", "984520990001", "00061", "LIMPEZA E CONSERVAÇÃO DAS DEPENDÊNCIAS"),
)
"""What came from the PNCP and nobody has completed yet: name, CNPJ base, number, object."""

MORE_TO_IMPORT = (
    ("ENCOSTA ANÁLISE DE DADOS LTDA", "995610720001", "00066", "ANÁLISE DE DADOS E INDICADORES DE GESTÃO"),
    ("MARÉ ALTA CORREIO E MALOTE S.A.", "906721830001", "00068", "COLETA, TRANSPORTE E ENTREGA DE MALOTES"),
)
"""What the file that visitors may import holds besides."""
