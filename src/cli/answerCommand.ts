import { ANSWER_DRIVER, answerQuestion, traceAnswer } from '../core/minis/answerQuestion.ts';
import { parseCaption } from '../core/minis/caption.ts';
import { drawScene, pictureTensor, placeCaption } from '../core/minis/drawScene.ts';
import { questionTokens } from '../core/minis/question.ts';
import { ANSWER_ENTRY } from '../core/minis/trainedEntries.ts';
import { ortValues } from '../core/minis/valuesEngine.ts';
import { OrtRunner } from '../core/onnx/ortRunner.ts';
import { loadOrt } from '../node/ort.ts';
import { cliWorkbench } from './cliWorkbench.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { findFunction } from './findFunction.ts';
import { parseOptions } from './parseOptions.ts';
import { failureSentence, inputFault } from './traceTrouble.ts';

export const answerCommand: Command = {
  name: 'answer',
  usage: '--image "CAPTION" "QUESTION" [--source FILE|DIR] [--json]',
  summary:
    'answer a question about a picture of coloured shapes (drawn from its caption) with the trained BLIP',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      image: { type: 'string' },
      source: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [question] = positionals;
    if (values.image === undefined || question === undefined || positionals.length > 1) {
      throw new UsageError('answer needs the caption of a picture and one question, both in quotes');
    }
    const caption = parseCaption(values.image);
    const tokens = questionTokens(question);
    const bench = await cliWorkbench(io);
    const runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() });
    try {
      const entry = bench.atlas.entry(ANSWER_ENTRY);
      if (!entry) throw new InputError(`there is no entry ${ANSWER_ENTRY}`);
      const source =
        values.source === undefined ? bench.mini(entry) : await findFunction(bench, entry, values.source, io);
      const picture = pictureTensor(drawScene(placeCaption(caption)));
      const weights = bench.weights('blip_vqa');
      const outcome = traceAnswer(bench.tracer, entry, source, weights, picture, tokens);
      if (!outcome.ok) {
        if (outcome.failure.kind !== 'refusal') throw inputFault(outcome.failure, ANSWER_DRIVER, source.path);
        io.error(`equation-lens answer: refused: ${failureSentence(outcome.failure)}`);
        return 1;
      }
      const { text, ids } = await answerQuestion(outcome.value, ortValues(runner));
      const report = { image: caption.text, question, answer: text, ids };
      io.out(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${text}\n`);
    } finally {
      await runner.dispose();
      bench.parser.dispose();
    }
    return 0;
  },
};
