import 'katex/dist/katex.min.css';
import { milestone } from './milestone.ts';
import { RunnerAssets } from './runner/runnerAssets.ts';
import './styles.css';
import type { VsCodeApi } from './vsCodeApi.ts';

declare function acquireVsCodeApi(): VsCodeApi;

/**
 * What the page does before the panel's script is there: it shows what the extension has drawn into it, and starts the workers. A page that
 * comes back, or is restored, holds what was true when it was first made: that stays hidden until the panel has asked what has changed.
 */
const vscode = acquireVsCodeApi();
const root = document.getElementById('root')!;
const isNew = vscode.getState() === undefined;
const { dist = '', backend } = document.body.dataset;
const assets = new RunnerAssets(dist);

if (!isNew) root.replaceChildren();
// VS Code shows the page when it has loaded; what is drawn earlier only puts that off, by the fonts that are then asked for.
window.addEventListener('load', () => {
  root.hidden = false;
  if (root.hasChildNodes()) milestone('explained');
});
if (backend === 'auto' || backend === 'webgpu' || backend === 'wasm') assets.startAhead(backend);
// A click that comes before there is anybody to hear it is made again.
const early: HTMLElement[] = [];
const remember = ({ target }: Event) => {
  if (target instanceof HTMLElement) early.push(target);
};
root.addEventListener('click', remember);
import('./showPanel.js').then(
  ({ showPanel }) => {
    root.removeEventListener('click', remember);
    showPanel(vscode, root, assets);
    for (const clicked of early) clicked.click();
  },
  // What is drawn can be read all the same; whoever wonders why it does nothing finds the reason in the log.
  (error: unknown) => {
    const message = `the panel's script could not be loaded: ${String(error)}`;
    vscode.postMessage({ type: 'request', id: 0, method: 'log', params: { level: 'error', message } });
  },
);
