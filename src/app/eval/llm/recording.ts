import { appendFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Config } from '../../../config.ts'
import { TongdaError } from '../../../core/errors.ts'
import { createRecorder, llmConfig, type Take, take, type Tape } from '../../../llm/index.ts'

const price = z.number().min(0)
const one = z.strictObject({
  provider: z.string(),
  name: z.string(),
  inputPrice: price,
  outputPrice: price,
})
const use = z.enum(['on', 'off'])

const head = z.strictObject({
  recording: z.literal(1),
  model: one,
  fallback: one.optional(),
  ...{ answers: use, rewrites: use },
  /** Whether answers were judged. */
  judged: z.boolean(),
})
export type RecordingHead = z.infer<typeof head>

/** What models said to a set of messages, as it is kept. */
export interface Recording {
  readonly head: RecordingHead
  readonly takes: readonly Take[]
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

/** Reads a recording. Throws `bad_input` naming file, line and what to do. */
export const readRecording = async (file: string): Promise<Recording> => {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const refuse = (line: number, problem: string): TongdaError =>
    new TongdaError(
      'bad_input',
      `${file}:${String(line)}  ${problem}; 用 --record 重新录制 make it anew with --record`,
    )
  if (text === undefined) throw refuse(1, '文件不存在或无法读取 the file is missing or unreadable')
  const [first = '', ...lines] = text.split('\n')
  const checked = head.safeParse(parse(first))
  if (!checked.success) throw refuse(1, '不是录制文件 this is no recording')
  const takes = lines.flatMap((line, at) => {
    if (line.trim() === '') return []
    const found = take.safeParse(parse(line))
    if (!found.success) throw refuse(at + 2, '这一行读不懂 this line cannot be read')
    return [found.data]
  })
  return { head: checked.data, takes }
}

const headOf = ({ llm }: Config, judged: boolean): RecordingHead => {
  const { model, fallback, answers, rewrites } = llm
  const facts = ({ provider, name, inputPrice, outputPrice }: NonNullable<typeof model>) => ({
    ...{ provider, name, inputPrice, outputPrice },
  })
  if (model === undefined)
    throw new TongdaError(
      'bad_input',
      '没有配置语言模型 no language model is configured; set llm.model (docs/llm.md)',
    )
  return {
    ...{ recording: 1, model: facts(model) },
    ...(fallback === undefined ? {} : { fallback: facts(fallback) }),
    ...{ answers, rewrites, judged },
  }
}

/** Begins a recording; each answer is in the file as soon as it came. Throws `bad_input` where it cannot be written. */
export const startRecording = (file: string, config: Config, judged: boolean): Tape => {
  const first = headOf(config, judged)
  try {
    writeFileSync(file, `${JSON.stringify(first)}\n`, { mode: 0o600 })
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw new TongdaError(
      'bad_input',
      `--record ${file}: 无法写入 cannot be written (${why}); 换一个路径 name another path`,
    )
  }
  return createRecorder((said) => appendFileSync(file, `${JSON.stringify(said)}\n`))
}

/** The configuration under which a recording was made, as far as it counts; nothing else of the models is needed. */
export const configOfRecording = (config: Config, { head: made }: Recording): Config => {
  const named = (model: z.infer<typeof one>) => ({ ...model, apiKey: 'none' })
  const { model, fallback, answers, rewrites } = made
  const { budget, timeoutMs, maxOutputTokens, answerNotice, answerNoticeEn } = config.llm
  const parsed = llmConfig.safeParse({
    model: named(model),
    ...(fallback === undefined ? {} : { fallback: named(fallback) }),
    ...{ answers, rewrites, budget, timeoutMs, maxOutputTokens, answerNotice, answerNoticeEn },
    // What failed then fails again, and nobody has to be left alone for it.
    breaker: { failures: 100, pauseMs: 100 },
  })
  if (!parsed.success)
    throw new TongdaError(
      'bad_input',
      `the recording names a model that there is not; ${z.prettifyError(parsed.error)}`,
    )
  return { ...config, llm: parsed.data }
}
