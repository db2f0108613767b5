"""The pages of agreements: the list, a registration in steps, the page of one, its sections and decisions."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.rig.app import Inspector
from tests.rig.cnpj import make_cnpj
from vendor_tracker import clock

STEP_ONE = {
    "kind": "contrato",
    "number": "00044/2026",
    "sei_process": "12907/2026",
    "object": "Tradução e legendagem de audiências",
    "signed_on": "2026-03-02",
    "starts_on": "2026-03-10",
    "ends_on": "2028-03-09",
    "value": "386.400,00",
    "operator_name": "Tradutora Ipê Amarelo Ltda.",
    "regime": "private",
    "country": "BR",
}


@pytest.fixture
def procurement(client: Any, sign_in: Any) -> Any:
    sign_in(client, "procurement")
    return client


def registered(client: Any, **changes: str) -> int:
    """Register an agreement by the first step; returns its id."""
    answer = client.post("/acordos/novo", {"cnpj": make_cnpj(51).formatted, **STEP_ONE, **changes})
    assert answer.status_code == 303, answer.words
    return int(answer.location.split("/")[2])


def errors_of(page: Any, name: str) -> str:
    return str(page.tree.xpath(f"string(//*[@id='{name}-erro'])"))


def test_an_empty_list_says_how_to_begin(procurement: Any) -> None:
    page = procurement.get("/acordos")
    assert "Nenhum acordo registrado" in page.words
    assert page.tree.xpath("//main//a[@href='/importar']")


def test_an_agreement_is_registered_in_four_steps_without_script(procurement: Any) -> None:
    agreement = registered(procurement)
    answer = procurement.post(
        f"/acordos/{agreement}/registro/dados-pessoais",
        {
            "purpose": "Dar acesso a audiências a quem não ouve",
            "legal_basis": "LGPD, art. 7º, III, e art. 23",
            "public_function": "Prestação jurisdicional acessível",
            "data_categories": ["identification", "image_voice"],
            "subject_groups": ["parties", "lawyers"],
            "volume": "up_to_10k",
            "sensitive": "nao",
            "children": "nao",
            "judicial_secrecy": "sim",
            "international_transfer": "sim",
            "transfer_countries": "Irlanda, Estados Unidos",
            "system_access": "nao",
            "external_hosting": "sim",
            "uses_sub_operators": "nao",
            "guarantees": "Acesso restrito e vedação de novo uso",
            "subject_access": "Aviso de privacidade no portal",
        },
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/registro/pessoas")
    answer = procurement.post(
        answer.location,
        {
            "role": "operator",
            "gestor_name": "Otávio Lins",
            "gestor_portaria": "Portaria 12/2026",
            "fiscal_name": "Marina Queiroz",
            "preposto_name": "Iara Bastos",
            "preposto_email": "contratos@ipeamarelo.example",
        },
    )
    assert answer.status_code == 303
    summary = procurement.get(answer.location)
    assert "Nada falta" in summary.words
    for told in ("Otávio Lins", "Iara Bastos", "Irlanda e Estados Unidos", "R$ 386.400,00"):
        assert told in summary.words.replace("\xa0", " ")
    page = procurement.get(f"/acordos/{agreement}")
    assert page.tree.xpath("string(//h1)") == "Contrato 00044/2026"
    assert "Falta informar" not in page.words


def test_each_step_can_be_left_and_taken_up_again(procurement: Any) -> None:
    agreement = registered(procurement)
    answer = procurement.post(
        f"/acordos/{agreement}/registro/dados-pessoais", {"purpose": "Legendagem", "acao": "sair"}
    )
    assert answer.location == f"/acordos/{agreement}"
    page = procurement.get(f"/acordos/{agreement}")
    assert "Falta informar 18 dados" in page.words
    again = procurement.get(f"/acordos/{agreement}/registro/dados-pessoais")
    assert again.tree.xpath("string(//textarea[@name='purpose'])").strip() == "Legendagem"


def test_a_known_cnpj_is_enough_to_name_the_operator(procurement: Any, make: Any) -> None:
    number = make_cnpj(52)
    operator = make.operator("Arquivo Vivo Ltda.", cnpj=number.value)
    agreement = registered(procurement, cnpj=number.formatted, operator_name="")
    page = procurement.get(f"/acordos/{agreement}")
    assert page.tree.xpath(f"//main//a[@href='/operadores/{operator}']")


def test_an_unknown_cnpj_without_a_name_asks_for_the_name_and_keeps_what_was_typed(procurement: Any) -> None:
    page = procurement.post("/acordos/novo", {**STEP_ONE, "cnpj": make_cnpj(53).formatted, "operator_name": ""})
    assert page.status_code == 422
    assert "ainda não está no registro" in errors_of(page, "operator_name")
    assert page.tree.xpath("string(//textarea[@name='object'])").strip() == STEP_ONE["object"]
    assert page.tree.xpath("//input[@name='value']/@value") == ["386.400,00"]
    assert page.tree.xpath("//input[@name='ends_on']/@value") == ["2028-03-09"]


def test_an_end_before_the_start_is_refused_beside_the_end(procurement: Any) -> None:
    page = procurement.post("/acordos/novo", {**STEP_ONE, "cnpj": make_cnpj(54).formatted, "ends_on": "2026-03-09"})
    assert page.status_code == 422
    assert "anterior ao início (10/03/2026)" in errors_of(page, "ends_on")


def test_an_agreement_may_last_a_single_day(procurement: Any) -> None:
    registered(procurement, starts_on="2026-03-10", ends_on="2026-03-10")


def test_the_same_number_twice_for_an_operator_is_a_conflict_beside_the_number(procurement: Any) -> None:
    registered(procurement)
    page = procurement.post("/acordos/novo", {**STEP_ONE, "cnpj": make_cnpj(51).formatted})
    assert page.status_code == 409
    assert "já tem no registro Contrato 00044/2026" in errors_of(page, "number")
    registered(procurement, kind="convenio")


def test_a_malformed_pncp_number_shows_how_one_looks(procurement: Any) -> None:
    page = procurement.post("/acordos/novo", {**STEP_ONE, "cnpj": make_cnpj(55).formatted, "pncp_id": "123/2026"})
    assert page.status_code == 422
    assert "-2-000123/2026" in errors_of(page, "pncp_id")


def test_without_an_instrument_the_process_names_the_sharing(procurement: Any) -> None:
    agreement = registered(procurement, kind="none", number="")
    assert "12907/2026" in procurement.get(f"/acordos/{agreement}").tree.xpath("string(//h1)")


def test_the_page_shows_twelve_obligations_formalities_and_the_sum_of_the_exposure(procurement: Any, make: Any) -> None:
    agreement = make.agreement(sensitive=True, children=True)
    page = procurement.get(f"/acordos/{agreement}")
    rows = page.tree.xpath("//table[caption[contains(., 'Doze obrigações')]]/tbody/tr")
    assert [row.xpath("string(th)") for row in rows] == "I II III IV V VI VII VIII IX X XI XII".split()
    assert len(page.tree.xpath("//table[caption[contains(., 'Formalidades')]]/tbody/tr")) == 8
    factors = page.tree.xpath("//table[caption[contains(., 'Conta da exposição')]]")[0]
    points = [cell.text_content() for cell in factors.xpath("tbody//td[@class='num']")]
    total = int(factors.xpath("string(tfoot//td)"))
    assert total == sum(int(each) for each in points if each.isdecimal())
    assert total > 0
    assert "art. 14, parágrafo único" in page.words


def test_every_gap_leads_to_one_act_that_mends_it(procurement: Any, make: Any) -> None:
    agreement = make.agreement()
    page = procurement.get(f"/acordos/{agreement}")
    acts = page.tree.xpath("//ol[@class='queue']/li//strong/text()")
    assert acts == ["Anexar o instrumento assinado e conferir o que ele prevê"]
    assert page.tree.xpath("//ol[@class='queue']//a/@href") == [f"/acordos/{agreement}/instrumentos/novo"]


def test_the_page_sends_the_same_number_of_queries_however_much_is_on_record(
    procurement: Any, make: Any, count_queries: Any
) -> None:
    operator = make.operator()
    agreement = make.agreement(operator)
    procurement.get(f"/acordos/{agreement}")
    with count_queries() as few:
        procurement.get(f"/acordos/{agreement}")
    for place in range(6):
        make.contact(operator, email=f"p{place}@fornecedor.example")
        procurement.post(f"/acordos/{agreement}/suboperadores/novo", {"name": f"Nuvem {place}", "country": "BR"})
    procurement.get(f"/acordos/{agreement}")
    with count_queries() as many:
        procurement.get(f"/acordos/{agreement}")
    assert int(many) == int(few)


def test_the_list_sends_the_same_number_of_queries_however_many_agreements(
    procurement: Any, make: Any, count_queries: Any
) -> None:
    make.agreement()
    with count_queries() as few:
        procurement.get("/acordos?completar=1")
    for _ in range(12):
        make.agreement()
    with count_queries() as many:
        procurement.get("/acordos?completar=1")
    assert int(many) == int(few)


def test_the_list_filters_by_text_unit_kind_and_what_is_missing(procurement: Any, make: Any) -> None:
    unit, other = make.unit(), make.unit("Gestão de Pessoas")
    make.agreement(make.operator("Nuvem Serrana"), number="00001/2026", unit_id=unit, object="Hospedagem de sistemas")
    make.agreement(
        make.operator("Universidade do Alto Planalto"),
        kind="convenio",
        number="00002/2026",
        unit_id=other,
        object="Pesquisa",
    )

    def found(query: str) -> set[str]:
        page = procurement.get(f"/acordos?{query}")
        return {number for number in ("00001/2026", "00002/2026") if number in page.words}

    assert found("texto=hospedagem") == {"00001/2026"}
    assert found("texto=00002") == {"00002/2026"}
    assert found(f"unidade={other}") == {"00002/2026"}
    assert found("tipo=convenio") == {"00002/2026"}
    assert found("completar=1") == {"00001/2026", "00002/2026"}
    assert found("exposicao=nada&estagio=nada&tipo=nada") == {"00001/2026", "00002/2026"}


def test_the_list_filters_by_stage_and_exposure_once_judged(procurement: Any) -> None:
    registered(procurement)
    assert "00044/2026" in procurement.get("/acordos?estagio=in_force").words
    assert "Nenhum acordo com estes filtros" in procurement.get("/acordos?estagio=closed").words
    assert "00044/2026" in procurement.get("/acordos?exposicao=low").words
    assert "Nenhum acordo com estes filtros" in procurement.get("/acordos?exposicao=high").words


def test_an_edit_says_in_the_history_what_changed_and_who_changed_it(client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "procurement")
    agreement = registered(client)
    form = client.get(f"/acordos/{agreement}/editar/instrumento")
    typed = {
        control.get("name"): control.get("value") or ""
        for control in form.tree.xpath("//main//form//input[@name and @name!='csrf_token']")
    }
    typed |= {"kind": "contrato", "unit": "", "object": "Tradução de audiências", "reason": "1º apostilamento"}
    answer = client.post(f"/acordos/{agreement}/editar/instrumento", typed)
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}")
    (latest, _first) = page.tree.xpath("//section[@aria-labelledby='historico']//ol/li")
    words = " ".join(latest.text_content().split())
    assert "1º apostilamento: Objeto: de Tradução e legendagem de audiências para Tradução de audiências" in words
    assert "Por Pessoa Procurement" in words


def test_an_edit_that_changes_nothing_records_nothing(procurement: Any) -> None:
    agreement = registered(procurement)
    form = procurement.get(f"/acordos/{agreement}/editar/instrumento")
    typed = {
        control.get("name"): control.get("value") or ""
        for control in form.tree.xpath("//main//form//input[@name and @name!='csrf_token']")
    }
    typed |= {"kind": "contrato", "unit": "", "object": STEP_ONE["object"], "reason": "Sem mudança"}
    procurement.post(f"/acordos/{agreement}/editar/instrumento", typed)
    page = procurement.get(f"/acordos/{agreement}")
    assert "Nada mudou" in page.words
    assert len(page.tree.xpath("//section[@aria-labelledby='historico']//ol/li")) == 1


def test_a_change_cannot_hold_from_a_day_to_come(procurement: Any) -> None:
    agreement = registered(procurement)
    page = procurement.post(
        f"/acordos/{agreement}/editar/dados-pessoais",
        {
            "purpose": "Legendagem",
            "holds_from": (clock.today() + timedelta(days=1)).isoformat(),
            "reason": "Dados completados",
        },
    )
    assert page.status_code == 422
    assert "Informe um dia até hoje" in errors_of(page, "holds_from")
    assert page.tree.xpath("string(//textarea[@name='purpose'])").strip() == "Legendagem"


def test_countries_contradict_an_answer_that_there_is_no_transfer(procurement: Any) -> None:
    agreement = registered(procurement)
    page = procurement.post(
        f"/acordos/{agreement}/registro/dados-pessoais",
        {"international_transfer": "nao", "transfer_countries": "Irlanda"},
    )
    assert page.status_code == 422
    assert "não há transferência" in errors_of(page, "transfer_countries")


def test_a_role_other_than_operator_needs_a_reason_and_waits_for_the_encarregado(
    app: Any, client: Any, sign_in: Any
) -> None:
    sign_in(client, "procurement")
    agreement = registered(client)
    refused = client.post(f"/acordos/{agreement}/papel", {"role": "no_personal_data", "justification": ""})
    assert refused.status_code == 422
    assert "Justifique" in errors_of(refused, "justification")
    answer = client.post(
        f"/acordos/{agreement}/papel",
        {"role": "no_personal_data", "justification": "O objeto é só fornecimento de papel, sem dado algum."},
    )
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}")
    assert "Decidir sobre o papel proposto" in page.words
    assert "Não se aplica" not in page.tree.xpath("string(//table[caption[contains(., 'Doze obrigações')]])")
    assert client.post(f"/acordos/{agreement}/papel/decisao", {"decisao": "aprovar"}).status_code == 403

    encarregado = Inspector(app)
    sign_in(encarregado, "encarregado")
    page = encarregado.get(f"/acordos/{agreement}")
    assert page.tree.xpath("//button[@name='decisao' and @value='aprovar']")
    assert encarregado.post(f"/acordos/{agreement}/papel/decisao", {"decisao": "aprovar"}).status_code == 303
    page = encarregado.get(f"/acordos/{agreement}")
    verdicts = page.tree.xpath("//table[caption[contains(., 'Doze obrigações')]]//span[contains(@class,'verdict')]")
    assert {" ".join(verdict.text_content().split()) for verdict in verdicts} == {"Não se aplica"}
    again = encarregado.post(f"/acordos/{agreement}/papel/decisao", {"decisao": "aprovar"})
    assert again.status_code == 409


def test_a_role_that_is_not_approved_needs_a_reason_and_the_agreement_stays_an_operators(
    app: Any, client: Any, sign_in: Any
) -> None:
    sign_in(client, "encarregado")
    other = Inspector(app)
    sign_in(other, "procurement")
    agreement = registered(other)
    other.post(
        f"/acordos/{agreement}/papel", {"role": "joint_controller", "justification": "As duas partes decidem juntas."}
    )
    asked = client.post(f"/acordos/{agreement}/papel/decisao", {"decisao": "recusar"})
    assert asked.status_code == 422
    answer = client.post(
        f"/acordos/{agreement}/papel/decisao", {"decisao": "recusar", "reason": "Só o órgão decide as finalidades."}
    )
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}")
    assert "avaliado como operador" in page.words
    assert "Papel no tratamento não aprovado: Só o órgão decide as finalidades" in page.words


def test_a_dispensation_is_decided_with_ground_and_name_and_can_be_withdrawn(
    app: Any, client: Any, sign_in: Any
) -> None:
    other = Inspector(app)
    sign_in(other, "procurement")
    agreement = registered(other)
    assert other.get(f"/acordos/{agreement}/dispensa").status_code == 403
    actor = sign_in(client, "legal")
    answer = client.post(
        f"/acordos/{agreement}/dispensa",
        {
            "ground": "art_6_p2",
            "detail": "Troca entre as áreas de gestão de pessoas para cumprir obrigação normativa.",
            "decided_on": clock.today().isoformat(),
        },
    )
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}")
    assert actor.display in page.words
    assert "Dispensa: compartilhamento entre áreas de gestão de pessoas" in page.words
    answer = client.post(f"/acordos/{agreement}/dispensa/retirar", {"reason": "O órgão externo não é do Judiciário."})
    assert answer.status_code == 303
    page = client.get(f"/acordos/{agreement}")
    assert "Dispensa: compartilhamento" not in page.tree.xpath("string(//main//div[contains(@class,'notice')])")


def test_the_exposure_can_be_raised_with_a_reason_and_never_lowered(procurement: Any) -> None:
    agreement = registered(procurement)
    form = procurement.get(f"/acordos/{agreement}/exposicao")
    assert form.tree.xpath("//input[@name='tier']/@value") == ["", "medium", "high"]
    answer = procurement.post(
        f"/acordos/{agreement}/exposicao", {"tier": "high", "reason": "Houve incidente grave em contrato igual."}
    )
    assert answer.status_code == 303
    page = procurement.get(f"/acordos/{agreement}")
    assert page.tree.xpath("string(//h2[@id='exposicao'])").startswith("Exposição: alta")
    assert "Houve incidente grave em contrato igual." in page.words


def test_ending_is_confirmed_on_its_own_page_says_what_follows_and_can_be_undone(procurement: Any) -> None:
    agreement = registered(procurement)
    asked = procurement.get(f"/acordos/{agreement}/encerrar")
    assert "com prova (art. 14, XII)" in asked.words
    early = procurement.post(
        f"/acordos/{agreement}/encerrar",
        {"end_reason": "rescission", "ended_on": "2026-03-09", "reason": "Rescisão amigável"},
    )
    assert early.status_code == 422
    assert "começou em 10/03/2026" in errors_of(early, "ended_on")
    ended = clock.today() - timedelta(days=1)
    answer = procurement.post(
        f"/acordos/{agreement}/encerrar",
        {"end_reason": "rescission", "ended_on": ended.isoformat(), "reason": "Rescisão amigável"},
    )
    assert answer.status_code == 303
    page = procurement.get(f"/acordos/{agreement}")
    assert "Terminado, descarte a provar" in page.words
    again = procurement.post(
        f"/acordos/{agreement}/encerrar",
        {"end_reason": "rescission", "ended_on": ended.isoformat(), "reason": "Rescisão amigável"},
    )
    assert again.status_code == 409
    answer = procurement.post(f"/acordos/{agreement}/encerrar/desfazer", {"reason": "Registrado no acordo errado"})
    assert answer.status_code == 303
    assert "Vigente até 09/03/2028" in procurement.get(f"/acordos/{agreement}").words


def test_a_steward_is_designated_replaced_and_kept_in_the_history(procurement: Any) -> None:
    agreement = registered(procurement)
    begun = clock.today() - timedelta(days=20)
    procurement.post(
        f"/acordos/{agreement}/gestao/nova",
        {"role": "fiscal", "name": "Marina Queiroz", "portaria": "Portaria 31/2026", "since": begun.isoformat()},
    )
    form = procurement.get(f"/acordos/{agreement}/gestao/nova")
    former = form.tree.xpath("//select[@name='replaces']/option[contains(., 'Marina')]/@value")
    answer = procurement.post(
        f"/acordos/{agreement}/gestao/nova",
        {"role": "fiscal", "name": "Caio Reis", "since": clock.today().isoformat(), "replaces": former[0]},
    )
    assert answer.status_code == 303
    page = procurement.get(f"/acordos/{agreement}")
    assert "Designações encerradas (1)" in page.words
    assert page.tree.xpath("//dt[.='Gestor e fiscal']/following-sibling::dd[1]")[0].text_content() == "Caio Reis"


def test_a_sub_operator_is_registered_authorised_and_ended(procurement: Any) -> None:
    agreement = registered(procurement)
    procurement.post(
        f"/acordos/{agreement}/suboperadores/novo",
        {"name": "Nuvem Serrana Hospedagem S.A.", "country": "IE", "activity": "Guarda dos vídeos"},
    )
    page = procurement.get(f"/acordos/{agreement}")
    assert "não autorizado" in page.words
    assert "Irlanda" in page.words
    (authorise,) = page.tree.xpath("//a[contains(@href, '/autorizar')]/@href")
    assert procurement.post(authorise, {"authorised_on": clock.today().isoformat()}).status_code == 303
    page = procurement.get(f"/acordos/{agreement}")
    assert "não autorizado" not in page.words
    (ending,) = page.tree.xpath("//section[@aria-labelledby='suboperadores']//a[contains(@href, '/encerrar')]/@href")
    assert procurement.post(ending, {"until": clock.today().isoformat()}).status_code == 303


def test_terms_of_the_instrument_and_restricted_access_are_recorded(procurement: Any) -> None:
    agreement = registered(procurement)
    procurement.post(
        f"/acordos/{agreement}/editar/prazos",
        {"incident_term_hours": "24", "holds_from": "2026-03-02", "reason": "Cláusula 8ª"},
    )
    without = procurement.post(f"/acordos/{agreement}/editar/sigilo", {"secret": "y", "secrecy_ground": ""})
    assert without.status_code == 422
    procurement.post(
        f"/acordos/{agreement}/editar/sigilo", {"secret": "y", "secrecy_ground": "Plano de segurança (LAI, art. 23)"}
    )
    page = procurement.get(f"/acordos/{agreement}")
    assert "Comunicar incidentes: 24 horas" in page.words
    assert "Acesso restrito (art. 5º). Plano de segurança (LAI, art. 23)" in page.words


def test_who_may_only_read_is_offered_no_change(client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "committee")
    agreement = make.agreement()
    page = client.get(f"/acordos/{agreement}")
    assert page.status_code == 200
    assert not page.tree.xpath(
        "//main//a[contains(@href, 'editar') or contains(@href, '/novo') or contains(@href, '/nova')]"
    )
    assert client.get(f"/acordos/{agreement}/editar/instrumento").status_code == 403
    assert client.get("/acordos/novo").status_code == 403


def test_an_agreement_that_does_not_exist_is_not_found(procurement: Any) -> None:
    for path in ("", "/editar/instrumento", "/registro/pessoas", "/papel", "/encerrar", "/suboperadores/1/autorizar"):
        assert procurement.get(f"/acordos/999{path}").status_code == 404, path


def test_a_page_left_open_too_long_does_not_lose_the_text(procurement: Any, make: Any) -> None:
    agreement = make.agreement()
    page = procurement.post(
        f"/acordos/{agreement}/registro/dados-pessoais", {"purpose": "Um texto longo e trabalhoso"}, token=False
    )
    assert page.status_code == 400
    assert "Um texto longo e trabalhoso" in page.text
    [label] = page.tree.xpath("//main//label[@for=//textarea/@id]/text()")
    assert label.startswith("Finalidade"), "a field is named as on its form"


def test_what_has_ended_is_offered_no_amendment(client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "encarregado")
    ended = make.agreement(ends_on=clock.today() - timedelta(days=1))
    running = make.agreement(ends_on=clock.today() + timedelta(days=1))
    amend = "/acordos/{}/documentos/novo?tipo=termo-aditivo"
    assert amend.format(running) in client.get(f"/acordos/{running}").tree.xpath("//main//a/@href")
    page = client.get(f"/acordos/{ended}")
    assert amend.format(ended) not in page.tree.xpath("//main//a/@href")
    assert "Emitir termo aditivo" not in page.words


@pytest.mark.parametrize(
    ("role", "words", "leads"),
    [("legal", "Registrar instrumento, inciso I", True), ("committee", "Conferência do instrumento", False)],
)
def test_the_remedy_of_each_gap_is_a_link_for_who_may_use_it(
    client: Any, sign_in: Any, make: Any, role: str, words: str, leads: bool
) -> None:
    agreement = make.agreement()
    sign_in(client, role)
    page = client.get(f"/acordos/{agreement}")
    [first, *_] = page.tree.xpath("//section[@aria-labelledby='obrigacoes']//table/tbody/tr/td[last()]")
    assert first.text_content() == words
    assert first.xpath("./a/@href") == ([f"/acordos/{agreement}/instrumentos/novo"] if leads else [])


def test_the_day_an_agreement_ended_is_not_before_it_was_known(make: Any, procurement: Any) -> None:
    agreement = make.agreement(starts_on=date(2025, 1, 10), ends_on=None, signed_on=date(2025, 1, 2))
    page = procurement.get(f"/acordos/{agreement}")
    assert "prazo indeterminado" in page.words


def test_two_people_who_edit_at_once_are_told_and_neither_loses_what_was_typed(procurement: Any) -> None:
    agreement = registered(procurement)
    path = f"/acordos/{agreement}/editar/dados-pessoais"
    seen = procurement.get(path).tree.xpath("//input[@name='seen']/@value")[0]
    typed = {"seen": seen, "holds_from": "2026-03-02", "reason": "Dados completados"}
    assert procurement.post(path, {**typed, "purpose": "O que a primeira escreveu"}).status_code == 303
    page = procurement.post(path, {**typed, "purpose": "O que a segunda escreveu"})
    assert page.status_code == 409
    assert "Outra pessoa alterou este acordo" in page.words
    assert page.tree.xpath("string(//textarea[@name='purpose'])").strip() == "O que a segunda escreveu"
    fresh = page.tree.xpath("//input[@name='seen']/@value")[0]
    assert fresh != seen
    again = procurement.post(path, {**typed, "seen": fresh, "purpose": "O que a segunda escreveu"})
    assert again.status_code == 303
    assert "O que a primeira escreveu" in procurement.get(f"/acordos/{agreement}").words
