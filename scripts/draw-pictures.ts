/**
 * Draws the demo's pictures: knowledge/pictures/source/*.yaml → knowledge/pictures/*.png. Needs chromium with a Chinese
 * font (Debian: chromium, fonts-noto-cjk); only what changed is drawn. `CHROMIUM` names another browser.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { format } from 'prettier'
import sharp from 'sharp'
import { pictureWidth } from './pictures/blocks.ts'
import { hashOf, manifestFile, manifestSchema, pictureFolder, readDrawings } from './pictures/sources.ts'

const known = existsSync(manifestFile)
  ? manifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
  : {}
const drawings = readDrawings()
const fileOf = (name: string): URL => new URL(`${name}.png`, pictureFolder)

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--font-render-hinting=none'],
})
const page = await browser.newPage({ viewport: { width: pictureWidth, height: 800 }, deviceScaleFactor: 2 })
const manifest: Record<string, { drawing: string; png: string }> = {}
for (const [name, drawing] of drawings) {
  const before = known[name]
  if (before?.drawing === hashOf(drawing) && existsSync(fileOf(name))) {
    manifest[name] = before
    continue
  }
  await page.setContent(`<body style="margin:0">${drawing}</body>`)
  const shot = await page.locator('svg').first().screenshot({ type: 'png' })
  // Few colours: a drawing of 100 kB becomes 20.
  const png = await sharp(shot).png({ palette: true, colours: 64, effort: 10 }).toBuffer()
  writeFileSync(fileOf(name), png)
  manifest[name] = { drawing: hashOf(drawing), png: hashOf(png) }
  process.stdout.write(`${name}.png ${Math.ceil(png.length / 1_024)} KB\n`)
}
await browser.close()
for (const name of Object.keys(known)) if (!drawings.has(name)) rmSync(fileOf(name), { force: true })
writeFileSync(manifestFile, await format(JSON.stringify(manifest), { parser: 'json', printWidth: 110 }))
