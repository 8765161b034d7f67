import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { MediaStore } from '../../src/core/media.ts'
import { createMediaLinks, mountMediaLinks, type MediaLinks } from '../../src/http/index.ts'

const mediaId = '0b0f6f6c-3c7e-4a55-9a37-6c1f0e0c2a11'
const dayMs = 86_400_000
let clock: MovableClock
let links: MediaLinks
let app: Hono
const media: Pick<MediaStore, 'find'> = {
  find: (id) =>
    Promise.resolve(
      id === mediaId
        ? { media: { mediaId, contentType: 'text/html', bytes: 4 }, bytes: Buffer.from('<b/>') }
        : undefined,
    ),
}
const linksWith = (key: string): MediaLinks =>
  createMediaLinks({ key, origin: 'https://support.example.com', lifeMs: 7 * dayMs, clock })
beforeEach(() => {
  clock = createMovableClock()
  links = linksWith('key of this product')
  app = new Hono()
  mountMediaLinks(app, { links, media, log: silentLog })
})

const statusOf = async (url: URL | string): Promise<number> => (await app.request(url.toString())).status
/** The link with one parameter set, or taken away. */
const bent = (name: string, value: string | undefined): URL => {
  const url = new URL(links.publicUrl(mediaId))
  if (value === undefined) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  return url
}

describe('a signed link', () => {
  it('gives the file to whoever has it, and lets nothing in it run', async () => {
    const url = links.publicUrl(mediaId)
    expect(url).toMatch(/^https:\/\/support\.example\.com\/media\/[\w-]{36}\?until=\d+&sig=[\w-]{43}$/)
    const answer = await app.request(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('<b/>')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/) as unknown,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      // Chats on other addresses show the picture in their own pages.
      'cross-origin-resource-policy': 'cross-origin',
    })
  })

  it('expires after its time and not before', async () => {
    const url = links.publicUrl(mediaId)
    clock.advance(7 * dayMs - 1_000)
    expect(await statusOf(url)).toBe(200)
    clock.advance(3_602_000)
    expect(await statusOf(url)).toBe(404)
  })

  it.each([
    ['no signature', 'sig', undefined],
    ['an empty signature', 'sig', ''],
    ['another signature', 'sig', 'A'.repeat(43)],
    ['no time', 'until', undefined],
    ['a later time', 'until', '9999999999'],
    ['a time that is none', 'until', '1e12'],
    ['something more', 'download', '1'],
  ])('is worth nothing with %s', async (_name, parameter, value) => {
    expect(await statusOf(bent(parameter, value))).toBe(404)
  })

  it('opens no other file, and none that is gone', async () => {
    const url = links.publicUrl(mediaId)
    expect(await statusOf(url.replace(mediaId, randomUUID()))).toBe(404)
    expect(await statusOf(links.publicUrl(randomUUID()))).toBe(404)
    expect(await statusOf(url.replace(mediaId, '..%2f..%2fetc%2fpasswd'))).toBe(404)
  })

  it('of another key is worth nothing', async () => {
    expect(await statusOf(linksWith('another key').publicUrl(mediaId))).toBe(404)
  })

  it('answers everything wrong alike', async () => {
    const bodies = await Promise.all(
      [bent('sig', 'A'.repeat(43)), links.publicUrl(randomUUID())].map(async (url) =>
        (await app.request(url.toString())).text(),
      ),
    )
    expect(new Set(bodies).size).toBe(1)
  })
})
