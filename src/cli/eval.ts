import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import pc from 'picocolors'
import { openContent } from '../app/content.ts'
import { openConfiguredEncoder } from '../app/encoder.ts'
import {
  evalAttitude,
  findAttitudeShortfalls,
  readAttitudeFile,
  readAttitudeFloor,
} from '../app/eval/attitude.ts'
import { evalDemo, findShortfalls, readFloor, readHeldBack } from '../app/eval/demo.ts'
import { evalFaq } from '../app/eval/faq.ts'
import { readExampleFile, readFaqFile, readPairFile } from '../app/eval/files.ts'
import { evalIntents } from '../app/eval/intents.ts'
import { evalPairs } from '../app/eval/pairs.ts'
import type { Bounds, Shortfall } from '../app/eval/floor.ts'
import { plotReliability } from '../app/eval/plot.ts'
import { roundMeasures, tellResult } from '../app/eval/report.ts'
import type { EvalResult } from '../app/eval/result.ts'
import { withEvalTools } from '../app/eval/tools.ts'
import { TongdaError } from '../core/errors.ts'
import { createLog } from '../log.ts'
import { addEvalLlm } from './eval-llm.ts'
import { loadConfig } from './settings.ts'
import { checkLine, print } from './terminal.ts'

interface OutputOptions {
  readonly json?: boolean
  readonly plot?: string
}

/** The report is all there is to read, unless something breaks. */
const quiet = createLog({ level: 'error' })

const heldBackFile = 'test/fixtures/eval/demo.jsonl'
const floorFile = 'test/fixtures/eval/floor.json'
const attitudeFile = 'test/fixtures/eval/attitude.jsonl'
const attitudeFloorFile = 'test/fixtures/eval/attitude-floor.json'

const writePlot = async (file: string, { reliability }: EvalResult): Promise<void> => {
  try {
    await writeFile(file, plotReliability(reliability))
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw new TongdaError(
      'bad_input',
      `--plot ${file}: 无法写入 cannot be written (${why}); 换一个路径 name another path`,
    )
  }
}

/** Prints the report, or one JSON object; `more` goes into the object behind the measures. */
const present = async (
  result: EvalResult,
  { json, plot }: OutputOptions,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  if (plot !== undefined) await writePlot(plot, result)
  if (json !== true) {
    print(tellResult(result))
    return
  }
  const { measures, notes, confusions, reliability } = result
  print(JSON.stringify({ ...roundMeasures(measures), ...more, notes, confusions, reliability }))
}

/** Prints the report and how it stands to the floor, where there is one; the exit status is 1 below it. */
const presentAgainst = async (
  result: EvalResult,
  options: OutputOptions & { readonly floor: string | false },
  { floor, shortfalls }: { readonly floor: Bounds | undefined; readonly shortfalls: readonly Shortfall[] },
): Promise<void> => {
  const passed = shortfalls.length === 0
  await present(result, options, floor === undefined ? {} : { floor, shortfalls, passed })
  if (floor !== undefined && options.json !== true) {
    print('')
    for (const { measure, found, floor: bound } of shortfalls)
      print(checkLine(false, `${measure} ${found.toFixed(4)}，底线 floor ${String(bound)}`))
    if (passed) print(pc.dim(`✓ 不低于底线 not below the floor (${String(options.floor)})`))
  }
  if (!passed) process.exitCode = 1
}

const withOutput = (command: Command): Command => command.option('--json', 'as one JSON object')
const withPlot = (command: Command): Command =>
  withOutput(command).option('--plot <file.svg>', 'write a reliability diagram')

const addIntents = (group: Command): void => {
  withPlot(group.command('intents'))
    .description(
      '意图分类 intents: trains the classifier on one file, measures it on another; {"text","intent"} lines or a Rasa nlu.yml',
    )
    .requiredOption('--train <file>', 'what is learned from')
    .requiredOption('--test <file>', 'what is measured; never learned from')
    .option('--dev <file>', 'what probabilities are calibrated on; without it, parts held out of --train')
    .action(
      async (options: OutputOptions & { train: string; test: string; dev?: string }, command: Command) => {
        const splits = {
          train: await readExampleFile(options.train),
          dev: options.dev === undefined ? [] : await readExampleFile(options.dev),
          test: await readExampleFile(options.test),
        }
        const result = await withEvalTools(loadConfig(command), quiet, (tools) => evalIntents(splits, tools))
        await present(result, options)
      },
    )
}

const addFaq = (group: Command): void => {
  withPlot(group.command('faq'))
    .description('问答 answers: learns a knowledge base and answers questions that it never saw')
    .requiredOption(
      '--kb <file>',
      '{"kb":[{"id","question","alt":[],"answer"}],"queries":[{"text","id" or null}]}',
    )
    .action(async (options: OutputOptions & { kb: string }, command: Command) => {
      const base = await readFaqFile(options.kb)
      const result = await withEvalTools(loadConfig(command), quiet, (tools) => evalFaq(base, tools))
      await present(result, options)
    })
}

const addPairs = (group: Command): void => {
  withOutput(group.command('pairs'))
    .description('句对 pairs: how well the similarity of two sentences follows their label')
    .requiredOption(
      '--test <file.tsv>',
      'sentence1, sentence2, label, separated by tabs; a header is optional',
    )
    .action(async (options: OutputOptions & { test: string }, command: Command) => {
      const pairs = await readPairFile(options.test)
      const result = await withEvalTools(loadConfig(command), quiet, (tools) => evalPairs(pairs, tools))
      await present(result, options)
    })
}

const addDemo = (group: Command): void => {
  withPlot(group.command('demo'))
    .description('自带内容 the content in use, on messages held back from it; ends with 1 below the floor')
    .option('--test <file>', '{"text","topic","article"?} lines', heldBackFile)
    .option('--floor <file>', 'the worst that may be', floorFile)
    .option('--no-floor', 'only measure')
    .action(async (options: OutputOptions & { test: string; floor: string | false }, command: Command) => {
      const config = loadConfig(command)
      const floor = options.floor === false ? undefined : await readFloor(options.floor)
      const rows = await readHeldBack(options.test)
      const encoder = await openConfiguredEncoder(config, quiet)
      const content = await openContent(config, quiet, { watch: false, encoder })
      const result = await evalDemo(rows, content)
      await encoder?.stop()
      const shortfalls = floor === undefined ? [] : findShortfalls(result, floor)
      await presentAgainst(result, options, { floor, shortfalls })
    })
}

const addAttitude = (group: Command): void => {
  withOutput(group.command('attitude'))
    .description(
      '语气 how messages are meant: emotion, urgency, abuse and the wish for a person, on messages held back from the content in use; ends with 1 below the floor',
    )
    .option('--test <file>', '{"text","emotion"?,"urgency"?,"abuse"?,"wantsPerson"?} lines', attitudeFile)
    .option('--floor <file>', 'the worst that may be', attitudeFloorFile)
    .option('--no-floor', 'only measure')
    .action(async (options: OutputOptions & { test: string; floor: string | false }, command: Command) => {
      const config = loadConfig(command)
      const floor = options.floor === false ? undefined : await readAttitudeFloor(options.floor)
      const rows = await readAttitudeFile(options.test)
      const encoder = await openConfiguredEncoder(config, quiet)
      try {
        const result = await evalAttitude(rows, await openContent(config, quiet, { watch: false, encoder }))
        const shortfalls = floor === undefined ? [] : findAttitudeShortfalls(result, floor)
        await presentAgainst(result, options, { floor, shortfalls })
      } finally {
        await encoder?.stop()
      }
    })
}

/** Adds `tongda eval`. */
export const addEval = (program: Command): void => {
  const group = program
    .command('eval')
    .description('测量理解与回答的质量 measure understanding and answers on files of your own')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  npm run -s tongda -- eval demo',
        '  npm run -s tongda -- eval attitude',
        '  npm run -s tongda -- eval intents --train nlu.yml --test test.jsonl --plot reliability.svg',
        '  npm run -s tongda -- eval faq --kb faq.json --json',
        '  npm run -s tongda -- eval llm --test questions.jsonl --record answers.jsonl',
      ].join('\n'),
    )
  for (const add of [addIntents, addFaq, addPairs, addDemo, addAttitude, addEvalLlm]) add(group)
}
