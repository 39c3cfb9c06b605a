import { hydrate, render } from 'preact';
import * as v from 'valibot';
import { type PanelState, reviveState } from '../src/core/panelState.ts';
import { type Snapshot, SnapshotSchema } from '../src/core/protocol.ts';
import { AlreadyDrawn } from './alreadyDrawn.ts';
import { Channel } from './channel.ts';
import { registerControls } from './controls.ts';
import { milestone } from './milestone.ts';
import type { RunnerAssets } from './runner/runnerAssets.ts';
import { App } from './views/App.tsx';
import type { VsCodeApi } from './vsCodeApi.ts';

/**
 * Brings the page to life: takes over what the extension has drawn into it, and shows what it says from then on.
 * @param root empty where the page is not new: nothing is shown then before the extension has answered
 */
export function showPanel(vscode: VsCodeApi, root: HTMLElement, assets: RunnerAssets): void {
  registerControls();
  let state = reviveState(vscode.getState());
  const alreadyDrawn = { current: root.hasChildNodes() };

  const remember = (change: Partial<PanelState>) => {
    state = { ...state, ...change };
    vscode.setState(state);
  };

  const sourceListeners = new Set<(path: string, text: string | null) => void>();
  const listenToSources = (listener: (path: string, text: string | null) => void) => {
    sourceListeners.add(listener);
    return () => sourceListeners.delete(listener);
  };

  const show = (snapshot: Snapshot) => {
    const entryId = (snapshot.entry as { id: string } | null)?.id ?? null;
    const before = state;
    remember({
      entryId,
      uri: snapshot.code?.uri ?? state.uri,
      qualname: snapshot.code?.qualname ?? state.qualname,
      explored: snapshot.explored ?? null,
    });
    const app = (
      <AlreadyDrawn.Provider value={alreadyDrawn}>
        <App
          snapshot={snapshot}
          channel={channel}
          assets={assets}
          initial={before}
          onSourceChanged={listenToSources}
          onRemember={remember}
        />
      </AlreadyDrawn.Provider>
    );
    if (alreadyDrawn.current) hydrate(app, root);
    else render(app, root);
    alreadyDrawn.current = false;
  };

  /** The snapshot on screen, as JSON, keys in the schema's order: the first one comes twice. */
  let shown = '';
  const showOnce = (snapshot: Snapshot) => {
    const text = JSON.stringify(snapshot);
    if (text !== shown) show(snapshot);
    if (shown === '') milestone('alive');
    shown = text;
  };

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
  // What was drawn is of the snapshot beside it: that one is shown first, whatever has come since.
  const beside = alreadyDrawn.current ? document.getElementById('snapshot')?.textContent : undefined;
  if (beside) showOnce(v.parse(SnapshotSchema, JSON.parse(beside)));
  channel.ready();
}
