"""Every form says what is wrong beside the field and in a summary that leads there."""

import re

from django import forms

from config.styleguide import Sample


def wrong() -> Sample:
    form = Sample({"email": "not an address"})
    form.full_clean()
    return form


def test_a_field_names_its_help_and_its_error() -> None:
    html = str(wrong()["mode"].as_field_group())
    described = re.search(r'<fieldset aria-describedby="(.*?)"', html)
    assert described
    for part in described[1].split():
        assert f'id="{part}"' in html
    assert described[1].split() == ["id_mode_helptext", "id_mode_error"]


def test_an_input_is_marked_as_invalid_and_keeps_what_was_typed() -> None:
    html = str(wrong()["email"].as_field_group())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert 'value="not an address"' in html
    assert '<label for="id_email">' in html


def test_every_line_of_the_summary_leads_to_an_element_of_the_form() -> None:
    html = str(wrong())
    targets = re.findall(r'<a href="#(.*?)">', html)
    optional = {"name", "announced", "topics"}
    assert targets == [f"id_{name}" for name in Sample.base_fields if name not in optional]
    for target in targets:
        assert f'id="{target}"' in html


def test_the_summary_shows_what_is_wrong_with_the_whole_form_and_with_hidden_fields() -> None:
    class Form(forms.Form):
        base = forms.IntegerField(widget=forms.HiddenInput)

    form = Form({"base": "x"})
    form.full_clean()
    form.add_error(None, "The interview has ended.")
    html = str(form)
    assert "<li>The interview has ended.</li>" in html
    assert "<li>Enter a whole number.</li>" in html
    assert 'type="hidden" name="base"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(Sample())


def test_what_was_typed_is_escaped() -> None:
    form = Sample({"email": "<script>alert(1)</script>"})
    assert "<script>" not in str(form)


def test_optional_fields_say_so() -> None:
    assert "(optional)" in str(Sample()["name"].as_field_group())
    assert "(optional)" not in str(Sample()["email"].as_field_group())
