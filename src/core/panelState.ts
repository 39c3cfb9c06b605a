import type { ExploreQuestions } from './explain/exploreEntry.ts';

/** What survives a reload of the panel (vscode.setState): small, plain, and harmless when stale. */
export interface PanelState {
  readonly entryId: string | null;
  readonly uri: string | null;
  readonly qualname: string | null;
  /** Of a function without an entry: what it runs with. */
  readonly explored: ExploreQuestions | null;
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
  explored: null,
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
    explored: plainAnswers(raw.explored),
    selectedStep: text(raw.selectedStep),
    sample: text(raw.sample),
    driver: text(raw.driver),
    seed: typeof raw.seed === 'number' && Number.isInteger(raw.seed) ? raw.seed : 0,
    weights: raw.weights === 'trained' ? 'trained' : 'rule',
    config: plainConfig(raw.config),
  };
}

function plainAnswers(value: unknown): ExploreQuestions | null {
  if (typeof value !== 'object' || value === null) return null;
  const { callArguments, constructorArguments } = value as Record<string, unknown>;
  if (typeof callArguments !== 'string') return null;
  return { callArguments, ...(typeof constructorArguments === 'string' ? { constructorArguments } : {}) };
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
