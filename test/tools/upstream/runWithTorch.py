"""Runs one of the scripts beside this one with the real torch: runWithTorch.py CHECKOUT SCRIPT [PACKAGE=FOLDER …]

Our stand-ins take the place of einops, timm, transformers and the like; packages that are missing altogether become empty classes.
PACKAGE=FOLDER names packages whose `__init__` is not to be run.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import types
import warnings

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
PYLIB = os.path.normpath(os.path.join(HERE, "..", "..", "..", "src", "core", "trace", "pylib"))
STAND_INS = "einops einops_exts fairscale rotary_embedding_torch timm torchvision tqdm transformers".split()
ABSENT = "kornia resize_right x_clip coca_pytorch vector_quantize_pytorch ftfy regex PIL requests blobfile mpi4py".split()


class Absent(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        # unCLIP's tokenizer reads a vocabulary file that a checkout may lack.
        if name.split(".")[0] in ABSENT or name == "dalle2_pytorch.tokenizer":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


def main(checkout, script, *bare):
    warnings.simplefilter("ignore")
    sys.path[:0] = [checkout, os.path.join(checkout, "src")]
    sys.meta_path.insert(0, AbsentFinder())
    for name in STAND_INS:
        folder = os.path.join(PYLIB, name)
        spec = importlib.util.spec_from_file_location(
            name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    for pair in bare:
        name, folder = pair.split("=")
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(checkout, folder)]
        sys.modules[name] = module
    store = os.path.join(tempfile.mkdtemp(), "store")
    torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=0, world_size=1)
    text = ""
    for file in (os.path.join(HERE, "prelude.py"), script):
        with open(file) as source:
            text += source.read() + "\n"
    exec(compile(text, script, "exec"), {"__name__": "__main__"})


main(*sys.argv[1:])
