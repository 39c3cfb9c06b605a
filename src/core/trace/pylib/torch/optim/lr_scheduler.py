class LRScheduler:
    def __init__(self, *args, **kwargs):
        refuse(f"torch.optim.lr_scheduler.{type(self).__name__}: nothing is trained here")


class LambdaLR(LRScheduler):
    pass


class CosineAnnealingLR(LRScheduler):
    pass


class StepLR(LRScheduler):
    pass


_LRScheduler = LRScheduler
