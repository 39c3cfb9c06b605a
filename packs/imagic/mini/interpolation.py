"""Imagic's walk from the embedding of the picture to the embedding of the text (exercise 6.7)."""
import torch.nn.functional as F


def interpolation(e_tgt, e_opt, eta):
    """e_tgt, e_opt: embeddings [B, n, D]; eta: steps of the walk [K]. The embeddings on the way [K, B, n, D]."""
    eta = eta[:, None, None, None]
    e_bar = eta * e_tgt + (1 - eta) * e_opt
    return e_bar


def fidelity(e_bar, e_tgt, e_opt):
    """Cosine of every stop with the target text and with the given picture, [K] each: one rises, one falls."""
    stops = e_bar.flatten(1)  # [K, B * n * D]
    to_text = F.cosine_similarity(stops, e_tgt.reshape(1, -1), dim=-1)
    to_picture = F.cosine_similarity(stops, e_opt.reshape(1, -1), dim=-1)
    return to_text, to_picture

