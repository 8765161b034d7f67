import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolderBlobs, createInboxCleaner, createMediaStore } from '../../src/store/index.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { drawAnimation, drawPicture, lookAt } from '../support/pictures.ts'

let opened: Awaited<ReturnType<typeof openTestEmbedded>>
let store: ReturnType<typeof createMediaStore>
const folder = (): string => join(opened.folder, 'media')
beforeAll(async () => {
  opened = await openTestEmbedded()
  store = createMediaStore({
    database: opened.database,
    blobs: createFolderBlobs(folder()),
    maxBytes: 5_000_000,
  })
})
afterAll(() => opened.dispose())

/** What is kept of a file. */
const kept = async (bytes: Uint8Array) => {
  const { mediaId } = await store.save(bytes)
  const found = await store.find(mediaId)
  if (found === undefined) throw new Error('nothing was kept')
  return found
}

describe('pictures are drawn anew', () => {
  it('upright, and without what was written in the file', async () => {
    const original = await drawPicture('jpeg', { width: 8, height: 4, orientation: 6 })
    expect(original.toString('latin1')).toContain('whereILive')
    const { media, bytes } = await kept(Buffer.concat([original, Buffer.from('<script>hidden</script>')]))
    expect(media).toMatchObject({ contentType: 'image/jpeg', bytes: bytes.byteLength })
    const looks = await lookAt(bytes)
    expect([looks.format, looks.width, looks.height, looks.orientation, looks.exif]).toEqual([
      'jpeg',
      4,
      8,
      undefined,
      undefined,
    ])
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/whereILive|hidden/)
  })

  it.each(['png', 'webp'] as const)('keeps %s', async (format) => {
    const { media, bytes } = await kept(await drawPicture(format))
    expect(media.contentType).toBe(`image/${format}`)
    expect(await lookAt(bytes)).toMatchObject({ format, width: 8, height: 4 })
  })

  it('keeps a small GIF moving', async () => {
    const { media, bytes } = await kept(await drawAnimation(3))
    expect(media.contentType).toBe('image/gif')
    expect((await lookAt(bytes)).pages).toBe(3)
  })

  it('refuses more than forty million pixels, however few bytes they take', async () => {
    const bomb = await drawPicture('png', { width: 8_000, height: 5_001 })
    expect(bomb.byteLength).toBeLessThan(1_000_000)
    await expect(store.save(bomb)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('keeps a broken picture as a file that nobody shows', async () => {
    const whole = await drawPicture('png', { width: 300, height: 300 })
    const broken = whole.subarray(0, 100)
    const { media, bytes } = await kept(broken)
    expect(media.contentType).toBe('application/octet-stream')
    expect(Buffer.from(bytes)).toEqual(broken)
  })

  it('takes SVG for the markup that it is', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    const { media, bytes } = await kept(Buffer.from(svg))
    expect(media.contentType).not.toMatch(/^image/)
    expect(Buffer.from(bytes).toString()).toBe(svg)
  })

  it('draws many at once, each as itself', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 12 }, (_, at) => drawPicture('png', { width: at + 1 })),
    )
    const found = await Promise.all(pictures.map(kept))
    const widths = await Promise.all(found.map(async ({ bytes }) => (await lookAt(bytes)).width))
    expect(widths).toEqual(Array.from({ length: 12 }, (_, at) => at + 1))
  })
})

describe('what is kept', () => {
  it('is described without being read', async () => {
    const { mediaId } = await store.save(Buffer.from('words'))
    expect(await store.describe(mediaId)).toEqual({
      mediaId,
      contentType: 'application/octet-stream',
      bytes: 5,
    })
    expect(await store.describe('../../etc/passwd')).toBeUndefined()
  })

  it('is refused when it is not what was stored', async () => {
    const { mediaId } = await store.save(Buffer.from('as it was'))
    await writeFile(join(folder(), mediaId), 'changed')
    await expect(store.find(mediaId)).rejects.toMatchObject({ code: 'media_unavailable' })
  })

  it('is cleared away with its bytes when an agent uploaded it and never sent it', async () => {
    const { mediaId: unsent } = await store.saveUnsent(Buffer.from('a draft'))
    const { mediaId: received } = await store.save(Buffer.from('a contact’s'))
    expect(await store.clearUnsent(3_600_000)).toBe(0)
    expect(await store.clearUnsent(0)).toBe(1)
    expect(await store.find(unsent)).toBeUndefined()
    expect(await readdir(folder())).not.toContain(unsent)
    expect(await store.find(received)).toBeDefined()
  })

  it('is cleared away at the next try when its bytes could not be deleted', async () => {
    const blobs = createFolderBlobs(folder())
    let refusals = 1
    const moody = createMediaStore({
      database: opened.database,
      blobs: {
        ...blobs,
        delete: (key) => ((refusals -= 1) < 0 ? blobs.delete(key) : Promise.reject(new Error('away'))),
      },
      maxBytes: 1_000,
    })
    const { mediaId } = await moody.saveUnsent(Buffer.from('a draft'))
    await expect(moody.clearUnsent(0)).rejects.toThrow('away')
    expect(await moody.clearUnsent(3_600_000)).toBe(1)
    expect(await store.find(mediaId)).toBeUndefined()
  })

  it('leaves no half file behind', async () => {
    await store.save(Buffer.from('whole'))
    expect((await readdir(folder())).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('files of the content', () => {
  const own = { mediaId: '6f9619ff-8b86-5d01-b42d-00cf4fc964ff', contentType: 'image/png', bytes: 0 }

  it('are kept once under the id they come with, and again when their bytes are lost', async () => {
    const bytes = await drawPicture('png')
    let reads = 0
    const read = () => {
      reads += 1
      return Promise.resolve(bytes)
    }
    await store.keep(own, read)
    await store.keep(own, read)
    expect(reads).toBe(1)
    const found = await store.find(own.mediaId)
    expect(found?.media).toEqual({ ...own, bytes: bytes.length })
    expect(Buffer.from(found?.bytes ?? []).equals(bytes)).toBe(true)
    await rm(join(folder(), own.mediaId))
    await store.keep(own, read)
    expect(reads).toBe(2)
    expect((await store.find(own.mediaId))?.bytes).toHaveLength(bytes.length)
  })

  it('say nothing of where a photograph was taken', async () => {
    const mediaId = '6f9619ff-8b86-5d01-b42d-00cf4fc96400'
    const photograph = await drawPicture('jpeg', { orientation: 6 })
    await store.keep({ ...own, mediaId }, () => Promise.resolve(photograph))
    const found = await store.find(mediaId)
    expect(Buffer.from(found?.bytes ?? []).toString('latin1')).not.toContain('whereILive')
  })

  it('stay when the messages that showed them are cleared', async () => {
    const bytes = await drawPicture('png')
    await store.keep(own, () => Promise.resolve(bytes))
    const sent = await store.save(bytes)
    const conversation = await opened.database.query<{ id: string }>(
      `with contact as (insert into contacts (id) values (gen_random_uuid()) returning id)
       insert into conversations (id, inbox_id, channel, contact_id, contact_key, thread_key, dialogue, created_at)
       select gen_random_uuid(), 'demo', 'web', id, 't', 't', '{}', now() from contact returning id`,
    )
    await opened.database.query(
      `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
       values (gen_random_uuid(), $1, 1, 'demo', 'out', 'bot', $2::jsonb, now(), now())`,
      [conversation[0]?.id, JSON.stringify([own, sent].map((media) => ({ kind: 'image', media })))],
    )
    const blobs = createFolderBlobs(folder())
    await createInboxCleaner({ database: opened.database, blobs }).clear(['demo'])
    expect(await store.find(sent.mediaId)).toBeUndefined()
    expect(await store.find(own.mediaId)).toBeDefined()
  })
})
