import * as vscode from 'vscode';
import type { Snapshot } from '../core/protocol.ts';
import type { Settings } from './settings.ts';

/** What is in the page when it starts. */
interface PanelPage {
  /** As data that the page finds. */
  readonly snapshot: Snapshot;
  /** The panel's style sheet: in the page, since the explanation can be seen no sooner than it. */
  readonly style: string;
  /** HTML of the same; empty where it could not be had. */
  readonly drawn: string;
  /** What runs will want where some are to be expected: it is then started at once. */
  readonly backend: Settings['backend'] | undefined;
}

/**
 * The page of the panel. Everything is forbidden but what is used: our own scripts and styles from `dist/`, WebAssembly, a worker
 * from a blob (VS Code serves no workers from extension files), and the fonts of KaTeX. Components of the UI toolkit write style
 * elements, hence 'unsafe-inline' for styles alone.
 */
export function panelHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { snapshot, drawn, style, backend }: PanelPage,
): string {
  const asset = (...path: string[]) =>
    String(webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', ...path)));
  const nonce = randomNonce();
  const csp = [
    "default-src 'none'",
    `img-src ${webview.cspSource} data: blob:`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}' ${webview.cspSource} 'wasm-unsafe-eval'`,
    `connect-src ${webview.cspSource}`,
    'worker-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${snapshot.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style.replaceAll('url("./', `url("${asset('webview')}/`)}</style>
<title>Equation Lens</title>
</head>
<body data-dist="${asset()}" data-backend="${backend ?? 'none'}">
<div id="root" hidden>${drawn}</div>
<script id="snapshot" type="application/json">${dataBlock(snapshot)}</script>
<script nonce="${nonce}" type="module" src="${asset('webview', 'panel.js')}"></script>
</body>
</html>`;
}

/** JSON that ends no element and opens no comment, whatever the reader's code says. */
function dataBlock(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function randomNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(18)), byte => byte.toString(36)).join('');
}
