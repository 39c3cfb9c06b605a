"""timm.data: transforms of pictures are not supported."""


def create_transform(*args, **kwargs):
    refuse("timm.data.create_transform is not supported")
