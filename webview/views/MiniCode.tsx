import { useState } from 'preact/hooks';
import type { Entry } from '../../src/core/atlas/schema.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { CodeView } from './CodeView.tsx';

interface MiniCodeProps {
  readonly entry: Entry;
  readonly localizer: Localizer;
  /** Text of our reference module. */
  read(): Promise<string>;
}

/** Our reference module, on demand: the equation written as code. */
export function MiniCode({ entry, localizer, read }: MiniCodeProps) {
  const [text, setText] = useState<string | null>(null);
  return (
    <details
      class="card"
      onToggle={event => {
        if (event.currentTarget.open && text === null)
          read().then(setText, error => setText(`# ${String(error)}`));
      }}
    >
      <summary>{localizer.t('Our reference module')}</summary>
      {text !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="mini-code" tabIndex={0} aria-label={localizer.t('Our reference module')}>
          <CodeView
            code={{ text, firstLine: 0, steps: [] }}
            symbols={entry.symbols}
            stepOrder={[]}
            selectedStep={null}
            label={localizer.t('Our reference module')}
            stepName={String}
            onSelectStep={() => undefined}
            onPointStep={() => undefined}
          />
        </section>
      )}
    </details>
  );
}
