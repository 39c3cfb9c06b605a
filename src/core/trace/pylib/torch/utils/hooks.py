"""The handle that register_..._hook returns."""


class RemovableHandle:
    next_id = 0

    def __init__(self, hooks_dict, hook, prepend=False):
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        self.hooks = hooks_dict
        if prepend:
            later = dict(hooks_dict)
            hooks_dict.clear()
            hooks_dict[self.id] = hook
            hooks_dict.update(later)
        else:
            hooks_dict[self.id] = hook

    def remove(self):
        if self.id in self.hooks:
            del self.hooks[self.id]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()
