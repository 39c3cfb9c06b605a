import { strict as assert } from 'node:assert';
import { packCards, unpackCard } from '../../../src/core/card/cardFile.ts';
import { Typesetter } from '../../../src/core/typeset/typesetter.ts';

describe('cardFile', () => {
  const typesetter = new Typesetter();
  const formulas = ['x^2 + y^2', '\\frac{x}{y}', '\\mathrm{softmax}(Q^{\\mathsf{T}} K)', 'x', '\\sqrt[4]{C}'];
  const cards = Object.fromEntries(formulas.map(tex => [tex, typesetter.typeset(tex, { display: true })]));
  const file = packCards(cards);

  it('gives every formula back as it was typeset', () => {
    const stored = JSON.parse(JSON.stringify(file));
    for (const tex of formulas) assert.deepEqual(unpackCard(stored, tex), cards[tex]);
  });

  it('keeps every outline once', () => {
    assert.equal(new Set(file.glyphs).size, file.glyphs.length);
    assert.ok(JSON.stringify(file).length < JSON.stringify(cards).length);
  });

  it('has nothing for a formula it does not know', () => {
    assert.equal(unpackCard(file, 'z'), undefined);
  });
});
