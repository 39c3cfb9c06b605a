import { strict as assert } from 'node:assert';
import { statementPrint } from '../../../src/core/recognition/statementPrint.ts';

const LINE = 'weight = torch.einsum("bct,bcs->bts", q * scale, k.transpose(1, 2)[:, 0])';

function hashes(source: string) {
  const print = statementPrint(source);
  return print && [print.words, print.values, print.exact];
}

describe('statementPrint', () => {
  const same: readonly (readonly [why: string, a: string, b: string])[] = [
    ['spaces', 'a=b*scale', 'a = b * scale'],
    ['line breaks and a comma at the end', 'a = f(b, c)', 'a = f(\n    b,\n    c,\n)'],
    ['parentheses round the value', 'a = b * c + d', 'a = (\n    b * c\n    + d\n)'],
    ['how the module is called', 'a = torch.exp(b)', 'a = th.exp(b)'],
    ['quotes', LINE, LINE.replaceAll('"', "'")],
    ['the form of a number', 'a = b + c * 1.0', 'a = b + c * 1'],
    ['a cast, wherever it stands', 'a = t.float()[:, None] * b', 'a = t[:, None].to(b.dtype) * b'],
    ['a comment', 'a = b + c', 'a = b + c  # the sum'],
    ['a continued line', 'a = b + c', 'a = b \\\n    + c'],
  ];
  for (const [why, a, b] of same) {
    it(`is the same whatever ${why}`, () => {
      assert.ok(hashes(a));
      assert.deepEqual(hashes(a), hashes(b));
    });
  }

  const edits: readonly (readonly [what: string, from: string, to: string])[] = [
    ['another sign', 'q * scale', 'q / scale'],
    ['a sign more', 'q * scale', '-q * scale'],
    ['a factor left out', 'return x * 2 + bias', 'return x + bias'],
    ['another number', '(1, 2)', '(1, 3)'],
    ['another index', '[:, 0]', '[:, -1]'],
    ['no transpose', '.transpose(1, 2)', ''],
    ['operands exchanged', 'a = b - c', 'a = c - b'],
    ['another form of einsum', 'q * scale, k', 'k, q * scale'],
    ['a negated condition', 'if a.b is None:', 'if a.b is not None:'],
  ];
  for (const [what, from, to] of edits) {
    it(`tells ${what}`, () => {
      const before = LINE.includes(from) ? LINE : from;
      const after = before.replace(from, to);
      assert.notEqual(statementPrint(before)?.exact, statementPrint(after)?.exact);
    });
  }

  it('finds an edited statement again by its words, and no other', () => {
    for (const [from, to] of [
      ['q * scale', 'scale - q'],
      ['.transpose(1, 2)', ''],
      ['[:, 0]', '[:, -1:]'],
    ] as const) {
      assert.equal(statementPrint(LINE)?.words, statementPrint(LINE.replace(from, to))?.words, to);
    }
    for (const [from, to] of [
      ['q *', 'query *'],
      ['einsum', 'matmul'],
      ['bts', 'bst'],
    ] as const) {
      assert.notEqual(statementPrint(LINE)?.words, statementPrint(LINE.replace(from, to))?.words, to);
    }
  });

  it('tells numbers, signs and transposes from what merely stands elsewhere', () => {
    for (const [a, b] of [
      ['y = bias + x * w', 'y = x * w + bias'],
      ['y = torch.softmax(scores, dim=-1)', 'y = scores.softmax(dim=-1)'],
      ['y = a if b is None else c', 'y = c if b is not None else a'],
      ['y = f(x, axis=-1, keep=True)', 'y = f(x, keep=True, axis=-1)'],
    ] as const) {
      assert.equal(statementPrint(a)?.values, statementPrint(b)?.values, b);
      assert.notEqual(statementPrint(a)?.exact, statementPrint(b)?.exact, b);
    }
  });

  const exchanges: readonly (readonly [string, string])[] = [
    ['k = torch.cat([ek, k], dim=-1)', 'k = torch.cat([k, ek], dim=-1)'],
    ['d = f(a.b[0], c) - self.mean', 'd = self.mean - f(a.b[0], c)'],
    ['y = a.x / (b + c)', 'y = (b + c) / a.x'],
    ['return q @ k.transpose(-2, -1)', 'return k.transpose(-2, -1) @ q'],
  ];
  for (const [a, b] of exchanges) {
    it(`finds the way back from ${b}`, () => {
      const back = statementPrint(b)?.swapped() ?? [];
      assert.ok(back.includes(statementPrint(a)?.exact ?? ''));
    });
  }

  it('says nothing of statements that hold one name only: they are alike everywhere', () => {
    for (const source of ['x = x.permute(1, 0, 2)', 'return x', 'x = -x', 'mask = mask', 'pass', '']) {
      assert.equal(statementPrint(source), undefined, source);
    }
  });
});
