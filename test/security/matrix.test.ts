// The list of docs/security.md: each row names a test, and each test that is named is there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const rows = readFileSync(join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\|(?! *-| *Attack)/.test(line))
  .map((line) => ({
    attack: line.split('|')[1]?.trim() ?? '',
    files: [...line.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = '']) => file),
  }))

it('names many attacks', () => expect(rows.length).toBeGreaterThan(30))

it.each(rows)('$attack: is proved by tests that are there', ({ files }) => {
  expect(files.length).toBeGreaterThan(0)
  const missing = files.filter((file) => !existsSync(join(root, file)))
  expect(missing).toEqual([])
  // A file that holds no test proves nothing.
  const empty = files.filter(
    (file) =>
      !/\b(?:it|test)(?:\.\w+)?[(<]|itIs|export const \w+ = async \(stage/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
  )
  expect(empty).toEqual([])
})
