import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from '../../src/core/log.ts'
import { type EncoderOptions, openEncoder, readModelFolder } from '../../src/encoder/index.ts'
import type { Encoder } from '../../src/core/encoder.ts'

/** The model of the tests: real files, random weights; texts with the same characters are near each other. */
export const tinyModel = fileURLToPath(new URL('../fixtures/encoder/tiny', import.meta.url))

/** A copy of it in a temporary folder, its description changed. */
export const copyTinyModel = (changes: Record<string, unknown> = {}): string => {
  const folder = join(mkdtempSync(join(tmpdir(), 'tongda-model-')), 'tiny')
  cpSync(tinyModel, folder, { recursive: true })
  const path = join(folder, 'tongda.json')
  const description: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...description, ...changes }))
  return folder
}

/** Opens an encoder on a model folder. */
export const openTiny = async (folder: string, options: Omit<EncoderOptions, 'model'>): Promise<Encoder> =>
  openEncoder({ model: await readModelFolder(folder, 'mend it'), threads: 1, ...options })

/** How alike two unit vectors are. */
export const cosine = (one: Float32Array | undefined, other: Float32Array | undefined): number =>
  [...(one ?? [])].reduce((sum, value, at) => sum + value * (other?.[at] ?? 0), 0)

/** One line of the log. */
export interface Logged {
  readonly level: string
  readonly event: string
  readonly facts: Record<string, unknown>
}

/** A log that keeps its lines. */
export const keepLog = (): { readonly log: Logger; readonly lines: readonly Logged[] } => {
  const lines: Logged[] = []
  const write = (level: string) => (facts: Record<string, unknown>, event: string) =>
    void lines.push({ level, event, facts })
  const log: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  }
  return { log, lines }
}
