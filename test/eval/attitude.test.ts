import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadIntents, readAttitudeLines } from '../../intents/index.ts'
import { tongda, type Ran } from '../support/command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-attitude-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
/** By words alone: the floor holds without an encoder. */
const run = (...args: readonly string[]): Promise<Ran> =>
  tongda(['-c', file('tongda.yaml', 'encoder: { model: none }\n'), 'eval', 'attitude', ...args], {
    dataDir: join(folder, 'data'),
  })
const heldBack = 'test/fixtures/eval/attitude.jsonl'
const floorFile = 'test/fixtures/eval/attitude-floor.json'

const share = z.number().min(0).max(1)
const Found = z.looseObject({
  emotionAccuracy: share,
  emotionMacroF1: share,
  urgencyAccuracy: share,
  urgencyMacroF1: share,
  abuseAccuracy: share,
  abuseMacroF1: share,
  personAccuracy: share,
  personMacroF1: share,
  n: z.number().int().min(250),
  confusions: z.array(z.looseObject({ meant: z.string(), said: z.string() })),
  passed: z.literal(true),
})

describe('tongda eval attitude', { timeout: 300_000 }, () => {
  it('holds the committed floor, and ends with 1 below one', async () => {
    const held = await run('--json')
    expect(held.status, held.stdout.slice(0, 800)).toBe(0)
    Found.parse(JSON.parse(held.stdout))
    const committed = JSON.parse(readFileSync(floorFile, 'utf8')) as object
    const fallen = await run(
      '--floor',
      file('floor.json', JSON.stringify({ ...committed, emotionAccuracy: 1 })),
    )
    expect(fallen.status).toBe(1)
    expect(fallen.stdout).toMatch(/✗ emotionAccuracy 0\.\d+/)
    expect(fallen.stdout).toContain('情绪 emotion')
  })

  it('measures on messages that nobody learned from', async () => {
    const { rows, faults } = await readAttitudeLines(heldBack)
    expect(faults).toEqual([])
    const { intents } = await loadIntents('intents')
    const keyOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
    const taught = new Set((intents?.attitude ?? []).map(({ text }) => keyOf(text)))
    const shared = rows.filter(({ text }) => keyOf(text) !== '' && taught.has(keyOf(text)))
    expect(shared).toEqual([])
  })

  it('names file, line and what to do', async () => {
    const bad = file('bad.jsonl', '{"text":"好"}\n{"text":"哼","emotion":"cross"}\n')
    const broken = await run('--test', bad)
    expect(broken.status).toBe(2)
    expect(broken.stderr).toContain(`${bad}:2`)
    expect(broken.stderr).toContain('neutral|angry|sad|anxious|happy')
    const floor = await run('--floor', file('odd.json', '{"emotionAccuracy": 2}'))
    expect(floor.status).toBe(2)
    expect(floor.stderr).toContain('"emotionAccuracy": 0…1')
  })
})
