"""Who owes whom: the two sides of an instrument under the names it gives them, and who acts in a sentence.

The usual names (contratante, contratada, controlador, operadora…) are data. Names that only this instrument uses
("CONTROLADORA é a FABRICANTE", "a ZETA, operadora") are learned from the sentences that share out the roles.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from clause_library.coverage.matching import Index, Span
from clause_library.coverage.provisions import Document, Sentence


class Side(StrEnum):
    """A side of the instrument."""

    CONTROLLER = "contratante"
    OPERATOR = "operador"
    BOTH = "ambas"
    OTHER = "outra"
    """A name that looks like a party's and whose side the text does not tell."""


class Case(StrEnum):
    """What a mention is in its sentence, by the word before it."""

    SUBJECT = "subject"
    """Nothing or a bare article: "a CONTRATADA"."""
    TO = "to"
    """After a preposition: "à CONTRATADA", "ao TRIBUNAL"."""
    OBJECT = "object"
    """After a verb: "avisará a CONTRATANTE"."""
    OF = "of"
    BY = "by"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named in the text."""

    first: int
    last: int
    side: Side
    case: Case


@dataclass(frozen=True, slots=True)
class PartyNames:
    """The usual names, as folded words. Weak names count only when written as a name (with a capital letter)."""

    controller: frozenset[str]
    operator: frozenset[str]
    weak_controller: frozenset[str]
    weak_operator: frozenset[str]
    controller_role: frozenset[str]
    operator_role: frozenset[str]
    both: frozenset[str]
    subordinating: frozenset[str]
    never_names: frozenset[str]
    duty_of: frozenset[str]
    """Words that hand a duty to whom follows: "cabe à", "compete ao", "obrigações da"."""


_PRONOUNS = frozenset({"lhe", "lhes", "se", "a", "o", "as", "os"})
_ARTICLES = frozenset({"a", "o", "as", "os"})
_TO = frozenset({"ao", "aos", "perante", "para", "lhe", "lhes"})
_OF = frozenset({"da", "do", "das", "dos", "de"})
_BY = frozenset({"pela", "pelo", "pelas", "pelos", "por"})
_GOVERNING = frozenset("com contra entre sob sobre ate apos mediante exceto".split())
_OTHER = frozenset("com contra entre sob sobre na no nas nos em ate apos desta deste junto".split())
_COPULAS = frozenset(
    "e sera serao sao cabe cabera caberao compete competira ocupa ocupara atua atuara atuarao figura figurara "
    "figurarao assume assumira assumem considera considerada considerado papel posicao condicao qualidade "
    "denominada denominado doravante entende respectivamente exerce exercera enquanto como designada designado "
    "fica ficam desempenha desempenhara pois".split()
)
_MAX_ROLE_DISTANCE = 14
_ROLE_VOTE = 3
_PLAYED = ("desempenh", "exercid", "ocupad", "assumid")
_HANDED_THINGS = frozenset(
    "dados dado informacoes informes fichas cadastro cadastros rol relacao arquivos nomes acervo prontuarios base "
    "bases lista listas registros".split()
)
_HANDING = ("confi", "entreg", "fornec", "repass", "ced", "remet", "transmit", "disponibiliz", "compartilh", "envi")
_HANDED = ("confiad", "entregu", "fornecid", "repassad", "cedid", "remetid", "transmitid", "disponibilizad", "enviad")
_HANDED_WITHIN = 6
_DUTY_LISTS = frozenset({"deveres", "obrigacoes", "compromissos", "encargos"})
_TOWARDS_WITHIN = 4
_EMPOWERED_WITHIN = 4
_GIVEN_WITHIN = 5
_ACTING_NAMES = frozenset(
    "cooperativa fornecedora fornecedor consultora consultor executora assessoria distribuidora".split()
)
_PAYING = ("pagar", "remunerar", "custear", "repassara")
_PAID_FOR = 2
_DUTIES_TELL = 3
_POWERS = frozenset(
    "licito facultado facultada faculta permitido permitida assegurado assegurada assegura garantido garantida reserva "
    "reservado reservada reservase resguardado franqueado admitido".split()
)
_VERB_FIRST = 3
"""So near the beginning of a sentence a verb stands before its subject: "Proverá a MANDATÁRIA as salvaguardas"."""
_DUTY_WITHIN = 5
"""So soon after a name a verb of duty is that name's: "a FUNDAÇÃO DE APOIO deverá"."""
_BEFORE_STRONG = frozenset(
    "a o as os ao aos da do das dos de pela pelo pelas pelos e ou futura futuro esta este essa esse desta deste "
    "cada sua seu propria proprio como para perante entre com que nova novo parte".split()
)
_FOR_ANOTHER = frozenset({"conta", "nome", "ordem", "mando"})
_LATTER = frozenset({"esta", "este", "estas", "estes"})
_LATTER_WITHIN = 6
_FALLS_TO = frozenset(
    "cabe cabera compete competira incumbe incumbira cumpre cumprira toca tocara impende pertence pertencera assiste "
    "assistira".split()
)
_SHOUTED_WORDS = 8
_SHOUTED_SHARE = 0.9
_BEFORE_NAME = _ARTICLES | _OF | {"ao", "aos", "pela", "pelo"}


def _is_shouted(document: Document, sentence: Sentence) -> bool:
    """Tell that nearly all words of the sentence are in capitals."""
    raws = [token.raw for token in document.tokens[sentence.first : sentence.last] if token.raw.isalpha()]
    return len(raws) >= _SHOUTED_WORDS and sum(raw.isupper() for raw in raws) >= _SHOUTED_SHARE * len(raws)


def _is_duty(word: str) -> bool:
    """A verb that hands out a duty: a future ("comunicará"), "deve", "obriga-se", "compromete-se"."""
    return (len(word) > 4 and word.endswith(("ara", "era", "ira", "arao", "erao", "irao"))) or word in _DUTY_VERBS


_PARTICIPLES = (
    "ado",
    "ada",
    "ados",
    "adas",
    "ido",
    "ida",
    "idos",
    "idas",
    "posto",
    "posta",
    "feito",
    "feita",
    "dado",
    "dada",
)
_TOLD = ("inform", "comunic", "notific", "avis", "cientific", "alert")
_BEING = frozenset(
    {"sera", "serao", "seja", "sejam", "ser", "foi", "foram", "fica", "ficara", "ficam", "esta", "estara"}
)
_CARRIERS = frozenset({"tera", "terao", "devera", "deverao", "podera", "poderao", "fara", "farao", "deve", "pode"})
_DUTY_VERBS = frozenset(
    {"deve", "devem", "devera", "deverao", "obriga", "compromete", "tratara", "fara", "dara", "tera"}
)


class Parties:
    """The mentions of the two sides in a document, and who acts where."""

    def __init__(self, document: Document, names: PartyNames) -> None:
        """Find the names and every mention."""
        self.document = document
        self.names = names
        letters = [token.raw for token in document.tokens if token.raw[:1].isalpha()]
        lower = sum(1 for raw in letters if raw[:1].islower())
        self.mixed_case = lower * 4 > len(letters)
        self.shouted = frozenset(
            sentence.index for sentence in document.sentences if self.mixed_case and _is_shouted(document, sentence)
        )
        """Sentences all in capitals within a text in small letters: capitals tell no names there."""
        self.accented = any(token.raw in {"à", "À", "é", "É"} for token in document.tokens)
        self.sides = dict(self._learn())
        self.unknown = self._unknown()
        self._settle(self._find())
        guessed = self._guess()
        if guessed:
            self.sides.update(guessed)
            self._settle(self._find())

    def _settle(self, mentions: list[Mention]) -> None:
        self.mentions = mentions
        self.inside_names = frozenset(
            position for mention in mentions for position in range(mention.first + 1, self._name_ends(mention))
        )
        """The words of a name after its first one: "a FUNDAÇÃO DE APOIO" supports nobody."""
        self._starts = [mention.first for mention in mentions]

    def _name_ends(self, mention: Mention) -> int:
        """Where a name that goes on in capitals ends: "FUNDAÇÃO DE APOIO À PESQUISA" after its "FUNDAÇÃO"."""
        document, end = self.document, mention.last
        if not self.mixed_case or not document.tokens[mention.first].raw.isupper():
            return end
        if document.sentence_of[mention.first] in self.shouted:
            return end
        stop = document.sentences[document.sentence_of[mention.first]].last
        while end < stop and document.tokens[end].raw.isupper() and len(document.tokens[end].raw) > 1:
            if end > mention.last and document.folded[end] in self.names.controller | self.names.operator:
                break
            end += 1
        return end

    def spans(self, side: Side) -> tuple[Span, ...]:
        """Where the side is named, the two together included."""
        return tuple((mention.first, mention.last) for mention in self.mentions if mention.side in {side, Side.BOTH})

    def recipients(self) -> tuple[Span, ...]:
        """Where the contratante may be whom something is said or given to: "à CONTRATANTE", "avisará o BANCO"."""
        named = tuple(
            (mention.first, mention.last)
            for mention in self.mentions
            if (mention.side is Side.BOTH and mention.case is not Case.SUBJECT)
            or (mention.side is Side.CONTROLLER and mention.case in {Case.TO, Case.OBJECT, Case.SUBJECT})
        )
        folded = self.document.folded
        # "Cada partícipe o comunicará ao outro."
        other = tuple(
            (at, at + 1)
            for at in range(1, len(folded))
            if folded[at] in {"outro", "outra"} and self.document.tokens[at - 1].raw in {"ao", "à", "AO", "À"}
        )
        return tuple(sorted({*named, *other}))

    def name_tokens(self) -> frozenset[int]:
        """The first words of names that are also words of acts: "a COOPERATIVA" does not cooperate by its name."""
        folded = self.document.folded
        return frozenset(mention.first for mention in self.mentions if folded[mention.first] in _ACTING_NAMES)

    def within(self, first: int, last: int) -> Sequence[Mention]:
        """The mentions that begin within the tokens."""
        return self.mentions[bisect_left(self._starts, first) : bisect_left(self._starts, last)]

    def _learn(self) -> Mapping[tuple[str, ...], Side]:
        """Read the sentences that share out the roles, and vote on each name."""
        document, names = self.document, self.names
        roles = names.controller_role | names.operator_role
        strong = names.controller | names.operator
        votes: dict[tuple[str, ...], Counter[Side]] = {}
        for sentence in document.sentences:
            words = document.folded[sentence.first : sentence.last]
            if not any(word in roles for word in words) or not self._equates(sentence):
                continue
            if any(word in {"independente", "independentes", "fosse", "fins"} for word in words):
                continue
            role_at = [
                position for position in range(sentence.first, sentence.last) if document.folded[position] in roles
            ]
            candidates = [
                candidate
                for candidate in self._candidates(sentence.first, sentence.last)
                if not any(word in roles for word in candidate[1]) and not self._by_whom(candidate[0], sentence.first)
            ]
            if not candidates and len(role_at) == 1:
                # "Na condição de operador, …" below "Incumbe ao INSTITUTO".
                candidates = [(role_at[0], name) for name in self._named_above(sentence.index)]
            candidates = self._who_may_play(candidates, role_at)
            for order, (position, name) in enumerate(candidates):
                if len(role_at) == len(candidates):
                    role = role_at[order]
                else:
                    role = min(role_at, key=lambda at: abs(at - position))
                nearer = min((abs(other - role) for other, _ in candidates), default=0) < abs(role - position)
                if nearer and len(candidates) > len(role_at):
                    # One role and two names: the farther one plays it not, and in "por conta daquela" the other.
                    if any(word in _FOR_ANOTHER for word in document.folded[position : sentence.last]):
                        other = document.folded[role] in names.operator_role
                        votes.setdefault(name, Counter())[Side.CONTROLLER if other else Side.OPERATOR] += 1
                    continue
                if abs(role - position) > _MAX_ROLE_DISTANCE or name[0] in strong:
                    continue
                side = Side.CONTROLLER if document.folded[role] in names.controller_role else Side.OPERATOR
                votes.setdefault(name, Counter())[side] += _ROLE_VOTE
        for name, side in self._handing_over():
            if name[0] not in strong | roles:
                votes.setdefault(name, Counter())[side] += 1
        return {
            name: max((Side.CONTROLLER, Side.OPERATOR), key=lambda side: (count[side], side == Side.CONTROLLER))
            for name, count in votes.items()
        }

    def _equates(self, sentence: Sentence) -> bool:
        """Tell that the sentence says who is what; in a text with accents "e" is no "é"."""
        document, roles = self.document, self.names.controller_role | self.names.operator_role
        for position in range(sentence.first, sentence.last):
            word = document.folded[position]
            if word in _COPULAS and (not self.accented or document.tokens[position].raw not in {"e", "E"}):
                return True
            if word in roles and position > sentence.first and self._stands_beside(position):
                return True
        return False

    def _stands_beside(self, role: int) -> bool:
        """Tell that the role is said of a name: "têm por controladora a UNIVERSIDADE", "a Cooperativa, operadora,"."""
        document = self.document
        before = document.tokens[role - 1]
        if before.folded in {"por", "como"}:
            return document.folded[role - 2 : role - 1] != ["bem"]
        text = document.passages[document.sentences[document.sentence_of[role]].passage].text
        apart = text[before.end : document.tokens[role].start].strip()
        return self.mixed_case and before.raw[:1].isupper() and apart in {",", "(", "–", "-"}

    def _who_may_play(
        self, candidates: list[tuple[int, tuple[str, ...]]], roles: Sequence[int]
    ) -> list[tuple[int, tuple[str, ...]]]:
        """Leave out names that only own or receive something: "quanto ao Conteúdo do CLIENTE, a NIMBUS é operadora"."""
        folded = self.document.folded

        def may(position: int, name: tuple[str, ...]) -> bool:
            before = folded[position - 1] if position else ""
            if before not in _OF and before not in {"ao", "aos"} and self.document.tokens[position - 1].raw != "à":
                return True
            after = position + len(name)
            return any(after <= role <= after + 2 for role in roles)

        for role in roles:
            pronoun = next((at for at in range(role - 1, role - _LATTER_WITHIN, -1) if folded[at] in _LATTER), None)
            named = [candidate for candidate in candidates if pronoun is not None and candidate[0] < pronoun]
            if named and len(roles) == 1:
                # "cede à UNIVERSIDADE as bases, para que esta, na qualidade de operadora, …"
                return named[-1:]
        kept = [(position, name) for position, name in candidates if may(position, name)]
        if kept:
            return kept
        return [
            (position, name)
            for position, name in candidates
            if not position or folded[position - 1] not in {"da", "do"}
        ]

    def _by_whom(self, position: int, first: int) -> bool:
        """Tell that the name only does something in the sentence: "os alunos inscritos pelo CONSELHO"."""
        before = self.document.folded[max(first, position - 2) : position]
        return len(before) == 2 and before[1] in _BY and not before[0].startswith(_PLAYED)

    def _named_above(self, sentence: int) -> list[tuple[str, ...]]:
        """The names to whom the heading above the sentence hands duties."""
        document = self.document
        heading = document.sections[document.unit_of(sentence).section].heading
        found: list[tuple[str, ...]] = []
        for number in document.units[heading].sentences if heading is not None else ():
            over = document.sentences[number]
            if any(word in self.names.duty_of for word in document.folded[over.first : over.last]):
                found.extend(
                    (document.folded[position],)
                    for position in range(over.first + 1, over.last)
                    if document.folded[position - 1] in _BEFORE_NAME and document.folded[position] in self._usual()
                )
        return found

    def _usual(self) -> frozenset[str]:
        names = self.names
        return names.controller | names.operator | names.weak_controller | names.weak_operator

    def _handing_over(self) -> list[tuple[tuple[str, ...], Side]]:
        """Read who hands the data over, and in whose name they are handled: that side is the contratante."""
        document = self.document
        found: list[tuple[tuple[str, ...], Side]] = []
        for sentence in document.sentences:
            words = document.folded[sentence.first : sentence.last]
            if not any(word in _HANDED_THINGS for word in words):
                continue
            giver: int | None = None
            candidates = self._candidates(sentence.first, sentence.last)
            for position, name in candidates:
                before = document.folded[max(sentence.first, position - 4) : position]
                after = document.folded[position + len(name) : min(sentence.last, position + len(name) + 4)]
                gives = before[-2:-1] == ["que"] and any(word.startswith(_HANDING) for word in after)
                receives = before[-1:] in (["da"], ["do"]) and before[-2:-1] != [] and before[-2].startswith("receb")
                gives = gives or receives
                given = before[-1:] in (["pela"], ["pelo"]) and before[-2:-1] != [] and before[-2].startswith(_HANDED)
                named = before[-1:] in (["da"], ["do"]) and (
                    before[-3:-1] in (["em", "nome"], ["por", "conta"], ["por", "ordem"], ["a", "mando"])
                    or before[-2:-1] == ["ordem"]
                )
                if gives or given or named:
                    found.append((name, Side.CONTROLLER))
                    giver = position if gives or given else giver
            for position, name in candidates:
                if giver is not None and giver < position <= giver + _HANDED_WITHIN:
                    before = document.folded[max(sentence.first, position - 2) : position]
                    raw = document.tokens[position - 1].raw
                    if (raw in {"à", "À", "ao", "AO"}) and before[0].startswith(_HANDING):
                        found.append((name, Side.OPERATOR))
        return found

    def _unknown(self) -> frozenset[str]:
        """Names written like a party's, twice or more, that neither the data nor the text place on a side."""
        if not self.mixed_case:
            return frozenset()
        document, names = self.document, self.names
        known = {name[0] for name in self.sides} | names.controller | names.operator | names.controller_role
        known |= names.operator_role | names.never_names | names.both | names.weak_controller | names.weak_operator
        counts: Counter[str] = Counter()
        for position in range(1, len(document.folded)):
            word, raw = document.folded[position], document.tokens[position].raw
            if (
                not raw[:1].isupper()
                or len(word) < 3
                or word in known
                or document.folded[position - 1] not in _BEFORE_NAME
            ):
                continue
            sentence = document.sentence_of[position]
            if sentence in self.shouted:
                continue
            if document.sentence_of[position - 1] == sentence and not self._in_heading(position):
                # A name in capitals among small letters needs to be seen only once.
                counts[word] += 2 if raw.isupper() and len(raw) > 3 else 1
        return frozenset(word for word, count in counts.items() if count >= 2)

    def _in_heading(self, position: int) -> bool:
        document = self.document
        return document.units[document.sentences[document.sentence_of[position]].unit].heading

    def _guess(self) -> Mapping[tuple[str, ...], Side]:
        """Place the names left: who mostly does things is the operator, to whom they are done the contratante."""
        named = self.names.controller | self.names.operator | self.names.weak_controller | self.names.weak_operator
        named |= {name[0] for name in self.sides}
        placed: Counter[Side] = Counter()
        acts: Counter[str] = Counter()
        receives: Counter[str] = Counter()
        document = self.document
        for mention in self.mentions:
            word = document.folded[mention.first]
            if mention.side is Side.OTHER:
                following = document.folded[mention.last : mention.last + 4]
                if mention.case is Case.SUBJECT and any(_is_duty(after) for after in following):
                    acts[word] += 1
                elif mention.case is not Case.SUBJECT:
                    receives[word] += 1
            elif word in named:
                placed[mention.side] += 1
        guessed: dict[tuple[str, ...], Side] = {}
        if not placed[Side.OPERATOR] and not acts:
            speaker = self._speaker()
            if speaker is not None:
                guessed[(speaker,)] = Side.OPERATOR
        if not placed[Side.OPERATOR] and acts:
            name, count = max(acts.items(), key=lambda item: (item[1], item[0]))
            if count >= 2:
                guessed[(name,)] = Side.OPERATOR
        only = next(iter(guessed), None)
        if not placed[Side.CONTROLLER] or (only is not None and placed[Side.CONTROLLER] == self._count(only[0])):
            for placed_name in guessed:
                receives.pop(placed_name[0], None)
            if receives:
                name, count = max(receives.items(), key=lambda item: (item[1], item[0]))
                if count >= 2:
                    guessed[(name,)] = Side.CONTROLLER
        return guessed

    def _count(self, word: str) -> int:
        """How often the name stands for the contratante so far."""
        return sum(
            mention.side is Side.CONTROLLER and self.document.folded[mention.first] == word for mention in self.mentions
        )

    def _speaker(self) -> str | None:
        """Where two names of the contratante's kind meet ("a FUNDAÇÃO comunicará à UNIVERSIDADE"), which one owes.

        Who promises things to the other by name is the operator; the one to whom they are promised stays contratante.
        """
        document = self.document
        promises: Counter[str] = Counter()
        duties: Counter[str] = Counter()
        for mention in self.mentions:
            word = document.folded[mention.first]
            if mention.side is not Side.CONTROLLER or word not in self.names.weak_controller or (word,) in self.sides:
                continue
            if mention.case is Case.OF and _DUTY_LISTS & set(document.folded[mention.first - 2 : mention.first]):
                # "São deveres da AGÊNCIA:" in a text that names no other party.
                promises[word] += 1
            if mention.case is not Case.SUBJECT or not any(
                _is_duty(after) for after in document.folded[mention.last : mention.last + _DUTY_WITHIN]
            ):
                continue
            sentence = document.sentences[document.sentence_of[mention.first]]
            towards = sum(
                other.side in {Side.CONTROLLER, Side.OTHER}
                and other.case in {Case.TO, Case.OBJECT}
                and document.folded[other.first] != word
                for other in self.within(mention.last, sentence.last)
            )
            pays = any(
                after.startswith(_PAYING) for after in document.folded[mention.last : mention.last + _DUTY_WITHIN]
            )
            # Who pays is the one for whom things are done.
            promises[word] += -_PAID_FOR * towards if pays else towards
            duties[word] += 0 if pays else 1
        ranked = sorted({*promises, *duties}, key=lambda word: (promises[word], duties[word], word), reverse=True)
        if not ranked or (promises[ranked[0]] < 1 and duties[ranked[0]] < _DUTIES_TELL):
            return None
        if len(ranked) > 1:
            first, second = ((promises[word], duties[word]) for word in ranked[:2])
            if first == second:
                return None
        return ranked[0]

    def _candidates(self, first: int, last: int) -> list[tuple[int, tuple[str, ...]]]:
        """Words written like the name of a party: after an article, with a capital where the text has small letters."""
        document, names = self.document, self.names
        found: list[tuple[int, tuple[str, ...]]] = []
        position = first
        usual = names.controller | names.operator | names.weak_controller | names.weak_operator
        while position < last:
            word, raw = document.folded[position], document.tokens[position].raw
            before = document.folded[position - 1] if position > first else ""
            articled = before in _ARTICLES or before in _OF or before in {"ao", "aos", "pela", "pelo"}
            named = raw[:1].isupper() if self.mixed_case else articled
            if (
                word in usual or (named and (articled or raw.isupper()) and len(word) > 2)
            ) and word not in names.never_names:
                end = position + 1
                if raw.isupper() and self.mixed_case:
                    while end + 1 < last and (
                        document.tokens[end].raw in {"DE", "DA", "DO"} and document.tokens[end + 1].raw.isupper()
                    ):
                        end += 2
                name = tuple(document.folded[position:end])
                found.append((position, name))
                position = self._rest_of_name(end, last)
            else:
                position += 1
        return found

    def _rest_of_name(self, end: int, last: int) -> int:
        """Where a name of several words ends: the "HOSPEDAGEM LTDA." of "NIMBO HOSPEDAGEM LTDA." names nobody else."""
        document, names = self.document, self.names
        roles = names.controller_role | names.operator_role
        text = document.passages[document.sentences[document.sentence_of[end - 1]].passage].text
        while end < last and self.mixed_case:
            apart = text[document.tokens[end - 1].end : document.tokens[end].start]
            raw = document.tokens[end].raw
            if apart.strip(" .&/") or not raw[:1].isupper() or document.folded[end] in roles | names.both:
                break
            end += 1
        return end

    def _find(self) -> list[Mention]:
        document, names = self.document, self.names
        found: list[Mention] = []
        by_first: dict[str, list[tuple[tuple[str, ...], Side]]] = {}
        for name, named_side in self.sides.items():
            by_first.setdefault(name[0], []).append((name, named_side))
        position, count = 0, len(document.folded)
        while position < count:
            word = document.folded[position]
            side, end = self._side(position, word, by_first)
            if side is None and word in names.both:
                side = Side.BOTH
            if side is None and word in self.unknown and document.tokens[position].raw[:1].isupper():
                side = Side.OTHER
            if side is not None and not self._in_address(position):
                found.append(Mention(position, end, side, self._case(position)))
            position = end
        return found

    def _in_address(self, position: int) -> bool:
        """Tell that the word is part of an e-mail or web address."""
        document = self.document
        text = document.passages[document.sentences[document.sentence_of[position]].passage].text
        token = document.tokens[position]
        after = text[token.end : token.end + 2]
        return text[max(0, token.start - 1) : token.start] in {"@", "/"} or (
            after[:1] in {"@", "."} and after[1:2].islower()
        )

    def _side(
        self, position: int, word: str, by_first: Mapping[str, list[tuple[tuple[str, ...], Side]]]
    ) -> tuple[Side | None, int]:
        document, names = self.document, self.names
        raw = document.tokens[position].raw
        for name, side in by_first.get(word, ()):
            end = position + len(name)
            if tuple(document.folded[position:end]) == name and (not self.mixed_case or raw[:1].isupper()):
                return side, end
        strong: Side | None = None
        if word in names.controller or word in names.controller_role:
            strong = Side.CONTROLLER
        elif word in names.operator or word in names.operator_role:
            strong = Side.OPERATOR
        if strong is not None:
            # "o serviço contratado" names nobody.
            before = document.folded[position - 1] if position else ""
            adjective = self.mixed_case and raw[:1].islower() and before and before not in _BEFORE_STRONG
            return (None if adjective else strong), position + 1
        if not self.mixed_case or raw[:1].isupper():
            following = document.folded[position + 1 : position + 3]
            if word in names.weak_controller and following != ["de", "dados"]:
                return Side.CONTROLLER, position + 1
            if word in names.weak_operator:
                return Side.OPERATOR, position + 1
        return None, position + 1

    def _case(self, position: int) -> Case:
        document = self.document
        if position == 0 or document.sentence_of[position - 1] != document.sentence_of[position]:
            return Case.SUBJECT
        before = document.tokens[position - 1]
        word = before.folded
        if word in _ARTICLES:
            if before.raw in {"à", "À", "às", "Às", "ÀS"}:
                return Case.TO
            governing = document.folded[position - 2] if position > 1 else ""
            if governing in _TO or governing == "ante":
                return Case.TO
            if governing in _GOVERNING:
                return Case.OTHER
            if self._is_object(position - 1, word):
                return Case.OBJECT
            return Case.SUBJECT
        for words, case in ((_TO, Case.TO), (_OF, Case.OF), (_BY, Case.BY), (_OTHER, Case.OTHER)):
            if word in words:
                return case
        return Case.SUBJECT

    def _is_object(self, article: int, word: str) -> bool:
        """An article right after a verb opens its object; without accents in the text, "a" may also stand for "à"."""
        document = self.document
        if article == 0 or document.sentence_of[article - 1] != document.sentence_of[article]:
            return False
        verb = document.folded[article - 1]
        text = document.passages[document.sentences[document.sentence_of[article]].passage].text
        apart = text[document.tokens[article - 1].end : document.tokens[article].start].strip()
        if apart or verb in _CARRIERS or verb in self.names.subordinating:
            return False
        ends_as_verb = len(verb) > 3 and verb.endswith(("ar", "er", "ir", "ara", "era", "ira", "arao", "erao", "irao"))
        return ends_as_verb or (word == "a" and not self.accented)

    def agent(self, sentence: int, position: int) -> Side | None:
        """Who does what the word at the position says, or ``None`` when the text does not tell.

        A duty handed over by words ("cabe à", "pela") decides; else the nearest subject before the word, subordinate
        clauses that are already closed left out; else the first subject after it; else who the opening words name.
        """
        piece = self.document.sentences[sentence]
        side = self._agent_within(piece.first, piece.last, position)
        if side is None:
            side = self._inherited(sentence)
            if side is Side.CONTROLLER and self._is_told(piece.first, piece.last):
                # Nobody tells itself: the subject of the opening words is not the one who owes this.
                side = Side.OPERATOR
        if side is None:
            side = self._towards(piece.last, position) or self._from_heading(sentence)
        return self._opposite(piece.first, piece.last) if side is Side.OTHER else side

    def _towards(self, last: int, position: int) -> Side | None:
        """In "informar à CONTRATADA" the contratante acts, whoever it is; in "prestará à CONTRATADA o auxílio" too."""
        first = self.document.sentences[self.document.sentence_of[position]].first
        for mention in self.within(max(first, position - _GIVEN_WITHIN), position):
            if mention.side is Side.OPERATOR and mention.case is Case.TO:
                verb = mention.first - 2
                if verb >= first and _is_duty(self.document.folded[verb]):
                    return Side.CONTROLLER
        for mention in self.within(position + 1, min(last, position + _TOWARDS_WITHIN)):
            asked = self.document.folded[position].endswith(("ar", "er", "ir"))
            if mention.side is Side.OPERATOR and (mention.case is Case.TO or (mention.case is Case.OBJECT and asked)):
                return Side.CONTROLLER
        return None

    def _from_heading(self, sentence: int) -> Side | None:
        """Read whose duties the heading announces: "DAS OBRIGAÇÕES DA CONTRATANTE"."""
        document = self.document
        section = document.sections[document.unit_of(sentence).section]
        while True:
            for number in document.units[section.heading].sentences if section.heading is not None else ():
                over = document.sentences[number]
                for mention in self.within(over.first + 1, over.last):
                    before = document.folded[max(over.first, mention.first - 3) : mention.first]
                    if mention.case in {Case.TO, Case.OF} and any(
                        word in self.names.duty_of or word in _DUTY_LISTS for word in before
                    ):
                        return mention.side
            if section.above is None:
                return None
            section = document.sections[section.above]

    def only_supposed(self, sentence: int, position: int) -> bool:
        """Tell that who acts is only supposed from the subject of the opening words, and not said."""
        piece = self.document.sentences[sentence]
        if self._agent_within(piece.first, piece.last, position) is not None:
            return False
        for opening in self.document.opening(sentence):
            over = self.document.sentences[opening]
            if self._handed(over.first, over.last, over.last) is not None:
                return False
        return bool(self.document.opening(sentence))

    def _opposite(self, first: int, last: int) -> Side | None:
        """Of an unknown name that acts towards one side, tell that it is the other."""
        towards = {
            mention.side
            for mention in self.within(first, last)
            if mention.side in {Side.CONTROLLER, Side.OPERATOR} and mention.case in {Case.TO, Case.OBJECT}
        }
        if towards == {Side.OPERATOR}:
            return Side.CONTROLLER
        return Side.OPERATOR if towards == {Side.CONTROLLER} else None

    def _is_told(self, first: int, last: int) -> bool:
        """Tell whether something is brought to the contratante: "levado ao conhecimento da EPT", "dito ao TRIBUNAL"."""
        return any(
            mention.side is Side.CONTROLLER
            and (
                mention.case is Case.TO
                or (
                    mention.case is Case.OF
                    and "conhecimento" in self.document.folded[max(first, mention.first - 3) : mention.first]
                )
            )
            for mention in self.within(first, last)
        )

    def _inherited(self, sentence: int) -> Side | None:
        piece = self.document.sentences[sentence]
        for opening in self.document.opening(sentence):
            over = self.document.sentences[opening]
            side = self._handed(over.first, over.last, over.last) or self._first_subject(over.first, over.last)
            if side is not None:
                return side
        if piece.continues and sentence > 0:
            over = self.document.sentences[sentence - 1]
            if over.unit == piece.unit:
                return self._agent_within(over.first, over.last, over.first + 1)
        return None

    def _agent_within(self, first: int, last: int, position: int) -> Side | None:
        side = self._relative(first, position) or self._passive(first, last, position)
        if side is None:
            side = self._handed(first, last, position)
        if side is None and not self._is_passive(position):
            side = self._subject_before(first, position)
        if side is None:
            side = self._postponed(first, last) or self._empowered(first, last)
        return side

    def _relative(self, first: int, position: int) -> Side | None:
        """In "pela Ouvidoria do HOSPITAL, que auxiliará a CONTRATADA" the party before "que" acts."""
        document = self.document
        at = position - 1
        while at > first and document.folded[at] in _PRONOUNS:
            at -= 1
        if at <= first or document.folded[at] != "que" or not _is_duty(document.folded[position]):
            return None
        for mention in self.within(first, at):
            end = self._name_ends(mention)
            if end == at and mention.side in {Side.CONTROLLER, Side.OPERATOR}:
                return mention.side
        return None

    def _passive(self, first: int, last: int, position: int) -> Side | None:
        """In "será comunicada pela CONTRATADA" the agent stands after the verb."""
        verb = self.document.folded[position]
        if verb.endswith(("ara", "era", "ira", "arao", "erao", "irao", "ar", "er", "ir")):
            return None
        for mention in self.within(position, min(last, position + 16)):
            if mention.case is Case.BY and first <= mention.first:
                done = mention.first - 2
                another = done > position and self.document.folded[done].endswith(_PARTICIPLES)
                if another and not verb.endswith(_PARTICIPLES):
                    # "em relação aprovada pelo órgão": it is another verb's agent.
                    continue
                return mention.side
        return None

    def _is_passive(self, position: int) -> bool:
        """In "o CONTRATANTE será informado" the subject of the passive does not act."""
        document = self.document
        if not document.folded[position].endswith(_PARTICIPLES):
            return False
        return any(word in _BEING for word in document.folded[max(0, position - 3) : position])

    def _postponed(self, first: int, last: int) -> Side | None:
        """In "terá a CONTRATADA até 36 horas" the subject stands right after the verb that carries the duty."""
        document = self.document
        for mention in self.within(first, last):
            before = document.folded[max(first, mention.first - 2) : mention.first]
            if mention.case is Case.SUBJECT and any(word in _CARRIERS for word in before):
                return mention.side
            inverted = mention.side is Side.OPERATOR and mention.case in {Case.SUBJECT, Case.OBJECT}
            if inverted and mention.first - first <= _VERB_FIRST and any(_is_duty(word) for word in before):
                return mention.side
        return None

    def _empowered(self, first: int, last: int) -> Side | None:
        """Read who is given a power: "é lícito à DEFENSORIA percorrer as instalações"."""
        for mention in self.within(first + 1, last):
            before = self.document.folded[max(first, mention.first - _EMPOWERED_WITHIN) : mention.first]
            if mention.case is Case.TO and any(word in _POWERS for word in before):
                return mention.side
        return None

    def _handed(self, first: int, last: int, position: int) -> Side | None:
        """Read a duty handed over by words: "cabe à CONTRATADA", "obrigações da CONTRATADA", "a cargo da"."""
        document = self.document
        for mention in self.within(first, last):
            if mention.case in {Case.TO, Case.OF, Case.SUBJECT} and mention.first - first >= 1:
                before = document.folded[max(first, mention.first - 4) : mention.first]
                if "perante" in before[-2:]:
                    continue
                if any(word in self.names.duty_of for word in before) and (
                    mention.first <= position or mention.first - position <= 24
                ):
                    return mention.side
            after = document.folded[mention.last : min(last, mention.last + 2)]
            if mention.case is Case.TO and mention.first - first <= 1 and any(word in _FALLS_TO for word in after):
                # "Ao TRIBUNAL cumpre", "À CONTRATADA caberá".
                return mention.side
        return None

    def _subject_before(self, first: int, position: int) -> Side | None:
        candidates = [mention for mention in self.within(first, position) if mention.case is Case.SUBJECT]
        for mention in reversed(candidates):
            if not self._subordinate(first, mention.first, position) and not self._is_patient(mention, position):
                return self._joined(mention)
        return None

    def _is_patient(self, mention: Mention, position: int) -> bool:
        """In "o CONTRATANTE deverá ser informado, em dois dias," the subject is told and owes nothing."""
        words = self.document.folded[mention.last : min(position, mention.last + _DUTY_WITHIN)]
        return any(
            being in _BEING and done.startswith(_TOLD) and done.endswith(_PARTICIPLES)
            for being, done in pairwise(words)
        )

    def _first_subject(self, first: int, last: int) -> Side | None:
        """Of words that open a list: "a Operadora auxiliará a Controladora a:" is the Operadora's."""
        for mention in self.within(first, last):
            if mention.case is Case.SUBJECT and not self._subordinate(first, mention.first, last):
                return self._joined(mention)
        return None

    def _joined(self, mention: Mention) -> Side:
        """Tell that in "BANCO e CONTRATADA" both act."""
        at = bisect_right(self._starts, mention.first) - 1
        for first, second in ((at - 1, at), (at, at + 1)):
            if first < 0 or second >= len(self.mentions):
                continue
            left, right = self.mentions[first], self.mentions[second]
            between = self.document.folded[left.last : right.first]
            if left.side is not right.side and left.case is Case.SUBJECT and "e" in between and len(between) <= 3:
                return Side.BOTH
        return mention.side

    def _subordinate(self, first: int, at: int, position: int) -> bool:
        """Tell whether the mention is the subject of a clause that ends before the position."""
        document = self.document
        words = document.folded[max(first, at - 4) : at]
        if not any(word in self.names.subordinating for word in words):
            return False
        if "para" in words:
            return False
        text = document.passages[document.sentences[document.sentence_of[at]].passage].text
        return "," in text[document.tokens[at].end : document.tokens[position - 1].end]


def passed_on(document: Document, index: Index, parties: Parties) -> frozenset[int]:
    """The tokens that tell what a suboperador will have to do.

    "Firma com o suboperador contrato que repete os deveres destas cláusulas, inclusive a comunicação imediata…" gives
    the suboperador its duties and the operator only that of passing them on. The lists are data: ``suboperador`` and
    ``repassa_deveres`` (impõe, repete, com os mesmos deveres…).
    """
    found: set[int] = set()
    named = index.in_sentence("suboperador")
    for number, passing in index.in_sentence("repassa_deveres").items():
        sentence = document.sentences[number]
        whom = named.get(number) or [span for opening in document.opening(number) for span in named.get(opening, ())]
        if not whom:
            continue
        begin = min(first for first, _ in passing)
        stop = next(
            (
                mention.first
                for mention in parties.within(begin + 1, sentence.last)
                if mention.case in {Case.SUBJECT, Case.OBJECT}
                and mention.side is Side.OPERATOR
                and not any(first <= mention.first < last for first, last in whom)
                and any(_is_duty(after) for after in document.folded[mention.last : mention.last + _DUTY_WITHIN])
            ),
            sentence.last,
        )
        found.update(range(begin, stop))
        if stop == sentence.last:
            for other in document.sentences[number + 1 :]:
                if number not in document.opening(other.index):
                    break
                found.update(range(other.first, other.last))
    return frozenset(found)
