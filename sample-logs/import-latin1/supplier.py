# SPDX-License-Identifier: Apache-2.0
"""The supplier writes a new stock list. Usage: supplier.py LIST ENCODING"""

import random
import sys
from pathlib import Path

NAMES = ["Schraube", "Dübel", "Wasserwaage", "Säge", "Türgriff", "Mörtel", "Kalkputz", "Fußleiste", "Ölfarbe", "Nagel"]
path, encoding = sys.argv[1:]
lines = [f"{i};{NAMES[i % len(NAMES)]} {i % 7 + 3} mm;{random.choice([0, 3, 12, 40, 5, 8, 17, -1 if i == 77 else 2])}" for i in range(1, 121)]
Path(path).write_bytes(("\n".join(lines) + "\n").encode(encoding))
