"""The stories: what was done about each agreement in the last year, told in the order in which it happened.

``yield 120`` means "a hundred and twenty days ago" (:mod:`.timeline`). What everybody does all the time, asking,
answering and reviewing, is in :mod:`.routine`; here is what makes each agreement different from the others.
"""

from collections.abc import Callable

from contracts.vocabulary import (
    INCISOS,
    Coverage,
    DispensationGround,
    EndReason,
    EvidenceKind,
    Exposure,
    IncidentSource,
    InstrumentKind,
    RequestKind,
    Role,
    UserRole,
)
from vendor_tracker import clock
from vendor_tracker.demo import cast, deals, importable, portal_work
from vendor_tracker.demo.cast import OTHERS
from vendor_tracker.demo.clauses import saying
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.routine import answer_now, give_back, save_draft
from vendor_tracker.demo.timeline import LONGEST_DAYS, Story
from vendor_tracker.usecases import agreements, importing, parameters, requesting
from vendor_tracker.usecases.batches import Filters
from vendor_tracker.usecases.instruments import Reading

DTI, SGP, SAD = "fiscal@orgao.example", OTHERS[0].email, OTHERS[1].email


def opening(hands: Hands) -> Story:
    """The court gets ready: accounts, and later its own numbers and one obligation more than the twelve."""
    yield (LONGEST_DAYS, 8)
    hands.open_accounts()
    yield 260
    parameters.set_day(
        hands.as_(UserRole.ADMIN),
        calendar="cnj",
        day=hands.working_day(25),
        closed=True,
        name="Manutenção do prédio-sede",
        source="Portaria fictícia nº 9",
    )
    yield 210
    parameters.decide_parameter(
        hands.as_(UserRole.ADMIN),
        key="request_lead_days",
        since=clock.today(),
        value=45,
        decided_by="Encarregado",
        reason="As renovações pediam mais tempo dos fornecedores.",
    )
    yield 110
    parameters.add_further(
        hands.as_(UserRole.ADMIN),
        code="A-1",
        title="Capacitação anual de quem trata os dados",
        text="O operador comprovará, uma vez por ano, a capacitação em proteção de dados de quem atua no acordo.",
        since=clock.today(),
        needs_clause=False,
        evidence_kinds=(EvidenceKind.TRAINING_RECORD,),
        decided_by="Comitê Gestor da LGPD",
        decided_on=clock.today(),
    )


def nuvem(hands: Hands) -> Story:
    """A good operator: an old contract mended by a termo aditivo, everything proved, one incident told at once."""
    yield 396
    bond = hands.register(deals.NUVEM)
    hands.sign_original(bond, saying(whole=("I", "III", "IV", "VI", "VII", "X"), partly=("V", "IX", "XI")))
    hands.follow(bond, gestor="Marina Coutinho", fiscal=DTI, portaria="Portaria SAD nº 31")
    yield 394
    hands.read_all(bond)
    hands.introduce(cast.NUVEM, bond, encarregado="Cláudia Werneck")
    first = agreements.add_sub_operator(
        hands.officer,
        agreement_id=bond.id,
        name="Rocha Fria Centros de Dados Ltda.",
        cnpj=cast.with_check_digits("917860540001"),
        activity="Centro de dados",
        authorised_on=clock.today(),
    )
    agreements.add_sub_operator(
        hands.officer,
        agreement_id=bond.id,
        name="Fio Longo Conectividade Ltda.",
        activity="Enlace entre centros de dados",
        authorised_on=clock.today(),
        parent=first,
    )
    yield 385
    document = hands.issue(bond, "termo-aditivo")
    hands.propose(document, note="Enviado por e-mail com pedido de assinatura eletrônica.")
    admitted = hands.people(bond, "NS-014 R.V.", "NS-022 C.W.", function="Administração de sistemas")
    hands.paper("compromisso-individual", admitted[0])
    yield 362
    hands.sign_issued(bond, document, title="1º termo aditivo")
    hands.calendar(bond, ("Relatório de disponibilidade", 6), ("Registros de acesso", 3))
    yield 335
    audit = hands.audit(
        bond,
        "Auditoria anual de segurança",
        conclusion="Controles adequados, com uma recomendação.",
        incisos="II, V, VI e VIII",
        scope="Ambientes de produção e de testes, nos doze meses anteriores.",
        team="Davi Sampaio, auditor\nLorena Queiroz, analista de segurança da informação",
    )
    action = hands.action(bond, "V", "Cifrar as cópias de segurança do ambiente de testes.", due_in=45, audit=audit)
    hands.paper("relatorio-de-auditoria", audit)
    yield 300
    hands.done(action)
    yield 246
    attempt = hands.incident(
        bond,
        "Tentativa de acesso a console de administração",
        "Tentativas repetidas de entrada, sem êxito. Nenhum dado foi alcançado.",
        suspected=5,
        reported=2,
        severity="1, baixo",
        presidency_told_at=hands.hours_ago(1),
        affected_data="Nenhum dado pessoal foi alcançado.",
        affected_people="Nenhum titular.",
        measures="Bloqueio dos endereços de origem e troca das senhas de administração.",
        risks="Nova tentativa com credencial vazada; o segundo fator de autenticação foi exigido.",
        prevention="Segundo fator de autenticação para todos os administradores.",
    )
    hands.paper("relatorio-de-incidente", attempt)
    yield 198
    order = hands.instruct(bond, "Exigir segundo fator de autenticação de todos os administradores.", due_in=30)
    yield 180
    hands.obeyed(order)
    yield 150
    help_ = hands.ask_help(bond, "Pedido de acesso de titular a registros de consulta")
    yield 146
    hands.helped(help_)
    yield 131
    twice = hands.ask(
        bond, RequestKind.INFORMATION, ("VI",), "Dúvida sobre o tempo de guarda dos registros.", due_in=20, kept=True
    )
    yield 129
    requesting.cancel(hands.fiscal_of(bond), request_id=twice, reason="O mesmo já constava da última resposta.")
    yield 28
    hands.test_channel(bond, answered_in=2)
    yield 6
    planned = hands.plan_audit(bond, "Auditoria anual de segurança", ahead=40)
    hands.paper("plano-de-auditoria", planned)


def copias(hands: Hands) -> Story:
    """A newer contract of the same operator: the clauses were there from the start, and half of them are read."""
    yield 205
    bond = hands.register(deals.COPIAS)
    hands.sign_original(bond)
    hands.follow(bond, gestor="Marina Coutinho", fiscal=DTI, portaria="Portaria SAD nº 58")
    yield 196
    hands.read(bond, points=("I", "II", "III", "IV", "V", "VI", "XI", "purpose", "categories"))
    hands.people(bond, "NS-014 R.V.", function="Operação de cópias")


def prisma(hands: Hands) -> Story:
    """The worst: refuses to sign, hides an incident, hands in a forged report and stops answering."""
    yield 392
    bond = hands.register(deals.PRISMA)
    hands.sign_original(bond, saying(whole=("III", "IV", "VI", "X"), partly=("I", "V", "VIII", "XI", "XII")))
    hands.follow(bond, gestor="Raquel Lacerda", fiscal=DTI, portaria="Portaria SAD nº 12")
    hands.introduce(cast.PRISMA, bond, channel=False)
    yield 388
    hands.read_all(bond)
    hands.people(bond, "PB-03 O.B.", function="Suporte")
    yield 360
    document = hands.issue(bond, "termo-aditivo")
    proposal = hands.propose(document)
    yield 331
    hands.refuse(proposal, note="A empresa não aceita a cláusula de auditoria sem reajuste do preço.")
    yield 240
    audit = hands.audit(bond, "Inspeção no posto de cadastro", conclusion="Moldes biométricos guardados sem cifragem.")
    hands.action(bond, "V", "Cifrar os moldes biométricos guardados nos leitores.", due_in=60, audit=audit)
    yield 118
    hands.incident(
        bond,
        "Exposição de fotografias de visitantes",
        "Pasta com fotografias ficou acessível pela internet.",
        suspected=139,
        reported=1,
        learned=25,
        source=IncidentSource.THIRD_PARTY,
        delay_reason="A empresa disse que esperava concluir a apuração.",
    )
    yield 82
    proof = hands.prove(bond, EvidenceKind.PENETRATION_TEST, title="Relatório de teste de invasão")
    yield 74
    hands.call_false(proof, "A empresa citada como autora do teste informou que não o realizou.")
    yield 66
    asked = hands.ask(
        bond,
        RequestKind.AUDIT,
        ("IX", "XI"),
        "Preparação da inspeção que se segue ao incidente das fotografias.",
        due_in=20,
        kept=True,
    )
    yield 48
    requesting.register_refusal(
        hands.fiscal_of(bond), request_id=asked, reason="Ofício da empresa: não responderá antes da revisão do preço."
    )
    yield 33
    hands.instruct(bond, "Apagar as fotografias com mais de noventa dias.", due_in=15)


def arquivo(hands: Hands) -> Story:
    """An ordinary operator: some clauses, some proofs, some of them old; a termo aditivo waits for its signature."""
    yield 388
    bond = hands.register(deals.ARQUIVO)
    hands.sign_original(bond, saying(whole=("I", "III", "IV", "V", "VII", "XII"), partly=("VI", "VIII", "XI")))
    hands.follow(bond, gestor="Paulo Tavares", fiscal=SAD, portaria="Portaria SAD nº 22")
    yield 383
    hands.read_all(bond)
    hands.introduce(cast.ARQUIVO, bond, encarregado="Mateus Rocha")
    yield 378
    hands.people(bond, "AV-101 B.S.", "AV-117 T.G.", function="Digitalização")
    hands.calendar(bond, ("Inventário de caixas recebidas", 6))
    hands.prove(bond, EvidenceKind.CONTINUITY_TEST, accepted_for=5)
    yield 128
    hands.audit(bond, "Visita ao depósito", conclusion="Depósito adequado; controle de chaves a melhorar.")
    yield 44
    document = hands.issue(bond, "termo-aditivo")
    hands.propose(document)
    yield 40
    hands.ask(
        bond, RequestKind.CORRECTIVE_ACTION, ("VIII",), "Acompanhamento do achado da visita ao depósito.", due_in=20
    )
    hands.action(bond, "VIII", "Registrar a entrega das chaves do depósito por pessoa.", due_in=75)


def guarda(hands: Hands) -> Story:
    """A small contract that nobody has looked at closely: the file is missing and nothing was read."""
    yield 300
    bond = hands.register(deals.GUARDA)
    hands.sign_original(bond, with_file=False, published=False)
    hands.follow(bond, gestor="Paulo Tavares", fiscal=SAD, portaria="Portaria SAD nº 40")


def voz(hands: Hands) -> Story:
    """An operator that fell silent: letters come back, requests are overdue, an audit was refused."""
    yield 380
    bond = hands.register(deals.VOZ)
    hands.sign_original(bond, saying(whole=("I", "IV", "VII", "IX", "X", "XI"), partly=("II", "XII")))
    hands.follow(bond, gestor="Elisa Guimarães", fiscal=SAD, portaria="Portaria SAD nº 17")
    yield 376
    hands.read_all(bond)
    hands.introduce(cast.VOZ, bond)
    yield 370
    hands.people(bond, "VC-01 W.L.", function="Supervisão")
    yield 88
    hands.audit(bond, "Inspeção da central de atendimento", refused=True)
    yield 30
    hands.ask_help(bond, "Cópia da gravação de um atendimento, a pedido do titular")


def lumen(hands: Hands) -> Story:
    """A foreign operator: data go abroad, and one sub-operator was never authorised."""
    yield 340
    bond = hands.register(deals.LUMEN)
    hands.sign_original(
        bond, saying(whole=tuple(inciso for inciso in INCISOS if inciso not in {"II", "VIII"}), partly=("VIII",))
    )
    hands.follow(bond, gestor="Davi Sampaio", fiscal=DTI, portaria="Portaria SAD nº 44")
    yield 333
    hands.read_all(bond)
    hands.introduce(cast.LUMEN, bond, encarregado="Joost de Wit")
    first = agreements.add_sub_operator(
        hands.officer,
        agreement_id=bond.id,
        name="Polder Vault Storage B.V.",
        country="NL",
        activity="Guarda em fita",
        authorised_on=clock.today(),
    )
    yield 325
    agreements.add_sub_operator(
        hands.officer,
        agreement_id=bond.id,
        name="Dijk Logistics B.V.",
        country="NL",
        activity="Transporte de mídias",
        parent=first,
    )
    hands.people(bond, "LA-7 A.V.", function="Preservação digital")
    hands.calendar(bond, ("Relatório de integridade do acervo", 12))
    yield (155, 15)
    hands.incident(
        bond,
        "Atraso na cópia entre depósitos",
        "Risco de perda de uma remessa; nada se perdeu.",
        suspected=20,
        reported=3,
    )
    yield 13
    asked = hands.ask(
        bond,
        RequestKind.INFORMATION,
        ("II", "VI", "VIII"),
        "Contratação de novo transportador de mídias, noticiada na imprensa local.",
        due_in=11,
        kept=True,
    )
    yield 4
    requesting.extend_term(
        hands.fiscal_of(bond),
        request_id=asked,
        due_on=hands.working_day(24),
        reason="O operador pediu prazo para reunir os registros do transportador.",
    )
    yield (2, 16)
    save_draft(hands, asked, "Nenhum transporte foi feito pelo novo transportador até esta data.")
    yield (2, 17)
    domain = bond.deal.company.email.partition("@")[2]
    portal_work.together(hands, asked, name="Íris Camargo", email=f"iris.camargo@{domain}")


def saude(hands: Hands) -> Story:
    """Health data under protection of art. 5º: an annex was signed, and a late report was mended."""
    yield 372
    bond = hands.register(deals.SAUDE)
    agreements.change_secrecy(
        hands.encarregado,
        agreement_id=bond.id,
        secret=True,
        ground="Art. 5º da Portaria: dados de saúde de magistrados, servidores e dependentes.",
    )
    hands.sign_original(bond, saying(whole=("IV", "V", "X"), partly=("XI",)))
    hands.follow(bond, gestor="Kátia Esteves", fiscal=SGP, portaria="Portaria SGP nº 5")
    hands.introduce(cast.HORIZONTE, bond, encarregado="Rogério Aguiar")
    yield 366
    hands.read_all(bond)
    document = hands.issue(bond, "anexo")
    hands.propose(document)
    yield 345
    hands.sign_issued(bond, document, title="Anexo de proteção de dados", kind=InstrumentKind.ANEXO)
    hands.people(bond, "HS-40 M.K.", "HS-51 R.A.", "HS-58 L.P.", function="Atendimento ao beneficiário")
    hands.calendar(bond, ("Relatório de acessos a prontuários", 3))
    yield 260
    hands.audit(bond, "Auditoria do tratamento de dados de saúde", conclusion="Conforme, com recomendações.")
    yield 170
    hands.incident(
        bond,
        "Envio de extrato a destinatário errado",
        "Extrato de um beneficiário foi enviado ao endereço de outro.",
        suspected=70,
        reported=1,
        delay_reason="Falha na escala de plantão da operadora.",
    )
    action = hands.action(bond, "XI", "Incluir o plantão da central na escala de comunicação.", due_in=30)
    yield 150
    hands.done(action)
    yield 21
    hands.test_channel(bond, answered_in=5)


def medicina(hands: Hands) -> Story:
    """A contract that ended and was closed: the data were given back, and the proof was accepted."""
    yield 384
    bond = hands.register(deals.MEDICINA)
    hands.sign_original(bond)
    hands.follow(bond, gestor="Kátia Esteves", fiscal=SGP, portaria="Portaria SGP nº 2")
    hands.introduce(cast.CUMARU, bond, encarregado="Ivo Pacheco")
    yield 378
    hands.read_all(bond)
    hands.people(bond, "CM-1 I.P.", function="Exames")
    hands.calendar(bond, ("Relação de exames realizados", 12))
    yield 300
    hands.audit(bond, "Verificação documental", conclusion="Conforme.")
    for ago in range(125, 20, -5):
        yield ago
        if hands.accept_disposal(bond):
            break


def impressao(hands: Hands) -> Story:
    """A contract that was rescinded, without anybody proving what became of the data."""
    yield 366
    bond = hands.register(deals.IMPRESSAO)
    hands.sign_original(bond, saying(whole=("IV", "VII", "XII"), partly=("V",)))
    hands.follow(bond, gestor="Paulo Tavares", fiscal=SAD, portaria="Portaria SAD nº 8")
    yield 352
    hands.read_all(bond)
    hands.introduce(cast.JANGADA, bond, channel=None)
    yield 66
    agreements.end_agreement(
        hands.officer,
        agreement_id=bond.id,
        ended_on=clock.today(),
        end_reason=EndReason.RESCISSION,
        reason="Rescisão por inexecução: os equipamentos deixaram de ser mantidos.",
    )


def estagio(hands: Hands) -> Story:
    """A contract that has just ended: the certificate came and waits to be read."""
    yield 330
    bond = hands.register(deals.ESTAGIO)
    hands.sign_original(bond, saying(whole=tuple(inciso for inciso in INCISOS if inciso != "II")))
    hands.follow(bond, gestor="Kátia Esteves", fiscal=SGP, portaria="Portaria SGP nº 9")
    yield 324
    hands.read_all(bond)
    hands.introduce(cast.RIBEIRA, bond)
    hands.people(bond, "RR-2 S.P.", function="Seleção")
    hands.calendar(bond, ("Relação de estagiários ativos", 6))
    yield 210
    hands.audit(bond, "Verificação documental", conclusion="Conforme.")


def ensino(hands: Hands) -> Story:
    """A small operator that does everything it should."""
    yield 350
    bond = hands.register(deals.ENSINO)
    hands.sign_original(bond)
    hands.follow(bond, gestor="Kátia Esteves", fiscal=SGP, portaria="Portaria SGP nº 11")
    yield 344
    hands.read_all(bond)
    hands.introduce(cast.ZENITE, bond, encarregado="Fabrício Lemos")
    hands.people(bond, "ZN-1 F.L.", function="Secretaria de cursos")
    hands.calendar(bond, ("Relação de concluintes", 6))
    yield 230
    hands.audit(bond, "Verificação documental", conclusion="Conforme.")
    yield 100
    hands.test_channel(bond, answered_in=1)


def acervo(hands: Hands) -> Story:
    """A contract said to hold no personal data: the Encarregado has yet to decide."""
    yield 60
    bond = hands.register(deals.ACERVO, completed=False)
    yield 18
    agreements.propose_role(
        hands.officer,
        agreement_id=bond.id,
        role=Role.NO_PERSONAL_DATA,
        justification="As aulas são gravadas e ninguém se identifica para assistir.",
    )


def portaria(hands: Hands) -> Story:
    """Guards and cameras: followed more closely than the sum asks, and somebody who left still has access."""
    yield 345
    bond = hands.register(deals.PORTARIA)
    hands.sign_original(bond, saying(whole=("I", "III", "IV", "V", "VII", "VIII", "IX", "XI", "XII"), partly=("II",)))
    hands.follow(bond, gestor="Gustavo Rezende", fiscal=SAD, portaria="Portaria SAD nº 29")
    yield 338
    hands.read_all(bond)
    hands.introduce(cast.GUARITA, bond)
    people = hands.people(bond, "GS-11 A.M.", "GS-12 P.C.", "GS-19 N.O.", function="Monitoramento")
    yield 195
    agreements.raise_exposure(
        hands.encarregado,
        agreement_id=bond.id,
        tier=Exposure.MEDIUM,
        reason="As câmeras alcançam o gabinete médico e a sala de depoimento especial.",
    )
    yield 140
    hands.audit(
        bond, "Inspeção da sala de monitoramento", conclusion="Acesso restrito; guarda de imagens a documentar."
    )
    yield 14
    hands.left(people[-1])


def eventos(hands: Hands) -> Story:
    """A contract about to end, with little on record."""
    yield 215
    bond = hands.register(deals.EVENTOS)
    hands.sign_original(bond, saying(whole=("IV", "VII")))
    hands.follow(bond, gestor="Gustavo Rezende", fiscal=SAD, portaria="Portaria SCS nº 3")
    yield 208
    hands.read_all(bond)


def certificado(hands: Hands) -> Story:
    """A contract signed last week that begins next month: the machine read it, and its check has begun."""
    yield 9
    bond = hands.register(deals.CERTIFICADO)
    hands.sign_ordinary(bond)
    hands.follow(bond, gestor="Marina Coutinho", fiscal=DTI, portaria="Portaria SAD nº 71")
    hands.introduce(cast.QUARTZO, bond, encarregado="Débora Antunes")
    yield 1
    hands.begin_check(
        bond,
        ("II", "VII", "X"),
        corrected=Reading(
            "IV",
            Coverage.PARTIAL,
            place="cláusula 7, p. 2",
            missing_idea="Adesão às cláusulas requeridas pelo órgão e aos aditivos necessários",
        ),
    )


def audiencias(hands: Hands) -> Story:
    """An operator that used the recordings for itself and is late with what it was told and asked."""
    yield 320
    bond = hands.register(deals.AUDIENCIAS)
    hands.sign_original(
        bond, saying(whole=tuple(inciso for inciso in INCISOS if inciso not in {"III", "VI"}), partly=("III", "VI"))
    )
    hands.follow(bond, gestor="Davi Sampaio", fiscal=DTI, portaria="Portaria SAD nº 47")
    yield 312
    hands.read_all(bond)
    hands.introduce(cast.TRAVESSIA, bond, encarregado="Joel Bernardes")
    hands.people(bond, "TT-5 J.B.", "TT-9 E.S.", function="Revisão de transcrições")
    yield 160
    hands.audit(
        bond, "Auditoria do fluxo de gravações", conclusion="Gravações usadas para ajustar o modelo de transcrição."
    )
    hands.deviation(bond, "VII", "Gravações de audiências foram usadas para treinar o modelo próprio da empresa.")
    yield 52
    hands.instruct(bond, "Descartar o modelo treinado com gravações do órgão e prová-lo.", due_in=30)
    yield 26
    hands.ask_help(bond, "Retificação de nome em transcrição, a pedido do titular")


def telefonia(hands: Hands) -> Story:
    """A good operator whose incident channel did not answer the last test."""
    yield 310
    bond = hands.register(deals.TELEFONIA)
    hands.sign_original(bond)
    hands.follow(bond, gestor="Marina Coutinho", fiscal=DTI, portaria="Portaria SAD nº 50")
    yield 305
    hands.read_all(bond)
    hands.introduce(cast.POENTE, bond, encarregado="Bruno Siqueira")
    hands.people(bond, "DP-88 R.F.", function="Engenharia de rede")
    hands.calendar(bond, ("Relatório de chamados de suporte", 4))
    yield 180
    hands.audit(bond, "Auditoria documental", conclusion="Conforme.")
    yield 17
    hands.test_channel(bond, answered_in=None)
    yield 15
    hands.ask(
        bond, RequestKind.CHANNEL_TEST, ("I",), "O último teste do canal ficou sem resposta.", due_in=21, kept=True
    )


def cadastro(hands: Hands) -> Story:
    """A convênio between courts: both decide about the data."""
    yield 378
    bond = hands.register(deals.CADASTRO)
    hands.sign_original(bond, saying(whole=("I", "IV", "VII", "X", "XI", "XII"), partly=("VI", "IX")))
    hands.follow(bond, gestor="Heitor Valadares", fiscal=DTI, portaria="Portaria SEP nº 4")
    agreements.propose_role(
        hands.officer,
        agreement_id=bond.id,
        role=Role.JOINT_CONTROLLER,
        justification="Os dois tribunais definem em comum as finalidades e os meios do cadastro.",
    )
    yield 371
    agreements.decide_role(hands.encarregado, agreement_id=bond.id, approve=True)
    hands.read_all(bond)
    hands.introduce(cast.TRIBUNAL, bond, encarregado="Comissão de proteção de dados")
    yield 365
    hands.people(bond, "TVA-77 H.S.", function="Gestão do cadastro")
    hands.calendar(bond, ("Extrato de consultas por perfil", 6))
    yield 90
    asked = hands.ask(
        bond,
        RequestKind.INFORMATION,
        ("VIII",),
        "Mudança da equipe gestora do cadastro, noticiada pelo próprio tribunal.",
        due_in=30,
    )
    hands.paper("requisicao-de-informacoes", asked)


def precedentes(hands: Hands) -> Story:
    """An accord that came without clauses: two papers were issued, and the annex came back signed with other words."""
    yield 190
    bond = hands.register(deals.PRECEDENTES)
    hands.sign_original(bond, saying(whole=("IV",), partly=("XI",)))
    yield 184
    hands.read_all(bond)
    yield 25
    annex = hands.issue(bond, "anexo")
    hands.issue(bond, "termo-de-compromisso")
    yield 2
    hands.return_altered(bond, annex, title="Anexo de proteção de dados", kind=InstrumentKind.ANEXO)


def pesquisa(hands: Hands) -> Story:
    """A university: the officer holds it to be a controller of its own, and the Encarregado has yet to decide."""
    yield 270
    bond = hands.register(deals.PESQUISA)
    hands.sign_original(bond, saying(whole=("I", "IV", "V", "VII", "VIII", "XII")))
    hands.follow(bond, gestor="Heitor Valadares", fiscal=DTI, portaria="Portaria SEP nº 8")
    yield 262
    hands.read_all(bond)
    hands.introduce(cast.UNIVERSIDADE, bond, encarregado="Encarregadoria da universidade")
    hands.people(bond, "UPS-3 L.A.", "UPS-8 V.D.", function="Pesquisa")
    yield 12
    agreements.propose_role(
        hands.officer,
        agreement_id=bond.id,
        role=Role.INDEPENDENT_CONTROLLER,
        justification="A universidade define sozinha o método e o uso dos resultados da pesquisa.",
    )


def estatistica(hands: Hands) -> Story:
    """A cooperation without personal data, as decided."""
    yield 360
    bond = hands.register(deals.ESTATISTICA)
    hands.sign_original(bond, saying(whole=("IV",), formalities=("public_function", "purpose")))
    agreements.propose_role(
        hands.officer,
        agreement_id=bond.id,
        role=Role.NO_PERSONAL_DATA,
        justification="Só se trocam tabelas agregadas, com supressão de células pequenas.",
    )
    yield 354
    agreements.decide_role(hands.encarregado, agreement_id=bond.id, approve=True)


def rede(hands: Hands) -> Story:
    """A sharing that a law sets up without an instrument."""
    yield 295
    bond = hands.register(deals.REDE)
    hands.follow(bond, gestor="Marina Coutinho", fiscal=DTI, portaria="Portaria SAD nº 53")
    agreements.decide_dispensation(
        hands.lawyer,
        agreement_id=bond.id,
        ground=DispensationGround.LAW,
        detail="Lei fictícia nº 100, art. 2º: o processamento da folha na rede dispensa a formalização de instrumento.",
    )
    yield 288
    hands.introduce(cast.PROCESSAMENTO, bond, encarregado="Edna Sarmento")
    hands.people(bond, "EPP-30 E.S.", function="Processamento da folha")
    hands.calendar(bond, ("Relatório de processamento", 6))
    yield 175
    hands.audit(bond, "Verificação documental", conclusion="Conforme.")


def cedidos(hands: Hands) -> Story:
    """A sharing between people-management units: dispensed by art. 6º, § 2º."""
    yield 280
    bond = hands.register(deals.CEDIDOS)
    yield 274
    agreements.decide_dispensation(
        hands.encarregado,
        agreement_id=bond.id,
        ground=DispensationGround.ART_6_P2,
        detail="Compartilhamento entre unidades de gestão de pessoas, para cumprir obrigação de informar frequência.",
    )


def abertos(hands: Hands) -> Story:
    """A small termo de compromisso, in good order after the first answers."""
    yield 150
    bond = hands.register(deals.ABERTOS)
    hands.sign_original(bond, saying(whole=tuple(inciso for inciso in INCISOS if inciso != "IX"), partly=("IX",)))
    hands.follow(bond, gestor="Gustavo Rezende", fiscal=DTI, portaria="Portaria SCS nº 6")
    yield 143
    hands.read_all(bond)
    hands.introduce(cast.CERRO, bond, encarregado="Tadeu Brito")
    hands.people(bond, "CA-1 T.B.", function="Painel de dados")
    hands.calendar(bond, ("Nota metodológica", 12))
    yield 30
    asked = hands.ask(
        bond, RequestKind.INFORMATION, ("VII", "X"), "Mudança da coordenação da associação.", due_in=21, kept=True
    )
    yield 12
    answer_now(hands, bond, asked)
    yield 5
    give_back(hands, bond, asked, "A resposta não diz quem é o novo contato nem desde quando responde.")


def lote(hands: Hands) -> Story:
    """The lawyer asks at once for every termo aditivo that the contracts in force still lack."""
    yield 6
    hands.batch(Filters(kind="contrato", stage="in_force"))


def imported(hands: Hands) -> Story:
    """Three contracts that came from the PNCP: nobody has completed what the source does not know."""
    yield 75
    data = importable.contracts(hands.today, more=False).encode()
    importing.import_file(hands.officer, data=data, filename="contratos-pncp.json", source="pncp")


ALL: tuple[Callable[[Hands], Story], ...] = (
    nuvem, copias, prisma, arquivo, guarda, voz, lumen, saude, medicina, impressao, estagio, ensino, acervo, portaria,
    eventos, certificado, audiencias, telefonia, cadastro, precedentes, pesquisa, estatistica, rede, cedidos, abertos,
    lote, imported,
)  # fmt: skip
"""Every story but the opening, in no order that matters."""
