import type { CancelToken } from '../trace/interpreter/limits.ts';
import { parseCaption } from './caption.ts';
import { captionTokens } from './captionTokens.ts';
import { picturePixels } from './drawScene.ts';
import { PromptTally } from './promptTally.ts';
import { DrawingCancelled, drawingNoise, type Sampler } from './sampler.ts';
import { type PictureScore, scorePicture } from './scorePicture.ts';
import type { ValuesEngine } from './valuesEngine.ts';

export interface ScoreOptions {
  readonly guidance?: number;
  readonly steps?: number;
  /** Names the noise: picture i of a kind starts from `${seed}:noise.${kind}.${i}`. */
  readonly seed?: number;
  readonly onPicture?: (index: number, prompt: string, score: PictureScore) => void | Promise<void>;
  readonly cancel?: CancelToken;
}

/**
 * Draws every prompt and counts what came out right: number, colours, shapes, binding, relation (`scorePicture`). The count of exercise 6.6.
 *
 * @param kind names the prompts, for the noise: `single`, `pair`, `heldout`
 * @throws CaptionError for a prompt outside the grammar
 * @throws {DrawingCancelled}
 */
export async function scorePrompts(
  sampler: Sampler,
  engine: ValuesEngine,
  prompts: readonly string[],
  kind: string,
  options: ScoreOptions = {},
): Promise<PromptTally> {
  const { seed = 0, onPicture, cancel, guidance, steps } = options;
  const tally = new PromptTally();
  const captions = prompts.map(parseCaption);
  for (let start = 0; start < prompts.length; start += sampler.batch) {
    if (cancel?.cancelled) throw new DrawingCancelled('the count was stopped');
    // The last batch is filled up with its last prompt.
    const rows = Array.from({ length: sampler.batch }, (_, k) => Math.min(start + k, prompts.length - 1));
    const pictures = await sampler.draw(engine, {
      tokens: rows.map(row => captionTokens(captions[row]!.text)),
      noise: drawingNoise(...rows.map(row => `${seed}:noise.${kind}.${row}`)),
      ...(guidance === undefined ? {} : { guidance }),
      ...(steps === undefined ? {} : { steps }),
      ...(cancel ? { cancel } : {}),
    });
    for (let k = 0; k < sampler.batch && start + k < prompts.length; k++) {
      const score = scorePicture(picturePixels(pictures, k), captions[start + k]!);
      tally.add(score);
      await onPicture?.(start + k, prompts[start + k]!, score);
    }
  }
  return tally;
}
