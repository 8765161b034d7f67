import { existsSync, readFileSync } from 'node:fs'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { installedNames } from '../../src/app/installed-channels.ts'
import { conformanceReference } from './reference.ts'
import { caseTitles, conformanceTable } from './table.ts'

describe('the table of conformance', () => {
  it('names every installed channel and no other', () => {
    expect(Object.keys(conformanceTable).sort()).toEqual([...installedNames].sort())
  })

  it.each(Object.entries(conformanceTable))('says of each case whether %s has it', (_channel, row) => {
    expect(Object.keys(row).sort()).toEqual(Object.keys(caseTitles).sort())
    for (const applies of Object.values(row)) if (applies !== 'yes') expect(applies.no).toMatch(/\w{3}/)
  })

  it.each(Object.keys(conformanceTable))('is what the tests of %s run by', (channel) => {
    const file = new URL(`${channel}.test.ts`, import.meta.url)
    expect(existsSync(file)).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain(`itConforms('${channel}'`)
    const restart = readFileSync(new URL('restart.test.ts', import.meta.url), 'utf8')
    expect(restart).toMatch(new RegExp(`\\b${channel}\\b`))
  })

  it('is what docs/conformance.md says; npm run docs writes it', async () => {
    const written = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8')
    expect(written).toBe(await format(conformanceReference(), { parser: 'markdown', printWidth: 110 }))
  })
})
