import 'katex/dist/katex.min.css';
import { render } from 'preact';
import { type PanelState, reviveState } from '../src/core/panelState.ts';
import type { FromPanel, Snapshot } from '../src/core/protocol.ts';
import { Channel } from './channel.ts';
import { registerControls } from './controls.ts';
import './styles.css';
import { RunnerAssets } from './runner/runnerAssets.ts';
import { App } from './views/App.tsx';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

registerControls();
const vscode = acquireVsCodeApi();
const root = document.getElementById('root')!;
const assets = new RunnerAssets(document.body.dataset.dist ?? '');
const { backend } = document.body.dataset;
if (backend === 'auto' || backend === 'webgpu' || backend === 'wasm') assets.startAhead(backend);
const remembered = vscode.getState();
let state = reviveState(remembered);

function remember(change: Partial<PanelState>): void {
  state = { ...state, ...change };
  vscode.setState(state);
}

function show(snapshot: Snapshot): void {
  const entryId = (snapshot.entry as { id: string } | null)?.id ?? null;
  const before = state;
  remember({
    entryId,
    uri: snapshot.code?.uri ?? state.uri,
    qualname: snapshot.code?.qualname ?? state.qualname,
    explored: snapshot.explored ?? null,
  });
  render(
    <App
      snapshot={snapshot}
      channel={channel}
      assets={assets}
      initial={before}
      onSourceChanged={listenToSources}
      onRemember={remember}
    />,
    root,
  );
}

/** The snapshot on screen, as JSON: the first one comes twice. */
let shown = '';
function showOnce(snapshot: Snapshot): void {
  const text = JSON.stringify(snapshot);
  if (text !== shown) show(snapshot);
  shown = text;
}

const sourceListeners = new Set<(path: string, text: string | null) => void>();
function listenToSources(listener: (path: string, text: string | null) => void): () => void {
  sourceListeners.add(listener);
  return () => sourceListeners.delete(listener);
}

const channel: Channel = new Channel(
  {
    post: message => vscode.postMessage(message),
    onMessage: listener => window.addEventListener('message', event => listener(event.data)),
  },
  message => {
    if (message.type === 'snapshot') showOnce(message.snapshot);
    else for (const listener of sourceListeners) listener(message.path, message.text);
  },
);
// A new page finds its snapshot beside it; one that comes back, or is restored, asks what has changed since. Not before VS Code shows the page,
// which it does when it has loaded: fonts that are asked for earlier would put that off.
const beside = remembered === undefined ? document.getElementById('snapshot')?.textContent : undefined;
if (beside) {
  window.addEventListener('load', () => {
    if (shown === '') showOnce(JSON.parse(beside) as Snapshot);
  });
}
channel.ready();
