"""The differentiable collectives, for one process."""


def all_gather(tensor, group=None):
    return (tensor.clone(),)


def all_reduce(tensor, op=None, group=None):
    return tensor.clone()


def broadcast(tensor, src, group=None):
    return tensor.clone()
