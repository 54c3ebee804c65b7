"""Reads bundles, one a line, with fhir.resources (R4B) and prints how many resources it accepted."""

import collections
import sys

from fhir.resources.R4B.bundle import Bundle

kinds, refused = collections.Counter(), collections.Counter()
for path in sys.argv[1:]:
    for line in open(path, encoding="utf-8"):
        try:
            bundle = Bundle.model_validate_json(line)
        except ValueError as error:
            refused[str(error)[:300]] += 1
            continue
        kinds.update(entry.resource.get_resource_type() for entry in bundle.entry)
for error, times in refused.items():
    print(times, "×", error)
print("fhir.resources:", sum(kinds.values()), "resources accepted,", sum(refused.values()), "bundles refused;",
      ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
sys.exit(1 if refused or not kinds else 0)
