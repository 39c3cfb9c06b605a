import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Entry, Mini } from '../src/core/atlas/schema.ts';
import type { Localizer } from '../src/core/l10n/localizer.ts';
import type { PanelState } from '../src/core/panelState.ts';
import type { Snapshot } from '../src/core/protocol.ts';
import type { Channel } from './channel.ts';
import type { RunnerAssets } from './runner/runnerAssets.ts';
import { RunnerClient, type ToolMessage } from './runner/runnerClient.ts';
import type { DrawJob, DrawUpdate } from './runner/runnerProtocol.ts';
import type { RunReport, UpstreamCheck } from './runner/runTypes.ts';
import type { AskAnswer } from './views/AskView.tsx';
import type { RunChoice } from './views/RunControls.tsx';
import { TOOL_DRIVERS } from './views/toolDrivers.ts';

/** What a run needs from the page. */
export interface UseRunProps {
  readonly snapshot: Snapshot;
  readonly channel: Channel;
  readonly assets: RunnerAssets;
  readonly initial: PanelState;
  /** Tells of changes of the reader's files; returns how to stop listening. */
  readonly onSourceChanged: (listener: (path: string, text: string | null) => void) => () => void;
  onRemember(change: Partial<PanelState>): void;
}

/** State of the trained model's tools. */
export interface Tool {
  readonly update: DrawUpdate | null;
  readonly answer: AskAnswer | null;
  readonly failure: string | null;
  readonly busy: boolean;
}

const IDLE: Tool = { update: null, answer: null, failure: null, busy: false };

function toolAfter(tool: Tool, message: ToolMessage): Tool {
  if (message.type === 'toolFailed') return { ...tool, failure: message.message, busy: false };
  if (message.type === 'answered') {
    return { ...IDLE, answer: { picture: message.picture, answers: message.answers } };
  }
  return { ...tool, failure: null, update: message.update, busy: message.update.right === undefined };
}

export interface Run {
  readonly choice: RunChoice | null;
  readonly report: RunReport | null;
  readonly failure: string | null;
  readonly running: boolean;
  choose(change: Partial<RunChoice>): void;
  readonly check: UpstreamCheck | null;
  /** A check is under way. */
  readonly checking: boolean;
  cancel(): void;
  startCheck(): void;
  readMini(): Promise<string>;
  readonly tool: Tool;
  draw(job: Omit<DrawJob, 'prompts'> & { readonly prompt: string }): void;
  ask(caption: string, question: string): void;
}

/** Keeps mini and screen running: again at every change of choice or code, the latest wins. */
export function useRun(props: UseRunProps, entry: Entry | null, localizer: Localizer): Run {
  const { snapshot, channel, assets, initial, onRemember, onSourceChanged } = props;
  const [choice, setChoice] = useState<RunChoice | null>(() => firstChoice(entry, initial));
  const [latest, setLatest] = useState<{ readonly of: string; readonly report: RunReport } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const [edits, setEdits] = useState(0);
  const [check, setCheck] = useState<UpstreamCheck | null>(null);
  const [checking, setChecking] = useState(false);
  const [tool, setTool] = useState<Tool>(IDLE);
  const client = useRef<RunnerClient | null>(null);
  /** Entry of the run under way. */
  const runsFor = useRef('');
  /** What is running already: a reader's choice is sent before anything is drawn. */
  const sent = useRef<{ readonly choice: RunChoice; readonly circumstances: string } | null>(null);
  /** The latest choice, drawn or not. */
  const chosen = useRef(choice);
  chosen.current = choice;

  useLayoutEffect(() => {
    const made = new RunnerClient(assets, channel, {
      onReport: (next, final) => {
        setLatest({ of: runsFor.current, report: next });
        setFailure(null);
        setRunning(!final);
      },
      onCheck: made => {
        setCheck(made);
        setChecking(false);
      },
      onTool: message => setTool(current => toolAfter(current, message)),
      onFailure: message => {
        setFailure(message);
        setRunning(false);
        setChecking(false);
      },
    });
    client.current = made;
    const stop = onSourceChanged((path, text) => {
      made.sourceChanged(path, text);
      setEdits(count => count + 1);
    });
    return () => {
      stop();
      made.dispose();
    };
  }, [assets, channel, onSourceChanged]);

  // Another entry ("follow cursor"): its own defaults.
  const entryId = entry?.id ?? null;
  const shownEntry = useRef(entryId);
  useEffect(() => {
    if (shownEntry.current === entryId) return;
    shownEntry.current = entryId;
    setLatest(null);
    setFailure(null);
    setCheck(null);
    setChecking(false);
    setTool(IDLE);
    setChoice(firstChoice(entry, null));
  }, [entryId, entry]);

  // A pack of the reader's that is being edited: what was chosen may be gone.
  const seenMini = useRef(snapshot.ownMini);
  useEffect(() => {
    if (seenMini.current === snapshot.ownMini) return;
    seenMini.current = snapshot.ownMini;
    if (!choice || !entry?.mini || !stillFits(choice, entry.mini)) setChoice(firstChoice(entry, null));
  }, [snapshot.ownMini, entry, choice]);

  const { code, backend, ownMini } = snapshot;
  const place = code && `${code.path}#${code.qualname}`;
  const subject = entry && {
    entry,
    system: entry.id.slice(0, entry.id.indexOf('.')),
    own: snapshot.ownMini,
    screen: code ? { path: code.path, qualname: code.qualname } : null,
  };
  const circumstances = [entryId, backend, place, edits, ownMini].join();
  const start = (wanted: RunChoice) => {
    if (!entry?.mini || !subject || shownEntry.current !== entryId) return;
    sent.current = { choice: wanted, circumstances };
    runsFor.current = entry.id;
    client.current?.run({ entryId: entry.id, backend, ...wanted }, subject);
    setRunning(true);
    onRemember({ ...wanted });
  };
  useLayoutEffect(() => {
    const isSent = sent.current?.choice === choice && sent.current?.circumstances === circumstances;
    if (choice && !isSent) start(choice);
  }, [choice, circumstances]);

  return {
    choice,
    // What the last entry gave is nothing to show beside this one.
    report: latest?.of === entryId ? latest.report : null,
    failure: failure === null ? null : sentence(failure, localizer),
    running,
    choose: change => {
      if (!chosen.current) return;
      const next = { ...chosen.current, ...change };
      chosen.current = next;
      setChoice(next);
      start(next);
    },
    check,
    checking,
    tool,
    draw: ({ prompt, ...job }) => {
      if (!subject) return;
      setTool({ ...IDLE, busy: true });
      const { kind } = job;
      const prompts = kind === 'one' ? Promise.resolve([prompt]) : client.current?.prompts(kind);
      prompts?.then(
        list => client.current?.draw({ ...job, prompts: list }, backend, subject),
        (error: unknown) => setTool({ ...IDLE, failure: String(error) }),
      );
    },
    ask: (caption, question) => {
      if (!subject) return;
      setTool({ ...IDLE, busy: true });
      client.current?.answer(caption, question, backend, subject);
    },
    readMini: async () => (subject && (await client.current?.miniText(subject))) ?? '',
    startCheck: () => {
      if (!subject || !choice) return;
      setCheck(null);
      setChecking(true);
      // The case at hand first; not every driver has stored numbers.
      const drivers = entry.mini?.drivers.map(driver => driver.name) ?? [];
      void client.current?.check([choice.driver, ...drivers], backend, subject);
    },
    cancel: () => {
      client.current?.cancel();
      setRunning(false);
      setChecking(false);
      setTool(current => ({ ...current, busy: false }));
    },
  };
}

/** What the client says in one word, as a sentence. */
function sentence(failure: string, localizer: Localizer): string {
  if (failure === 'timeout') return localizer.t('The run took too long and was stopped.');
  if (failure === 'no-mini')
    return localizer.t('This entry runs from code only: open a file that holds the function.');
  if (failure === 'no-golden') return localizer.t('No numbers of upstream are stored for this function.');
  return failure;
}

/** What was chosen before the panel was reloaded, as far as the entry still has it; else its first driver and sample. */
function firstChoice(entry: Entry | null, before: PanelState | null): RunChoice | null {
  const mini = entry?.mini;
  if (!mini) return null;
  const same = before?.entryId === entry.id;
  const sample =
    mini.samples.find(candidate => same && candidate.name === before.sample) ??
    (same && before.driver ? undefined : mini.samples.find(it => !isTool(it.driver)));
  const driver =
    sample?.driver ??
    mini.drivers.find(candidate => same && candidate.name === before?.driver)?.name ??
    mini.drivers[0]!.name;
  return {
    driver,
    sample: sample?.name ?? null,
    seed: same ? before.seed : 0,
    weights: same ? before.weights : (sample?.weights ?? 'rule'),
    config: same ? before.config : {},
  };
}

/** Whether an edited mini still has what was chosen. */
function stillFits({ driver, sample, config }: RunChoice, mini: Mini): boolean {
  return (
    mini.drivers.some(it => it.name === driver) &&
    (sample === null || mini.samples.some(it => it.name === sample)) &&
    Object.keys(config).every(name => name in mini.config)
  );
}

/** Drivers of whole drawings and answers: they have tools of their own. */
function isTool(driver: string | undefined): boolean {
  return driver !== undefined && TOOL_DRIVERS.includes(driver);
}
