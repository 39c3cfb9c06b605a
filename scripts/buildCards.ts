import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledAtlas, compiledPacks } from '../src/core/atlas/compileAtlas.ts';
import { packCards } from '../src/core/card/cardFile.ts';
import { pictureKey } from '../src/core/card/cardPictures.ts';
import type { TypesetSvg } from '../src/core/typeset/typesetSvg.ts';
import { Typesetter } from '../src/core/typeset/typesetter.ts';

/**
 * Typesets every formula of the built-in packs into `dist/cards/<system>.json`, so that a hover typesets nothing.
 * @throws where a formula does not typeset: a built-in pack must not fall back to TeX.
 */
export function buildCards(dist: string): void {
  const atlas = JSON.parse(readFileSync(join(dist, 'atlas.json'), 'utf8')) as CompiledAtlas;
  const packs = compiledPacks(atlas, readFileSync(join(dist, 'atlas.jsonl')));
  const typesetter = new Typesetter();
  mkdirSync(join(dist, 'cards'), { recursive: true });
  for (const pack of packs) {
    const cards: Record<string, TypesetSvg> = {};
    const add = (tex: string, display: boolean, where: string): void => {
      try {
        cards[pictureKey(tex, display)] ??= typesetter.typeset(tex, { display });
      } catch (error) {
        throw new Error(`${where}: ${String(error)}\n  ${tex}`);
      }
    };
    for (const entry of pack.entries) {
      for (const equation of entry.equations) add(equation.tex, true, `${entry.id} ${equation.id}`);
      for (const step of entry.steps) if (step.tex) add(step.tex, true, `${entry.id} ${step.id}`);
      for (const symbol of entry.symbols) add(symbol.tex, false, `${entry.id} symbol`);
    }
    writeFileSync(join(dist, 'cards', `${pack.system}.json`), JSON.stringify(packCards(cards)));
  }
}

if (import.meta.url === `file://${process.argv[1]}`) buildCards('dist');
