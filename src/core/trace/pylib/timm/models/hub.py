"""Downloads do not exist here."""


def download_cached_file(url, *args, **kwargs):
    refuse("timm.models.hub.download_cached_file: nothing can be downloaded here")


def load_state_dict_from_hf(*args, **kwargs):
    refuse("timm.models.hub.load_state_dict_from_hf: nothing can be downloaded here")
