"""The forms of the decisions about an agreement."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import DispensationGround, EndReason, Exposure, Role
from vendor_tracker.web.forms import DayField, StaffForm
from vendor_tracker.web.forms_register import LONG, SlugRadioField


class RoleForm(StaffForm):
    """The role of the other party."""

    role = SlugRadioField(
        "Papel no tratamento",
        Role,
        validators=[InputRequired("Escolha o papel.")],
        description="Quem decide sobre o tratamento (art. 13).",
    )
    justification = TextAreaField(
        "Justificativa",
        [Length(max=LONG)],
        description="Os fatos que sustentam o papel. O Encarregado decide com base nela; para operador é dispensável.",
    )


class RoleDecisionForm(StaffForm):
    """The Encarregado's decision about a proposed role."""

    reason = TextAreaField(
        "Motivo", [Length(max=LONG)], description="Preciso só para não aprovar; fica no histórico do acordo."
    )


class DispensationForm(StaffForm):
    """Why no instrument, or no assessment, is asked for."""

    ground = SlugRadioField(
        "Fundamento",
        DispensationGround,
        validators=[InputRequired("Escolha o fundamento.")],
        description="Cada um dispensa coisas diferentes.",
    )
    detail = TextAreaField(
        "Fatos e dispositivo",
        [InputRequired("Explique em ao menos uma frase."), Length(max=LONG)],
        description="O que torna o fundamento aplicável. Aparece no boletim, ao lado de cada obrigação dispensada.",
    )
    decided_on = DayField(
        "Decidida em", [InputRequired("Informe o dia.")], description="A dispensa vale desde esse dia."
    )


class ReasonForm(StaffForm):
    """An act that needs only its reason."""

    reason = TextAreaField(
        "Motivo",
        [InputRequired("Diga em uma frase o motivo."), Length(max=280)],
        description="Fica no histórico do acordo.",
    )


class ExposureForm(ReasonForm):
    """A tier above what the sum gives."""

    tier = SlugRadioField(
        "Exposição",
        Exposure,
        blank="A que a soma dá",
        members=(Exposure.MEDIUM, Exposure.HIGH),
        description="Só pode ser elevada. A mais alta pede provas e auditorias com mais frequência.",
    )


class EndForm(ReasonForm):
    """The end of a bond before its term."""

    end_reason = SlugRadioField(
        "Por que terminou",
        EndReason,
        members=(EndReason.RESCISSION, EndReason.PURPOSE_MET),
        validators=[InputRequired("Escolha o motivo.")],
        description="O fim da vigência não precisa ser registrado: o sistema o conhece pela data.",
    )
    ended_on = DayField(
        "Último dia do vínculo",
        [InputRequired("Informe o dia.")],
        description="No dia seguinte o operador passa a dever a prova do descarte (art. 14, XII).",
    )
