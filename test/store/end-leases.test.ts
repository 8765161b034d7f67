import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import {
  createConversationStore,
  createOutboxStore,
  openEmbedded,
  type Database,
} from '../../src/store/index.ts'
import { buildDraft, buildItem, buildOutcome } from '../support/builders.ts'

const now = new Date('2026-11-23T04:00:00Z')
const leaseMs = 600_000

let [folder, database] = ['', undefined as Database | undefined]
const reopen = async (): Promise<Database> => {
  await database?.close()
  database = await openEmbedded({ folder, log: silentLog })
  return database
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-test-'))
  cpSync(inject('databaseTemplate'), join(folder, 'database'), { recursive: true })
})
afterEach(async () => {
  await database?.close()
  database = undefined
  rmSync(folder, { recursive: true, force: true })
})

it('goes on at once with what a process that is gone was thinking about', async () => {
  const before = createConversationStore(await reopen())
  await before.accept([buildItem()], now)
  const [held] = await before.claim('gone', 10, leaseMs)
  expect(await before.claim('another', 10, leaseMs)).toEqual([])
  const [taken] = await createConversationStore(await reopen()).claim('back', 10, leaseMs)
  expect(taken?.conversationId).toBe(held?.conversationId)
})

it('sends at once again, and marks it, what a process that is gone was sending', async () => {
  const opened = await reopen()
  const store = createConversationStore(opened)
  await store.accept([buildItem()], now)
  const [claim] = await store.claim('gone', 10, leaseMs)
  if (claim === undefined) throw new Error('nothing was ready')
  await store.commit([buildOutcome(claim, { outbound: [buildDraft('一')] })], now)
  const [sent] = await createOutboxStore(opened).claim('gone', 10, leaseMs, now)
  expect(await createOutboxStore(opened).claim('another', 10, leaseMs, now)).toEqual([])
  const [again] = await createOutboxStore(await reopen()).claim('back', 10, leaseMs, now)
  expect(again).toMatchObject({ uncertain: true, message: { id: sent?.message.id, attempt: 2 } })
})
