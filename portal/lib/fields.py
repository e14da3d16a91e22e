"""What `<c-field>` and `<c-error-summary>` need to know of a form: ids, labels, hints, errors."""

from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

CLASSES = {"checkbox": "form-check-input", "radio": "form-check-input", "select": "form-select"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One field as it is shown. `described` is its `aria-describedby`: the error first, then the hint."""

    id: str
    label: str
    hint: str
    errors: tuple[str, ...]
    checkbox: bool = False
    optional: bool = False

    @property
    def described(self) -> str:
        parts = [f"{self.id}-error"] * bool(self.errors) + [f"{self.id}-hint"] * bool(self.hint)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error of one field, with the address of the field."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything wrong with a form. Shown when that is two things or more, or one that belongs to no field."""

    general: tuple[str, ...]
    fields: tuple[Wrong, ...]

    @property
    def count(self) -> int:
        return len(self.general) + len(self.fields)

    @property
    def shown(self) -> bool:
        return bool(self.general) or self.count > 1


def control(field: BoundField, described: str = "") -> SafeString:
    """The field's control with the theme's class, and with its hint and error announced."""
    widget = field.field.widget
    css = CLASSES.get(getattr(widget, "input_type", "text"), "form-control")
    classes = [widget.attrs.get("class", ""), css, "is-invalid" if field.errors else ""]
    attrs = {
        "class": " ".join(filter(None, classes)),
        "aria-describedby": described,
        "aria-invalid": "true" if field.errors else "",
    }
    return field.as_widget(attrs={name: value for name, value in attrs.items() if value})


def facts_of(field: BoundField, *, label: str = "", hint: str = "") -> Facts:
    """Of a Django field; `label` and `hint` replace its own."""
    checkbox = getattr(field.field.widget, "input_type", "") == "checkbox"
    return Facts(
        id=field.id_for_label,
        label=label or str(field.label),
        hint=hint or str(field.help_text),
        errors=tuple(str(problem) for problem in field.errors),
        checkbox=checkbox,
        optional=not field.field.required and not checkbox,
    )


def summary_of(form: BaseForm) -> Summary:
    """Of a form that was sent."""
    fields = [Wrong(bound.id_for_label, str(bound.label), str(problem)) for bound in form for problem in bound.errors]
    return Summary(tuple(str(problem) for problem in form.non_field_errors()), tuple(fields))
