"""The schema of a complete export, from the records; run as a module it writes the file."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from app.paths import resource
from app.transfer.document import FORMAT, RUN_FIELDS_LEFT_OUT, VERSION, Document

FILE = resource("export", "fovea-export.schema.json")
_TITLE = "fovea.json, in the archive of a complete export"


def schema() -> dict[str, Any]:
    """What `fovea.json` is, as JSON schema 2020-12."""
    made = msgspec.json.schema(Document)
    records = made["$defs"]
    for name in RUN_FIELDS_LEFT_OUT:
        records["RunCard"]["properties"][name] = {"const": RECORD_DEFAULTS[name]}
    records.pop("Ticket", None)
    document = records["Document"]["properties"]
    document["format"] = {"const": FORMAT}
    document["version"] = {"const": VERSION}
    records["ExportedConversation"]["properties"]["id"] |= {"pattern": "^[0-9a-f]{32}$"}
    records["ExportedPicture"]["properties"]["sha256"] |= {"pattern": "^[0-9a-f]{64}$"}
    for record in records.values():
        if "description" in record:
            record["description"] = " ".join(record["description"].split())
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _TITLE}
    return head | made


RECORD_DEFAULTS: dict[str, Any] = {"session": "", "ticket": None}


def written() -> str:
    """The schema as it lies in the file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- a small validator


def complaints(value: Any, rule: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """Where `value` is not as `rule` of the schema `whole` says."""
    if "$ref" in rule:
        return complaints(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole, at)
    if "anyOf" in rule:
        every = [complaints(value, one, whole, at) for one in rule["anyOf"]]
        return [] if any(not found for found in every) else [f"{at}: none of {every}"]
    if "const" in rule:
        return [] if value == rule["const"] else [f"{at}: not {rule['const']!r}"]
    if "enum" in rule:
        return [] if value in rule["enum"] else [f"{at}: not one of {rule['enum']}"]
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    kind = rule.get("type")
    if kind in ("integer", "number"):
        good = isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
        return [] if good else [f"{at}: no {kind}"]
    if kind is None:
        return []
    if not isinstance(value, types[kind]):
        return [f"{at}: no {kind}"]
    if kind == "string":
        return [] if re.search(rule.get("pattern", ""), value) else [f"{at}: not {rule['pattern']}"]
    if kind == "array":
        return _of_array(value, rule, whole, at)
    return _of_object(value, rule, whole, at) if kind == "object" else []


def _of_array(value: list[Any], rule: dict[str, Any], whole: dict[str, Any], at: str) -> list[str]:
    prefix = rule.get("prefixItems", [])
    found = [f"{at}: too long"] if rule.get("items") is False and len(value) > len(prefix) else []
    for place, item in enumerate(value):
        one = prefix[place] if place < len(prefix) else rule.get("items")
        if isinstance(one, dict):
            found += complaints(item, one, whole, f"{at}[{place}]")
    return found


def _of_object(value: dict[str, Any], rule: dict[str, Any], whole: dict[str, Any], at: str) -> list[str]:
    properties, more = rule.get("properties", {}), rule.get("additionalProperties", True)
    found = [f"{at}: without {name}" for name in rule.get("required", []) if name not in value]
    for name, item in value.items():
        if name in properties:
            found += complaints(item, properties[name], whole, f"{at}.{name}")
        elif more is False:
            found.append(f"{at}.{name}: unknown")
        elif isinstance(more, dict):
            found += complaints(item, more, whole, f"{at}.{name}")
    return found


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
