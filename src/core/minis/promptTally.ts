import type { PictureScore } from './scorePicture.ts';

/** What a prompt is counted by, each on its own. */
export const DEMANDS = ['count', 'colors', 'shapes', 'binding', 'relation', 'right', 'exchanged'] as const;
export type Demand = (typeof DEMANDS)[number];

/** How often pictures of several prompts met each demand. `exchanged` counts failures of binding. */
export class PromptTally {
  private prompts = 0;
  private readonly met = new Map<Demand, number>();

  add(score: PictureScore): void {
    this.prompts++;
    for (const demand of DEMANDS) if (score[demand]) this.met.set(demand, this.of(demand) + 1);
  }

  /** Pictures scored so far. */
  get total(): number {
    return this.prompts;
  }

  /** Pictures that met a demand. */
  of(demand: Demand): number {
    return this.met.get(demand) ?? 0;
  }
}
