"""The components and layouts, rendered through a bare Jinja environment, and tried in a browser under the product's own CSP."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from contracts.vocabulary import Coverage, LegState, Verdict
from tests.rig.accessibility import accessibility_violations
from tests.rig.app import inspect_page
from vendor_tracker.app import CONTENT_SECURITY_POLICY, templates_folder
from vendor_tracker.wording import filters, labels
from vendor_tracker.wording.parts import (
    Clock,
    ErrorLine,
    Fact,
    FileEntry,
    House,
    Link,
    NavGroup,
    NavItem,
    Page,
    Places,
    QueueItem,
    Record,
    TimelineEntry,
    Viewer,
    build_pager,
)
from vendor_tracker.wording.sheet import component_sheet

STATIC = templates_folder().parent / "vendor_tracker" / "web" / "static"
VOID = frozenset("area base br col embed hr img input link meta source track wbr circle path rect use".split())
HOUSE = House(
    "Conselho Nacional de Justiça",
    "CNJ",
    "Portaria Presidência CNJ nº 369/2025, art. 14",
    ("Dúvidas: a@b.exemplo.",),
    True,
)
PLACES = Places("/", "/busca", "/entrar", "/sair", "/minha-senha", "/obrigacoes")
NAV = (
    NavGroup("Hoje", (NavItem("Painel", "/painel", 5, current=True), NavItem("Incidentes", "/incidentes", 1))),
    NavGroup("Exigir", (NavItem("Requisições", "/requisicoes", 0),)),
)
ERRORS = sorted(path.stem for path in (templates_folder() / "errors").glob("*.html") if path.stem != "error")


class Balance(HTMLParser):
    """Refuses tags that are closed out of order, or never."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice: {names}"
        if tag == "form":
            assert "form" not in self.open, "a form inside a form"
        if tag in {"div", "p", "ul", "ol", "dl", "table", "h1", "h2", "h3", "form", "fieldset", "section"}:
            assert "p" not in self.open, f"<{tag}> inside <p>"
            assert "span" not in self.open, f"<{tag}> inside <span>"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID, f"<{tag}/> closes itself"

    def handle_endtag(self, tag):
        assert [*self.open][-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


def balanced(markup):
    parser = Balance()
    parser.feed(str(markup))
    parser.close()
    assert not parser.open, f"never closed: {parser.open}"
    return str(markup)


def whole(fragment, title="Peça"):
    """Put a fragment into a page and read it as every page is read."""
    balanced(fragment)
    return inspect_page(
        f'<html lang="pt-BR"><head><title>{title}</title></head><body><h1>{title}</h1>{fragment}</body></html>', title
    )


def environment(trim=True, messages=()):
    env = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=trim,
        lstrip_blocks=trim,
    )
    filters.register(env)
    env.globals.update(
        csrf_token=lambda: "token",
        static_url=lambda name: f"/static/{name}",
        get_flashed_messages=lambda with_categories=False: list(messages),
        url_for=lambda endpoint, **values: f"/{endpoint}",
    )
    return env


@pytest.fixture(scope="module")
def env():
    return environment()


@pytest.fixture(scope="module")
def ui(env):
    return env.get_template("components/ui.html").module


def rendered(env, template, **context):
    known = {"house": HOUSE, "places": PLACES, "nav": NAV, "viewer": Viewer("Helena Prado", "Encarregado"), **context}
    return env.get_template(template).render(**known)


# Layouts ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", ["staff", "portal", "plain"])
def test_every_layout_is_a_whole_page_with_one_heading_that_begins_the_title(env, layout):
    body = rendered(env, f"layout/{layout}.html", page=Page("Painel", "Situação em 19/11/2026"))
    tree = inspect_page(balanced(body), layout)
    assert tree.findtext(".//title").startswith("Painel — ")
    assert tree.xpath("string(//h1)") == "Painel"
    assert "Situação em 19/11/2026" in body
    assert tree.xpath("string(//a[@class='skip']/@href)") == "#conteudo"
    assert tree.xpath("//main[@id='conteudo']")
    assert "fictícios" in body


@pytest.mark.parametrize("layout", ["staff", "portal", "plain"])
def test_a_page_without_a_title_cannot_be_rendered(env, layout):
    with pytest.raises(ValueError, match="título"):
        rendered(env, f"layout/{layout}.html", page=Page(""))
    with pytest.raises(UndefinedError):
        rendered(env, f"layout/{layout}.html", page=object())


def test_the_rail_marks_where_the_reader_is_and_what_waits(env):
    tree = inspect_page(rendered(env, "layout/staff.html", page=Page("Painel")), "staff")
    assert tree.xpath("//nav[@id='tarefas']//a[@aria-current='page']/text()") == ["Painel"]
    said = [" ".join(node.text_content().split()) for node in tree.xpath("//nav[@id='tarefas']//li")]
    assert said == ["Painel5 pendentes", "Incidentes1 pendente", "Requisições"]


def test_leaving_is_a_form_because_it_changes_something(env):
    tree = inspect_page(rendered(env, "layout/staff.html", page=Page("Painel")), "staff")
    assert tree.xpath("//form[@action='/sair']/@method") == ["post", "post"]


def test_who_has_not_signed_in_sees_neither_rail_nor_search(env):
    body = rendered(env, "layout/staff.html", page=Page("Transparência"), viewer=None, nav=())
    tree = inspect_page(balanced(body), "staff")
    assert not tree.xpath("//nav[@id='tarefas'] | //form")
    assert tree.xpath("//a[@href='/entrar']")


def test_crumbs_lead_up_and_end_with_the_page_itself(env):
    page = Page("Boletim", crumbs=(Link("Painel", "/painel"), Link("Operadores", "/operadores")))
    tree = inspect_page(rendered(env, "layout/staff.html", page=page), "staff")
    crumbs = tree.xpath("//nav[@aria-label='Onde você está']//li")
    assert [crumb.text_content() for crumb in crumbs] == ["Painel", "Operadores", "Boletim"]
    assert crumbs[-1].get("aria-current") == "page"


def test_what_was_just_done_is_answered_once_in_words(env):
    messages = [
        ("good", "Acordo registrado."),
        ("bad", {"title": "Falhou", "text": "Tente de novo.", "url": "/x", "link": "Ver"}),
        ("message", "Entre."),
    ]
    tree = inspect_page(
        balanced(rendered(environment(messages=messages), "layout/staff.html", page=Page("Painel"))), "staff"
    )
    notices = tree.xpath("//div[contains(@class, 'notice')]")
    assert [notice.get("class") for notice in notices] == ["notice good", "notice bad", "notice"]
    assert [notice.get("role") for notice in notices] == ["status", "alert", None]
    assert notices[1].xpath(".//a/@href") == ["/x"]


def test_what_people_write_is_escaped(env):
    body = rendered(env, "layout/staff.html", page=Page('<b>Ação</b> & "reação"'))
    assert "<b>" not in body
    assert "&lt;b&gt;Ação&lt;/b&gt; &amp;" in body


# Error pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("viewer", [None, Viewer("Helena Prado", "Encarregado")])
def test_every_error_page_says_what_happened_and_what_to_do(env, name, viewer):
    body = rendered(env, f"errors/{name}.html", viewer=viewer)
    tree = inspect_page(balanced(body), name)
    assert len(tree.xpath("//main//p[string-length() > 40]")) >= 2
    assert not tree.xpath("//main//p[not(normalize-space())]")


def test_there_is_a_page_for_each_refusal_that_the_product_gives():
    assert set(ERRORS) >= {"400", "401", "403", "404", "405", "409", "410", "413", "415", "429", "500", "503", "csrf"}


def test_an_error_page_says_first_what_exactly_was_refused(env):
    body = rendered(env, "errors/409.html", sentence="A requisição 2026/0158 já foi enviada.", reference="7F3C-19")
    assert "A requisição 2026/0158 já foi enviada." in body
    assert "7F3C-19" in body


def test_an_expired_form_gives_back_what_was_typed_and_cannot_send_it_again(env):
    typed = [("reason", "Uma frase comprida que custou a escrever."), ("kind", "contrato")]
    tree = inspect_page(balanced(rendered(env, "errors/csrf.html", typed=typed)), "csrf")
    assert tree.xpath("//textarea[@readonly]")[0].text.strip() == "Uma frase comprida que custou a escrever."
    assert "contrato" in tree.text_content()
    assert not tree.xpath("//main//form")


# Marks ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_situation_is_shape_word_and_class(ui, verdict):
    tree = whole(ui.verdict(verdict))
    assert tree.text_content().endswith(labels.label(verdict))
    assert tree.xpath("//use/@href") == [f"#{labels.shape(verdict)}"]
    assert tree.xpath("//svg/@aria-hidden") == ["true"]


def test_the_marks_of_the_aspects_are_said_aloud(ui):
    tree = whole(ui.legs((LegState.FULL, LegState.HALF, LegState.BROKEN), "big"))
    assert tree.xpath("//use/@x") == ["0", "10", "20"]
    assert "Previsto: inteiro; Demonstrado: em parte; Cumprido: descumprido" in tree.text_content()


def test_the_legends_explain_every_mark(ui):
    tree = whole(ui.legend_verdicts() + ui.legend_legs())
    assert len(tree.xpath("//ul[@aria-label='Situações']/li")) == len(Verdict)
    assert len(tree.xpath("//ul[@aria-label='Três aspectos']/li")) == 3 + len(LegState)


@pytest.mark.parametrize("coverage", list(Coverage))
def test_what_an_instrument_says_is_mark_and_word(ui, coverage):
    assert labels.label(coverage) in whole(ui.coverage(coverage)).text_content()


def test_a_clock_is_coloured_only_when_late_or_today(ui):
    assert ui.clock(Clock("Vence hoje", "today")) == '<span class="clock today">Vence hoje</span>'
    assert ui.clock("Até seg., 23/11") == '<span class="clock">Até seg., 23/11</span>'


def test_a_day_is_a_time_element_and_an_unknown_one_is_said(ui):
    assert ui.time(date(2026, 11, 23)) == '<time datetime="2026-11-23">23/11/2026</time>'
    assert ui.time(None) == "não informado"


# Lists ------------------------------------------------------------------------------------------------------------------
def test_each_button_of_the_queue_says_what_it_decides(ui):
    item = QueueItem(
        Clock("Vence hoje", "today"),
        "Conferir duas evidências",
        "Prisma Biometria",
        "Conferir",
        "/e",
        "parâmetro administrativo",
        "Art. 14, V",
    )
    tree = whole(ui.queue((item,)))
    assert tree.xpath("//li/a")[0].text_content() == "Conferir: Conferir duas evidências"
    assert tree.xpath("//p[@class='why']")[0].text_content() == "Prisma Biometria parâmetro administrativo. Art. 14, V"


def test_an_empty_queue_says_so(ui):
    assert (
        "Nenhuma decisão espera por você."
        in whole(ui.queue((), nothing="Nenhuma decisão espera por você.")).text_content()
    )


def test_a_pager_says_where_the_reader_stands_and_leads_to_real_addresses(ui):
    pager = build_pager(320, 4, 20, lambda number, size: f"?p={number}&n={size}")
    tree = whole(ui.pager(pager, "requisição", "requisições"))
    assert "61 a 80 de 320 requisições" in tree.text_content()
    assert tree.xpath("//a[@rel='prev']/@href") == ["?p=3&n=20"]
    assert tree.xpath("//a[@rel='next']/@href") == ["?p=5&n=20"]
    assert all(tree.xpath("//nav//a/@href"))


def test_a_list_of_one_page_shows_its_size_and_no_pages(ui):
    tree = whole(ui.pager(build_pager(3, 1, 20, lambda number, size: "?"), "acordo", "acordos"))
    assert "1 a 3 de 3 acordos" in tree.text_content()
    assert not tree.xpath("//a")
    assert ui.pager(build_pager(0, 1, 20, lambda number, size: "?")) == ""


def test_a_file_shows_size_fingerprint_and_a_button_that_names_it(ui):
    entry = FileEntry("certificado.pdf", 412_000, "ab" * 32, "/f", "1. Certificado", "certificado.pdf")
    tree = whole(f'<form method="get">{ui.files((entry,))}</form>')
    assert "(412 kB)" in tree.text_content()
    assert tree.xpath("//button")[0].text_content() == "Retirar certificado.pdf"
    assert "ab" * 32 in ui.files((entry,), full_hash=True)


def test_history_keeps_its_order_and_takes_words_for_a_day(ui):
    tree = whole(
        ui.timeline(
            (
                TimelineEntry("Assinado.", date(2025, 3, 15), record="Processo 1", url="/p"),
                TimelineEntry("Conferência.", when="Até 04/12"),
            )
        )
    )
    assert [node.text_content() for node in tree.xpath("//li")] == [
        "15/03/2025Assinado. Processo 1",
        "Até 04/12Conferência.",
    ]


def test_a_record_says_what_nobody_has_told_us(ui):
    tree = whole(
        ui.facts(
            (
                Fact("CNPJ", "1"),
                Fact("Canal"),
                ("Objeto", None),
                Fact("Instrumento", "até 2027", Link("Contrato 1", "/c")),
            )
        )
    )
    assert [node.text_content() for node in tree.xpath("//dd")] == [
        "1",
        "não informado",
        "não informado",
        "Contrato 1, até 2027",
    ]


# The matrix and the boletim ---------------------------------------------------------------------------------------------
def test_the_matrix_has_a_skip_link_a_name_twelve_columns_and_a_row_of_totals(ui):
    sheet = component_sheet()
    tree = whole(
        ui.matrix(sheet.matrix, "Operadores", "depois", totals=sheet.matrix_totals, totals_label="Atendidas, de 4")
        + Markup('<p id="depois"></p>')
    )
    assert tree.xpath("//a[@class='skip-inline']/@href") == ["#depois"]
    region = tree.xpath("//div[@role='region']")[0]
    assert tree.get_element_by_id(region.get("aria-labelledby")).text == "Operadores"
    assert len(tree.xpath("//thead//th[@class='cell']")) == 12
    assert len(tree.xpath("//tbody/tr[1]/td[@class='cell']/a")) == 12
    assert tree.xpath("//tfoot//th/text()") == ["Atendidas, de 4"]
    assert "XII: Descumprida. Previsto: inteiro; Demonstrado: falta; Cumprido: descumprido." in tree.text_content()


def test_an_operator_without_score_or_deadline_is_said_aloud(ui):
    row = replace(component_sheet().matrix[0], score=None, next_due=None, exposure="")
    said = whole(ui.matrix((row,), "Operadores", "fim") + Markup('<p id="fim"></p>')).text_content()
    assert "– sem pontuação" in said
    assert "– nenhum" in said
    assert "não informado" in said


def test_an_obligation_shows_law_three_aspects_records_and_the_next_action(ui):
    nine, twelve = component_sheet().obligations
    tree = whole(ui.obligation(nine))
    assert tree.xpath("//article/@id") == ["ix"]
    assert tree.xpath("string(//p[@class='law'])").startswith("IX – permitir a realização de auditorias")
    assert [" ".join(node.text_content().split()) for node in tree.xpath("//dt")] == [
        "Previsto, inteiro",
        "Demonstrado, inteiro",
        "Cumprido, descumprido",
    ]
    assert tree.xpath("//div[@class='next']/a")[0].text_content() == "Decidir, inciso IX"
    said = whole(ui.obligation(twelve)).text_content()
    assert "Nenhuma." in said
    assert "Não conta enquanto a obrigação não é exigível." in said


def test_a_sentence_leads_to_the_records_it_names_and_the_others_follow(ui):
    records = (Record("Requisição 2026/0043", "/requisicoes/43"), Record("Contato: Central", "/acordos/2"))
    said = ui.told("A “Requisição 2026/0043” venceu.", records, "parâmetro administrativo")
    tree = whole(Markup("<p>") + said + Markup("</p>"))
    words = " ".join(tree.xpath("string(//p)").split())
    assert words == "A “Requisição 2026/0043” venceu. parâmetro administrativo Contato: Central"
    assert tree.xpath("//a/@href") == ["/requisicoes/43", "/acordos/2"]


def test_a_long_history_shows_its_newest_and_folds_the_rest(ui):
    entries = [TimelineEntry(f"Fato {number}", date(2026, 6, 1)) for number in range(12)]
    tree = whole(ui.timeline(entries, folded_after=8))
    assert len(tree.xpath("//ol[1][not(ancestor::details)]/li")) == 8
    assert len(tree.xpath("//details/ol/li")) == 4
    assert tree.xpath("//summary/text()") == ["4 registros anteriores"]
    assert not whole(ui.timeline(entries[:10], folded_after=8)).xpath("//details"), "two more are not worth a fold"


def test_a_score_shows_its_arithmetic_and_its_absence_is_words(ui):
    sheet = component_sheet()
    tree = whole(ui.score_head(69, "Cinco atendidas", sheet.strip, sheet.score_points, "dez 2025", "nov 2026"))
    assert tree.xpath("//svg[@role='img']/@aria-label") == ["Pontuação mês a mês, de 52 em dez 2025 a 69 em nov 2026"]
    assert len(tree.xpath("//ul[@class='strip']/li")) == 12
    assert "sem pontuação" in whole(ui.score_head(None, "Dispensadas", sheet.strip)).text_content()
    said = whole(ui.score_arithmetic(sheet.score_lines, 24, 16.5, "16,5 ÷ 24 × 100")).text_content()
    assert "(2 + 1 + 3 + 3 + 2)" in said
    assert "fora da conta" in said


def test_every_chart_has_words_and_a_table_behind(ui):
    sheet = component_sheet()
    tree = whole(ui.small_multiples(sheet.multiples, sheet.months, 18))
    assert len(tree.xpath("//svg[@role='img'][string-length(@aria-label) > 20]")) == len(sheet.multiples)
    assert len(tree.xpath("//details//tbody/tr")) == len(sheet.multiples)
    assert tree.xpath("//details//thead//abbr/@title")[0] == "dezembro de 2025"
    assert ui.score_chart((69,), "nov 2026", "nov 2026") == ""


# Forms ------------------------------------------------------------------------------------------------------------------
class Papel(StrEnum):
    OPERADOR = "operator"
    CONJUNTO = "joint"


class Contact(Form):
    email = StringField("E-mail", [InputRequired("Informe o e-mail.")])


class Everything(Form):
    name = StringField(
        "Razão social", [InputRequired("Informe a razão social.")], description="Como está no instrumento."
    )
    cnpj = StringField("CNPJ")
    password = PasswordField("Senha", [InputRequired("Informe a senha.")])
    due_on = DateField("Prazo")
    reason = TextAreaField("Motivo", [InputRequired("Escreva o motivo.")])
    unit = SelectField("Unidade", choices=[SelectChoice("ti", "Tecnologia"), SelectChoice("gp", "Pessoas")])
    role = RadioField(
        "Papel",
        [InputRequired("Escolha o papel.")],
        choices=[SelectChoice(Papel.OPERADOR, "Operador"), SelectChoice(Papel.CONJUNTO, "Conjunto")],
    )
    incisos = SelectMultipleField(
        "Incisos", [InputRequired("Marque ao menos um.")], choices=[SelectChoice("I", "I"), SelectChoice("V", "V")]
    )
    proof = FileField("Arquivo", [InputRequired("Anexe o arquivo.")])
    sure = BooleanField("Declaro que é verdade", [InputRequired("Marque a declaração.")])
    secret = HiddenField("Versão")
    contacts = FieldList(FormField(Contact), "Contatos", min_entries=1)


def names(form):
    return [name for name in form._fields if name != "contacts"]


def drawn(ui, form):
    return Markup("").join([*(ui.field(form[name]) for name in names(form)), ui.field(form.contacts[0].form.email)])


def inside_form(*fragments):
    return Markup('<form method="get">') + Markup("").join(fragments) + Markup("</form>")


def test_every_kind_of_field_has_its_label_or_legend(ui):
    tree = whole(inside_form(drawn(ui, Everything())))
    assert [node.text_content() for node in tree.xpath("//legend")] == ["Papel", "Incisos"]
    assert len(tree.xpath("//fieldset//input[@type='radio']")) == 2
    assert len(tree.xpath("//fieldset//input[@type='checkbox']")) == 2
    assert tree.xpath("//input[@type='date']")
    assert tree.xpath("//textarea[@id='reason']")
    assert tree.xpath("//div[@data-dropzone]/input[@type='file']")
    assert tree.xpath("//input[@id='secret']/@type") == ["hidden"]


def test_what_may_stay_empty_says_so_and_what_may_not_does_not(ui):
    form = Everything()
    assert "(opcional)" in ui.field(form.cnpj)
    assert "(opcional)" not in ui.field(form.name)
    assert "(opcional)" not in ui.field(form.cnpj, optional=False)
    assert "(opcional agora)" in ui.field(form.cnpj, optional="opcional agora")


def test_a_refused_field_joins_help_and_error_to_its_control(ui):
    form = Everything(MultiDict())
    assert not form.validate()
    tree = whole(inside_form(drawn(ui, form)))
    control = tree.get_element_by_id("name")
    assert control.get("aria-describedby") == "name-ajuda name-erro"
    assert control.get("aria-invalid") == "true"
    assert tree.get_element_by_id("name-erro").text_content() == "Erro: Informe a razão social."
    order = [node.get("id") for node in tree.xpath("//*[@id='name-ajuda' or @id='name-erro' or @id='name']")]
    assert order == ["name-ajuda", "name-erro", "name"]
    for name in ("role", "incisos"):
        assert tree.get_element_by_id(name).get("aria-describedby") == f"{name}-erro"
    assert tree.get_element_by_id("sure").get("aria-describedby") == "sure-erro"


def test_the_error_summary_counts_and_links_to_each_control(ui):
    form = Everything(MultiDict({"unit": "ti"}))
    assert not form.validate()
    tree = whole(ui.error_summary(form) + inside_form(drawn(ui, form)))
    links = tree.xpath("//div[@role='alert']//a")
    assert tree.xpath("string(//div[@role='alert']/h2)") == "Falta corrigir oito pontos"
    assert len(links) == 8
    for link in links:
        target = tree.get_element_by_id(link.get("href").removeprefix("#"))
        assert target.tag in {"input", "select", "textarea"}, link.get("href")
    assert "Razão social: informe a razão social." in links[0].text_content()
    assert [link.get("href") for link in links if "role" in link.get("href")] == ["#role-0"]


def test_a_right_form_has_no_summary(ui):
    assert ui.error_summary(Everything()) == ""


def test_a_refusal_of_the_whole_form_comes_first_and_a_lost_token_is_said_in_our_words(ui):
    class Guarded(Form):
        refusals = ("O acordo já foi encerrado.",)
        csrf_token = StringField("CSRF Token", [InputRequired("CSRF")])

    form = Guarded(MultiDict())
    assert not form.validate()
    tree = whole(ui.error_summary(form))
    assert [node.text_content() for node in tree.xpath("//li")] == [
        "O acordo já foi encerrado.",
        "A página ficou aberta tempo demais. Envie de novo.",
    ]
    assert not tree.xpath("//li/a")


def test_what_was_chosen_stays_chosen_and_hints_stand_under_the_choice(ui):
    form = Everything(MultiDict({"role": "joint", "incisos": "V", "unit": "gp", "name": "<Ipê & Cia>"}))
    tree = whole(
        f'<form method="get">{ui.field(form.role, hints={"joint": "Decide com o CNJ"})}{ui.field(form.incisos)}{ui.field(form.unit)}{ui.field(form.name)}</form>'
    )
    assert tree.xpath("//input[@checked]/@value") == ["joint", "V"]
    assert tree.xpath("//option[@selected]/@value") == ["gp"]
    assert tree.xpath("//label[@for='role-1']/span/text()") == ["Decide com o CNJ"]
    assert tree.get_element_by_id("name").get("value") == "<Ipê & Cia>"


def test_further_attributes_reach_the_control_and_a_cnpj_is_marked_for_the_script(ui):
    form = Everything()
    control = whole(
        f'<form method="get">{ui.field(form.cnpj, width="cnpj", attrs={"data-x": "1"})}</form>'
    ).get_element_by_id("cnpj")
    assert (control.get("class"), control.get("data-x"), control.get("data-cnpj")) == ("w-cnpj", "1", "")


@pytest.mark.parametrize("kind", ["text", "date", "email", "password", "textarea", "select", "file", "checkbox"])
def test_fields_that_come_from_records_obey_the_same_rules(ui, kind):
    drawn_control = ui.control(
        "x", "x", "Resposta", kind=kind, value="a", help="Por quê.", error="Falta.", options=[("a", "A")]
    )
    control = whole(f'<form method="get">{drawn_control}</form>').get_element_by_id("x")
    assert control.get("aria-describedby") == "x-ajuda x-erro"
    assert control.get("aria-invalid") == "true"
    assert kind != "password" or control.get("value") is None


def test_a_group_from_records_ticks_what_is_on_record(ui):
    tree = whole(
        f'<form method="get">{ui.choice_group("g", "g", "Incisos", [("I", "I"), ("V", "V", "Segurança")], value=("V",), kind="checkbox", error="Falta.")}</form>'
    )
    assert tree.xpath("//input[@checked]/@id") == ["g-1"]
    assert tree.xpath("//fieldset/@aria-describedby") == ["g-erro"]


def test_an_error_whose_label_is_a_question_has_no_colon(ui):
    said = whole(
        ui.error_list((ErrorLine("Responda sim ou não.", "Há transferência?", "t"),)) + Markup('<p id="t"></p>')
    ).text_content()
    assert "Há transferência? responda sim ou não." in said
    assert "Falta corrigir um ponto" in said


@pytest.mark.parametrize("trim", [True, False])
def test_the_sheet_of_components_is_a_sound_page_however_blanks_are_treated(trim):
    body = rendered(environment(trim), "components/folha.html", page=Page("Folha de componentes"))
    tree = inspect_page(balanced(body), "folha")
    ids = set(tree.xpath("//*/@id"))
    assert {target[1:] for target in tree.xpath("//a/@href") if target.startswith("#")} <= ids
    assert {target[1:] for target in tree.xpath("//use/@href")} <= ids
    levels = [int(node.tag[1]) for node in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_component_is_on_the_sheet_or_tried_here(ui):
    offered = {name for name in dir(ui) if callable(getattr(ui, name)) and not name.startswith("_")}
    assert len(offered) > 40
    sheet = (templates_folder() / "components" / "folha.html").read_text(encoding="utf-8")
    here = Path(__file__).read_text(encoding="utf-8")
    layouts = "".join(path.read_text(encoding="utf-8") for path in (templates_folder() / "layout").glob("*.html"))
    unseen = {name for name in offered if f"ui.{name}(" not in sheet + here and f"{{ {name}(" not in layouts}
    assert not unseen


def test_the_smaller_pieces_are_sound(ui, env):
    small = ui.csrf() + ui.post_button("Encerrar", "/e", "grave", "o acordo", {"id": "1"}) + ui.hash("ab" * 32)
    marks = whole(ui.strip(component_sheet().strip) + ui.verdict_mark(Verdict.MET, "I: Atendida"))
    assert len(marks.xpath("//ul[@class='strip']/li/a")) == 12
    assert "I: Atendida" in marks.text_content()
    tree = whole(Markup('<form method="post">') + ui.csrf() + Markup("</form>") + small)
    assert tree.xpath("//form[@action='/e']/input/@name") == ["csrf_token", "id"]
    assert "SHA-256 abababababab…" in tree.text_content()
    calls = """{% import "components/ui.html" as ui %}{% call ui.page_head("Título") %}<a href="/">Agir</a>{% endcall %}
    <dl class="facts">{% call ui.fact("Rótulo", "r") %}<b>valor</b>{% endcall %}</dl>"""
    assert "<b>valor</b>" in balanced(env.from_string(calls).render())
    form = Everything(MultiDict())
    assert not form.validate()
    whole(Markup('<form method="get">') + ui.filter_field(form.name) + ui.filter_field(form.sure) + Markup("</form>"))


# In a browser -----------------------------------------------------------------------------------------------------------
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture
def shown(new_page):
    """A function that shows a page in a browser, with the static files beside it and the product's CSP over it."""

    def show(body, **options):
        page = new_page(**options)

        def answer(route):
            path = route.request.url.removeprefix("http://folha.test")
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            else:
                route.fulfill(
                    body=body,
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY},
                )

        page.route("**/*", answer)
        page.goto("http://folha.test/componentes")
        return page

    return show


@pytest.fixture(scope="module")
def sheet_page(env):
    return rendered(env, "components/folha.html", page=Page("Folha de componentes"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_sheet_denies_nothing_to_anybody(shown, sheet_page, width, scheme):
    page = shown(sheet_page, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert accessibility_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("template", ["errors/404.html", "errors/csrf.html"])
def test_error_pages_deny_nothing_to_anybody(shown, env, template):
    page = shown(rendered(env, template, typed=[("reason", "Uma frase comprida que custou a escrever.")]))
    assert accessibility_violations(page) == []


def test_everything_is_there_without_script(shown, sheet_page):
    page = shown(sheet_page, java_script_enabled=False)
    assert page.locator("#legs-always").is_visible()
    page.locator("#legs-always").check()
    assert page.locator(".matrix tbody .legs").first.evaluate("mark => getComputedStyle(mark).visibility") == "visible"


def test_the_menu_of_a_phone_opens_and_closes_without_script(shown, sheet_page):
    page = shown(sheet_page, java_script_enabled=False, viewport={"width": 360, "height": 740})
    assert not page.locator("#tarefas").is_visible()
    page.get_by_role("button", name="Menu", exact=True).click()
    assert page.locator("#tarefas").is_visible()
    assert page.locator("#tarefas").get_by_role("button", name="Sair").is_visible()
    page.get_by_role("button", name="Fechar menu").click()
    assert not page.locator("#tarefas").is_visible()


@pytest.mark.parametrize(
    ("typed", "shown_as", "said"),
    [
        ("12abc34501de35", "12.ABC.345/01DE-35", "Os algarismos verificadores conferem."),
        ("12abc34501de36", "12.ABC.345/01DE-36", "Os dois últimos algarismos não conferem com os anteriores."),
        ("11222333000181", "11.222.333/0001-81", "Os algarismos verificadores conferem."),
        ("11111111111111", "11.111.111/1111-11", "Os dois últimos algarismos não conferem com os anteriores."),
    ],
)
def test_a_cnpj_is_masked_and_checked_while_it_is_typed(shown, sheet_page, typed, shown_as, said):
    page = shown(sheet_page)
    page.locator("#d-cnpj").press_sequentially(typed)
    assert page.locator("#d-cnpj").input_value() == shown_as
    assert page.locator("#d-cnpj + [role=status]").text_content() == said


def test_a_cnpj_that_is_too_short_is_said_on_leaving_the_field(shown, sheet_page):
    page = shown(sheet_page)
    page.locator("#d-cnpj").press_sequentially("12ABC")
    page.locator("#d-cnpj").blur()
    assert page.locator("#d-cnpj + [role=status]").text_content() == "Um CNPJ tem 14 caracteres; este tem 5."


def test_chosen_files_are_listed_with_their_size_before_they_are_sent(shown, sheet_page):
    page = shown(sheet_page)
    page.locator("#d-arquivo").set_input_files(
        {"name": "contrato.pdf", "mimeType": "application/pdf", "buffer": b"x" * 412_000}
    )
    assert page.locator(".chosen li").text_content() == "contrato.pdf (412 kB)"


def test_a_file_over_the_limit_is_said_before_it_is_sent(shown, env):
    body = rendered(env, "layout/plain.html", page=Page("Anexar"))
    field = '<form><label for="f">Arquivo</label><div data-dropzone data-max-bytes="1000"><input id="f" type="file"></div></form></main>'
    page = shown(body.replace("</main>", field))
    page.locator("#f").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1001})
    assert page.locator(".chosen .error").text_content() == " Maior que o limite de 1 kB; escolha outro arquivo."


def test_the_choice_to_show_the_marks_is_remembered(shown, sheet_page):
    page = shown(sheet_page)
    page.locator("#legs-always").check()
    page.reload()
    assert page.locator("#legs-always").is_checked()


def test_arrows_move_between_the_cells_of_the_matrix(shown, sheet_page):
    page = shown(sheet_page)
    page.locator(".matrix tbody tr:nth-child(1) td:nth-child(2) a").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    where = page.evaluate(
        "(() => { const cell = document.activeElement.closest('td'); return [cell.parentElement.rowIndex, cell.cellIndex]; })()"
    )
    assert where == [2, 2]


def test_the_error_summary_takes_the_focus(shown, sheet_page):
    assert shown(sheet_page).evaluate("document.activeElement.hasAttribute('data-focus')")


def test_the_characters_left_are_counted(shown, sheet_page):
    page = shown(sheet_page)
    page.locator("#d-motivo").fill("Uma frase.")
    assert page.locator("#d-motivo + [role=status]").text_content() == "Restam 1.990 caracteres."


def test_fields_that_depend_on_an_answer_come_with_it(shown, env):
    body = rendered(env, "layout/plain.html", page=Page("Registrar"))
    form = (
        '<form><label for="r">Regime</label><select id="r" name="regime"><option value="private">a</option><option value="foreign">b</option></select>'
        '<div id="pais" data-when="regime" data-is="foreign public">País</div></form></main>'
    )
    page = shown(body.replace("</main>", form))
    assert not page.locator("#pais").is_visible()
    page.locator("#r").select_option("foreign")
    assert page.locator("#pais").is_visible()


def test_the_script_and_the_style_name_no_other_server():
    text = "".join(path.read_text(encoding="utf-8") for path in STATIC.iterdir() if path.suffix in TYPES)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "innerHTML" not in text
