import type { Entry } from '../../src/core/atlas/schema.ts';
import { answerQuestion, traceAnswer } from '../../src/core/minis/answerQuestion.ts';
import { parseCaption } from '../../src/core/minis/caption.ts';
import { captionTokens } from '../../src/core/minis/captionTokens.ts';
import { drawScene, picturePixels, pictureTensor, placeCaption } from '../../src/core/minis/drawScene.ts';
import { DEMANDS, PromptTally } from '../../src/core/minis/promptTally.ts';
import { questionTokens } from '../../src/core/minis/question.ts';
import { drawingNoise, Sampler } from '../../src/core/minis/sampler.ts';
import { scorePicture } from '../../src/core/minis/scorePicture.ts';
import { scorePrompts } from '../../src/core/minis/scorePrompts.ts';
import type { CodeSource } from '../../src/core/minis/traceEntry.ts';
import type { ValuesEngine } from '../../src/core/minis/valuesEngine.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import type { Tracer } from '../../src/core/trace/tracer.ts';
import type { DrawJob, DrawUpdate } from './runnerProtocol.ts';
import type { Engine } from './runTypes.ts';

/** Pictures that are drawn at once when prompts are counted. */
const BATCH = 16;

export interface TrainedParts {
  readonly tracer: Tracer;
  readonly entry: Entry;
  readonly source: CodeSource;
  readonly trained: ReadonlyMap<string, TensorData>;
  readonly engine: ValuesEngine;
  readonly engineName: Engine;
}

/**
 * Draws one picture, with every picture on the way, or counts a kind of prompts.
 * @throws CaptionError for a prompt outside the grammar; Error with the tracer's sentence when the source cannot be traced
 */
export async function runDrawing(
  parts: TrainedParts,
  job: DrawJob,
  cancel: { readonly cancelled: boolean },
  update: (update: DrawUpdate) => void | Promise<void>,
): Promise<void> {
  const captions = job.prompts.map(parseCaption);
  const one = job.kind === 'one';
  const traced = Sampler.trace(parts.tracer, parts.entry, parts.source, parts.trained, one ? 1 : BATCH);
  if (!traced.ok) throw new Error(traced.failure.message);
  const { kind: source } = parts.source;
  const started = performance.now();
  const { steps, guidance, seed } = job;
  if (one) {
    const [caption] = captions;
    if (!caption) return;
    const picture = await traced.value.draw(parts.engine, {
      tokens: [captionTokens(caption.text)],
      noise: drawingNoise(`${seed}:noise.glide.full.0`),
      steps,
      guidance,
      cancel,
      onStep: step =>
        update({ source, done: step.step, all: step.of, picture: Float32Array.from(step.picture.data) }),
    });
    const tally = new PromptTally();
    tally.add(scorePicture(picturePixels(picture), caption));
    await update({
      source,
      done: steps,
      all: steps,
      picture: Float32Array.from(picture.data),
      right: countsOf(tally),
      scored: 1,
      ms: performance.now() - started,
      engine: parts.engineName,
    });
    return;
  }
  let done = 0;
  const tally = await scorePrompts(traced.value, parts.engine, job.prompts, job.kind, {
    steps,
    guidance,
    seed,
    cancel,
    onPicture: async () => {
      done++;
      await update({ source, done, all: job.prompts.length });
    },
  });
  await update({
    source,
    done,
    all: job.prompts.length,
    right: countsOf(tally),
    scored: job.prompts.length,
    ms: performance.now() - started,
    engine: parts.engineName,
  });
}

/** The picture of a caption and what the model answers to a question about it. */
export async function runAnswer(
  parts: TrainedParts,
  caption: string,
  question: string,
): Promise<{ picture: Float32Array; text: string }> {
  const picture = pictureTensor(drawScene(placeCaption(parseCaption(caption))));
  const traced = traceAnswer(
    parts.tracer,
    parts.entry,
    parts.source,
    parts.trained,
    picture,
    questionTokens(question),
  );
  if (!traced.ok) throw new Error(traced.failure.message);
  const { text } = await answerQuestion(traced.value, parts.engine);
  return { picture: Float32Array.from(picture.data), text };
}

function countsOf(tally: PromptTally): Record<string, number> {
  return Object.fromEntries(DEMANDS.map(demand => [demand, tally.of(demand)]));
}
