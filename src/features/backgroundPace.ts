import { Pace } from '../core/python/pace.ts';

/** The pace of work that nobody waits for: between two slices, whatever waits in the extension host has its turn. */
export function backgroundPace(): Pace {
  return new Pace(() => new Promise<void>(resolve => setTimeout(resolve, 0)));
}
