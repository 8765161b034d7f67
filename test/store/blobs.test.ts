import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import type { BlobStore } from '../../src/core/blobs.ts'
import { createFolderBlobs, createMediaStore, createS3Blobs } from '../../src/store/index.ts'
import { itIsABlobStore } from '../contract/blob-store.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { startS3Server, type S3Server } from '../support/s3-server.ts'
import { describeWith } from '../support/services.ts'

const folder = mkdtempSync(join(tmpdir(), 'tongda-blobs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a folder', () => {
  itIsABlobStore(() => createFolderBlobs(join(folder, 'media')))

  it('says what to do when it cannot be written', async () => {
    writeFileSync(join(folder, 'taken'), 'a file where the folder should be')
    const store = createFolderBlobs(join(folder, 'taken'))
    await expect(store.put('key', Buffer.from('x'))).rejects.toMatchObject({
      code: 'media_unavailable',
      message: expect.stringContaining('check that the folder can be written') as unknown,
    })
  })
})

describeWith('s3', 'a bucket of an S3-compatible server', (endpoint) => {
  const account = { accessKeyId: 'test', secretAccessKey: 'test', region: 'us-east-1', pathStyle: true }
  beforeAll(async () => {
    const client = new AwsClient({ ...account, service: 's3' })
    expect((await client.fetch(`${endpoint}/tongda-files`, { method: 'PUT' })).status).toBe(200)
  })
  itIsABlobStore(() => createS3Blobs({ ...account, endpoint, bucket: 'tongda-files' }))

  it('loses the files that agents uploaded and never sent', async () => {
    const test = await openTestEmbedded()
    const blobs = createS3Blobs({ ...account, endpoint, bucket: 'tongda-files' })
    const media = createMediaStore({ database: test.database, blobs, maxBytes: 1_000 })
    const { mediaId } = await media.saveUnsent(Buffer.from('a draft'))
    expect(await media.clearUnsent(0)).toBe(1)
    expect(await blobs.get(mediaId)).toBeUndefined()
    await test.dispose()
  })

  it('names a bucket that is not there', async () => {
    const store = createS3Blobs({ ...account, endpoint, bucket: 'never-made' })
    const refused = { code: 'media_unavailable', facts: { providerCode: 'NoSuchBucket' } }
    await expect(store.put('key', Buffer.from('x'))).rejects.toMatchObject(refused)
    await expect(store.get('key')).rejects.toMatchObject(refused)
  })
})

describe('a bucket that checks signatures', () => {
  let server: S3Server
  let store: BlobStore
  const open = (facts: Partial<Parameters<typeof createS3Blobs>[0]> = {}): BlobStore =>
    createS3Blobs({
      endpoint: server.endpoint,
      region: 'cn-north-1',
      bucket: 'files',
      accessKeyId: server.keyId,
      secretAccessKey: server.secret,
      pathStyle: true,
      retryMs: [1, 1],
      ...facts,
    })
  beforeAll(async () => {
    server = await startS3Server()
    store = open()
  })
  afterAll(() => server.stop())
  itIsABlobStore(() => store)

  it.each([
    ['another secret', { secretAccessKey: 'stolen-and-wrong' }, 'SignatureDoesNotMatch', /secretAccessKey/],
    ['another key', { accessKeyId: 'AKIAOTHER' }, 'InvalidAccessKeyId', /accessKeyId/],
    ['another bucket', { bucket: 'other' }, 'NoSuchBucket', /media\.s3\.bucket/],
  ] as const)('says what is wrong with %s, and no secret', async (_name, facts, providerCode, words) => {
    const error: unknown = await open(facts)
      .put('key', Buffer.from('x'))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'media_unavailable',
      message: expect.stringMatching(words) as unknown,
      facts: { providerCode },
    })
    expect(JSON.stringify(error) + String(error)).not.toMatch(/stolen-and-wrong|test\+secret/)
  })

  it('tries again what passes by, and no more than twice', async () => {
    server.failNext(503, 500)
    await store.put('again', Buffer.from('third time'))
    expect(Buffer.from((await store.get('again')) ?? []).toString()).toBe('third time')
    const before = server.asked.length
    server.failNext(503, 503, 503)
    await expect(store.get('again')).rejects.toMatchObject({ facts: { status: 503 } })
    expect(server.asked.slice(before)).toEqual(Array.from({ length: 3 }, () => 'GET /files/again'))
  })

  it('says that nobody answers', async () => {
    const gone = await startS3Server()
    gone.stop()
    await expect(open({ endpoint: gone.endpoint }).get('key')).rejects.toMatchObject({
      code: 'media_unavailable',
      message: expect.stringContaining('does not answer') as unknown,
    })
  })
})

describe('configuring the bucket', () => {
  const faultsOf = (media: Record<string, unknown>): readonly string[] => {
    const parsed = parseConfig({ media })
    return 'faults' in parsed ? parsed.faults.map(({ key }) => key) : []
  }
  const s3 = { endpoint: 'https://s3.example.com', bucket: 'files', accessKeyId: 'a', secretAccessKey: 'b' }

  it('takes a whole section, and none with the folder', () => {
    expect(faultsOf({ store: 's3', s3 })).toEqual([])
    expect(faultsOf({})).toEqual([])
  })

  it('names every key that is missing', () => {
    expect(faultsOf({ store: 's3' })).toEqual([
      'media.s3.endpoint',
      'media.s3.bucket',
      'media.s3.accessKeyId',
      'media.s3.secretAccessKey',
    ])
  })

  it.each([
    'http://s3.example.com',
    'https://s3.example.com/path',
    'https://user:pw@s3.example.com',
    'ftp://x',
  ])('refuses %s', (endpoint) =>
    expect(faultsOf({ store: 's3', s3: { ...s3, endpoint } })).toEqual(['media.s3.endpoint']),
  )
})
