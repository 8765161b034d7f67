import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { afterAll, expect, it } from 'vitest'
import { BackupAnswer } from '../../bench/torture/backup-sums.ts'
import { openBlobs } from '../../src/app/store.ts'
import { createPlaces, inBucket, storeFile, type Place } from '../support/backup-world.ts'
import { describeWith } from '../support/services.ts'

const backedUp = async (place: Place, ...args: string[]) => {
  const { status, stdout, stderr } = await place.run('backup', ...args, '--json')
  expect(status, stderr).toBe(0)
  return { ...BackupAnswer.parse(JSON.parse(stdout)), stderr }
}

describeWith('s3', 'a backup of files in a bucket', (endpoint) => {
  const places = createPlaces(undefined)
  afterAll(() => places.dispose())

  const client = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', service: 's3' })
  const newBucket = async (): Promise<string> => {
    const bucket = `tongda-${randomUUID()}`
    expect((await client.fetch(`${endpoint}/${bucket}`, { method: 'PUT' })).status).toBe(200)
    return bucket
  }
  const keysIn = async (bucket: string): Promise<readonly string[]> => {
    const listed = await client.fetch(`${endpoint}/${bucket}?list-type=2`)
    return [...(await listed.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '').sort()
  }
  const bytesOf = async (place: Place, id: string): Promise<Buffer> => {
    const bytes = await openBlobs(place.config).get(id)
    if (bytes === undefined) throw new Error(`there is no ${id}`)
    return Buffer.from(bytes)
  }

  it('leaves them there, or takes them along and brings them back into an empty bucket', async () => {
    const place = inBucket(await places.empty(), endpoint, await newBucket())
    await (await place.open()).close()
    const ids = [await storeFile(place, 300_000), await storeFile(place, 6_000_000)].sort()
    const lost = await storeFile(place, 1_000)
    await openBlobs(place.config).delete(lost)

    const without = await backedUp(place, places.file('without.tgz'))
    expect([without.files, without.stderr]).toEqual([
      expect.objectContaining({ store: 's3', included: false, known: 3, copied: 0, missing: [] }),
      expect.stringContaining('the 3 files stay in the bucket'),
    ])
    const archive = places.file('with.tgz')
    const made = await backedUp(place, archive, '--media')
    expect(made.files).toMatchObject({ included: true, known: 3, copied: 2, missing: [lost] })

    const bucket = await newBucket()
    const target = inBucket(await places.empty(), endpoint, bucket)
    const { status, stderr } = await target.run('restore', archive)
    expect(status, stderr).toBe(0)
    expect(await keysIn(bucket)).toEqual(ids)
    for (const id of ids)
      expect((await bytesOf(target, id)).equals(await bytesOf(place, id)), `the bytes of ${id}`).toBe(true)

    // The same archive serves an installation whose files lie in a folder.
    const folder = await places.empty()
    expect((await folder.run('restore', archive)).status).toBe(0)
    for (const id of ids)
      expect((await bytesOf(folder, id)).equals(await bytesOf(place, id)), `the bytes of ${id}`).toBe(true)
  }, 300_000)

  it('says what to do about a bucket that is not there, and leaves nothing behind', async () => {
    const place = inBucket(await places.empty(), endpoint, await newBucket())
    await (await place.open()).close()
    await storeFile(place, 1_000)
    const archive = places.file('whole.tgz')
    await backedUp(place, archive, '--media')

    const nowhere = inBucket(await places.empty(), endpoint, `never-made-${randomUUID()}`)
    const refused = await nowhere.run('restore', archive)
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('create the bucket')])
    expect(existsSync(join(nowhere.folder, 'database'))).toBe(false)

    const moved = inBucket(place, endpoint, `never-made-${randomUUID()}`)
    const broken = places.file('broken.tgz')
    const failed = await moved.run('backup', broken, '--media')
    expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining('create the bucket')])
    expect(existsSync(broken)).toBe(false)
  }, 300_000)
})
