import { sourcesFromMap } from '../../../../src/core/trace/sourceProvider.ts';
import { torchSession } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { type Described, difference, graphValuesIn } from '../torch/snippetRunner.ts';

/** A row of test/fixtures/pylib-cases.json, which test/tools/pylibOracle.py writes. */
export interface PylibCase {
  readonly group: string;
  /** A Python expression. */
  readonly code: string;
  readonly expected?: Described;
  /** Name of the exception class that has to come instead. */
  readonly raises?: string;
}

/** What each group finds in scope besides the prelude. */
const bindings: Readonly<Record<string, string>> = {
  layers: '',
  attention: '',
  functions: '',
  'seeded construction': '',
  patterns: patternNames(),
  'bad patterns': patternNames(),
  arrays: 'import numpy as np\n',
};

function patternNames(): string {
  return `from einops import einsum, pack, parse_shape, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange, Reduce
from einops_exts import rearrange_many
x, v, m = randn(2, 6, 4, 3), randn(3), randn(2, 3)
`;
}

/** What is wrong with a case as the tracer runs it, or undefined. */
export function judgeCase(tracer: Tracer, prelude: string, row: PylibCase): string | undefined {
  const run = tracer.start({ sources: sourcesFromMap(new Map(), []), capture: false });
  const session = torchSession(run.interpreter);
  const code = `import math
from collections import OrderedDict
import torch
from torch import nn
import torch.nn.functional as F
${prelude}
${bindings[row.group] ?? ''}
result = ${row.code}
`;
  const module = run.exec(code, 'case.py');
  if (row.raises !== undefined) {
    if (module.ok) return `gives a result instead of ${row.raises}`;
    const { construct, message, kind } = module.failure;
    if (construct === row.raises || construct === 'NotImplementedError') return undefined;
    return `${kind}: ${construct}: ${message} instead of ${row.raises}`;
  }
  if (!module.ok) {
    const { kind, construct, message, traceback } = module.failure;
    return `${kind}: ${construct}: ${message}\n${traceback}`;
  }
  const value = module.value.attributes.get('result')!;
  const numbers = run.guard(() => graphValuesIn(value).map(it => session.peek(it)));
  if (!numbers.ok) return numbers.failure.message;
  return difference(value, row.expected!, numbers.value, run);
}
