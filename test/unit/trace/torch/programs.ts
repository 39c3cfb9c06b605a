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
