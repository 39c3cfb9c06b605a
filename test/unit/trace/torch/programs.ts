import fc from 'fast-check';
import { torchRows } from '../../../../src/core/trace/torch/library.ts';
import { nnRows } from '../../../../src/core/trace/torch/modules.ts';

/** Anything a program might hand to a torch function. */
const argument = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'c',
      'p',
      'x',
      'y',
      'img',
      'w',
      'v',
      'u',
      's',
      'i',
      'j',
      'k',
      'm',
      'n',
      'd',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '0',
      '1',
      '-1',
      '2',
      '3',
      '-7',
      '0.5',
      '-1.5',
      'True',
      'False',
      'None',
      '10**20',
      '10**9',
      '10**6',
      '[10**6, 10**6]',
      "float('nan')",
      "float('inf')",
    ),
  },
  fc.constantFrom(
    "'sum'",
    "'same'",
    "'bilinear'",
    "'ij,jk->ik'",
    '()',
    '[]',
    '(1, 2)',
    '[0, -1]',
    '(2, -1)',
    '[a, c]',
    '(a, b)',
    '[[1, 2], [3, 4]]',
    '[[1], [2, 3]]',
  ),
  fc.constantFrom(
    'torch.float32',
    'torch.int8',
    'torch.bool',
    'slice(1, None)',
    '...',
    'x.transpose(0, 1)',
    'a.expand(2, 2, 3)',
    'torch.zeros(0, 3)',
    'torch.empty(2)',
    'torch.randn(3)',
  ),
);

const calls = [
  ...torchRows.filter(r => r.places.includes('function')).map(r => `torch.${r.name}(`),
  ...torchRows.filter(r => r.places.includes('method')).map(r => `self.${r.name}(`),
  ...torchRows.filter(r => r.places.includes('inplace')).map(r => `self.${r.name}_(`),
  ...nnRows.map(r => `torch._nn.${r.name}(`),
  'self[',
  'self[',
  'self[',
  'self[',
];

/** `call(args)` or `self[args]` on some tensor, with up to four arguments. */
export const program = fc
  .tuple(
    fc.constantFrom(...calls),
    fc.constantFrom('a', 'x', 'i', 'm', 's', 'img', 'v', 'a.T', 'x[:, 1:]', 'd', 'torch.zeros(2, 0)'),
    fc.array(argument, { maxLength: 4 }),
  )
  .map(
    ([call, self, args]) =>
      `import torch._nn\nself = ${self}${self.length === 1 ? '.clone()' : ''}\nreturn ${call}${args.join(', ')}${call.endsWith('[') ? (args.length === 0 ? '...]' : ']') : ')'}`,
  );

/** What a parameter of this name is plausibly given. */
const plausible: Readonly<Record<string, readonly string[]>> = {
  dim: ['0', '1', '-1', '-2'],
  dim0: ['0', '1', '-1'],
  dim1: ['1', '0', '-2'],
  dims: ['0', '1', '(0, 1)', '(-1, 0)'],
  axis: ['0', '-1'],
  start_dim: ['0', '1'],
  end_dim: ['1', '-1'],
  index: ['j', 'k', 'i', '1', '0', '-1'],
  indices: ['k', 'j', '(j,)', '(j[:2], k[0])', '2', '(1, 2)'],
  indices_or_sections: ['2', '(1, 2)', '3'],
  mask: ['m', 'n', 'a > 0', 'x > 0'],
  condition: ['m', 'n', 'a > 0'],
  mat2: ['b', 'y', 'x', 'a.T'],
  weight: ['b', 'a', 'v', 'w', 'u', 'None', '0.3'],
  bias: ['v', 'u', 'None'],
  running_mean: ['v', 'v[:2]', 'u', 'None'],
  running_var: ['p[0]', 'p[0, :2]', 'None'],
  keepdim: ['True', 'False'],
  descending: ['True', 'False'],
  largest: ['True', 'False'],
  unbiased: ['True', 'False'],
  dtype: ['torch.float32', 'torch.float64', 'torch.int64', 'None'],
  size: ['2', '(2, 3)', '3', '(3, 2, 3)'],
  sizes: ['2', '(2, 3)', '3', '(4, 2, 3)', '(-1, 3)'],
  shape: ['(2, -1)', '-1', '(3, 2)', '(4, 6)', '(2, 3, 4)'],
  kernel_size: ['2', '3', '(2, 1)'],
  stride: ['1', '2', 'None', '(2, 1)'],
  padding: ['0', '1', '(1, 0)', "'same'"],
  dilation: ['1', '2'],
  groups: ['1', '2'],
  mode: ["'constant'", "'reflect'", "'nearest'", "'bilinear'", "'bicubic'", "'replicate'", "'circular'"],
  pad: ['(1, 2)', '(1, 0, 0, 1)', '(-1, 1)', '(1, 1, 1, 1)', '(2, 0, 1, 0, 0, 1)'],
  normalized_shape: ['(3,)', '(4, 3)', '3', '(4,)'],
  num_groups: ['1', '2', '3'],
  scale_factor: ['2', '0.5', '1.5', 'None'],
  k: ['1', '2', '3'],
  n: ['2', '3'],
  m: ['2', 'None', '4'],
  steps: ['1', '4', '5'],
  start: ['0', '1', '-1', '0.5'],
  end: ['3', '5', '2.5', 'c'],
  step: ['1', '2', '0.5'],
  length: ['1', '2'],
  repeats: ['2', '1', 'torch.tensor([1, 2])', '3'],
  chunks: ['2', '3'],
  split_size: ['1', '2', '3', '[1, 1]', '[1, 2]', '[2, 2]', '[1, 3]'],
  split_size_or_sections: ['1', '2', '[1, 1]', '[1, 2]'],
  shifts: ['1', '-1', '(1, 2)'],
  tensors: ['[a, c]', '(a, a)', '[x, x]', '[v, v]', '[a, i]', '[i, k]', '(a, v)'],
  equation: ["'ij,kj->ik'", "'ij,jk->ik'", "'bij,bjk->bik'", "'...i,...i->...'", "'ij->ji'"],
  offset: ['0', '1', '-1'],
  diagonal: ['0', '1', '-1'],
  p: ['1', '2', '3', "float('inf')", '0.5'],
  value: ['0', '1.5', 'True', '-3'],
  fill_value: ['0', '1.5', 'True'],
  rounding_mode: ["'floor'", "'trunc'", 'None'],
  output_size: ['1', '2', '(1, 2)', '(None, 2)', '3'],
  approximate: ["'none'", "'tanh'"],
  as_tuple: ['True', 'False'],
  num_classes: ['10', '12', '-1'],
  indexing: ["'ij'", "'xy'"],
};
const tensors = [
  'a',
  'c',
  'x',
  'y',
  'i',
  'k',
  'm',
  'v',
  'u',
  's',
  'd',
  'p',
  'b',
  'img',
  'w',
  'j',
  'n',
  'a.T',
  'x.transpose(1, 2)',
  'x[:, 1:3]',
  'i.int()',
  'a[:, :1]',

  '2',
  '0.5',
  '-1.5',
  'True',
];

/** Calls that have a fair chance to be right: arguments are chosen by the name of the parameter. */
export const plausibleProgram: fc.Arbitrary<string> = fc
  .constantFrom(...torchRows, ...torchRows, ...nnRows)
  .filter(
    r =>
      !/rand|normal|uniform|bernoulli|multinomial|exponential|empty|numpy|register_hook|default_dtype|^resize_|tensor\(|^set_|data_ptr|is_set_to/.test(
        r.name,
      ),
  )
  .chain(r => {
    const inside = r.signature.slice(r.signature.indexOf('(') + 1, -1).replace(/\([^()]*\)/g, '0');
    const parameters = inside
      .split(',')
      .map(p => p.trim())
      .filter(p => p !== '' && p !== '/');
    const star = parameters.indexOf('*');
    const positional = (star < 0 ? parameters : parameters.slice(0, star)).map(p =>
      p.split('=')[0]!.replace(/^\*+/, ''),
    );
    const required = parameters.filter(p => !p.includes('=') && p !== '*').length;
    return fc
      .tuple(
        fc.integer({ min: required, max: Math.max(required, positional.length) }),
        fc.tuple(
          ...positional.map((name, i) =>
            fc.constantFrom(...((i > 0 || name !== 'input' ? plausible[name] : undefined) ?? tensors)),
          ),
        ),
        fc.nat(2),
      )
      .map(([count, args, way]) => {
        const given = args.slice(0, count);
        const inNn = !torchRows.includes(r);
        if (inNn) return `import torch._nn\nreturn torch._nn.${r.name}(${given.join(', ')})`;
        const [self = 'a', ...rest] = given;
        const place = r.places[way % r.places.length]!;
        if (place === 'function') return `return torch.${r.name}(${given.join(', ')})`;
        if (place === 'method')
          return `self = torch.as_tensor(${self}).clone()\nreturn self.${r.name}(${rest.join(', ')})`;
        return `self = torch.as_tensor(${self}).clone()\nself.${r.name}_(${rest.join(', ')})\nreturn self`;
      });
  });

const keyPart = fc.constantFrom(
  ':',
  '0',
  '-1',
  '1',
  '1:',
  ':2',
  '::2',
  '-2:',
  'None',
  '...',
  'j',
  'k',
  'k[0]',
  '[0, 1]',
  '[1]',
  'm',
  'n',
  'True',
  'i % 2',
  'j[:2] % 2',
  'torch.tensor(1)',
  'a > 0',
  's > 0',
  'range(2)',
);
const target = fc.constantFrom(
  'a',
  'x',
  'img',
  'b',
  'i',
  'm',
  'v',
  'a.T',
  'x.transpose(0, 2)',
  'x[:, 1:]',
  'x.permute(1, 2, 0)',
  'torch.arange(24).view(2, 3, 4)',
);
const view = fc.constantFrom(
  '',
  '[0]',
  '[:, 1:]',
  '.T',
  '.transpose(0, 1)',
  '.flatten()',
  '.view(-1)',
  '[None]',
  '.reshape(-1, 2)',
  '.unsqueeze(1)',
  '[..., ::2]',
  '.unbind(0)[-1]',
  '.chunk(2, -1)[0]',
  '.squeeze()',
  '.diagonal()',
);
const newValue = fc.constantFrom(
  '0',
  '1.5',
  'True',
  'a',
  'v',
  'v[:2]',
  'c[0]',
  'c[:, :1]',
  'x[0]',
  'torch.tensor(7)',
  's',
  'torch.ones(2, 1)',
  'i',
  'part * 2',
  'part.flip(0)',
);

/** Reads and writes by index, through chains of views. */
export const indexProgram: fc.Arbitrary<string> = fc
  .tuple(
    target,
    fc.array(view, { maxLength: 2 }),
    fc.array(keyPart, { minLength: 1, maxLength: 3 }),
    newValue,
    fc.constantFrom('read', 'write', 'write', 'add', 'fill', 'copy'),
  )
  .map(([base, views, keys, value, kind]) => {
    const key = keys.join(', ');
    const start = `t = ${base}.clone()\np = t${views.join('')}`;
    if (kind === 'read') return `${start}\nreturn p[${key}]`;
    const before = value.includes('part') ? `\npart = p[${key}].clone()` : '';
    if (kind === 'write') return `${start}${before}\np[${key}] = ${value}\nreturn t, p`;
    if (kind === 'add') return `${start}\np[${key}] += 1\nreturn t, p`;
    return `${start}\nq = p[${key}]\nq.${kind === 'fill' ? 'fill_(3)' : 'mul_(2)'}\nreturn t, p, q`;
  });
