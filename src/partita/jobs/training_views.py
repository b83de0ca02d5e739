"""What a training run's pages show besides its tables: models, licences and what their fees are for."""

from __future__ import annotations

from collections.abc import Mapping

from partita import price
from partita.formats.pages import RunView
from partita.formats.training_pages import LicenceView, ModelView, TrainingView
from partita.jobs.training import Settled
from partita.jobs.trainingfile import AiLicence
from partita.price import models

WORDS: Mapping[str, Mapping[str, str]] = {**price.LABELS, "revenue": {"en": "revenue", "zh-Hant": "營收"}}
"""Words of formulas by code and language; an AI provider's revenue is no box office."""


def view(settled: Settled, run: RunView) -> TrainingView:
    """The training run as its report and invoices show it."""
    found, job = settled.found, settled.found.job
    return TrainingView(
        run=run,
        provider=job.provider.id,
        provider_name=job.provider.name.by_language(),
        provider_contact=job.provider.contact,
        models=tuple(ModelView(m.id, m.name, m.trained_on, m.purpose, m.territory) for m in job.model),
        licences=tuple(_licence(settled, licence) for licence in job.licence),
        items=found.items,
        findings=found.findings,
    )


def _licence(settled: Settled, licence: AiLicence) -> LicenceView:
    model = models.model(licence.model)
    return LicenceView(
        id=licence.id,
        licensor=licence.licensor,
        model=licence.model,
        name=model.name,
        systems=licence.systems,
        territory=licence.territory,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        components={component.id: component.says for component in model.components},
        missing=tuple((name, what) for whose, name, what in settled.missing if whose == licence.id),
    )


__all__ = ["WORDS", "view"]
