import type { Localizer } from '../src/core/l10n/localizer.ts';
import type { Channel } from './channel.ts';

/** What a reader takes away from the panel. Everything says in the panel's live region how it ended. */
export interface PanelActions {
  copyText(text: string): void;
  /** Asks where to save. */
  save(name: string, bytes: () => Promise<Uint8Array>): void;
  /** Onto the clipboard; where that takes no pictures, asks where to save. */
  copyPng(name: string, png: () => Promise<Blob>): void;
}

export function panelActions(
  channel: Channel,
  localizer: Localizer,
  announce: (text: string) => void,
): PanelActions {
  const failed = (error: unknown) =>
    announce(localizer.t('That did not work: {0}', error instanceof Error ? error.message : String(error)));
  const save = async (name: string, bytes: Uint8Array) => {
    if (await channel.request('saveFile', { name, base64: base64(bytes) }))
      announce(localizer.t('Saved: {0}', name));
  };
  return {
    copyText: text =>
      void channel.request('copyText', { text }).then(() => announce(localizer.t('Copied')), failed),
    save: (name, bytes) =>
      void bytes()
        .then(made => save(name, made))
        .catch(failed),
    copyPng: (name, png) => {
      const copy = async () => {
        const blob = await png();
        try {
          await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
          announce(localizer.t('Copied'));
        } catch {
          // Not every clipboard takes pictures from a webview: a file is the next best thing.
          await save(name, new Uint8Array(await blob.arrayBuffer()));
        }
      };
      void copy().catch(failed);
    },
  };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}
