/** Moments that the benchmark and the tests read; only the last one of each name is kept. */
export type Milestone = 'explained' | 'alive' | 'numbers:typescript' | 'numbers:wasm' | 'numbers:webgpu';

/**
 * Marks a moment on the page's own clock, once what it stands for has been painted: call it in a layout effect. What an animation frame
 * puts off comes right after its painting.
 */
export function milestone(name: Milestone): void {
  requestAnimationFrame(() =>
    setTimeout(() => {
      performance.clearMarks(`equation-lens:${name}`);
      performance.mark(`equation-lens:${name}`);
    }, 0),
  );
}
