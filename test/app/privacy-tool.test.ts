import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remotePrivacy, type PrivacyTool } from '../../src/app/control-privacy.ts'
import { localPrivacyTool, openPrivacyTool } from '../../src/app/privacy-tool.ts'
import { findRunningProduct } from '../../src/app/running-product.ts'
import { parseConfig } from '../../src/config.ts'
import { createFolderBlobs } from '../../src/store/index.ts'
import { startTestControl } from '../support/control.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { fillEverything, findIn } from '../support/personal-ground.ts'
import { openPersonalServices } from '../support/personal-world.ts'

let test: TestDatabase
let here: PrivacyTool
let there: PrivacyTool
let stop: () => void
beforeAll(async () => {
  test = await openTestEmbedded()
  const parsed = parseConfig({ dataDir: test.folder })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const { config } = parsed
  const blobs = createFolderBlobs(join(test.folder, 'media'))
  here = localPrivacyTool(config, test.database)
  stop = await startTestControl({
    folder: test.folder,
    privacy: openPrivacyTool(config, test.database, openPersonalServices(test.database, blobs)),
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

  it('is counted before it is retired', async () => {
    const none = { messages: 0, tickets: 0, complaints: 0 }
    expect([await there.retention(true), await here.retention(false)]).toEqual([none, none])
  })

  it('says when the running product does not understand', async () => {
    const other = remotePrivacy((schema) => Promise.resolve(schema.parse(null)))
    await expect(other.holds.get('x')).rejects.toThrow()
  })
})
