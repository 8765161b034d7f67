import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { buildDeskApp } from '../../src/app/desk-app.ts'

/** What the first screen may take over the line, in bytes. */
const most = 380_000

it('the first screen of the agents’ app stays small enough', async () => {
  const { scripts, styles, files } = await buildDeskApp()
  const sizes = [...scripts, ...styles].map((name) => gzipSync(files.get(name)?.bytes ?? '').length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(100_000)
  expect(total).toBeLessThanOrEqual(most)
})
