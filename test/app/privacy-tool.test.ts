import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remotePrivacy, type PrivacyTool } from '../../src/app/control-privacy.ts'
import { localPrivacyTool, openPrivacyTool } from '../../src/app/privacy-tool.ts'
import { openRetention } from '../../src/app/retention.ts'
import { findRunningProduct } from '../../src/app/running-product.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { noneOver } from '../../src/privacy/index.ts'
import { createFolderBlobs, createRetention } from '../../src/store/index.ts'
import { startTestControl } from '../support/control.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { fillEverything, findIn } from '../support/personal-ground.ts'
import { openPersonalServices } from '../support/personal-world.ts'

let test: TestDatabase
let config: Config
let here: PrivacyTool
let there: PrivacyTool
let stop: () => void
const removed: (readonly [kind: string, rows: number])[] = []
beforeAll(async () => {
  test = await openTestEmbedded()
  const parsed = parseConfig({ dataDir: test.folder })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  ;({ config } = parsed)
  const blobs = createFolderBlobs(join(test.folder, 'media'))
  here = localPrivacyTool(config, test.database)
  stop = await startTestControl({
    folder: test.folder,
    privacy: openPrivacyTool({
      ...{ config, database: test.database, removed: (kind, rows) => removed.push([kind, rows]) },
      ...openPersonalServices(test.database, blobs),
    }),
  })
  const running = findRunningProduct(test.folder, process.pid)
  if (running === undefined) throw new Error('the running product is not found')
  there = running.privacy
})
afterAll(async () => {
  stop()
  await test.dispose()
})

describe('personal data at the command line', () => {
  it('is held, planned and erased through the running product, with the same answers', async () => {
    const { contact } = await fillEverything(test.database)
    const hold = await there.holds.set({ kind: 'contact', id: contact }, '法院调取')
    expect(hold).toEqual(await here.holds.get(hold.id))
    expect((await there.holds.list({ lifted: false, limit: 10 })).map(({ id }) => id)).toEqual([hold.id])
    const planned = await there.erasures.plan(contact, '用户要求删除')
    expect(planned).toEqual(await here.erasures.get(contact))
    expect(planned.plannedBy).toEqual({ kind: 'system', id: 'command-line' })
    await expect(there.erasures.confirm(contact, 1)).rejects.toMatchObject({ code: 'conflict' })
    expect(await there.holds.lift(hold.id, '已结', 1)).toMatchObject({ liftReason: '已结' })
    expect(await there.erasures.confirm(contact, 1)).toMatchObject({ state: 'confirmed' })
    await expect(there.holds.get('nothing')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is erased to its end by the command line itself, one that was broken off too', async () => {
    const [person, other] = [await fillEverything(test.database), await fillEverything(test.database)]
    await here.erasures.plan(person.contact, '用户要求删除')
    expect(await here.erasures.confirm(person.contact, 1)).toMatchObject({ state: 'done' })
    expect(await findIn(test.database, person.canary)).toEqual([])
    await there.erasures.plan(other.contact, '用户要求删除')
    await there.erasures.confirm(other.contact, 1)
    expect(await here.erasures.confirm(other.contact, undefined)).toMatchObject({ state: 'done' })
    expect(await findIn(test.database, other.canary)).toEqual([])
  })

  it('is counted before it is retired, and what was retired is counted and written down', async () => {
    const { ticket, case: complaint } = await fillEverything(test.database)
    await test.database.query(
      "update tickets set state = 'closed', closed_at = '2010-01-01T00:00:00Z' where id = $1",
      [ticket],
    )
    await test.database.query(
      "update complaint_cases set updated_at = '2010-01-01T00:00:00Z' where id = $1",
      [complaint],
    )
    const over = { ...noneOver(), tickets: 1, complaints: 1 }
    const none = noneOver()
    expect(await there.retention(true)).toEqual(over)
    expect([await there.retention(false), await here.retention(false)]).toEqual([over, none])
    expect(removed).toEqual(
      expect.arrayContaining([
        ['tickets', 1],
        ['complaints', 1],
      ]),
    )
    const lines = await test.database.query(
      "select detail from audit_log where act = 'retention.applied' order by seq desc limit 2",
    )
    expect(lines).toEqual([{ detail: none }, { detail: over }])
  })

  it('says when retention last came to its end, whatever was broken off since', async () => {
    const { lastRun } = createRetention(test.database)
    await here.retention(false)
    const at = await lastRun()
    expect(at).toBeInstanceOf(Date)
    const broken = openRetention(config, test.database, () => undefined).apply(AbortSignal.abort())
    await expect(broken).rejects.toThrow()
    expect(await lastRun()).toEqual(at)
    await there.retention(false)
    expect((await lastRun())?.getTime()).toBeGreaterThan(at?.getTime() ?? Infinity)
  })

  it('says when the running product does not understand', async () => {
    const other = remotePrivacy(async (schema) => schema.parse(await Promise.resolve(null)))
    await expect(other.holds.get('x')).rejects.toThrow()
  })
})
