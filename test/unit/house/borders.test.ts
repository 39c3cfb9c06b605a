import { strict as assert } from 'node:assert';
import { builtinModules } from 'node:module';
import { importsOf, type SourceFile, sourceFiles } from './sourceFiles.ts';

const isNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
const within =
  (...folders: string[]) =>
  (name: string) =>
    folders.some(folder => name.startsWith(`${folder}/`));

/** [files, what they must not import, why] */
const borders: [name: string, files: () => SourceFile[], forbidden: (name: string) => boolean][] = [
  [
    'the core knows no editor, no Node, and nothing above it',
    () => sourceFiles('src/core'),
    name =>
      name === 'vscode' || isNode(name) || within('src/features', 'src/node', 'src/cli', 'webview')(name),
  ],
  [
    'the panel knows neither the editor nor Node nor the features',
    () => sourceFiles('webview'),
    name => name === 'vscode' || isNode(name) || within('src/features', 'src/node', 'src/cli')(name),
  ],
  [
    'the command line and the Node adapters know no editor',
    () => sourceFiles('src/cli', 'src/node'),
    name => name === 'vscode' || within('src/features', 'webview')(name),
  ],
  [
    'the features run in the web extension host, so they know no Node',
    () => sourceFiles('src/features'),
    name => isNode(name) || within('src/node', 'src/cli', 'webview')(name),
  ],
  [
    'only webview/controls.ts imports the toolkit',
    () => sourceFiles('webview').filter(file => file.path !== 'webview/controls.ts'),
    name => name.startsWith('@vscode/webview-ui-toolkit'),
  ],
];

describe('borders', () => {
  for (const [name, files, forbidden] of borders) {
    it(name, () => {
      const all = files();
      assert.ok(all.length > 0, 'there is something to look at');
      const crossings = all.flatMap(file =>
        importsOf(file)
          .filter(forbidden)
          .map(imported => `${file.path} imports ${imported}`),
      );
      assert.deepEqual(crossings, []);
    });
  }
});
