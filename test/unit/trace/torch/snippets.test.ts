import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { OrtRunner } from '../../../../src/core/onnx/ortRunner.ts';
import { torchSession } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { loadOrt } from '../../../../src/node/ort.ts';
import {
  type Described,
  difference,
  graphValuesIn,
  makeTracer,
  runSnippet,
  type Snippet,
  startRun,
} from './snippetRunner.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/torch-snippets.json', import.meta.url), 'utf8'),
) as {
  inputs: Record<string, Described>;
  snippets: Snippet[];
};

/** What is wrong with a snippet's outcome, or undefined. */
function judge(tracer: Tracer, snippet: Snippet): string | undefined {
  const { run, value, failure } = runSnippet(startRun(tracer), snippet.code, fixture.inputs);
  if (snippet.refuses !== undefined) {
    if (failure?.kind === 'refusal')
      return `${failure.construct} ${failure.message}`.includes(snippet.refuses)
        ? undefined
        : `refused, but says: ${failure.message}`;
    if (failure) return `${failure.kind} ${failure.construct}: ${failure.message}`;
    // A result that depends on numbers nobody has is refused when it is computed.
    const session = torchSession(run.interpreter);
    const late = run.guard(() => graphValuesIn(value!).map(v => session.peek(v)));
    if (late.ok) return 'was computed';
    return late.failure.message.includes(snippet.refuses)
      ? undefined
      : `refused late, but says: ${late.failure.message}`;
  }
  if (snippet.raises !== undefined) {
    if (!failure) {
      const session = torchSession(run.interpreter);
      const late = run.guard(() => graphValuesIn(value!).map(v => session.peek(v)));
      return late.ok ? `torch raises ${snippet.raises}` : undefined;
    }
    if (failure.kind === 'refusal') return undefined;
    return failure.construct === snippet.raises
      ? undefined
      : `raises ${failure.construct} (${failure.message}), torch ${snippet.raises}`;
  }
  if (failure) return `${failure.kind}: ${failure.construct}: ${failure.message}`;
  const session = torchSession(run.interpreter);
  const numbers = run.guard(() => graphValuesIn(value!).map(v => session.peek(v)));
  if (!numbers.ok) return numbers.failure.message;
  return difference(value!, snippet.expected!, numbers.value, run);
}

describe('small programs give what torch gives', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await makeTracer();
  });

  for (const group of new Set(fixture.snippets.map(s => s.group)))
    it(group, function () {
      this.timeout(60_000);
      const wrong = fixture.snippets
        .filter(s => s.group === group)
        .flatMap(s => {
          const complaint = judge(tracer, s);
          return complaint ? [`${s.code.replaceAll('\n', '; ')}\n      ${complaint}`] : [];
        });
      assert.deepEqual(wrong, [], `${wrong.length} snippets differ:\n  ${wrong.join('\n  ')}`);
    });

  it('on onnxruntime as well', async function () {
    this.timeout(120_000);
    const runner = new OrtRunner(await loadOrt(), {
      backend: 'wasm',
      clock: () => performance.now(),
      sessions: 1,
    });
    // Doubles are float32 there, and a seed set by one snippet would reach the next one in the same graph.
    const eligible = fixture.snippets.filter(
      s => s.expected && !/double|float64|\bd\b|manual_seed/.test(s.code),
    );
    const wrong: string[] = [];
    for (let first = 0; first < eligible.length; first += 100) {
      const run = startRun(tracer);
      const results = eligible.slice(first, first + 100).flatMap(snippet => {
        const { value, feeds } = runSnippet(run, snippet.code, fixture.inputs);
        return value === undefined ? [] : [{ snippet, value, feeds, wanted: graphValuesIn(value) }];
      });
      const { outputs } = await runner.run(
        torchSession(run.interpreter).graph,
        results.flatMap(r => r.wanted),
        results[0]!.feeds,
      );
      let at = 0;
      for (const { snippet, value, wanted } of results) {
        const complaint = difference(value, snippet.expected!, outputs.slice(at, at + wanted.length), run);
        at += wanted.length;
        if (complaint) wrong.push(`${snippet.code.replaceAll('\n', '; ')}\n      ${complaint}`);
      }
    }
    await runner.dispose();
    assert.deepEqual(wrong, [], `${wrong.length} snippets differ:\n  ${wrong.join('\n  ')}`);
  });
});
