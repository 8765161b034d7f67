import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  hashOf,
  manifestFile,
  manifestSchema,
  pictureFolder,
  readDrawings,
} from '../../scripts/pictures/sources.ts'
import { lookAt } from '../support/pictures.ts'

const drawings = readDrawings()
const names = [...drawings.keys()]
const manifest = manifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
const pngOf = (name: string): Buffer => readFileSync(new URL(`${name}.png`, pictureFolder))

const articles = readdirSync('knowledge/articles', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'))

describe('the demo’s pictures', () => {
  it('are there for what pictures help with', () => {
    expect(names.length).toBeGreaterThanOrEqual(25)
  })

  // After a change of a description: node --import tsx scripts/draw-pictures.ts
  it.each(names)('%s is drawn from its description as it is now', (name) => {
    expect(manifest[name]?.drawing).toBe(hashOf(drawings.get(name) ?? ''))
    expect(manifest[name]?.png).toBe(hashOf(pngOf(name)))
  })

  it('have no file without a description', () => {
    const files = readdirSync(pictureFolder).filter((file) => file.endsWith('.png'))
    expect(files.sort()).toEqual(names.map((name) => `${name}.png`))
    expect(Object.keys(manifest)).toEqual(names)
  })

  it.each(names)('%s is small, as wide as a phone shows it, and shown by an article', async (name) => {
    const bytes = pngOf(name)
    expect(bytes.length).toBeLessThanOrEqual(60 * 1_024)
    expect(await lookAt(bytes)).toMatchObject({ format: 'png', width: 720 })
    expect(articles.some((text) => text.includes(`](pictures/${name}.png)`))).toBe(true)
  })
})
