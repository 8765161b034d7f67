import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BackupAnswer, sumsBeyondRestore } from '../../bench/torture/backup-sums.ts'
import { makeBackup } from '../../src/backup/index.ts'
import { openBlobs } from '../../src/app/store.ts'
import { silentLog } from '../../src/core/log.ts'
import { copyDatabase, migrationsUpTo, openEmbedded } from '../../src/store/index.ts'
import { createPlaces, makeOlder, schemaOf, storeFile, type Place } from '../support/backup-world.ts'
import { startProduct } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

const answerOf = (text: string): BackupAnswer => BackupAnswer.parse(JSON.parse(text))

const backedUp = async (place: Place, path: string): Promise<BackupAnswer> => {
  const { status, stdout, stderr } = await place.run('backup', path, '--json')
  expect(status, stderr).toBe(0)
  return answerOf(stdout)
}

const productOn = ({ folder, url }: Place) =>
  startProduct({ dataDir: folder, ...(url === '' ? {} : { database: { url } }) })

/** Says things until it is told to stop; gives how many. */
const chatter = (product: Awaited<ReturnType<typeof productOn>>) => {
  let on = true
  let said = 0
  const talk = async (): Promise<void> => {
    const contact = product.contact()
    while (on) {
      await contact.says(`大会员怎么退款 ${String((said += 1))}`)
    }
  }
  const talking = Promise.all([talk(), talk(), talk()])
  return async (): Promise<number> => {
    on = false
    await talking
    return said
  }
}

/** How the pieces of messages stand, each way once. */
const outboxOf = async (place: Place) => {
  const database = await place.open()
  const rows = await database.query(
    `select distinct status, error ->> 'code' as code, repeated from outbox order by 1, 2, 3`,
  )
  await database.close()
  return rows
}

const rowsOf = (answer: BackupAnswer, table: string): number =>
  answer.tables.find(({ name }) => name === `public.${table}`)?.rows ?? 0

/** One contact's answer is on its way, another's question is being answered, both by somebody with an hour's time. */
const leavesWork = [
  `update outbox set status = 'sending', via = 'api', passive_for = null, settled_at = null, lease_owner = 'gone',
     lease_until = now() + interval '1 hour'
   where id = (select o.id from outbox o join conversations c on c.id = o.conversation_id
     where c.contact_key = 'oTold' order by o.position desc limit 1)`,
  `update messages m set pending = true from conversations c
   where c.id = m.conversation_id and c.contact_key = 'oAsked' and m.direction = 'in'`,
  `update conversations c set ready_at = now(), lease_owner = 'gone', lease_until = now() + interval '1 hour',
     pending = (select count(*) from messages m where m.conversation_id = c.id and m.pending)
   where contact_key = 'oAsked'`,
]

const backupTests = (server: string | undefined): void => {
  const places = createPlaces(server)
  afterAll(() => places.dispose())

  it('is of one moment while contacts write, and what is restored from it answers', async () => {
    const place = await places.empty()
    const product = await productOn(place)
    const archive = places.file('busy.tar.gz')
    let made: BackupAnswer
    try {
      const first = product.contact('oFirst')
      await first.says('大会员怎么退款')
      await first.hears(/退/)
      const stop = chatter(product)
      made = await backedUp(place, archive)
      expect(await stop()).toBeGreaterThan(0)
    } finally {
      await product.dispose()
    }
    expect(statSync(archive).mode & 0o777).toBe(0o600)
    expect(rowsOf(made, 'messages')).toBeGreaterThan(1)
    // More was said after that moment.
    const database = await place.open()
    const [after] = await database.query<{ count: number }>('select count(*)::int as count from messages')
    await database.close()
    expect(after?.count).toBeGreaterThan(rowsOf(made, 'messages'))
    expect(existsSync(join(place.folder, 'backup-work'))).toBe(false)

    const target = await places.empty()
    const { status, stdout, stderr } = await target.run('restore', archive, '--json')
    expect([status, stderr]).toEqual([0, expect.stringContaining('there is no master key yet')])
    expect(answerOf(stdout).tables).toEqual(made.tables)
    const again = places.file('again.tgz')
    expect(sumsBeyondRestore(await backedUp(target, again), again)).toEqual(sumsBeyondRestore(made, archive))
    writeFileSync(join(target.folder, 'master.key'), readFileSync(join(place.folder, 'master.key')))
    const restored = await productOn(target)
    try {
      const contact = restored.contact('oSecond')
      await contact.says('大会员怎么退款')
      await contact.hears(/退/)
    } finally {
      await restored.dispose()
    }
  }, 300_000)

  it('restored, marks what may have gone already, and heeds no lease of those who are gone', async () => {
    const place = await places.empty()
    const product = await productOn(place)
    try {
      for (const openid of ['oTold', 'oAsked']) {
        const contact = product.contact(openid)
        await contact.says('大会员怎么退款')
        await contact.hears(/退/)
      }
    } finally {
      await product.dispose()
    }
    const database = await place.open()
    for (const statement of leavesWork) await database.query(statement)
    await database.close()
    const archive = places.file('leased.tgz')
    const made = await backedUp(place, archive)
    const target = await places.empty()
    const { status, stderr } = await target.run('restore', archive)
    expect([status, stderr]).toEqual([0, expect.stringContaining('marked as possibly repeated')])
    const again = places.file('again.tgz')
    expect(sumsBeyondRestore(await backedUp(target, again), again)).toEqual(sumsBeyondRestore(made, archive))

    const restored = await target.open()
    const rows = await restored.query(
      `select c.contact_key, bool_or(o.repeated) as marked,
         coalesce(bool_or(o.lease_until > now() or c.lease_until > now()), false) as leased
       from outbox o join conversations c on c.id = o.conversation_id group by 1 order by 1`,
    )
    await restored.close()
    expect(rows).toEqual([
      { contact_key: 'oAsked', marked: false, leased: false },
      { contact_key: 'oTold', marked: true, leased: false },
    ])
  }, 300_000)

  it('brings files, parks what had not gone, and goes into an empty database alone', async () => {
    const place = await places.empty()
    const product = await productOn(place)
    const contact = product.contact()
    await contact.says('大会员怎么退款')
    await contact.hears(/退/)
    await product.app.stop()
    const database = await place.open()
    await database.query(`update outbox set status = 'queued', settled_at = null`)
    await database.close()
    const fileId = await storeFile(place, 100_000)
    const folder = places.file('as-folder')
    const made = await backedUp(place, folder)
    expect([made.files.copied > 0, made.files.missing, made.waiting.messages > 0]).toEqual([true, [], true])
    await product.dispose().catch(() => undefined)

    const target = await places.empty()
    const { status, stderr } = await target.run('restore', folder, '--hold')
    expect(status, stderr).toBe(0)
    expect(stderr).toContain(`messages not sent yet: ${String(made.waiting.messages)};`)
    expect(await openBlobs(target.config).get(fileId)).toBeDefined()
    expect(await outboxOf(target)).toEqual([{ status: 'failed', code: 'held_by_restore', repeated: false }])
    const replayed = await target.run('replay', '--all', '--reason', 'held_by_restore')
    expect(replayed.status, replayed.stderr).toBe(0)
    expect(await outboxOf(target)).toEqual([{ status: 'queued', code: null, repeated: true }])

    const again = await target.run('restore', folder)
    expect([again.status, again.stderr]).toEqual([
      2,
      expect.stringContaining('is not empty and was not touched'),
    ])
  }, 300_000)

  it('refuses what is damaged before it writes anything', async () => {
    const place = await places.empty()
    await (await place.open()).close()
    await storeFile(place, 200_000)
    const whole = places.file('whole.tar.gz')
    await backedUp(place, whole)
    const bytes = readFileSync(whole)
    const target = await places.empty()
    const flipped = Buffer.from(bytes)
    const middle = Math.floor(bytes.byteLength / 2)
    flipped[middle] = (flipped[middle] ?? 0) ^ 1
    for (const [name, content] of [
      ['flipped.tar.gz', flipped],
      ['short.tar.gz', bytes.subarray(0, bytes.byteLength - 2_000)],
      ['other.tar.gz', Buffer.from('this is no archive')],
    ] as const) {
      const path = places.file(name)
      writeFileSync(path, content)
      const { status, stderr } = await target.run('restore', path)
      expect([name, status, stderr]).toEqual([name, 2, expect.stringContaining('nothing was written')])
    }
    expect(readdirSync(target.folder)).not.toContain('database')
    expect(existsSync(join(target.folder, 'media'))).toBe(false)
    const good = await target.run('restore', whole)
    expect(good.status, good.stderr).toBe(0)
  }, 300_000)
}

describe('a backup of the embedded database', () => backupTests(undefined))
describeWith('postgres', 'a backup of PostgreSQL', backupTests)

describe('a backup', { timeout: 300_000 }, () => {
  const places = createPlaces(undefined)
  afterAll(() => places.dispose())

  it('leaves nothing under its name when it cannot be written', async () => {
    const place = await places.empty()
    await (await place.open()).close()
    const nowhere = await place.run('backup', join(place.folder, 'no-such-folder', 'a.tar.gz'))
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining('choose another place')])
    const there = places.file('there.tar.gz')
    writeFileSync(there, 'mine')
    const taken = await place.run('backup', there)
    expect([taken.status, readFileSync(there, 'utf8')]).toEqual([2, 'mine'])

    await storeFile(place, 40_000_000)
    const full = places.file('full.tar.gz')
    // A file may not grow over 24 MB: what a full disk says, without one. The signal for it is ignored.
    const ran = spawnSync(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 24000; exec "$0" src/launch.mjs backup "$1"`, process.execPath, full],
      {
        encoding: 'utf8',
        env: { ...process.env, TONGDA_DATA_DIR: place.folder, DATABASE_URL: '', TONGDA_LOG_LEVEL: 'warn' },
      },
    )
    expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining('nothing was left under that name')])
    expect(readdirSync(dirname(full))).toEqual([])
  })

  it('of an older version is migrated, of a newer one refused', async () => {
    const newest = await import('../../src/store/index.ts').then((store) => store.newestMigration())
    const journal: unknown = JSON.parse(
      readFileSync(new URL('../../src/store/migrations/meta/_journal.json', import.meta.url), 'utf8'),
    )
    const { entries } = journal as { readonly entries: readonly { readonly when: number }[] }
    const older =
      entries
        .map(({ when }) => when)
        .sort((a, b) => a - b)
        .at(-2) ?? 0
    const place = await places.empty()
    const database = await openEmbedded({
      ...{ folder: place.folder, log: silentLog, migrations: migrationsUpTo(older) ?? '' },
    })
    await database.query(`insert into secrets (name, value) values ('media-links', 'sealed')`)
    const path = places.file('older')
    await copyDatabase.read(database, (source) =>
      makeBackup({
        ...{ path, source, blobs: openBlobs(place.config), withFiles: true, progress: () => undefined },
        ...{ signal: new AbortController().signal },
        facts: { product: '0.0.1', madeAt: new Date(), database: 'embedded', store: 'folder' },
      }),
    )
    await database.close()
    const target = await places.empty()
    const restored = await target.run('restore', path)
    expect(restored.status, restored.stderr).toBe(0)
    const opened = await target.open()
    expect(
      await opened.query('select max(created_at)::text as newest from drizzle.__drizzle_migrations'),
    ).toEqual([{ newest: String(newest) }])
    expect(await opened.query('select value from secrets')).toEqual([{ value: 'sealed' }])
    await opened.close()

    const manifest = join(path, 'manifest.json')
    const later = readFileSync(manifest, 'utf8').replace(String(older), String(newest + 1))
    writeFileSync(manifest, later)
    writeFileSync(join(path, 'manifest.sha256'), createHash('sha256').update(later).digest('hex'))
    const empty = await places.empty()
    const refused = await empty.run('restore', path)
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('by a newer version')])
    expect(existsSync(join(empty.folder, 'database'))).toBe(false)
  })

  it('leaves an older schema as it is, and is made of no database that was never there', async () => {
    const place = await places.empty()
    const refused = await place.run('backup', places.file('nothing'))
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('there is no database here'),
    ])
    await makeOlder(place)
    const before = await schemaOf(place)
    const path = places.file('as-it-is')
    await backedUp(place, path)
    const looked = await place.run('doctor', '--deep', '--json')
    expect(looked.stdout).toContain('steps older than this version')
    for (const words of [
      ['audit', 'verify'],
      ['replay', '--dry-run'],
    ]) {
      const read = await place.run(...words)
      expect([read.status, read.stderr]).toEqual([1, expect.stringContaining('was left as it is')])
    }
    expect(await schemaOf(place)).toEqual(before)
    const target = await places.empty()
    const restored = await target.run('restore', path)
    expect(restored.status, restored.stderr).toBe(0)
  })

  it('does not begin beside another, and clears away what a killed one left', async () => {
    const place = await places.empty()
    const product = await productOn(place)
    try {
      const left = join(place.folder, 'backup-work', 'copy')
      mkdirSync(left, { recursive: true })
      writeFileSync(join(left, 'database'), 'of a killed one')
      const both = await Promise.all(
        ['a.tar.gz', 'b.tar.gz'].map(async (name) => {
          const path = places.file(name)
          return { ...(await place.run('backup', path)), path, name: basename(path) }
        }),
      )
      for (const { status, stderr, path } of both)
        if (status === 0) expect(existsSync(path)).toBe(true)
        else expect([stderr, existsSync(path)]).toEqual([expect.stringContaining('another backup'), false])
      expect(both.some(({ status }) => status === 0)).toBe(true)
    } finally {
      await product.dispose()
    }
  })
})
