"""Runs the drivers of packs/*/minis.yaml in CPython with the real torch, and compares with the golden cases.

    /usr/bin/python3 test/tools/goldenTorch.py [options] [CASE ...]

    CASE             ids or files of cases, or ids of entries; all cases that have a driver when none is given
    --goldens DIR    folder of case files (default: test/fixtures/goldens)
    --screen DIR     `m` is the upstream file below DIR/<repository>/ instead of the mini
    --samples        run every sample of the chosen entries instead of the cases; invariants are checked in both
    --values         print the outputs of the samples
    --weights DIR    folder of the trained weights (default: packs/weights)
    --intermediates  list every intermediate, not only the worst
    --pack SYSTEM    only this pack (more than once: more)

Exit status 1 when an output or an intermediate of a mini leaves atol 2e-5 + rtol 1e-5, or an invariant fails. Debian's python3-torch 1.13 is enough.
`Qualname:variable` selectors are read with a trace function, `module:` selectors with forward hooks: see docs/minis.md.
"""

import argparse
import ast
import glob
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import math
import os
import subprocess
import sys
import types

import torch

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ATOL, RTOL = 2e-5, 1e-5
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64, "bool": torch.bool}


# ------------------------------------------------------------------ the tensor rule


def uniform(seed, name, count):
    """`count` numbers in [0, 1): mulberry32 of FNV-1a 32 of "seed:name"."""
    h = 0x811C9DC5
    for byte in f"{seed}:{name}".encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    a, mask, values = h, 0xFFFFFFFF, []
    for _ in range(count):
        a = (a + 0x6D2B79F5) & mask
        t = ((a ^ (a >> 15)) * (1 | a)) & mask
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & mask)) & mask) ^ t
        values.append(((t ^ (t >> 14)) & mask) / 4294967296)
    return values


def by_rule(rule, seed, name, shape, dtype="float32", vocab=None, values=None):
    count = math.prod(shape)
    if rule == "explicit":
        data = [float(value) if isinstance(value, str) else value for value in values]
        return torch.tensor(data, dtype=torch.float64).reshape(shape).to(DTYPES[dtype])
    us = uniform(seed, name, count)
    if rule == "token":
        return torch.tensor([math.floor(u * vocab) for u in us]).reshape(shape)
    scale = {"norm": 0.1, "bias": 0.1, "input": 1.0, "weight": 1 / math.sqrt(math.prod(shape[1:]) or 1)}[rule]
    offset = 1 if rule == "norm" else 0
    data = torch.tensor([offset + (2 * u - 1) * scale for u in us], dtype=torch.float64).reshape(shape)
    return data.to(torch.float32).to(DTYPES[dtype])


def default_rule(name, tensor):
    """The rule of a state_dict entry that no case describes; None keeps what the constructor made."""
    last = name.rsplit(".", 1)[-1]
    if not tensor.is_floating_point() or tensor.dim() == 0:
        return None
    if last == "running_var":
        return "norm"
    if tensor.dim() >= 2:
        return "weight"
    return "norm" if last in ("weight", "g") else "bias"


def assign(model, case, seed):
    """Gives every state_dict entry its value; returns what does not fit."""
    if model is None:
        return []
    state = {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    described = {it["name"]: it for it in case["parameters"]} if case else {}
    problems = []
    if case:
        problems += [f"parameter {name} is not in the case" for name in state if name not in described]
        problems += [f"parameter {name} is not in the model" for name in described if name not in state]
    with torch.no_grad():
        for name, value in state.items():
            it = described.get(name)
            rule = it["rule"] if it else default_rule(name, value)
            if rule is None or rule == "tied" or (rule == "explicit" and "values" not in it):
                continue
            if it and list(value.shape) != it["shape"]:
                problems.append(f"parameter {name} has shape {list(value.shape)}, not {it['shape']}")
                continue
            dtype = "float64" if value.dtype == torch.float64 else "float32"
            made = by_rule(rule, seed, name, list(value.shape), dtype, values=it.get("values") if it else None)
            value.copy_(made.to(value.dtype))
    return problems


def load_trained(model, file):
    """Trained weights by state_dict name (safetensors); returns what does not fit."""
    raw = open(file, "rb").read()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    kinds = {"F32": torch.float32, "F16": torch.float16, "F64": torch.float64, "I64": torch.int64, "BOOL": torch.bool}
    state, problems = model.state_dict(), []
    trained = {name: it for name, it in header.items() if name != "__metadata__"}
    problems += [f"no trained weight for {name}" for name in state if name not in trained]
    for name, it in trained.items():
        if name not in state or list(state[name].shape) != it["shape"]:
            problems.append(f"trained weight {name} {it['shape']} does not fit")
            continue
        start, end = (8 + size + offset for offset in it["data_offsets"])
        values = torch.frombuffer(bytearray(raw[start:end]), dtype=kinds[it["dtype"]])
        with torch.no_grad():
            state[name].copy_(values.reshape(it["shape"]))
    return problems


# ------------------------------------------------------------------ loading sources


class Missing(types.ModuleType):
    """A package that is not installed: whatever is taken from it is a class that can be subclassed but not used."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(this, *args, **kwargs):
            raise RuntimeError(f"{self.__name__}.{name} is not available here")

        made = type(name, (), {"__init__": refuse})
        setattr(self, name, made)
        return made


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Last resort for packages that are missing. Our own stand-ins come first; names in `absent` stay ImportErrors."""

    #: Packages whose absence the source handles by itself, by pack.
    ABSENT = {"open_clip": {"timm", "transformers", "horovod"}}

    def __init__(self):
        self.system = None

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in {"torch", *self.ABSENT.get(self.system, ())}:
            return None
        # A package that is installed lacks what it lacks, and may try for it.
        installed = getattr(sys.modules.get(name.split(".")[0]), "__file__", None) or ""
        if "." in name and f"{os.sep}dist-packages{os.sep}" in installed:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Missing(spec.name)

    def exec_module(self, module):
        pass


def prepare_imports():
    pylib = os.path.join(ROOT, "src", "core", "trace", "pylib")
    for folder in sorted(glob.glob(os.path.join(pylib, "*", ""))):
        folder = folder.rstrip("/")
        name = os.path.basename(folder)
        if name in ("torch", "numpy", "README.md") or importlib.util.find_spec(name):
            continue
        init = os.path.join(folder, "__init__.py")
        if os.path.exists(init):
            spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[folder])
            sys.modules[name] = LazyPackage(name, spec)
    sys.meta_path.append(STUBS)


STUBS = Stubs()


class LazyPackage(types.ModuleType):
    """A stand-in package that is executed at its first use, so that a broken one harms only those who want it."""

    def __init__(self, name, spec):
        super().__init__(name)
        self.__spec__, self.__path__ = spec, spec.submodule_search_locations

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        spec = self.__spec__
        self.__class__ = types.ModuleType
        self.__file__ = spec.origin
        spec.loader.exec_module(self)
        return getattr(self, name)


def bare_package(name, folder):
    """A package whose `__init__` is not run: its modules import each other all the same."""
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [folder]
        sys.modules[name] = package


def load_mini(system, file):
    folder = os.path.join(ROOT, "packs", system)
    path = os.path.join(folder, file)
    package = f"lens_mini_{system}"
    bare_package(package, os.path.dirname(path))
    return importlib.import_module(f"{package}.{os.path.splitext(os.path.basename(path))[0]}"), [os.path.dirname(path)]


class Checkouts:
    """Only one checkout is importable at a time: BLIP and ALBEF both have a package `models`."""

    def __init__(self):
        self.base, self.places, self.kept = None, [], {}

    def enter(self, base):
        if base == self.base:
            return
        own = {name: module for name, module in sys.modules.items() if self.base and self.holds(module)}
        self.kept[self.base] = own
        for name in own:
            del sys.modules[name]
        sys.path[:] = [place for place in sys.path if place not in self.places]
        self.base, self.places = base, []
        sys.modules.update(self.kept.get(base, {}))

    def holds(self, module):
        folders = list(getattr(module, "__path__", None) or []) + [getattr(module, "__file__", None) or ""]
        return any(isinstance(folder, str) and folder.startswith(self.base + os.sep) for folder in folders)

    def add_place(self, place):
        if place not in sys.path:
            sys.path.insert(0, place)
            self.places.append(place)


CHECKOUTS = Checkouts()
#: Modules that read a data file when they are imported; a checkout of the sources need not have it.
READS_A_FILE = ("dalle2_pytorch.tokenizer",)


def load_screen(root, repo, path):
    base = os.path.join(root, repo.rsplit("/", 1)[-1])
    CHECKOUTS.enter(base)
    full = os.path.join(base, path)
    # A folder without `__init__` may lie inside a package all the same.
    folder = os.path.dirname(full)
    parts = os.path.relpath(folder, base).split(os.sep)
    while parts and not os.path.exists(os.path.join(base, parts[0], "__init__.py")):
        base = os.path.join(base, parts.pop(0))
    folder = base if parts else folder
    for place in (folder, base):
        CHECKOUTS.add_place(place)
    for depth in range(1, len(parts) + 1):
        bare_package(".".join(parts[:depth]), os.path.join(folder, *parts[:depth]))
    for reader in READS_A_FILE:
        sys.modules.setdefault(reader, Missing(reader))
    name = ".".join([*parts, os.path.splitext(os.path.basename(full))[0]])
    return importlib.import_module(name), [CHECKOUTS.base]


# ------------------------------------------------------------------ captures


class Captures:
    """Records assignments of the functions that selectors ask for, and outputs of modules."""

    def __init__(self, selectors, folders):
        self.folders = [os.path.realpath(it) for it in folders]
        self.wanted, self.modules = {}, {}
        self.values = {}
        self.calls, self.module_calls, self.frames, self.targets = {}, {}, {}, {}
        for selector in selectors:
            kind, _, rest = selector.partition(":")
            if kind == "out":
                continue
            where, _, call = (rest if kind == "module" else kind).partition("@")
            if kind == "module":
                self.modules.setdefault(where, []).append((int(call or 0), selector))
            else:
                variable, _, nth = rest.partition("#")
                self.wanted.setdefault(where, []).append((int(call or 0), variable, int(nth) if nth else None, selector))

    def attach(self, model):
        handles = []
        if model is None:
            return handles
        for path, module in model.named_modules():
            if path in self.modules:
                handles.append(module.register_forward_hook(lambda _, __, output, path=path: self.module_done(path, output)))
        return handles

    def module_done(self, path, output):
        count = self.module_calls[path] = self.module_calls.get(path, -1) + 1
        for call, selector in self.modules[path]:
            if call == count:
                self.values[selector] = snapshot(output)

    def __enter__(self):
        if self.wanted:
            sys.settrace(self.on_call)
        return self

    def __exit__(self, *_):
        sys.settrace(None)

    def on_call(self, frame, event, _):
        code = frame.f_code
        name = code.co_qualname.replace(".<locals>", "")
        if name not in self.wanted:
            return None
        if not any(os.path.realpath(code.co_filename).startswith(folder + os.sep) for folder in self.folders):
            return None
        count = self.calls[name] = self.calls.get(name, -1) + 1
        asked = [it for it in self.wanted[name] if it[0] == count]
        if not asked:
            return None
        seen, state = {}, {"statement": None}
        lines = self.assignments(code.co_filename)

        def leave():
            for target in lines.get(state["statement"], ()):
                if target in frame.f_locals:
                    seen.setdefault(target, []).append(snapshot(frame.f_locals[target]))
                elif "." in target:
                    owner, _, attribute = target.partition(".")
                    if owner in frame.f_locals and hasattr(frame.f_locals[owner], attribute):
                        seen.setdefault(target, []).append(snapshot(getattr(frame.f_locals[owner], attribute)))

        def on_event(frame, event, argument):
            if event == "line":
                statement = self.statement_at(code.co_filename, frame.f_lineno)
                if statement != state["statement"] or statement == (frame.f_lineno, frame.f_lineno):
                    leave()
                    state["statement"] = statement
            elif event == "return":
                leave()
                seen["return"] = [snapshot(argument)]
                for _, variable, nth, selector in asked:
                    found = seen.get(variable) or ([snapshot(frame.f_locals[variable])] if variable in frame.f_locals else [])
                    if found and (nth is None or nth < len(found)):
                        self.values[selector] = found[-1 if nth is None else nth]
            return on_event

        return on_event

    def assignments(self, file):
        if file not in self.targets:
            table = {}
            for node in ast.walk(ast.parse(open(file, encoding="utf-8").read())):
                if isinstance(node, ast.stmt):
                    span = (node.lineno, node.end_lineno if not hasattr(node, "body") else node.lineno)
                    names = []
                    if isinstance(node, ast.Assign):
                        names = [name for target in node.targets for name in target_names(target)]
                    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)):
                        names = target_names(node.target)
                    table[span] = names
            self.targets[file] = table
        return self.targets[file]

    def statement_at(self, file, line):
        spans = [span for span in self.assignments(file) if span[0] <= line <= span[1]]
        return max(spans, default=None, key=lambda span: (span[0], -span[1]))


def target_names(node):
    if isinstance(node, (ast.Tuple, ast.List)):
        return [name for element in node.elts for name in target_names(element)]
    if isinstance(node, ast.Starred):
        return target_names(node.value)
    while isinstance(node, ast.Subscript):
        node = node.value
    return [ast.unparse(node)] if isinstance(node, (ast.Name, ast.Attribute)) else []


def snapshot(value):
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, (tuple, list)):
        return tuple(snapshot(it) for it in value)
    return value


# ------------------------------------------------------------------ running


def read_minis():
    """All minis.yaml as the product reads them (YAML 1.2), with the upstream of their entries."""
    script = (
        "const fs=require('fs'),{parse}=require('yaml');const o={};"
        "for(const s of fs.readdirSync('packs')){const f=`packs/${s}/minis.yaml`;if(!fs.existsSync(f))continue;"
        "let p={entries:[]};try{p=parse(fs.readFileSync(`packs/${s}/pack.yaml`,'utf8'),{maxAliasCount:1000})}catch{}"
        "const m=parse(fs.readFileSync(f,'utf8'),{maxAliasCount:1000}).minis;"
        "for(const id of Object.keys(m)){const e=p.entries.find(e=>e.id===id);"
        "o[id]={system:s,mini:m[id],repo:e?.upstream?.repo??p.upstream?.repo,path:e?.upstream?.path}}}"
        "console.log(JSON.stringify(o))"
    )
    done = subprocess.run(["node", "-e", script], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout)


def compiled(code, label):
    names = {}
    exec(compile(code, label, "exec"), names)
    return names


def make_inputs(driver, config, case, seed, for_other_dims=None):
    x, made = {}, None
    for it in driver["inputs"]:
        shape = [int(eval(str(size), {}, dict(config))) for size in it["shape"]]
        vocab = int(eval(str(it["vocab"]), {}, dict(config))) if "vocab" in it else None
        listed = it.get("values", [])
        fits = math.prod(shape) == len(listed) and (vocab is None or all(value < vocab for value in listed))
        if it["rule"] == "explicit" and listed and not fits and for_other_dims and not case:
            made = for_other_dims(config) if made is None else made
            if it["name"] in made:
                x[it["name"]] = made[it["name"]]
        elif it["rule"] != "explicit" or fits:
            x[it["name"]] = by_rule(it["rule"], seed, it["name"], shape, it["dtype"], vocab, it.get("values"))
    for it in case["inputs"] if case else []:
        rule = "explicit" if "values" in it else it["rule"]
        x[it["name"]] = by_rule(rule, seed, it["name"], it["shape"], it["dtype"], it.get("vocab"), it.get("values"))
    return x


def difference(seen, wanted):
    """Largest absolute difference, how far it is beyond the tolerance (≤ 1: within), or a sentence."""
    if isinstance(seen, (bool, int, float)):
        seen = torch.tensor(seen)
    if not isinstance(seen, torch.Tensor):
        return f"is {type(seen).__name__}, no tensor"
    expected = torch.tensor([float(value) for value in wanted["values"]], dtype=torch.float64).reshape(wanted["shape"])
    if list(seen.shape) != wanted["shape"]:
        return f"has shape {list(seen.shape)}, not {wanted['shape']}"
    seen = seen.detach().to(torch.float64)
    same = (seen == expected) | (seen.isnan() & expected.isnan())
    delta = torch.where(same, torch.zeros_like(seen), (seen - expected).abs())
    if delta.numel() == 0:
        return 0.0, 0.0
    return delta.max().item(), (delta / (ATOL + RTOL * expected.abs())).nan_to_num(math.inf).max().item()


def run(entry_id, entry, driver, options, case=None, sample=None):
    mini = entry["mini"]
    config = {name: value["default"] for name, value in mini["config"].items()}
    config.update(driver.get("config") or {})
    config.update((sample or {}).get("config") or {})
    if (sample or {}).get("weights") == "trained":
        config.update(mini.get("trainedConfig") or {})
    config.update(case["config"] if case else {})
    seed = case["seed"] if case else 0
    STUBS.system = entry["system"]
    if options.screen:
        path = case["upstream"]["file"] if case else entry["path"]
        m, folders = load_screen(options.screen, entry["repo"], path or entry["path"])
    else:
        m, folders = load_mini(entry["system"], mini["file"])
    code = compiled(driver["code"], f"<driver {driver['name']}>")
    model = code["build"](m, config)
    if isinstance(model, torch.nn.Module):
        model.eval()
    if sample and sample.get("weights") == "trained":
        problems = load_trained(model, os.path.join(options.weights, f"{mini['trained']}.safetensors"))
    else:
        problems = assign(model if isinstance(model, torch.nn.Module) else None, case, seed)
    if options.screen:  # upstream may hold parts that a case leaves out
        problems = [it for it in problems if not it.endswith("is not in the case")]
    x = make_inputs(driver, config, case, seed, code.get("inputs"))
    if sample:
        x.update(compiled(sample["code"], f"<sample {sample['name']}>")["sample"](config))
    selectors = driver.get("intermediates") or {}
    captures = Captures(selectors.values(), folders)
    handles = captures.attach(model) if isinstance(model, torch.nn.Module) else []
    with torch.no_grad(), captures:
        outputs = code["call"](m, model, x, config)
    for handle in handles:
        handle.remove()
    intermediates = {}
    for name, selector in selectors.items():
        if selector.startswith("out:"):
            intermediates[name] = outputs.get(selector[4:])
        elif selector in captures.values:
            intermediates[name] = captures.values[selector]
    failed = []
    for invariant in mini.get("invariants") or []:
        scope = {"torch": torch, "config": config, "inputs": x, "outputs": outputs, "intermediates": intermediates}
        scope.update({name: value for name, value in outputs.items() if name.isidentifier()})
        try:
            value = eval(invariant["code"], scope)
        except KeyError:
            continue  # the invariant speaks of something that this driver does not have
        value = value.item() if isinstance(value, torch.Tensor) else value
        if value is not True and (value is False or not abs(value) < 1e-4):
            failed.append(f"invariant {invariant['id']}: {value}")
    return outputs, intermediates, problems + failed


def compare(case, outputs, intermediates, options):
    worst, worst_at, bad, notes = 0.0, "", [], []
    # Checks are against what the mini computes; on screen only the outputs are promised.
    for kind, seen_of in (("outputs", outputs), ("intermediates", intermediates)):
        for wanted in case[kind]:
            name = wanted["name"]
            if seen_of.get(name) is None:
                (notes if kind == "intermediates" else bad).append(f"{name}: not there")
                continue
            found = difference(seen_of[name], wanted)
            if isinstance(found, str):
                bad.append(f"{name} {found}")
                continue
            if options.intermediates:
                notes.append(f"{name}: {found[0]:.1e}")
            if found[1] > 1:
                bad.append(f"{name}: differs by {found[0]:.2e}")
            if found[0] >= worst:
                worst, worst_at = found[0], name
    return worst, worst_at, bad, notes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--goldens", default=os.path.join(ROOT, "test", "fixtures", "goldens"))
    parser.add_argument("--screen")
    parser.add_argument("--samples", action="store_true")
    parser.add_argument("--values", action="store_true")
    parser.add_argument("--weights", default=os.path.join(ROOT, "packs", "weights"))
    parser.add_argument("--intermediates", action="store_true")
    parser.add_argument("--pack", action="append")
    options = parser.parse_args()
    torch.set_num_threads(1)
    prepare_imports()
    minis = {id: it for id, it in read_minis().items() if not options.pack or it["system"] in options.pack}
    files = [it for it in options.cases if it.endswith(".json")]
    names = set(options.cases) - set(files)
    failures = done = 0
    if options.samples:
        for id, entry in minis.items():
            if names and id not in names:
                continue
            drivers = {it["name"]: it for it in entry["mini"]["drivers"]}
            for sample in entry["mini"]["samples"]:
                driver = drivers[sample["driver"]] if "driver" in sample else entry["mini"]["drivers"][0]
                failures += report(f"{id} / {sample['name']}", lambda: run(id, entry, driver, options, sample=sample), options)
                done += 1
    else:
        for file in files or sorted(glob.glob(os.path.join(options.goldens, "*.json"))):
            case = json.load(open(file, encoding="utf-8"))
            entry = minis.get(case["entry"])
            if names and not names & {case["id"], case["entry"]}:
                continue
            driver = entry and next((it for it in entry["mini"]["drivers"] if it["name"] == case["id"]), None)
            if options.screen and entry and not entry.get("repo"):
                continue
            if driver is None:
                if names or files:
                    print(f"{case['id']}: no driver")
                    failures += 1
                continue
            done += 1
            failures += report(case["id"], lambda: run(case["entry"], entry, driver, options, case=case), options, case)
    print(f"{done - failures} passed, {failures} failed")
    sys.exit(1 if failures or not done else 0)


def report(label, action, options, case=None):
    """Prints one line (and the reasons); 1 when something is wrong."""
    try:
        outputs, intermediates, bad = action()
    except Exception as error:
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        print(f"{label}: {type(error).__name__}: {error} ({place.tb_frame.f_code.co_filename}:{place.tb_lineno})")
        return 1
    text, notes = "", []
    if case:
        worst, at, more, notes = compare(case, outputs, intermediates, options)
        bad = bad + more
        have = sum(it["name"] in intermediates for it in case["intermediates"])
        text = f"max {worst:.1e} ({at}), {have} of {len(case['intermediates'])} intermediates"
    else:
        text = ", ".join(f"{name} {list(value.shape)}" for name, value in outputs.items() if isinstance(value, torch.Tensor))
    print(f"{'FAIL' if bad else 'ok  '} {label}: {text}")
    for line in bad + notes:
        print(f"       {line}")
    if options.values:
        for name, value in outputs.items():
            print(f"       {name} = {value}".replace("\n", "\n       "))
    return 1 if bad else 0


if __name__ == "__main__":
    main()
