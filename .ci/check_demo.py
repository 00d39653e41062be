"""Checks the demo's last line: one JSON object whose figures hang together."""

import json
import sys
from decimal import Decimal

line = json.loads(sys.stdin.read(), parse_float=Decimal)
served = line["servedBy"]

assert sum(served.values()) == line["requests"] > 0, "every request has a tier"
assert served.get("exact-cache", 0) > 0, "repeats are answered from the cache"
assert served.get("large", 0) > 0, "some requests need the large model"
assert line["certified"] is True, "a student was certified"
assert served.get("student", 0) > 0, "the certified student answers"
assert line["violation"] is False, "the contract holds on the rest of the stream"
assert Decimal(line["disagreement"]) <= Decimal(line["epsilon"])
saving = 1 - Decimal(line["cost"]) / Decimal(line["costAllLarge"])
assert abs(saving - Decimal(line["saving"])) < Decimal("0.000001"), "the saving is its definition"
assert saving > 0, "it is cheaper than the large model alone"
print("demo: all checks hold")
