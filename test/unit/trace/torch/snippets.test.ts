import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { OrtRunner } from '../../../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../../../src/core/trace/graph/data.ts';
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
} from './snippetRunner.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/torch-snippets.json', import.meta.url), 'utf8'),
) as {
  inputs: Record<string, Described>;
  snippets: Snippet[];
};

/** What is wrong with a snippet's outcome, or undefined. */
function judge(tracer: Tracer, snippet: Snippet): string | undefined {
  const { run, value, failure } = runSnippet(tracer, snippet.code, fixture.inputs);
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
    const wrong: string[] = [];
    for (const snippet of fixture.snippets) {
      if (
        !snippet.expected ||
        snippet.code.includes('double') ||
        snippet.code.includes('float64') ||
        /\bd\b/.test(snippet.code)
      )
        continue;
      const { run, value, feeds } = runSnippet(tracer, snippet.code, fixture.inputs);
      if (value === undefined) continue;
      const wanted = graphValuesIn(value);
      if (wanted.length === 0 || wanted.every(v => v.constant)) continue;
      let complaint: string | undefined;
      try {
        const { outputs } = await runner.run(
          torchSession(run.interpreter).graph,
          wanted,
          feeds as Map<string, TensorData>,
        );
        complaint = difference(value, snippet.expected, outputs, run);
      } catch (error) {
        complaint = String(error);
      }
      if (complaint) wrong.push(`${snippet.code.replaceAll('\n', '; ')}\n      ${complaint}`);
    }
    await runner.dispose();
    assert.deepEqual(wrong, [], `${wrong.length} snippets differ:\n  ${wrong.join('\n  ')}`);
  });
});
