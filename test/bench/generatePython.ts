import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths.ts';

/** A place in generated code where a pointer may rest (0-based). */
export interface Place {
  readonly what: 'definition' | 'call' | 'variable' | 'elsewhere';
  readonly line: number;
  readonly character: number;
}

/** A Python file of a wanted length that holds every class of `samples/glide/unet.py` among layers that mean nothing. */
export interface GeneratedPython {
  readonly text: string;
  readonly places: readonly Place[];
}

/** @param lines how many lines the file has, give or take a class. The same number gives the same text. */
export function generatePython(lines: number): GeneratedPython {
  const sample = readFileSync(join(repoRoot, 'samples', 'glide', 'unet.py'), 'utf8')
    .trimEnd()
    .split('\n');
  const text = [...sample];
  for (let index = 0; text.length < lines; index++) text.push('', '', ...filler(index));
  return { text: `${text.join('\n')}\n`, places: findPlaces(text) };
}

function filler(index: number): string[] {
  const width = 8 * ((index % 7) + 1);
  return [
    `class Layer${index}(nn.Module):`,
    `    """Layer ${index} of the padding: plain code, as most of a file is."""`,
    '',
    `    def __init__(self, channels=${width}, dropout=0.1):`,
    '        super().__init__()',
    '        self.channels = channels',
    '        self.dense = nn.Linear(channels, channels * 4)',
    '        self.drop = nn.Dropout(dropout)',
    '        self.out = nn.Linear(channels * 4, channels)',
    '',
    '    def forward(self, x, mask=None):',
    '        h = self.dense(x)',
    '        h = F.gelu(h) if mask is None else F.relu(h * mask)',
    `        for step in range(${(index % 3) + 1}):`,
    '            h = h + step * self.drop(h)',
    '        return self.out(h) + x',
    '',
    '    def describe(self, *, verbose=False, **options):',
    '        parts = [f"{name}={value!r}" for name, value in sorted(options.items())]',
    '        return ", ".join(parts) if verbose else self.__class__.__name__',
  ];
}

function findPlaces(lines: readonly string[]): Place[] {
  const at = (what: Place['what'], from: string, within: string, word: string): Place => {
    const start = lines.findIndex(line => line.includes(from));
    const line = lines.findIndex((text, index) => index >= start && text.includes(within));
    return { what, line, character: (lines[line] as string).indexOf(word) + 1 };
  };
  return [
    at('definition', 'class QKVAttention', 'def forward', 'forward'),
    at('definition', 'class ResBlock', 'def forward', 'forward'),
    at('definition', 'class AttentionBlock', 'def forward', 'forward'),
    at('call', 'class AttentionBlock', 'self.attention(qkv', 'attention'),
    at('variable', 'class QKVAttention', 'weight = th.einsum', 'weight'),
    at('variable', 'class ResBlock', 'scale, shift', 'shift'),
    at('elsewhere', 'class Layer0', 'def forward', 'forward'),
    at('elsewhere', 'class Layer1', 'h = self.dense', 'dense'),
  ];
}
