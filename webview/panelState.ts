/** What survives a reload of the panel (vscode.setState): small, plain, and harmless when stale. */
export interface PanelState {
  readonly entryId: string | null;
  readonly uri: string | null;
  readonly qualname: string | null;
  readonly selectedStep: string | null;
  readonly sample: string | null;
  readonly driver: string | null;
  readonly seed: number;
  readonly weights: 'rule' | 'trained';
  readonly config: Readonly<Record<string, number | boolean | string>>;
}

export const EMPTY_STATE: PanelState = {
  entryId: null,
  uri: null,
  qualname: null,
  selectedStep: null,
  sample: null,
  driver: null,
  seed: 0,
  weights: 'rule',
  config: {},
};

/** Takes what is usable of a stored state. */
export function reviveState(stored: unknown): PanelState {
  if (typeof stored !== 'object' || stored === null) return EMPTY_STATE;
  const raw = stored as Partial<Record<keyof PanelState, unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    entryId: text(raw.entryId),
    uri: text(raw.uri),
    qualname: text(raw.qualname),
    selectedStep: text(raw.selectedStep),
    sample: text(raw.sample),
    driver: text(raw.driver),
    seed: typeof raw.seed === 'number' && Number.isInteger(raw.seed) ? raw.seed : 0,
    weights: raw.weights === 'trained' ? 'trained' : 'rule',
    config: plainConfig(raw.config),
  };
}

function plainConfig(value: unknown): Record<string, number | boolean | string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (pair): pair is [string, number | boolean | string] =>
        typeof pair[1] === 'number' || typeof pair[1] === 'boolean' || typeof pair[1] === 'string',
    ),
  );
}
