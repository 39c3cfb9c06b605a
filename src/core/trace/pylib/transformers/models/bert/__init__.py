"""BERT: its configuration. The model itself is what files define on their own."""

from .configuration_bert import BertConfig
