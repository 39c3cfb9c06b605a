"""What CPython prints for the programs of `pythonPrograms.py`: the interpreter's tests compare with it.

    /usr/bin/python3 test/tools/pythonOracle.py        writes test/fixtures/python-programs.json

Programs are separated by lines `# ---- name`. CPython 3.11 made the file; the programs avoid what differs between versions.
"""

import json
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
target = os.path.join(here, "..", "fixtures", "python-programs.json")

programs = []
for line in open(os.path.join(here, "pythonPrograms.py"), encoding="utf-8"):
    if line.startswith("# ---- "):
        programs.append({"name": line[7:].strip(), "source": ""})
    else:
        programs[-1]["source"] += line

failed = False
for program in programs:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(program["source"])
        environment = {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-W", "ignore", path], capture_output=True, encoding="utf-8", env=environment)
        program["output"] = done.stdout
        if done.returncode:
            failed = True
            print(f"{program['name']}: {done.stderr.strip()}", file=sys.stderr)

with open(target, "w", encoding="utf-8") as file:
    json.dump(programs, file, ensure_ascii=False, indent=1)
    file.write("\n")
print(f"{len(programs)} programs")
sys.exit(failed)
