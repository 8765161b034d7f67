import { randomBytes, randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { BlobStore } from '../../src/core/blobs.ts'

/** What every place for the bytes of files does. */
export const itIsABlobStore = (store: () => BlobStore): void => {
  it('gives back what was put, byte by byte', async () => {
    const key = randomUUID()
    const bytes = randomBytes(300_000)
    await store().put(key, bytes)
    expect(Buffer.from((await store().get(key)) ?? []).equals(bytes)).toBe(true)
  })

  it('keeps an empty file, too', async () => {
    const key = randomUUID()
    await store().put(key, new Uint8Array(0))
    expect(await store().get(key)).toHaveLength(0)
  })

  it('takes the same again, as a retry does', async () => {
    const key = randomUUID()
    await store().put(key, Buffer.from('one'))
    await store().put(key, Buffer.from('two'))
    expect(Buffer.from((await store().get(key)) ?? []).toString()).toBe('two')
  })

  it('knows nothing under a key that was never put or was deleted, and deletes twice', async () => {
    const key = randomUUID()
    expect(await store().get(key)).toBeUndefined()
    await store().put(key, Buffer.from('gone soon'))
    await store().delete(key)
    await store().delete(key)
    expect(await store().get(key)).toBeUndefined()
  })
}
