"""Padding of sequences of different lengths."""

from ..._native import full


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    sequences = list(sequences)
    longest = max(sequence.shape[0] for sequence in sequences)
    rest = tuple(sequences[0].shape[1:])
    padded = full((len(sequences), longest) + rest, padding_value, dtype=sequences[0].dtype)
    for row, sequence in enumerate(sequences):
        length = sequence.shape[0]
        if padding_side == "left":
            padded[row, longest - length:] = sequence
        else:
            padded[row, :length] = sequence
    return padded if batch_first else padded.transpose(0, 1)


def pack_padded_sequence(*args, **kwargs):
    refuse("torch.nn.utils.rnn.pack_padded_sequence is not supported")
