import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createMakeExport } from '../../src/privacy/index.ts'

const never = new AbortController().signal

it('makes no ZIP that nobody can open: with more files than it can count', async () => {
  const files = Array.from({ length: 65_540 }, () => randomUUID())
  const put: string[] = []
  const make = createMakeExport({
    work: {
      waiting: (id) => Promise.resolve({ id, contactId: 'contact' }),
      begin: () => Promise.resolve(true),
      ready: () => Promise.reject(new Error('it is said to be ready')),
      failed: () => Promise.resolve(),
    },
    ended: { list: () => Promise.resolve([]), forget: () => Promise.resolve() },
    blobs: {
      put: (key) => {
        put.push(key)
        return Promise.resolve()
      },
      get: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
    },
    reading: {
      contactsOf: () => Promise.resolve(['contact']),
      rows: () => [],
      files: () => Promise.resolve(files),
    },
    media: {
      find: (mediaId) =>
        Promise.resolve({ media: { mediaId, contentType: 'image/png', bytes: 1 }, bytes: new Uint8Array(1) }),
    },
    now: () => new Date('2026-11-27T04:00:00Z'),
    keepMs: 1,
  })
  await expect(make(randomUUID(), never)).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining('65 535 files') as string,
  })
})
