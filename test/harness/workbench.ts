import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { poll } from './poll.ts';
import { type ThemeKind, themes } from './themes.ts';

/** A picture in a hover. */
export interface HoverImage {
  readonly alt: string;
  readonly src: string;
  readonly width: number;
  readonly height: number;
  /** Size of the file itself; 0 when it did not render. */
  readonly naturalWidth: number;
}

/** What an editor's hover shows. */
export interface Hover {
  readonly text: string;
  readonly images: readonly HoverImage[];
  readonly links: readonly { text: string; href: string }[];
}

/** The workbench in a browser page, in the words of a person who uses it. Lines and columns are 1-based. */
export class Workbench {
  readonly page: Page;
  /** The folder that is open. */
  readonly folder: string;

  constructor(page: Page, folder: string) {
    this.page = page;
    this.folder = folder;
  }

  /** Waits until the workbench is drawn and its extension host answers. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Presses keys as written in VS Code's documentation, `Control+Shift+P`. */
  async press(...chords: string[]): Promise<void> {
    for (const chord of chords) await this.page.keyboard.press(chord);
  }

  /** Opens a file of the folder by quick open, at a place if one is given; `name` must single it out. */
  async openFile(name: string, place?: { readonly line: number; readonly column: number }): Promise<void> {
    await this.quickInput('Control+P', place ? `${name}:${place.line}:${place.column}` : name);
    const row = this.page.locator('.quick-input-list .monaco-list-row').first();
    const wanted = name.split('/').at(-1) ?? name;
    // The row says the file's name, then its folder.
    await poll(`the file ${name} in quick open`, async () => {
      const text = (await row.textContent()) ?? '';
      return name.split('/').every(part => text.includes(part));
    });
    await this.#accept();
    await this.editor(wanted);
    if (place) await this.#cursorAt(place.line, place.column);
  }

  /** Waits until the active editor shows a file with this name. */
  async editor(name: string): Promise<void> {
    const tab = this.page.locator(`.part.editor .tab.active[data-resource-name="${name}"]`).first();
    await tab.waitFor({ timeout: 20_000 });
    await this.page.locator('.part.editor .editor-instance .view-line').first().waitFor({ timeout: 20_000 });
  }

  /** Runs a command by its title, as in the palette: `View: Toggle Word Wrap`. */
  async runCommand(title: string): Promise<void> {
    await this.quickInput('F1', title);
    const row = this.page.locator('.quick-input-list .monaco-list-row').first();
    await poll(`the command ${title}`, async () => {
      const label = await row
        .locator('.label-name')
        .first()
        .textContent()
        .catch(() => undefined);
      return label?.trim() === title;
    });
    await this.#accept();
  }

  /** The rows of the open quick pick. */
  async quickPickRows(): Promise<string[]> {
    const rows = this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim());
  }

  /** Leaves the open quick pick with Escape. */
  async closeQuickPick(): Promise<void> {
    await this.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Types into the open quick pick and takes the first row that contains `text`. */
  async pick(text: string): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-box input').fill(text);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Puts the cursor on a place of the active editor. */
  async goTo(line: number, column: number): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const go = async (timeout: number) => {
      await this.quickInput('Control+G', `:${line}:${column}`);
      await this.#accept();
      await widget.waitFor({ state: 'hidden', timeout });
    };
    // Its Enter may get lost while the editor takes the focus back from a panel that closes.
    const again = async () => {
      await this.press('Escape');
      await go(5000);
    };
    await go(5000).catch(again).catch(again).catch(again);
    await this.#cursorAt(line, column);
  }

  async #cursorAt(line: number, column: number): Promise<void> {
    const place = `Ln ${line}, Col ${column}`;
    const status = this.page.locator('.statusbar-item[id="status.editor.selection"]');
    await poll(`the cursor at ${place}`, async () => (await status.textContent())?.includes(place));
  }

  /**
   * Rests the pointer on a place of the active editor and reads the hover. While none opens the pointer leaves and comes back, as
   * an extension may still be starting.
   * @returns `undefined` when none opened within `timeout` milliseconds.
   */
  async hoverAt(line: number, column: number, timeout = 15_000): Promise<Hover | undefined> {
    await this.closeHover();
    await this.goTo(line, column);
    return this.#untilHover(timeout, async () => {
      const cursor = this.page.locator('.editor-group-container.active .cursors-layer .cursor').first();
      const box = await poll('the cursor', async () => (await cursor.boundingBox()) ?? undefined);
      await this.page.mouse.move(2, 2);
      await this.page.mouse.move(box.x + 3, box.y + box.height / 2, { steps: 4 });
    });
  }

  /** Opens the hover at the cursor by keyboard (Show or Focus Hover). */
  async hoverByKeyboard(line: number, column: number, timeout = 15_000): Promise<Hover | undefined> {
    await this.closeHover();
    await this.goTo(line, column);
    return this.#untilHover(timeout, async () => {
      await this.press('Escape', 'Control+K', 'Control+I');
    });
  }

  async #untilHover(timeout: number, ask: () => Promise<void>): Promise<Hover | undefined> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      await ask();
      const hover = await this.readHover(2000);
      if (hover) return hover;
    }
    return undefined;
  }

  /** The hover that stands open in an editor. */
  get hover(): Locator {
    return this.page.locator('.monaco-resizable-hover .monaco-hover:not(.hidden)', {
      has: this.page.locator('.hover-row'),
    });
  }

  async closeHover(): Promise<void> {
    await this.page.mouse.move(2, 2);
    await this.press('Escape');
    await this.hover.first().waitFor({ state: 'hidden', timeout: 5000 });
  }

  /** Reads the hover that opens within `timeout` milliseconds. */
  async readHover(timeout = 10_000): Promise<Hover | undefined> {
    try {
      await this.hover.first().waitFor({ timeout });
    } catch {
      return undefined;
    }
    // Providers answer one by one and "Loading…" stands in for the slow ones: wait until the content rests.
    let last = '';
    const gone = Symbol('gone');
    const found = await poll(
      'the hover to come to rest',
      async () => {
        // A CodeLens that comes moves the lines, and the hover closes: the caller asks for it again.
        const now = await this.#hoverContent().catch(() => undefined);
        if (!now) return gone;
        const key = JSON.stringify(now);
        const settled = key === last && !now.text.includes('Loading...');
        last = key;
        return settled ? now : undefined;
      },
      10_000,
      150,
    );
    return found === gone ? undefined : found;
  }

  #hoverContent(): Promise<Hover> {
    return this.hover.first().evaluate(
      element => ({
        // biome-ignore lint/performance/useDomNodeTextContent: the text as a reader sees it, with its line breaks
        text: (element as HTMLElement).innerText,
        images: [...element.querySelectorAll('img')].map(image => ({
          alt: image.alt,
          src: image.src,
          width: image.getBoundingClientRect().width,
          height: image.getBoundingClientRect().height,
          naturalWidth: image.naturalWidth,
        })),
        links: [...element.querySelectorAll('a')].map(link => ({
          text: link.textContent ?? '',
          href: link.dataset.href ?? link.getAttribute('href') ?? '',
        })),
      }),
      undefined,
      { timeout: 1000 },
    );
  }

  /** Switches the colour theme and waits until it is drawn. */
  async theme(kind: ThemeKind): Promise<void> {
    const { name, bodyClass } = themes[kind];
    await this.configure({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${bodyClass}`).first().waitFor({ timeout: 30_000 });
  }

  readonly #configured: Record<string, unknown> = {};

  /**
   * Changes settings of the open folder, on top of those changed before. User settings would not do: the server does not watch
   * their file.
   */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    Object.assign(this.#configured, settings);
    const place = join(this.folder, '.vscode');
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'settings.json.new'), JSON.stringify(this.#configured, null, 2));
    await rename(join(place, 'settings.json.new'), join(place, 'settings.json'));
  }

  /** Waits for the frame of a webview that holds an element. */
  async webview(selector: string, timeout = 20_000): Promise<Frame> {
    return poll(
      `a webview with ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          // A strict CSP forbids the strings that Playwright's own waiting evaluates: ask by a plain query.
          const found = await frame.$(selector).catch(() => null);
          if (found) return frame;
        }
        return undefined;
      },
      timeout,
    );
  }

  /** Waits until VS Code has stored something of its own state that holds this text: it does so when it is idle, and a reload does not wait. */
  async stored(text: string): Promise<void> {
    await poll(
      `VS Code to store ${text}`,
      () =>
        this.page.evaluate(async wanted => {
          for (const { name } of await indexedDB.databases()) {
            if (!name?.startsWith('vscode-web-state-db')) continue;
            const database = await new Promise<IDBDatabase>((resolve, reject) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => resolve(opening.result);
              opening.onerror = () => reject(opening.error);
            });
            try {
              for (const table of database.objectStoreNames) {
                const all = await new Promise<unknown[]>((resolve, reject) => {
                  const reading = database.transaction(table).objectStore(table).getAll();
                  reading.onsuccess = () => resolve(reading.result);
                  reading.onerror = () => reject(reading.error);
                });
                if (all.some(value => String(value).includes(wanted))) return true;
              }
            } finally {
              database.close();
            }
          }
          return undefined;
        }, text),
      60_000,
    );
  }

  /** The rows of the Problems view. */
  async problems(): Promise<string[]> {
    await this.runCommand('View: Focus Problems (Errors, Warnings, Infos)').catch(() =>
      this.press('Control+Shift+M'),
    );
    const panel = this.page.locator('.markers-panel-container');
    await panel.waitFor();
    return (await panel.locator('.monaco-list-row').allInnerTexts()).map(text =>
      text.replace(/\s+/g, ' ').trim(),
    );
  }

  /** What an output channel shows (its visible part). */
  async output(channel: string): Promise<string> {
    await this.runCommand('Output: Show Output Channels...');
    await this.pick(channel);
    const lines = this.page.locator('.output-view-container .view-line, .part.panel .view-line');
    await lines.first().waitFor();
    return (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** The CodeLenses in view of the active editor; waits until there is one. */
  async codeLenses(): Promise<string[]> {
    const lenses = this.page.locator('.editor-group-container.active .codelens-decoration a');
    return poll('a CodeLens', async () => {
      const titles = (await lenses.allInnerTexts()).filter(title => title.trim() !== '');
      return titles.length > 0 ? titles : undefined;
    });
  }

  /** Notifications that stand open. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  screenshot(path: string, clip?: { x: number; y: number; width: number; height: number }): Promise<Buffer> {
    return this.page.screenshot(clip ? { path, clip } : { path });
  }

  /**
   * Opens the quick input with a chord and types into it. A quick pick that an earlier command left open is given the time to
   * close. A window that is just changing its focus closes the input again, and a palette that closed while it opened leaves its
   * key dead for the rest of the window: the former is asked again, the latter is told from the log and cured by a reload.
   */
  async quickInput(chord: string, text: string): Promise<void> {
    await this.#settleQuickInput();
    try {
      await this.#typeIntoQuickInput(chord, text);
    } catch (error) {
      console.warn(
        `${(error as Error).message} Focus: ${await this.#focusedElement()}. Reloading the window.`,
      );
      const dialog = await this.page.locator('.monaco-dialog-box').allInnerTexts();
      if (dialog.length > 0) console.warn(`A dialog stands in front of it: ${dialog.join(' | ')}`);
      await this.page.reload();
      await this.ready();
      await this.#typeIntoQuickInput(chord, text);
    }
  }

  /** Waits until no quick input is open; one that stays is left with Escape. */
  async #settleQuickInput(): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    await widget.waitFor({ state: 'hidden', timeout: 3000 }).catch(() => this.press('Escape'));
    await widget.waitFor({ state: 'hidden', timeout: 3000 }).catch(() => {});
  }

  async #typeIntoQuickInput(chord: string, text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    const typed = chord === 'F1' ? `>${text}` : text;
    await poll(`the quick input after ${chord}`, async () => {
      if (!(await input.isVisible())) {
        await this.press(chord);
        await input.waitFor({ timeout: 1500 }).catch(() => {});
      }
      await input.fill(typed, { timeout: 1500 }).catch(() => {});
      return (await input.isVisible()) && (await input.inputValue()) === typed;
    });
  }

  /** Enter in the quick input itself: a webview that goes away may have taken the focus with it. */
  #accept(): Promise<void> {
    return this.page.locator('.quick-input-widget .quick-input-box input').press('Enter');
  }

  #focusedElement(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nowhere');
  }
}
