import type { PanelState } from '../src/core/panelState.ts';
import type { FromPanel } from '../src/core/protocol.ts';

/** What VS Code gives to the page of a panel, once. */
export interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: PanelState): void;
}
