import type { Entry } from '../../src/core/atlas/schema.ts';
import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Snapshot } from '../../src/core/protocol.ts';
import type { Channel } from '../channel.ts';
import { noteNumbers } from '../noteNumbers.ts';
import type { RunReport } from '../runner/runTypes.ts';
import { BackendBadge } from './BackendBadge.tsx';
import { hasReference } from './MiniCode.tsx';

interface HeaderProps {
  readonly snapshot: Snapshot;
  readonly entry: Entry | null;
  readonly localizer: Localizer;
  readonly channel: Channel;
  readonly report: RunReport | null;
  /** The reference module stands beside the code. */
  readonly comparing: boolean;
  onCompare(on: boolean): void;
  onShowRun(): void;
}

/** Title, system, exercise and place in the code; what the last run found and on which backend; what can be done with all of it. */
export function Header(props: HeaderProps) {
  const { snapshot, entry, localizer, channel, report } = props;
  const { code } = snapshot;
  const ask = (asked: Promise<unknown>) => void asked.catch(() => undefined);
  const command = (name: string, args: unknown[]) =>
    ask(channel.request('runCommand', { command: `equationLens.${name}`, args }));
  const known = entry !== null && entry.equations.length > 0;
  return (
    <header class="panel-header">
      <div class="headline">
        <h1>{entry ? localizer.text(entry.title) : (code?.qualname ?? '')}</h1>
        <p class="place">
          {snapshot.systemTitle && <span>{snapshot.systemTitle}</span>}
          {entry?.exercises.map(exercise => (
            <button
              type="button"
              class="link"
              key={exercise}
              title={localizer.t('Equations of this exercise')}
              onClick={() => command('goToEquation', [exercise])}
            >
              {localizer.t('Exercise {0}', exercise)}
            </button>
          ))}
          {code && (
            <button
              type="button"
              class="link"
              title={localizer.t('Show the code')}
              onClick={() => ask(channel.request('revealLine', { path: code.path, line: code.firstLine }))}
            >
              {`${code.path.slice(code.path.lastIndexOf('/') + 1)}:${code.firstLine + 1}`}
            </button>
          )}
        </p>
      </div>
      <div class="findings">
        <VerdictChip report={report} localizer={localizer} onShowRun={props.onShowRun} />
        <BackendBadge report={report} localizer={localizer} />
      </div>
      <Siblings {...props} />
      <div class="header-actions">
        {known && (
          <button
            type="button"
            class="link"
            onClick={() =>
              command('insertEquation', [
                entry.id,
                ...(code ? [{ uri: code.uri, line: code.nameLine, column: code.nameColumn }] : [null]),
                { numbers: noteNumbers(report) },
              ])
            }
          >
            {localizer.t('Insert into notes')}
          </button>
        )}
        {known && (
          <button type="button" class="link" onClick={() => command('copyLatex', [entry.id])}>
            {localizer.t('Copy LaTeX')}
          </button>
        )}
        {hasReference(entry) && (
          <button
            type="button"
            class="link"
            aria-pressed={props.comparing}
            onClick={() => props.onCompare(!props.comparing)}
          >
            {props.comparing
              ? localizer.t('Hide the reference module')
              : localizer.t('Compare with the reference module')}
          </button>
        )}
        <vscode-checkbox
          checked={snapshot.followCursor}
          onChange={() => ask(channel.request('setFollowCursor', { on: !snapshot.followCursor }))}
        >
          {localizer.t('Follow cursor')}
        </vscode-checkbox>
        <button
          type="button"
          class="link"
          lang={snapshot.language === 'en' ? 'ja' : 'en'}
          onClick={() =>
            ask(channel.request('setLanguage', { language: snapshot.language === 'en' ? 'ja' : 'en' }))
          }
        >
          {snapshot.language === 'en' ? '日本語' : 'English'}
        </button>
      </div>
    </header>
  );
}

/** The outcome in two words, on top where it is always seen; the sentence stands at the run. */
function VerdictChip({
  report,
  localizer,
  onShowRun,
}: Pick<HeaderProps, 'report' | 'localizer' | 'onShowRun'>) {
  const verdict = report?.verdict;
  const refused = report?.refused.screen;
  if (!verdict && !refused) return null;
  const ok = verdict?.agrees === true;
  const text = refused
    ? localizer.t('code not traced')
    : ok
      ? localizer.t('code = equation')
      : localizer.t('code ≠ equation');
  const title =
    verdict && !refused ? localizer.t('largest difference {0}', formatNumber(verdict.difference)) : text;
  return (
    <button type="button" class={ok ? 'chip ok' : 'chip bad'} title={title} onClick={onShowRun}>
      {ok ? '✓' : '✗'} {text}
    </button>
  );
}

/** The other known functions of the class. */
function Siblings({ snapshot, localizer, channel }: HeaderProps) {
  const own = snapshot.code?.qualname;
  const others = snapshot.siblings.filter(sibling => sibling.qualname !== own);
  if (others.length === 0) return null;
  return (
    <nav class="siblings" aria-label={localizer.t('Also in this class')}>
      <span class="note">{localizer.t('Also in this class')}</span>
      {others.map(({ qualname, entryId }) => (
        <button
          type="button"
          class="link"
          key={qualname}
          onClick={() => void channel.request('openEntry', { entryId }).catch(() => undefined)}
        >
          {qualname.slice(qualname.lastIndexOf('.') + 1)}
        </button>
      ))}
    </nav>
  );
}
