import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import { killPoints, killPointsRun } from '../../bench/torture/kill-points.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 600_000

describe('a process that dies at a moment of choice', () => {
  it(
    'loses no message and no work, and repeats only what it cannot know of',
    async () => {
      const only = ['accept-after', 'turn-during', 'commit-after', 'call-after', 'retention-during']
      const result = await killPointsRun({ only, times: 1, seed: 7, learned })
      const kept = { kills: 5, missed: [], lost: 0, needlessRepeats: 0, workLost: 0 }
      expect(result, JSON.stringify(result)).toMatchObject(kept)
      expect(Object.values(result.repeats).length).toBeLessThanOrEqual(result.marked)
      expect(result.acknowledged).toBeGreaterThan(0)
    },
    limitMs,
  )

  it('is a build of its own: what ships holds none of the moments', async () => {
    const { findBundle } = (await import(
      pathToFileURL(fileURLToPath(new URL('../../src/launch/bundle.mjs', import.meta.url))).href
    )) as { findBundle: (entry: string) => Promise<{ file?: string }> }
    const { file = '' } = await findBundle('src/main.ts')
    const folder = dirname(file)
    const shipped = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n')
    expect(shipped).toContain('acknowledge')
    expect(shipped).not.toContain('TORTURE_FOLDER')
    for (const { name } of killPoints) expect(shipped).not.toContain(`"${name}"`)
  })
})
