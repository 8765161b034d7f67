import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { BackupAnswer, sumsOf } from '../../bench/torture/backup-sums.ts'
import { openBlobs } from '../../src/app/store.ts'
import { createPlaces, storeFile, type Place } from '../support/backup-world.ts'
import { startProduct } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

const sums = async (place: Place, path: string) => {
  const { status, stdout, stderr } = await place.run('backup', path, '--json')
  expect(status, stderr).toBe(0)
  return sumsOf(BackupAnswer.parse(JSON.parse(stdout)))
}

describeWith('postgres', 'moving to another database', (server) => {
  const [embedded, postgres] = [createPlaces(undefined), createPlaces(server)]
  afterAll(async () => {
    await embedded.dispose()
    await postgres.dispose()
  })

  it('goes from the embedded database to PostgreSQL and back, with everything, once the product stands', async () => {
    const source = await embedded.empty()
    const product = await startProduct({ dataDir: source.folder })
    const contact = product.contact()
    await contact.says('大会员怎么退款')
    await contact.hears(/退/)
    const to = await postgres.empty()
    const running = await source.run('move', '--to', to.url)
    expect([running.status, running.stderr]).toEqual([1, expect.stringContaining('is in use by process')])
    await product.app.stop()
    const key = readFileSync(join(source.folder, 'master.key'))
    const fileId = await storeFile(source, 50_000)
    const before = await sums(source, embedded.file('before.tgz'))

    const there = await source.run('move', '--to', to.url, '--json')
    expect(there.status, there.stderr).toBe(0)
    expect(JSON.parse(there.stdout)).toMatchObject({ to: 'postgres' })
    const moved = postgres.at(source.folder, to.url)
    expect(await sums(moved, embedded.file('there.tgz'))).toEqual(before)
    expect(await sums(source, embedded.file('still.tgz'))).toEqual(before)

    const home = await embedded.empty()
    const back = await moved.run('move', '--to', home.folder)
    expect(back.status, back.stderr).toBe(0)
    expect(await sums(home, embedded.file('back.tgz'))).toEqual(before)
    expect(await openBlobs(home.config).get(fileId)).toBeDefined()
    expect(readFileSync(join(home.folder, 'master.key'))).toEqual(key)
    const again = await startProduct({ dataDir: home.folder })
    const other = again.contact('oAnother')
    await other.says('大会员怎么退款')
    await other.hears(/退/)
    await again.dispose()

    writeFileSync(join(home.folder, 'note.txt'), 'of somebody')
    const onto = await moved.run('move', '--to', home.folder)
    expect([onto.status, onto.stderr]).toEqual([2, expect.stringContaining('is not empty')])
  }, 400_000)
})
