import type { Command } from 'commander'
import pc from 'picocolors'
import { pulledFolder } from '../app/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import {
  type BenchResult,
  type ListedModel,
  type PullOptions,
  benchModel,
  listModels,
  openEncoder,
  placeOfModel,
  pullModel,
  readModelFolder,
} from '../encoder/index.ts'
import { silentLog } from '../core/log.ts'
import { loadConfig } from './settings.ts'
import { print, remark } from './terminal.ts'

const wholeNumber = (text: string, name: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new TongdaError('bad_input', `${name} must be a whole number above 0, not ${text}`)
}

const listLine = (model: ListedModel, used: boolean): string =>
  [
    used ? pc.green('●') : model.present ? '✓' : '·',
    model.name.padEnd(38),
    (model.megabytes === undefined ? '' : `${String(model.megabytes)} MB`).padStart(7),
    (model.dimensions === undefined ? '' : String(model.dimensions)).padStart(5),
    (model.licence ?? '').padEnd(11),
    model.note,
  ].join(' ')

const addList = (models: Command): void => {
  models
    .command('list')
    .description('有哪些模型 the models to choose from: ● in use, ✓ here, · to pull')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }, command: Command) => {
      const config = loadConfig(command)
      const folder = pulledFolder(config)
      const used = placeOfModel(config.encoder.model, folder)
      const list = listModels(folder).map((model) => ({
        ...model,
        used: used.present && placeOfModel(model.name, folder).folder === used.folder,
      }))
      if (options.json === true) {
        print(JSON.stringify(list))
        return
      }
      for (const model of list) print(listLine(model, model.used))
      print(pc.dim('encoder.model 选用 chooses; tongda models pull <名称 name> 下载 fetches'))
    })
}

/** Tells of a download: a line that moves on a terminal, one for each file elsewhere. */
const createProgress = () => {
  let last = ''
  let saidAt = 0
  return (file: string, bytes: number, total: number | undefined): void => {
    const ended = bytes === total
    const moving = process.stderr.isTTY
    if (!moving && last === file) return
    if (moving && !ended && last === file && performance.now() - saidAt < 200) return
    last = file
    saidAt = performance.now()
    const share = total === undefined || total === 0 ? '' : ` ${String(Math.floor((bytes / total) * 100))}%`
    if (moving)
      process.stderr.write(
        `\r\u001B[K  ${file} ${(bytes / 1_000_000).toFixed(1)} MB${share}${ended ? '\n' : ''}`,
      )
    else remark(`  ${file}`)
  }
}

interface PullFlags {
  readonly mirror?: string
  readonly maxMb: string
  readonly pooling?: string
  readonly prefix?: string
  readonly lowercase?: boolean
  readonly force?: boolean
}

const poolingOf = (text: string | undefined): 'cls' | 'mean' | undefined => {
  if (text === undefined || text === 'cls' || text === 'mean') return text
  throw new TongdaError('bad_input', `--pooling must be cls or mean, not ${text}`)
}

const howOf = ({ pooling: text, prefix, lowercase }: PullFlags): NonNullable<PullOptions['how']> => {
  const pooling = poolingOf(text)
  return {
    ...(pooling === undefined ? {} : { pooling }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(lowercase === undefined ? {} : { lowercase }),
  }
}

const addPull = (models: Command): void => {
  models
    .command('pull <model>')
    .description(
      '下载模型 fetch a model of the hub (owner/name, with quantised ONNX); goes on where it broke off',
    )
    .option('--mirror <address>', 'the hub to ask; default encoder.mirror')
    .option('--max-mb <number>', 'largest network that is taken, in MB', '1500')
    .option('--pooling <cls|mean>', 'how states become a vector, where the repository does not say')
    .option('--prefix <text>', 'set before every text, where the model’s card asks for it')
    .option('--lowercase', 'make texts lower-case first')
    .option('--force', 'fetch it anew although it is here')
    .addHelpText(
      'after',
      '\nExamples:\n  tongda models pull Xenova/bge-small-zh-v1.5\n  tongda models pull bge-small-zh-v1.5 --mirror https://hf-mirror.com',
    )
    .action(async (name: string, flags: PullFlags, command: Command) => {
      const config = loadConfig(command)
      const model = await pullModel({
        model: name,
        mirror: flags.mirror ?? config.encoder.mirror,
        folder: pulledFolder(config),
        maxBytes: wholeNumber(flags.maxMb, '--max-mb') * 1_000_000,
        how: howOf(flags),
        force: flags.force === true,
        onProgress: createProgress(),
      })
      const encoder = await openEncoder({ model, log: silentLog })
      await encoder.stop()
      print(`${pc.green('✓')} ${model.folder}: ${encoder.version}, ${String(encoder.dimensions)} 维 numbers`)
      const repository = model.description.source?.repository ?? name
      print(pc.dim(`  选用 use it: encoder: { model: ${repository} }`))
    })
}

const megabytes = (value: number | undefined): string => (value === undefined ? '?' : String(value))

const report = (result: BenchResult): string => {
  const { processes, secondMemoryMb } = result
  const more = processes > 1 ? `, 成批时另加 while very many + ${megabytes(secondMemoryMb)} MB` : ''
  return [
    `${result.version}, ${String(result.dimensions)} 维 numbers, ${String(result.threads)} 线程 threads`,
    `  载入 load            ${String(result.loadMs)} ms`,
    `  单条 one short text  p50 ${String(result.singleMs.p50)} ms, p99 ${String(result.singleMs.p99)} ms`,
    `  成批 very many       ${String(result.textsPerSecond)} 条/秒 texts/s, ${String(processes)} 进程 processes`,
    `  内存 memory          ${megabytes(result.memoryMb)} MB${more}`,
  ].join('\n')
}

const addBench = (models: Command): void => {
  models
    .command('bench [model]')
    .description('测量 what a model costs on this machine; default the configured one')
    .option('--threads <number>', 'threads of the network; default encoder.threads')
    .option('--json', 'as JSON')
    .action(
      async (name: string | undefined, flags: { threads?: string; json?: boolean }, command: Command) => {
        const config = loadConfig(command)
        const chosen = name ?? config.encoder.model
        if (chosen === 'none')
          throw new TongdaError('bad_input', 'encoder.model is none; name a model: tongda models list')
        const { folder, fix } = placeOfModel(chosen, pulledFolder(config))
        const threads =
          flags.threads === undefined ? config.encoder.threads : wholeNumber(flags.threads, '--threads')
        const result = await benchModel(await readModelFolder(folder, fix), threads)
        print(flags.json === true ? JSON.stringify(result) : report(result))
      },
    )
}

/** Adds `tongda models`. */
export const addModels = (program: Command): void => {
  const models = program
    .command('models')
    .description('编码模型 models that turn texts into vectors; see docs/encoder.md')
  addList(models)
  addPull(models)
  addBench(models)
}
