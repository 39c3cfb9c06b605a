import { onnxFile } from './onnxFile.ts';

/** Code of a reader's, known to no built-in pack. */
export const gateCode = `import torch
from torch import nn


class LeakyGate(nn.Module):
    """A gate that lets a part of an update through."""

    def __init__(self, width):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))
        self.leak = 0.1

    def forward(self, state, update):
        openness = torch.sigmoid(self.scale * state)
        kept = self.leak + (1 - self.leak) * openness
        return state + kept * update
`;

/** The same, as a mini of the reader's. */
export const gateMini = `import torch
from torch import nn
from .parts import mix


class LeakyGate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))
        self.leak = 0.1

    def forward(self, state, update):
        openness = torch.sigmoid(self.scale * state)  # [N, D]
        kept = self.leak + (1 - self.leak) * openness  # [N, D]
        return mix(state, kept, update)
`;

/** The scale that the ONNX file holds. */
export const gateScale = [0.5, -1, 2, 0.25];

/** The same as an ONNX file of width 4. */
export const gateModel = (): Uint8Array =>
  onnxFile({
    inputs: ['state', 'update'],
    outputs: ['y'],
    weights: [
      { name: 'scale', shape: [4], values: gateScale },
      { name: 'leak', shape: [], values: [0.1] },
      { name: 'rest', shape: [], values: [0.9] },
    ],
    lines: [
      { op: 'Mul', inputs: ['scale', 'state'], outputs: ['scaled'] },
      { op: 'Sigmoid', inputs: ['scaled'], outputs: ['openness'] },
      { op: 'Mul', inputs: ['rest', 'openness'], outputs: ['part'] },
      { op: 'Add', inputs: ['leak', 'part'], outputs: ['kept'] },
      { op: 'Mul', inputs: ['kept', 'update'], outputs: ['added'] },
      { op: 'Add', inputs: ['state', 'added'], outputs: ['y'] },
    ],
  });

/** The pack, with the mini of the given file; none where it is empty. */
export const gatePack = (file: string, tex = 'y = s + k\\odot u'): string => `system: mine
title: {en: My gates, ja: 私のゲート}
entries:
  - id: mine.LeakyGate.forward
    title: {en: Leaky gate, ja: 漏れのあるゲート}
    exercises: ["1.2"]
    summary: {en: Lets a part of an update through., ja: 更新の一部を通す。}
    upstream: {path: gate.py, qualname: LeakyGate.forward}
    signature:
      kind: method
      name: forward
      class: [LeakyGate]
      path: [gate.py]
      parameters: [state, update]
      attributes: [scale, leak]
      calls: [sigmoid]
      operators: ["*", "+", "-"]
    equations:
      - id: gate
        tex: '${tex}'
        spoken: {en: y is s plus k times u, ja: y は s 足す k 掛ける u}
        text: {en: The state plus what the gate lets through., ja: 状態に、ゲートを通った更新を足す。}
        source: exercise 1.2
    symbols:
      - {tex: s, code: [state], shape: '[N, D]', meaning: {en: state, ja: 状態}}
      - {tex: u, code: [update], shape: '[N, D]', meaning: {en: update, ja: 更新}}
      - {tex: k, code: [kept], shape: '[N, D]', meaning: {en: the part kept, ja: 通す割合}}
    steps:
      - id: openness
        equation: gate
        label: {en: How open, ja: 開き具合}
        match: [{kind: assign, targets: [openness], calls: [sigmoid], operators: ["*"]}]
        tensors: [openness]
      - id: kept
        equation: gate
        label: {en: What is kept, ja: 通す割合}
        match: [{kind: assign, targets: [kept], names: [openness, self.leak], operators: ["+", "*"]}]
        tensors: [kept]
    mini:
${file === '' ? '' : `      file: ${file}\n`}      config:
        rows: {default: 3, min: 1, max: 8, label: {en: Rows, ja: 行数}}
      drivers:
        - name: mine.gate
          inputs:
            - {name: state, shape: [rows, 4], dtype: float32, rule: input}
            - {name: update, shape: [rows, 4], dtype: float32, rule: input}
          code: |
            def build(m, config):
                return m.LeakyGate(4)

            def call(m, model, x, config):
                return {"y": model(x["state"], x["update"])}
`;

/** A folder with the reader's code and packs that run it in all three ways. */
export const gateFiles = (): Record<string, string | Uint8Array> => ({
  'gate.py': gateCode,
  'python/gate.lens.yaml': gatePack('mini/gate.py'),
  'python/mini/__init__.py': '',
  'python/mini/gate.py': gateMini,
  'python/mini/parts.py': 'def mix(state, kept, update):\n    return state + kept * update\n',
  'onnx/gate.lens.yaml': gatePack('gate.onnx'),
  'onnx/gate.onnx': gateModel(),
  'screen/gate.lens.yaml': gatePack(''),
});
