import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../../src/core/atlas/schema.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { isModelFile } from '../../src/core/minis/isModelFile.ts';
import type { SourceRun } from '../runner/runTypes.ts';
import { CodeView } from './CodeView.tsx';

interface MiniCodeProps {
  readonly entry: Entry;
  /** The mini's last run: it knows where the function and its steps stand. */
  readonly run: SourceRun | null;
  readonly focusedSteps: readonly string[];
  readonly own: boolean;
  /** Changes with the module's text. */
  readonly token: string | null;
  readonly localizer: Localizer;
  /** Text of our reference module. */
  read(): Promise<string>;
  onSelectStep(step: string): void;
  onPointStep(step: string | null): void;
}

/** Whether there is a module to read: a graph has none, nor has an entry that runs from the code on screen alone. */
export function hasReference(entry: Entry | null): entry is Entry {
  const file = entry?.mini?.file ?? '';
  return file !== '' && !isModelFile(file);
}

/** The function of our reference module: the equation written as code, with the same steps. */
export function MiniCode(props: MiniCodeProps) {
  const { entry, own, run, localizer } = props;
  const [text, setText] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const file = entry.mini?.file;
  useEffect(() => {
    let current = true;
    props.read().then(
      read => {
        if (!current) return;
        setText(read);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [file, props.token]);
  const label = own ? localizer.t('Reference module of your pack') : localizer.t('Our reference module');
  if (failure !== null) {
    return (
      <section class="mini-code" aria-label={label}>
        <h2>{label}</h2>
        <p class="problem-text">{failure}</p>
      </section>
    );
  }
  if (text === null) return null;
  const lines = text.split('\n');
  const place = run?.place ?? { start: 0, end: lines.length - 1 };
  const steps = (run?.steps ?? []).map(step => ({
    id: step.id,
    ranges: step.lines.map(({ start, end }) => ({
      start: { line: start, character: 0 },
      end: { line: end, character: 0 },
    })),
  }));
  return (
    <section class="mini-code" aria-label={label}>
      <h2>
        {label} <span class="note">{file}</span>
      </h2>
      <CodeView
        code={{ text: lines.slice(place.start, place.end + 1).join('\n'), firstLine: place.start, steps }}
        symbols={entry.symbols}
        stepOrder={entry.steps.map(step => step.id)}
        focusedSteps={props.focusedSteps}
        label={label}
        stepName={number => localizer.t('Step {0}', number)}
        onSelectStep={props.onSelectStep}
        onPointStep={props.onPointStep}
      />
    </section>
  );
}
