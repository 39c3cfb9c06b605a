import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';
import { generatePython } from './generatePython.ts';
import type { ScanMeasures, ScanTask } from './hostScan.ts';
import type { Bench, BenchRow } from './row.ts';
import { runInHost } from './runInHost.ts';

const files = 2000;

/** The background scan that fills the Equation Atlas. */
export const scanBench: Bench = {
  name: 'scan',
  run: async say => {
    say(`a workspace of ${files} files …`);
    const folder = await temporaryFolder();
    try {
      const padding = generatePython(3300).text.split('\n').slice(125);
      for (let index = 1; index < files; index++) {
        const place = join(folder.path, `part${index % 40}`);
        await mkdir(place, { recursive: true });
        // Between 60 and 320 lines, like the files of a model's repository.
        const length = 60 + ((index * 37) % 260);
        const start = (index * 53) % (padding.length - length);
        const head = 'import torch.nn as nn\nimport torch.nn.functional as F\n\n';
        await writeFile(
          join(place, `module${index}.py`),
          `${head}# ${index}\n${padding.slice(start, start + length).join('\n')}\n`,
        );
      }
      const loss = await readFile(join(repoRoot, 'samples', 'open_clip', 'loss.py'), 'utf8');
      await writeFile(join(folder.path, 'loss.py'), loss);
      const task: ScanTask = { entry: 'open_clip.ClipLoss.forward' };
      const measures = await runInHost<ScanMeasures>('hostScan.ts', task, folder.path);
      if (!measures.found.endsWith('/loss.py')) throw new Error(`the scan ended at "${measures.found}"`);
      const subject = `${files} files`;
      return [
        { subject, measure: 'scan', value: measures.scan, unit: 'ms' },
        { subject, measure: 'speed', value: (files / measures.scan) * 1000, unit: 'files/s' },
        {
          subject,
          measure: 'longest block of the event loop',
          value: measures.blocks.wall,
          unit: 'ms',
          goal: 20,
        },
        ...computed(subject, measures.blocks.computed),
        {
          subject: 'no scan',
          measure: 'longest block of the event loop',
          value: measures.idle.wall,
          unit: 'ms',
        },
        { subject, measure: 'heap at its peak', value: measures.peakHeap / 1e6, unit: 'MB' },
      ];
    } finally {
      await folder.remove();
    }
  },
};

/** On a machine that does other things too, this tells the scan's own share. */
function computed(subject: string, value: number | undefined): BenchRow[] {
  if (value === undefined) return [];
  return [{ subject, measure: 'longest block, computing time alone', value, unit: 'ms', goal: 20 }];
}
