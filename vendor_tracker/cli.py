"""The ``vendor-tracker`` command. Long work shows its progress on a terminal and stays silent for scripts."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import OperationalError, ProgrammingError

from contracts.vocabulary import AgreementKind, Exposure, UserRole
from vendor_tracker.settings import Settings, SettingsError
from vendor_tracker.usecases.document_kinds import KIND_NAMES, SUBJECT_OF
from vendor_tracker.usecases.work import Actor, UseCaseError

CONSOLE = Console(stderr=True)
OPERATOR = Actor("cli", display="Linha de comando")


class DayType(click.ParamType):
    """A day, written 2026-06-30 or 30/06/2026."""

    name = "dia"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            if "/" in text:
                day, month, year = (int(part) for part in text.split("/"))
                return date(year, month, day)
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{text} não é um dia; escreva 2026-06-30 ou 30/06/2026.", param, ctx)


def build() -> Flask:
    """Build the application from the environment; a wrong setting is one clear line."""
    from vendor_tracker.app import create_app

    try:
        return create_app(Settings.from_environment())
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def inside() -> Iterator[Flask]:
    """Run a command inside the application; refusals are one clear line, not a traceback."""
    app = build()
    with app.app_context():
        try:
            yield app
        except UseCaseError as error:
            raise click.ClickException(error.message) from None
        except (OperationalError, ProgrammingError) as error:
            if any(sign in str(error) for sign in ("no such table", "no such column", "does not exist")):
                message = "O banco de dados não está preparado para esta versão. Rode antes: vendor-tracker init"
                raise click.ClickException(message) from None
            raise


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Any]:
    """Show a bar on the terminal; yields ``report(done, total)``."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=CONSOLE,
        disable=quiet or not CONSOLE.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def say(value: object) -> None:
    """Print a JSON value, for scripts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Operadores de dados pessoais: quem são, o que devem, o que falta (Portaria CNJ nº 369/2025, art. 14)."""


@main.command()
@click.option("--non-interactive", is_flag=True, help="Não pergunta nada; só prepara o banco.")
@click.option("--admin-email", help="E-mail da primeira conta de administração.")
@click.option("--admin-name", help="Nome da primeira pessoa que administra.")
@click.option("--admin-password", envvar="ADMIN_PASSWORD", help="Senha; prefira a variável ADMIN_PASSWORD.")
def init(*, non_interactive: bool, admin_email: str | None, admin_name: str | None, admin_password: str | None) -> None:
    """Prepara o banco de dados e cria a primeira conta de administração."""
    from vendor_tracker.usecases import accounts, installing

    with inside():
        installing.prepare_database()
        click.echo("Banco de dados pronto.")
        if installing.has_accounts():
            click.echo("Já há contas; nenhuma foi criada.")
            return
        if not non_interactive and not admin_email:
            admin_email = click.prompt("E-mail de quem vai administrar")
            admin_name = click.prompt("Nome")
            admin_password = click.prompt(
                "Senha (ao menos 12 caracteres)", hide_input=True, confirmation_prompt="Repita a senha"
            )
        if not admin_email:
            click.echo("Crie a primeira conta com: vendor-tracker user add --role admin")
            return
        accounts.add_user(
            OPERATOR, email=admin_email, name=admin_name or admin_email, role=UserRole.ADMIN, password=admin_password
        )
        click.echo(f"Conta de administração criada para {admin_email}.")


@main.group()
def user() -> None:
    """Contas de quem trabalha com o sistema."""


@user.command("add")
@click.option("--email", prompt="E-mail", required=True)
@click.option("--name", prompt="Nome", required=True)
@click.option("--role", type=click.Choice([role.value for role in UserRole]), prompt="Papel", required=True)
@click.option("--password", envvar="USER_PASSWORD", help="Senha; sem ela, pergunta.")
def user_add(*, email: str, name: str, role: str, password: str | None) -> None:
    """Cria uma conta."""
    from vendor_tracker.usecases import accounts

    if password is None:
        password = click.prompt("Senha (ao menos 12 caracteres)", hide_input=True, confirmation_prompt="Repita a senha")
    with inside():
        accounts.add_user(OPERATOR, email=email, name=name, role=UserRole(role), password=password)
        click.echo(f"Conta criada para {email}.")


@user.command("password")
@click.argument("email")
@click.option("--password", envvar="USER_PASSWORD")
def user_password(*, email: str, password: str | None) -> None:
    """Define a senha de uma conta e encerra as sessões dela."""
    from vendor_tracker.usecases import accounts

    if password is None:
        password = click.prompt("Nova senha", hide_input=True, confirmation_prompt="Repita a senha")
    with inside():
        accounts.set_password(OPERATOR, email=email, password=password)
        click.echo(f"Senha definida para {email}.")


@user.command("token")
@click.argument("email")
@click.option("--name", default="linha de comando", show_default=True, help="Para que serve a chave.")
def user_token(*, email: str, name: str) -> None:
    """Cria uma chave da API para uma conta. Ela aparece uma vez só."""
    from vendor_tracker.usecases import accounts

    with inside():
        click.echo(accounts.issue_token(OPERATOR, email=email, name=name))


@main.command("import")
@click.argument("source", type=click.Choice(["pncp", "contratosgov", "spreadsheet"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Só mostra o que faria.")
@click.option("--json", "as_json", is_flag=True, help="Resultado em JSON.")
def import_(*, source: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Importa contratos do PNCP, do Contratos.gov.br ou de uma planilha."""
    from vendor_tracker.usecases import importing

    with inside(), progress("Importando", quiet=as_json) as report:
        result = importing.import_file(
            OPERATOR, data=file.read_bytes(), filename=file.name, source=source, dry_run=dry_run, progress=report
        )
    if as_json:
        say(result.json())
    else:
        click.echo(result.summary())
    if result.rejected and not result.anything_read:
        sys.exit(1)


@main.command()
@click.argument("agreement")
@click.option("--on", "day", type=DayType(), help="Avalia como se conhecia neste dia.")
@click.option("--json", "as_json", is_flag=True)
def assess(*, agreement: str, day: date | None, as_json: bool) -> None:
    """Avalia um acordo (id ou número do PNCP) nas doze obrigações."""
    from vendor_tracker.printing import assessment_text
    from vendor_tracker.usecases import judging, listing, presenting

    with inside():
        assessment = judging.assess_agreement(listing.agreement_called(agreement), on=day)
    if as_json:
        say(presenting.assessment_json(assessment))
    else:
        click.echo(assessment_text(presenting.judgement_view(assessment)))


@main.command()
@click.option("--on", "day", type=DayType())
def evaluate(*, day: date | None) -> None:
    """Recalcula a situação de todos os acordos."""
    from vendor_tracker.printing import register_text
    from vendor_tracker.usecases import judging

    with inside(), progress("Avaliando") as report:
        result = judging.evaluate_register(on=day, progress=report)
    click.echo(register_text(result))


@main.command()
@click.option("--json", "as_json", is_flag=True)
def tick(*, as_json: bool) -> None:
    """Roda uma vez cada rotina que esteja na hora."""
    from vendor_tracker import scheduler
    from vendor_tracker.printing import round_text

    with inside() as app:
        done = scheduler.run_due(app)
    if as_json:
        say(done)
    else:
        click.echo(round_text({each.name: each.label for each in scheduler.JOBS}, done))
    if any("error" in outcome for outcome in done.values()):
        sys.exit(1)


def _subject(about: str, given: dict[str, Any]) -> int | None:
    """Return the id of what a document is about, besides the agreement."""
    from vendor_tracker.usecases import listing

    if not about:
        return None
    return listing.request_called(given[about]) if about == "request" else int(given[about])


@main.command()
@click.argument("kind", type=click.Choice(list(KIND_NAMES)))
@click.option("--agreement", required=True, help="Id ou número do PNCP.")
@click.option("--request", help="Número (2026/0001) ou id da requisição de que o documento trata.")
@click.option("--audit", type=click.IntRange(min=1), help="Registro da auditoria de que o documento trata.")
@click.option("--incident", type=click.IntRange(min=1), help="Registro do incidente de que o documento trata.")
@click.option("--disposal", type=click.IntRange(min=1), help="Registro da devolução ou do descarte.")
@click.option("--person", type=click.IntRange(min=1), help="Registro da pessoa autorizada.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def document(*, kind: str, agreement: str, output: Path, **subjects: Any) -> None:
    """Emite um documento em Word.

    Os documentos que tratam de um registro do acordo pedem também qual é: a requisição, a auditoria, o incidente, a
    devolução ou o descarte, ou a pessoa autorizada.
    """
    from vendor_tracker.usecases import documents, listing

    about = SUBJECT_OF.get(kind, "")
    given = {name: value for name, value in subjects.items() if value is not None}
    if set(given) != ({about} if about else set()):
        needs = f"pede --{about}, e só ela" if about else "não trata de nenhum registro"
        raise click.ClickException(f"{KIND_NAMES[kind]}: o documento {needs}.")
    if not output.parent.is_dir():
        raise click.ClickException(f"A pasta {output.parent} não existe.")
    with inside() as app:
        files = app.extensions["vendor_tracker.files"]
        issued = documents.issue(
            OPERATOR,
            files,
            app.extensions["vendor_tracker.settings"].body,
            agreement_id=listing.agreement_called(agreement),
            subject_id=_subject(about, given),
            kind=kind,
        )
        output.write_bytes(files.read(issued.row.sha256))
    click.echo(f"{output}: {issued.title}. Código {issued.row.code}, SHA-256 {issued.row.sha256}.")
    for field in issued.missing_fields:
        click.echo(f"  falta informar: {field}")


@main.command()
@click.argument("kind", type=click.Choice(["termo-aditivo"]))
@click.option("--text", default="", help="Só acordos com estas palavras (número, processo, objeto, operador).")
@click.option("--unit", type=int, help="Só desta unidade (id).")
@click.option("--agreement-kind", type=click.Choice([kind.value for kind in AgreementKind]), help="Só deste tipo.")
@click.option("--exposure", type=click.Choice([tier.value for tier in Exposure]), help="Só desta exposição.")
@click.option("--stage", type=click.Choice(["in_force", "ending", "future", "closed"]), help="Só desta etapa.")
@click.option("--incomplete", is_flag=True, help="Só os que falta completar.")
@click.option("--again", is_flag=True, help="Emite de novo para quem já tem termo aditivo das mesmas lacunas.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def batch(*, kind: str, output: Path, again: bool, **chosen: Any) -> None:
    """Emite o termo aditivo de todos os acordos com lacunas, em um ZIP."""
    from vendor_tracker.scheduler import worker_name
    from vendor_tracker.usecases import batches
    from vendor_tracker.wording.batches import filter_words

    if not output.parent.is_dir():
        raise click.ClickException(f"A pasta {output.parent} não existe.")
    # Whoever runs commands on the server reads its files anyway; the trail keeps that it was the command line.
    operator = replace(OPERATOR, role=UserRole.ADMIN)
    filters = batches.Filters(
        words=chosen["text"],
        unit_id=chosen["unit"],
        kind=chosen["agreement_kind"] or "",
        exposure=chosen["exposure"] or "",
        stage=chosen["stage"] or "",
        only_incomplete=chosen["incomplete"],
    )
    with inside() as app:
        files, body = app.extensions["vendor_tracker.files"], app.extensions["vendor_tracker.settings"].body
        worker = worker_name()
        number = batches.start(operator, filters=filters, describe=filter_words, repeat=again, worker=worker)
        try:
            with progress("Emitindo") as report:
                batches.work_through(files, body, worker=worker, batch_id=number, report=report)
        except KeyboardInterrupt:
            batches.cancel(operator, batch_id=number)
            batches.work_through(files, body, worker=worker, batch_id=number)
            message = f"Lote {number} cancelado; o que já foi emitido está em /documentos/lotes/{number}."
            raise click.ClickException(message) from None
        row = batches.show(operator, batch_id=number).row
        if row.file_id is None:
            raise click.ClickException(row.problem or f"O lote {number} não terminou; acompanhe em /documentos/lotes.")
        with output.open("wb") as target:
            target.writelines(batches.archive(operator, files, batch_id=number).pieces)
    click.echo(
        f"{output}: {kind}, lote {number}. {row.filter_words} Acordos: {row.total}; emitidos: {row.done}; "
        f"deixados de fora: {row.skipped}; com falha: {row.failed}."
    )
    if row.failed:
        sys.exit(1)


@main.command("check-instrument")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Resultado em JSON.")
@click.option("--ocr", is_flag=True, help="Reconhece antes as letras de uma digitalização (precisa do ocrmypdf).")
@click.option(
    "--labels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Em vez de um arquivo: confere a leitura com uma pasta de textos rotulados e mostra os acertos.",
)
def check_instrument(*, file: Path | None, as_json: bool, ocr: bool, labels: Path | None) -> None:
    """Lê um instrumento assinado e diz o que prevê. Nada é guardado.

    O arquivo é PDF, DOCX ou texto; a resposta vem inciso por inciso, com o trecho, o lugar e o que falta.
    """
    from vendor_tracker.printing import checked_text
    from vendor_tracker.usecases import checking

    if (file is None) == (labels is None):
        raise click.UsageError("Informe um arquivo, ou --labels com uma pasta.")
    try:
        if labels is not None:
            table = checking.score_labels(labels)
            if as_json:
                say(checking.score_json(table))
            else:
                click.echo("\n".join(checking.score_lines(table)))
        elif file is not None:
            found = checking.check_file(name=file.name, data=file.read_bytes(), ocr=ocr)
            if as_json:
                say(found.json())
            else:
                click.echo(checked_text(found))
    except UseCaseError as error:
        if as_json:
            say({"error": {"code": getattr(error, "code", "labels"), "message": error.message}})
            sys.exit(1)
        raise click.ClickException(error.message) from None


@main.group("trail")
def trail_group() -> None:
    """A trilha de auditoria."""


@trail_group.command("verify")
def trail_verify() -> None:
    """Confere a cadeia da trilha; aponta a primeira linha alterada, retirada ou fora de ordem."""
    from vendor_tracker.usecases import trails

    with inside():
        check = trails.verify()
    if check.broken_at is not None:
        raise click.ClickException(check.problem)
    click.echo(f"Trilha íntegra: {check.lines} linhas.")


@main.command()
@click.option("--on", "day", type=DayType())
def obligations(*, day: date | None) -> None:
    """Mostra o livro das obrigações: texto da Portaria, exigências e limites."""
    from vendor_tracker.printing import book_text
    from vendor_tracker.usecases import parameters

    with inside():
        click.echo(book_text(parameters.book_page(on=day)))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True)
def web(*, host: str, port: int, workers: int) -> None:
    """Serve as páginas, o portal e a API."""
    from vendor_tracker.serving import serve_web

    serve_web(build, host=host, port=port, workers=workers)


@main.command("scheduler")
def scheduler_() -> None:
    """Roda as rotinas agendadas. Pode haver vários processos."""
    from vendor_tracker import scheduler as jobs

    with inside() as app:
        jobs.run_forever(app)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(*, host: str, port: int) -> None:
    """Serve tudo em uma só máquina: páginas, portal, API e rotinas."""
    from vendor_tracker.serving import serve_all

    serve_all(build, host=host, port=port)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Onde guardar; padrão: pasta temporária."
)
def demo(*, host: str, port: int, data_dir: Path | None) -> None:
    """Serve o sistema com dados fictícios e uma conta por papel."""
    from vendor_tracker.demo import run

    run(host=host, port=port, data_dir=data_dir, console=CONSOLE)


@main.command()
@click.option("--agreements", type=click.IntRange(1), required=True, help="Quantos acordos.")
@click.option("--years", type=click.IntRange(1, 10), default=3, show_default=True, help="Ao longo de quantos anos.")
@click.option("--seed", type=int, default=1, show_default=True, help="A mesma semente faz o mesmo registro.")
def generate(*, agreements: int, years: int, seed: int) -> None:
    """Preenche um banco vazio com um registro fictício, para medir o desempenho."""
    from vendor_tracker import generating

    with inside() as app, progress("Gerando") as report:
        made = generating.generate(
            app.extensions["vendor_tracker.files"], agreements=agreements, years=years, seed=seed, report=report
        )
    click.echo(
        f"{made.agreements} acordos de {made.operators} operadores, {made.rows} linhas; "
        f"todos avaliados, {made.months} retratos mensais."
    )


if __name__ == "__main__":
    main()
