"""Downloads do not exist here."""


def load_state_dict_from_url(*args, **kwargs):
    refuse("torch.hub.load_state_dict_from_url: nothing can be downloaded here; weights are assigned by name after construction")


def load(*args, **kwargs):
    refuse("torch.hub.load: nothing can be downloaded here")


def download_url_to_file(*args, **kwargs):
    refuse("torch.hub.download_url_to_file: nothing can be downloaded here")


def get_dir():
    return "hub"
