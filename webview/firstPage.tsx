import renderToString from 'preact-render-to-string';
import { reviveState } from '../src/core/panelState.ts';
import type { DrawFirstPage } from '../src/core/protocol.ts';
import { Channel } from './channel.ts';
import { RunnerAssets } from './runner/runnerAssets.ts';
import { App } from './views/App.tsx';

/**
 * HTML of a new panel as its page will draw it, so that a reader sees the explanation before the panel's script has been read. Runs in
 * the extension host; nothing in it is alive before the page takes it over.
 */
export const firstPage: DrawFirstPage = snapshot => {
  const nobody = new Channel({ post: () => undefined, onMessage: () => undefined }, () => undefined);
  return renderToString(
    <App
      snapshot={snapshot}
      channel={nobody}
      assets={new RunnerAssets('')}
      initial={reviveState(undefined)}
      onSourceChanged={() => () => undefined}
      onRemember={() => undefined}
    />,
  );
};
