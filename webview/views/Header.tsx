import type { Entry } from '../../src/core/atlas/schema.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Snapshot } from '../../src/core/protocol.ts';
import type { Channel } from '../channel.ts';
import type { RunReport } from '../runner/runTypes.ts';
import { BackendBadge } from './BackendBadge.tsx';

interface HeaderProps {
  readonly snapshot: Snapshot;
  readonly entry: Entry | null;
  readonly localizer: Localizer;
  readonly channel: Channel;
  readonly report: RunReport | null;
}

/** Title, system, exercise and place in the code; backend badge and language switch at the right. */
export function Header({ snapshot, entry, localizer, channel, report }: HeaderProps) {
  const { code } = snapshot;
  const file = code?.path.slice(code.path.lastIndexOf('/') + 1);
  return (
    <header class="panel-header">
      <h1>{entry ? localizer.text(entry.title) : (code?.qualname ?? '')}</h1>
      <span class="place">
        {[
          snapshot.systemTitle,
          entry && entry.exercises.length > 0 ? localizer.t('Exercise {0}', entry.exercises.join(', ')) : '',
          code && `${file}:${code.firstLine + 1}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span class="spacer" />
      <BackendBadge report={report} localizer={localizer} />
      <vscode-checkbox
        checked={snapshot.followCursor}
        onChange={() =>
          void channel.request('setFollowCursor', { on: !snapshot.followCursor }).catch(() => undefined)
        }
      >
        {localizer.t('Follow cursor')}
      </vscode-checkbox>
      <vscode-button
        appearance="secondary"
        title={localizer.t('Switch to Japanese')}
        onClick={() =>
          void channel
            .request('setLanguage', { language: snapshot.language === 'en' ? 'ja' : 'en' })
            .catch(() => undefined)
        }
      >
        {snapshot.language === 'en' ? '日本語' : 'English'}
      </vscode-button>
    </header>
  );
}
