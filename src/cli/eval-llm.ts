import type { Command } from 'commander'
import { openCommandModel, withHelpOn } from '../app/command-model.ts'
import { openContent } from '../app/content.ts'
import { openConfiguredEncoder } from '../app/encoder.ts'
import { measureLlm } from '../app/eval/llm/measure.ts'
import { configOfRecording, readRecording, startRecording } from '../app/eval/llm/recording.ts'
import { runLlm } from '../app/eval/llm/run.ts'
import { readLlmSet } from '../app/eval/llm/set.ts'
import { tellLlm } from '../app/eval/llm/tell.ts'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import { createPlayer, type Tape } from '../llm/index.ts'
import { createLog } from '../log.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

interface Options {
  readonly test: string
  readonly record?: string
  readonly replay?: string
  readonly judge: boolean
  readonly json?: boolean
}

/** How models are asked: live, live and recorded, or not at all. */
interface Way {
  readonly config: Config
  readonly tape?: Tape
  readonly judges: boolean
  readonly missed: () => number
}

const wayOf = async (configured: Config, { record, replay, judge }: Options): Promise<Way> => {
  if (replay === undefined) {
    const config = withHelpOn(configured)
    const tape = record === undefined ? {} : { tape: startRecording(record, config, judge) }
    return { config, ...tape, judges: judge, missed: () => 0 }
  }
  if (record !== undefined)
    throw new TongdaError('bad_input', '--record 和 --replay 只能选一个 take --record or --replay, not both')
  const recording = await readRecording(replay)
  let missed = 0
  const tape = createPlayer(recording.takes, () => (missed += 1))
  const config = configOfRecording(configured, recording)
  return { config, tape, judges: judge && recording.head.judged, missed: () => missed }
}

const evalLlm = async (options: Options, command: Command): Promise<void> => {
  const log = createLog({ level: 'error' })
  const rows = await readLlmSet(options.test)
  const { config, tape, judges, missed } = await wayOf(loadConfig(command), options)
  const encoder = await openConfiguredEncoder(config, log)
  try {
    const content = await openContent(config, log, { watch: false, encoder })
    const asked = await openCommandModel({ config, content, encoder, log, ...(tape && { tape }) })
    const isReplay = tape?.isReplay === true
    const run = await runLlm(rows, { config, content, command: asked, isReplay, judges, missed })
    const report = measureLlm(run, {
      ...{ models: asked.model.models, calls: asked.calls, content, overBudget: asked.overBudget() },
    })
    print(options.json === true ? JSON.stringify(report) : tellLlm(report))
    if (report.missing.length > 0) process.exitCode = 1
  } finally {
    await encoder?.stop()
  }
}

/** Adds `tongda eval llm`. */
export const addEvalLlm = (group: Command): void => {
  group
    .command('llm')
    .description(
      '语言模型 the language model: the same messages without it and with it, side by side; asks the configured model, which costs money',
    )
    .option(
      '--test <file>',
      '{"text","article"?,"topic"?,"conversation"?,"channel"?} lines',
      'test/fixtures/eval/demo.jsonl',
    )
    .option('--record <file>', 'write down what the model says')
    .option('--replay <file>', 'take it from there: no network, no cost; ends with 1 if something is missing')
    .option('--no-judge', 'do not have the model judge the answers')
    .option('--json', 'as one JSON object')
    .action(evalLlm)
}
