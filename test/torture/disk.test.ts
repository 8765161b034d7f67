import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { diskFullRun } from '../../bench/torture/disk-full.ts'
import { mountSmallDisk } from '../../bench/torture/small-disk.ts'

const learned = inject('modelCache')
const limitMs = 300_000

const canMount = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-small-disk-'))
  try {
    mountSmallDisk(folder, 1_048_576).dispose()
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('a server whose disk is full', () => {
  it(
    'acknowledges nothing that it cannot keep, and goes on by itself once there is room',
    async ({ skip }) => {
      if (!canMount()) return skip('mounts a small disk: needs root and the right to mount')
      const result = await diskFullRun({ on: 'embedded', contacts: 4, times: 1, fullMs: 6_000, learned })
      expect(result.pushedMeanwhile).toBeGreaterThan(0)
      expect(result.refusedMeanwhile).toBeGreaterThan(0)
      expect(result).toMatchObject({ lost: 0, inversions: 0 })
    },
    limitMs,
  )
})
