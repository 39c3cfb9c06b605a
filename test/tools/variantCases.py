"""Makes golden cases that are in no folder: the drivers of the packs with other dims, flags and seeds, numbers from a real torch.

    /usr/bin/python3 test/tools/variantCases.py OUT [--screen DIR] [--each N] [--seed S]

Every case of test/fixtures/goldens that has a driver gives one case with another seed and N with another config, drawn from the ranges of its
mini; draws that the code itself rejects are left out. `npx tsx test/tools/variantTrace.ts OUT [DIR]` compares the tracer.
"""

import argparse
import copy
import glob
import json
import os
import random

import torch

import goldenTorch as golden


def described(name, value):
    value = value.detach() if isinstance(value, torch.Tensor) else torch.tensor(value)
    kind = str(value.dtype).replace("torch.", "")
    values = []
    for number in value.to(torch.float64).flatten().tolist():
        if number != number:
            values.append("NaN")
        elif number in (float("inf"), float("-inf")):
            values.append("Infinity" if number > 0 else "-Infinity")
        else:
            values.append(float(f"{number:.9g}"))
    return {"name": name, "shape": list(value.shape), "dtype": kind, "values": values}


def drawn(ranges, chance):
    config = {}
    for name, it in ranges.items():
        default = it["default"]
        if chance.random() < 0.4:
            continue
        if "options" in it:
            config[name] = chance.choice(it["options"])
        elif isinstance(default, bool):
            config[name] = chance.random() < 0.5
        elif isinstance(default, int) and "min" in it:
            step = it.get("step", 1)
            top = min(it["max"], max(default * 2, default + 3))
            config[name] = it["min"] + step * chance.randint(0, int((top - it["min"]) // step))
    return config


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--screen")
    parser.add_argument("--pack", help="only this one (BLIP and ALBEF share module names)")
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.weights = ""
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(1)
    golden.prepare_imports()
    minis = golden.read_minis()
    chance = random.Random(options.seed)
    made = rejected = 0
    for file in sorted(glob.glob(os.path.join(golden.ROOT, "test", "fixtures", "goldens", "*.json"))):
        case = json.load(open(file, encoding="utf-8"))
        entry = minis.get(case["entry"])
        driver = entry and next((it for it in entry["mini"]["drivers"] if it["name"] == case["id"]), None)
        if not driver or (options.pack and entry["system"] != options.pack):
            continue
        if options.screen and not (case.get("upstream") or {}).get("file"):
            continue
        drafts = []
        reseeded = copy.deepcopy(case)
        reseeded["seed"] = case["seed"] + 17
        for it in reseeded["inputs"]:
            if it["rule"] != "explicit":
                it.pop("values", None)
        drafts.append(reseeded)
        for _ in range(options.each):
            config = {**{k: v["default"] for k, v in entry["mini"]["config"].items()}, **(driver.get("config") or {})}
            config.update(drawn(entry["mini"]["config"], chance))
            drafts.append({**case, "config": config, "seed": chance.randint(0, 99), "parameters": [], "inputs": []})
        for number, draft in enumerate(drafts):
            try:
                outputs, _, _ = golden.run(case["entry"], entry, driver, options, case=draft)
            except Exception as error:
                rejected += 1
                print(f"{case['id']} {number}: {type(error).__name__}: {str(error)[:90]}")
                continue
            draft["outputs"] = [described(name, it) for name, it in outputs.items() if isinstance(it, (torch.Tensor, float, int))]
            draft["intermediates"] = []
            config = {**{k: v["default"] for k, v in entry["mini"]["config"].items()}, **(driver.get("config") or {}), **draft["config"]}
            made_of = golden.make_inputs(driver, config, draft, draft["seed"])
            draft["inputs"] = [{**described(name, it), "rule": "explicit"} for name, it in made_of.items()]
            with open(os.path.join(options.out, f"{case['id']}.{number}.json"), "w", encoding="utf-8") as target:
                json.dump(draft, target)
            made += 1
    print(f"{made} cases made, {rejected} draws rejected")


if __name__ == "__main__":
    main()
