"""The AI disclosure of C2PA, `c2pa.ai-disclosure`: written for each machine that took part, and checked.

Source: C2PA Technical Specification 2.4 (April 2026), clause on the AI disclosure assertion and its table of model
types, as quoted by two independent implementations. The signing library takes any value, so it is checked here first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partita.formats.labels.shape import Contribution, Making

LABEL = "c2pa.ai-disclosure"
MODEL = "c2pa.types.model"
MODEL_TYPES = frozenset(
    {
        MODEL,
        *(
            f"{MODEL}.{kind}"
            for kind in (
                "caffe", "caffe2", "catboost", "coreml", "flax", "huggingface.transformers", "jax", "keras", "lightgbm",
                "ml_net", "mxnet", "onnx", "openvino", "openvino.parameter", "openvino.topology", "paddle", "pytorch",
                "sklearn", "tensorflow", "tensorrt", "tflite", "torchscript", "xgboost",
            )
        ),
    }
)  # fmt: skip
"""Words for the kind of a model; the bare one is for a model of whose kind nothing is known."""

OVERSIGHT = {
    "fully_autonomous": "nobody reviewed what the machine put out",
    "prompt_guided": "a person gave the prompts or settings, and nobody approved the output",
    "human_validated": "a person reviewed and approved the output before it was released",
}
"""Words for what a person did with a machine's output, and their meaning."""

_NAME_MOST, _IDENTIFIER_MOST, _DOMAINS_MOST = 256, 2_048, 100
FIELDS = {"modelType", "modelName", "modelIdentifier", "contentProfile"}


def disclosures(contribution: Contribution) -> list[dict[str, object]]:
    """The data of one assertion for each machine that took part; none where people made everything."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for part in contribution.parts:
        if part.making is not Making.HUMAN:
            data: dict[str, object] = {"modelType": part.model_type or MODEL}
            data |= {"modelName": part.tool} if part.tool else {}
            if contribution.oversight:
                data["contentProfile"] = {"humanOversightLevel": contribution.oversight}
            found.setdefault((part.model_type or MODEL, part.tool), data)
    return list(found.values())


def faults(data: object) -> list[str]:
    """What is wrong with an assertion's data, in words; none where it is as the specification asks."""
    if not isinstance(data, Mapping):
        return ["the disclosure is no object"]
    found = [f"the disclosure has a field of no meaning: {name!r}" for name in sorted(set(data) - FIELDS, key=str)]
    kind = data.get("modelType")
    if not isinstance(kind, str) or kind not in MODEL_TYPES:
        found.append(f"modelType {kind!r} is no word of C2PA's table; {MODEL!r} is for any model")
    for name, most in (("modelName", _NAME_MOST), ("modelIdentifier", _IDENTIFIER_MOST)):
        if name in data and not _is_line(data[name], most):
            found.append(f"{name} is no line of 1 to {most} characters")
    return found + _profile_faults(data.get("contentProfile", {}))


def _profile_faults(profile: object) -> list[str]:
    """What is wrong with a content profile."""
    if not isinstance(profile, Mapping):
        return ["contentProfile is no object"]
    strange = sorted(set(profile) - {"scientificDomain", "humanOversightLevel"}, key=str)
    found = [f"contentProfile has a field of no meaning: {name!r}" for name in strange]
    level = profile.get("humanOversightLevel")
    if "humanOversightLevel" in profile and (not isinstance(level, str) or level not in OVERSIGHT):
        found.append(f"humanOversightLevel {level!r} is none of {', '.join(OVERSIGHT)}")
    domains = profile.get("scientificDomain", ["-"])
    listed = isinstance(domains, Sequence) and not isinstance(domains, str) and 0 < len(domains) <= _DOMAINS_MOST
    if not listed or not all(_is_line(domain, _NAME_MOST) for domain in domains):
        found.append("scientificDomain is no list of words")
    return found


def _is_line(value: object, most: int) -> bool:
    """Whether a value is one line of text that is not blank."""
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= most and value.isprintable()
