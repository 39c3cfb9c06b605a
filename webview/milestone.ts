/** Moments that the benchmark and the tests read; only the last one of each name is kept. */
export type Milestone = 'explained' | 'numbers:typescript' | 'numbers:wasm' | 'numbers:webgpu';

/** Marks a moment on the page's own clock, once what it stands for has been painted. */
export function milestone(name: Milestone): void {
  requestAnimationFrame(() => {
    performance.clearMarks(`equation-lens:${name}`);
    performance.mark(`equation-lens:${name}`);
  });
}
