import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyRing, parseDays, parseScopes, type KeyRing } from '../../src/app/key-ring.ts'
import { findRunningProduct } from '../../src/app/running-product.ts'
import type { AuditLog } from '../../src/core/audit.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createApiKeyStore, createAuditLog } from '../../src/store/index.ts'
import { startTestControl } from '../support/control.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'

let test: TestDatabase
let here: KeyRing
let there: KeyRing
let audit: Pick<AuditLog, 'verify'>
let stop: () => void
beforeAll(async () => {
  test = await openTestEmbedded()
  here = createKeyRing(createApiKeyStore(test.database), systemClock)
  stop = await startTestControl({
    folder: test.folder,
    keys: here,
    audit: createAuditLog(test.database),
  })
  const running = findRunningProduct(test.folder, process.pid)
  if (running === undefined) throw new Error('the running product is not found')
  there = running.keys
  audit = running.audit
})
afterAll(async () => {
  stop()
  await test.dispose()
})

describe('keys of the API at the command line', () => {
  it('are made, listed and revoked through the running product', async () => {
    const { key, token } = await there.create({ name: ' 仓库 ', scopes: ['tickets:read'], expiresInDays: 90 })
    expect(key).toMatchObject({ name: '仓库', scopes: ['tickets:read'], createdBy: 'command-line' })
    expect(token.startsWith(key.prefix)).toBe(true)
    expect((key.expiresAt?.getTime() ?? 0) - key.createdAt.getTime()).toBe(90 * 86_400_000)
    expect(await there.list()).toEqual(await here.list())
    expect((await there.revoke(key.id)).revokedAt).toBeInstanceOf(Date)
    await expect(there.revoke('nothing')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('stand in the audit log as the command line’s, which checks it the same way', async () => {
    const { key } = await there.create({ name: '对账', scopes: ['tickets:read'] })
    const [line] = await createAuditLog(test.database).list({ objectId: key.id }, { limit: 10 })
    expect(line).toMatchObject({
      act: 'key.created',
      actor: { kind: 'system', id: 'command-line' },
      detail: { name: '对账', scopes: ['tickets:read'] },
    })
    const { head } = await audit.verify()
    expect(head).toEqual({ number: line?.number, hash: line?.hash })
    expect(await audit.verify(head)).toMatchObject({ noted: 'same' })
  })

  it.each([
    { name: ' ', scopes: ['tickets:read'] as const },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['tickets:read'] as const, expiresInDays: 0 },
  ])('are refused when they make no sense: %j', async (wanted) => {
    await expect(there.create(wanted)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('are written as people write', () => {
    expect(parseScopes('contacts:read, tickets:read')).toEqual(['tickets:read', 'contacts:read'])
    expect(() => parseScopes('tickets:read,root')).toThrow(/root/)
    expect([parseDays('90d'), parseDays('7')]).toEqual([90, 7])
    expect(() => parseDays('soon')).toThrow(/soon/)
  })
})
