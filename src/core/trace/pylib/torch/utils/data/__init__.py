"""Data loading: the base classes, without loaders."""


class Dataset:
    def __getitem__(self, index):
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")


class IterableDataset(Dataset):
    def __iter__(self):
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self):
        return self.tensors[0].shape[0]


class DataLoader:
    def __init__(self, *args, **kwargs):
        refuse("torch.utils.data.DataLoader: data loading is not supported")


class Sampler:
    def __init__(self, *args, **kwargs):
        pass


def random_split(*args, **kwargs):
    refuse("torch.utils.data.random_split draws random numbers, which would not be PyTorch's")
