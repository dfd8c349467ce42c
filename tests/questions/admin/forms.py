"""Django admin's forms, filled in as a browser does."""

from typing import Any

from django.test import Client
from django.urls import reverse


def change_url(item: Any) -> str:
    return reverse(f"admin:questions_{item._meta.model_name}_change", args=[item.pk])


def form_of(desk: Client, url: str) -> dict[str, Any]:
    """What a browser would send if the form at `url` were sent as it is, line ends included."""
    response = desk.get(url)
    assert response.status_code == 200
    return filled_in(response)


def filled_in(response: Any) -> dict[str, Any]:
    """What a browser would send if the form of that page were sent as it is."""
    data: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if hasattr(bound.field, "queryset") and isinstance(value, list):
                data[bound.html_name] = [getattr(one, "pk", one) for one in value]
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                text = str(value).replace("\r\n", "\n")
                data[bound.html_name] = text.replace("\n", "\r\n")
    return data


def errors(response: Any) -> str:
    assert response.status_code == 200
    return str(response.context["errors"])
