import type { Entry } from '../atlas/schema.ts';
import type { TensorData } from '../trace/graph/data.ts';
import type { Outcome, Tracer } from '../trace/tracer.ts';
import { tokenText } from './captionTokens.ts';
import type { GoldenCase } from './goldenCase.ts';
import { makeRunSpec } from './runSpec.ts';
import { type CodeSource, type TracedEntry, type TraceOptions, traceEntry } from './traceEntry.ts';
import type { ValuesEngine } from './valuesEngine.ts';

/** The driver that writes an answer word by word. */
export const ANSWER_DRIVER = 'blip.answer';

export interface Answer {
  /** The words up to the end mark. */
  readonly text: string;
  /** Ids of the likeliest word at every step, without the beginning mark; the end mark is 31. */
  readonly ids: readonly number[];
  /** Every output of the driver by name: logits, the question's states. */
  readonly outputs: ReadonlyMap<string, TensorData>;
}

/**
 * Traces the greedy loop over encoder and decoder for one picture and one question.
 * @param picture `[1, 3, 16, 16]` in −1…1 (`pictureTensor`)
 * @param question token row with its marks (`questionTokens`)
 */
export function traceAnswer(
  tracer: Tracer,
  entry: Entry,
  source: CodeSource,
  trained: ReadonlyMap<string, TensorData>,
  picture: TensorData,
  question: readonly number[],
  options: TraceOptions = {},
): Outcome<TracedEntry> {
  const spec = makeRunSpec(entry, { driver: ANSWER_DRIVER, trained });
  const goldenCase: GoldenCase = {
    id: ANSWER_DRIVER,
    entry: entry.id,
    seed: 0,
    config: {},
    parameters: [],
    inputs: [
      { name: 'image', shape: picture.shape, dtype: 'float32', values: Array.from(picture.data) },
      { name: 'question.input_ids', shape: [1, question.length], dtype: 'int64', values: question },
    ],
    outputs: [],
  };
  const config = { ...spec.config, batch: 1, question_len: question.length };
  return traceEntry(tracer, source, { ...spec, config, goldenCase }, options);
}

/**
 * Computes a traced answer.
 * @throws Error when the driver gives no `answer_ids`
 */
export async function answerQuestion(traced: TracedEntry, engine: ValuesEngine): Promise<Answer> {
  const values = await engine(
    traced.session.graph,
    traced.outputs.map(output => output.value),
    traced.session.feeds,
  );
  const outputs = new Map(traced.outputs.map((output, index) => [output.name, values[index]!] as const));
  const ids = outputs.get('answer_ids');
  if (!ids) throw new Error(`the driver ${ANSWER_DRIVER} gives no answer_ids`);
  const row = Array.from(ids.data);
  return { text: tokenText(row), ids: row, outputs };
}
