"""tqdm.auto"""

from .std import tqdm, trange
