// The encoder's model as it ships: whole, it is taken; with any one byte changed it is not.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { tryConfiguredEncoder } from '../../src/app/encoder.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'

const shipped = fileURLToPath(new URL('../../models/tongda-encoder-zh', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tongda-model-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const network = 'onnx/model_quantized.onnx'

/** The shipped folder with what `change` makes of one of its files. */
const changed = (file: string, change: (bytes: Buffer) => void): string => {
  const copy = mkdtempSync(join(folder, 'm-'))
  cpSync(shipped, copy, { recursive: true })
  const bytes = readFileSync(join(shipped, file))
  change(bytes)
  writeFileSync(join(copy, file), bytes)
  return copy
}
const open = async (model: string): Promise<{ readonly works: boolean; readonly said: string }> => {
  const parsed = parseConfig({ dataDir: folder, encoder: { model } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const { encoder, encoderProblem = '' } = await tryConfiguredEncoder(parsed.config, silentLog)
  await encoder?.stop()
  return { works: encoder !== undefined, said: encoderProblem }
}
const flip = (at: (length: number) => number) => (bytes: Buffer) => {
  const place = at(bytes.length)
  bytes[place] = (bytes[place] ?? 0) ^ 1
}

describe('the model', () => {
  it('is taken as it ships, also from another folder', async () => {
    expect(await open(changed(network, () => undefined))).toEqual({ works: true, said: '' })
  })

  it.each([
    ['first', () => 0],
    ['middle', (length: number) => length >> 1],
    ['last', (length: number) => length - 1],
  ])(
    'is refused when one bit of its %s byte is another, and the product answers by words',
    async (_name, at) => {
      const { works, said } = await open(changed(network, flip(at)))
      expect([works, said]).toEqual([false, expect.stringContaining('is damaged')])
    },
  )

  it('is refused when the letters it reads are others', async () => {
    // One word of the vocabulary takes the place of another; it is as good a file as before.
    const swap = (bytes: Buffer) => {
      bytes.write('"退":384,"世":383', bytes.indexOf('"退":383,"世":384'))
    }
    const { works, said } = await open(changed('tokenizer.json', swap))
    expect([works, said]).toEqual([false, expect.stringContaining('is damaged')])
  })
})
