"""The portfolio of effects, the page of one, and the form that asks for another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from socius.engine.grades import GRADES
from socius.kit.child import Broken
from socius.kit.errors import Invalid
from socius.measure.actions import estimate_effect
from socius.measure.models import AccountGroup, Effect
from socius.measure.reports.effects import (
    DRAWN,
    EXPORTED,
    FEWEST_FAKES,
    METHODS,
    REASONS,
    Q,
    exported,
    false_positives,
    in_words,
    portfolio,
    seen_effects,
    tells,
)
from socius.measure.reports.refresh import in_short, last_refresh
from socius.organisation.actions import require_somewhere
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.models import Series
from socius.web.downloads import as_csv
from socius.web.pages import acting, columns, complain, found, number, say
from socius.web.screens.effects import ordering, pictures
from socius.web.screens.effects.forms import EstimateForm

# What would answer a question that was refused.
INSTEAD = {
    "too_short": "A longer history, or a shorter window; before a start that is still to come, a test by regions.",
    "missing": "The missing values, or another series.",
    "placebo_rate": "A control that moves with the series but not with the initiative; or a test by regions.",
    "placebo_bias": "A control that drifts in the same way; or a test by regions.",
    "pre_fit": "A start that lies further from the break; or a test by regions.",
    "not_carried_out": "The same test again, carried out as it is drawn.",
}


def listing(request: HttpRequest) -> HttpResponse:
    """Every computed effect that stands, as one family; what was refused; what cannot be told."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    family = portfolio(actor)
    words, order = ordering.asked(request)
    rows = ordering.arranged(family, words, order)
    in_family = family.called_in_family
    page: dict[str, Any] = {
        "family": family,
        "rows": rows,
        "words": words,
        "order": order,
        "heads": columns(request, order, ordering.HEADS),
        "matching": sum(len(part) for part in rows.values()),
        "standing": len(family.shown) + len(family.refused),
        "called_in_family": in_family,
        "called_registered": len(family.called) - in_family,
        "rate": round(100 * Q),
        "fewest": FEWEST_FAKES,
        "reasons": REASONS,
    }
    newest = last_refresh()
    if newest is not None:
        page |= {"refresh": newest, "refresh_words": in_short(newest)}
    return render(request, "effects/list.html", page)


def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every computed effect that stands, the refused ones too, or those with some words, one a line."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = ordering.arranged(portfolio(actor), *ordering.asked(request))
    return as_csv("effects", EXPORTED, exported(told for part in rows.values() for told in part))


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One effect: the sentence, how sure we are, and everything that one needs to doubt it."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    effect = found(seen_effects(actor), pk, "effect")
    page: dict[str, Any] = {
        "effect": effect,
        "answer": effect.answer or {},
        "say": in_words(effect),
        "tells": tells(effect),
        "unit": pictures.unit_of(effect),
        "grade_words": GRADES[effect.grade],
        "false_positives": false_positives(effect.answer),
        "method": METHODS.get(effect.method, effect.method),
        "second": METHODS.get(effect.second_method, effect.second_method),
        "instead": INSTEAD.get(effect.refusal, ""),
        "q": next((t.q for t in portfolio(actor).shown if t.effect.pk == effect.pk), None),
        "former": Effect.objects.filter(superseded_by=effect),
        "fewest": FEWEST_FAKES,
        "drawn": effect.method == DRAWN,
        **drawn(effect),
    }
    return render(request, "effects/one.html", page)


def drawn(effect: Effect) -> dict[str, Any]:
    """The pictures of an effect with their rows."""
    if effect.by_hand:
        return {}
    return {
        "counterfactual": pictures.counterfactual(effect),
        "cumulative": pictures.cumulative(effect),
        "placebos": pictures.placebos(effect),
        "rows": pictures.rows_of(effect),
        "controls": effect.controls.order_by("name"),
    }


def estimate(request: HttpRequest) -> HttpResponse:
    """Asks for an estimate. The numbers run while the page waits: seconds, and never longer than twenty."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    groups = AccountGroup.objects.filter(visible(actor, "analytics.view"))
    group = groups.filter(pk=number(request, "group")).first() if "group" in request.GET else None
    form = EstimateForm(
        request.POST or None,
        initial={
            **{
                name: request.GET.get(name)
                for name in ("initiative", "series", "group", "start", "end")
            },
            "controls": request.GET.getlist("controls"),
        },
        group=group,
        initiatives=reports.initiatives(actor),
        series=Series.objects.filter(visible(actor, "analytics.view")),
    )
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "controls": tuple(form.cleaned_data["controls"])}
        try:
            subject = said.pop("group" if group else "initiative")
            made = estimate_effect(subject, said.pop("series"), actor=actor, **said)
        except Invalid as error:
            complain(form, error)
        except Broken as error:
            form.add_error(None, f"{error} Nothing was kept. Try a shorter window.")
        else:
            say(request, "The estimate was refused; the reason is kept." if made.refused else "The effect is estimated.")  # fmt: skip
            return redirect("effect", pk=made.pk)
    return render(request, "effects/form.html", {"form": form}, status=422 if form.errors else 200)
