import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/core/blobs.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { ContactExports, Erasures, LegalHolds } from '../../src/core/personal-data.ts'
import { createClearArchives, createMakeExport } from '../../src/privacy/index.ts'
import {
  createContactExports,
  createContactStore,
  createConversationStore,
  createEndedExports,
  createEraseContact,
  createErasures,
  createEventLog,
  createExportWork,
  createFolderBlobs,
  createLegalHolds,
  createMediaStore,
  createOutboxStore,
  createPersonalReading,
  createTicketStore,
  type Database,
} from '../../src/store/index.ts'
import { otherTables, personalTables } from '../../src/store/personal-register.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { columnsOf, fillEverything, findIn, type Person } from '../support/personal-ground.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const never = new AbortController().signal

/** What every database must do with what is known of contacts. */
export const itKeepsPersonalData = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let database: Database
  let blobs: BlobStore
  let erasures: Erasures
  let holds: LegalHolds
  let exports: ContactExports
  const again: string[] = []

  beforeAll(async () => {
    test = await open()
    ;({ database } = test)
    blobs = createFolderBlobs(join(test.folder, 'media'))
    erasures = createErasures(database, () => Promise.resolve())
    holds = createLegalHolds(database)
    exports = createContactExports({ database, blobs, enqueue: () => Promise.resolve() })
  })
  afterAll(() => test.dispose())

  const clearArchives = () => createClearArchives({ ended: createEndedExports(database), blobs })()
  /** The job, on `on` instead of the database where one is given. */
  const eraseOn = (on: Database) =>
    createEraseContact({
      database: on,
      clearFiles: async () => {
        await createMediaStore({ database: on, blobs, maxBytes: 1_000 }).clearUnsent(86_400_000)
      },
      clearArchives: async () => {
        await clearArchives()
      },
      lookAgain: (_transaction, id) => {
        again.push(id)
        return Promise.resolve()
      },
    })
  const erase = (erasureId: string) => eraseOn(database)(erasureId, never)

  const make = createMakeExportOf(() => ({ database, blobs }))

  /** Somebody about whom something stands in every table, with the bytes of their files. */
  const somebody = async (): Promise<Person> => {
    const person = await fillEverything(database)
    for (const key of [person.file, person.evidence, person.avatar, `${person.export}-0`])
      await blobs.put(key, Buffer.from(person.canary))
    return person
  }
  const confirmed = async ({ contact }: Person): Promise<string> => {
    const { version } = await erasures.plan(contact, '用户要求删除')
    return (await erasures.confirm(contact, version)).id
  }
  const inFiles = (text: string): readonly string[] =>
    readdirSync(join(test.folder, 'media')).filter((name) =>
      readFileSync(join(test.folder, 'media', name)).includes(text),
    )
  const audited = async (contactId: string) =>
    (
      await database.query<{ act: string }>('select act from audit_log where object_id = $1 order by seq', [
        contactId,
      ])
    ).map(({ act }) => act)
  const says = (contactKey: string, dedupKey: string, displayName = '张三') =>
    createConversationStore(database).accept(
      [buildItem(buildInbound({ contactKey, dedupKey, displayName }))],
      new Date(),
    )

  describe('the register', () => {
    it('names every table of the database, each once', async () => {
      const tables = new Set((await columnsOf(database)).map(({ table }) => table))
      expect([...Object.keys(personalTables), ...Object.keys(otherTables)].toSorted()).toEqual(
        [...tables].toSorted(),
      )
    })

    it('says of every column of rows that stay whether it does', async () => {
      const columns = await columnsOf(database)
      for (const [table, { erase }] of Object.entries(personalTables)) {
        if (erase === 'delete') continue
        const declared = [
          ...Object.keys(erase.blank),
          ...Object.keys(erase.also ?? {}),
          ...erase.kept.split(' '),
        ]
        const there = columns.filter((column) => column.table === table).map(({ name }) => name)
        expect({ table, columns: declared.toSorted() }).toEqual({ table, columns: there.toSorted() })
      }
    })

    it('says of every table whether it is in the copy, or why not', () => {
      for (const [table, { exported, leftOut }] of Object.entries(personalTables))
        expect([table, exported === undefined, leftOut !== undefined]).toEqual([
          table,
          leftOut !== undefined,
          exported === undefined,
        ])
    })
  })

  describe('erasing', () => {
    it('shows first what goes and what stays, and changes nothing', async () => {
      const person = await somebody()
      const planned = await erasures.plan(person.contact, '用户要求删除')
      expect(planned).toMatchObject({
        state: 'planned',
        blockedBy: [],
        version: 1,
        contactId: person.contact,
      })
      const fates = new Map(
        planned.lines.map(({ table, rows, fate, why }) => [table, { rows, fate, said: why !== undefined }]),
      )
      expect(fates.get('messages')).toEqual({ rows: 1, fate: 'deleted', said: false })
      expect(fates.get('tickets')).toEqual({ rows: 1, fate: 'blanked', said: true })
      expect((await findIn(database, person.canary)).length).toBeGreaterThan(40)
      await expect(erasures.plan(person.contact, 'noch einmal')).rejects.toMatchObject({ code: 'conflict' })
      await expect(erasures.confirm(person.contact, 7)).rejects.toMatchObject({
        facts: { current: 1, yours: 7 },
      })
      expect(await erasures.cancel(person.contact, 1)).toMatchObject({ state: 'cancelled', version: 2 })
      await expect(erasures.confirm(person.contact, 2)).rejects.toMatchObject({ code: 'conflict' })
      expect(await audited(person.contact)).toEqual(['erasure.planned', 'erasure.cancelled'])
    })

    it('leaves nothing of the person in any column of any table nor in any file, and others as they were', async () => {
      const [person, bystander] = [await somebody(), await somebody()]
      const before = await findIn(database, bystander.canary)
      const id = await confirmed(person)
      expect(await erase(id)).toBeGreaterThan(30)
      expect(await findIn(database, person.canary)).toEqual([])
      expect(inFiles(person.canary)).toEqual([])
      expect(await findIn(database, bystander.canary)).toEqual(before)
      expect(inFiles(bystander.canary)).toHaveLength(4)
      const files = await database.query('select id from media where id = any($1::uuid[])', [
        [person.file, person.evidence, person.avatar],
      ])
      expect(files).toEqual([])
      expect(await erasures.get(person.contact)).toMatchObject({ id, state: 'done', blockedBy: [] })
      expect(await audited(person.contact)).toEqual(['erasure.planned', 'erasure.confirmed', 'erasure.done'])
      expect(again).toContain(id)
    })

    it('keeps the numbers', async () => {
      const person = await somebody()
      await erase(await confirmed(person))
      const [ticket] = await database.query(
        'select state, title, topic is not null as topic from tickets where id = $1',
        [person.ticket],
      )
      expect(ticket).toEqual({ state: 'closed', title: '已删除 Erased', topic: true })
      const [survey] = await database.query(
        'select score, comment, state from survey_invitations where ticket_id = $1',
        [person.ticket],
      )
      expect(survey).toEqual({ score: 1, comment: null, state: 'answered' })
      const [items] = await database.query<{ count: number }>(
        'select count(*)::int as count from feedback_items where theme_id = $1 and discarded_at is null',
        [person.theme],
      )
      expect(items?.count).toBe(1)
    })

    it('tells programs outside', async () => {
      const person = await somebody()
      const erasureId = await confirmed(person)
      await erase(erasureId)
      await untilEventsAreReadable(database)
      const events = await createEventLog(database).read({ types: ['contact.erased'], limit: 100 })
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'contact.erased', contactId: person.contact, data: { erasureId } }),
      )
    })

    it('ends the same however often it is broken off', async () => {
      for (const after of [0, 1, 5, 9, 14, 20, 27, 33, 38]) {
        const person = await somebody()
        const id = await confirmed(person)
        let left = after
        const dying: Database = {
          ...database,
          transaction: (work) => {
            left -= 1
            return left < 0 ? Promise.reject(new Error('killed')) : database.transaction(work)
          },
        }
        await expect(eraseOn(dying)(id, never)).rejects.toThrow('killed')
        expect((await erasures.get(person.contact)).state).toBe('confirmed')
        await erase(id)
        expect([after, await findIn(database, person.canary), inFiles(person.canary)]).toEqual([
          after,
          [],
          [],
        ])
        expect((await erasures.get(person.contact)).state).toBe('done')
        expect(await erase(id)).toBe(0)
      }
    })

    it('stops when it is told to', async () => {
      const id = await confirmed(await somebody())
      await expect(eraseOn(database)(id, AbortSignal.abort())).rejects.toThrow()
      await erase(id)
    })

    it('waits while a hold or an open case stands, and says which', async () => {
      const person = await somebody()
      const hold = await holds.set({ kind: 'ticket', id: person.ticket }, '法院调取')
      await database.query("update complaint_cases set state = 'examining' where id = $1", [person.case])
      const planned = await erasures.plan(person.contact, '用户要求删除')
      const blockedBy = [
        { kind: 'hold', id: hold.id, held: { kind: 'ticket', id: person.ticket, reason: '法院调取' } },
        { kind: 'complaint', id: person.case, state: 'examining' },
      ]
      expect(planned.blockedBy).toEqual(blockedBy)
      await expect(erasures.confirm(person.contact, 1)).rejects.toMatchObject({
        code: 'conflict',
        facts: { blockedBy },
      })
      await holds.lift(hold.id, '案件已结', 1)
      await database.query("update complaint_cases set state = 'final' where id = $1", [person.case])
      await erase((await erasures.confirm(person.contact, 1)).id)
      expect(await findIn(database, person.canary)).toEqual([])
    })

    it('takes those along who were merged into the contact', async () => {
      const [old, person] = [await somebody(), await somebody()]
      const contacts = createContactStore(database)
      await contacts.merge({ from: old.contact, into: person.contact, reason: 'agent', now: new Date() })
      await erasures.plan(old.contact, '用户要求删除')
      await erase((await erasures.confirm(old.contact, undefined)).id)
      expect(await findIn(database, old.canary)).toEqual([])
      expect(await findIn(database, person.canary)).toEqual([])
      for (const id of [old.contact, person.contact])
        await expect(contacts.get(id)).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('after erasing', () => {
    /** Somebody with a ticket, erased while a worker and a sender were at work for them. */
    const erasedAtWork = async (contactKey: string) => {
      const conversations = createConversationStore(database)
      const outbox = createOutboxStore(database)
      const [accepted] = await says(contactKey, `${contactKey} 1`)
      const conversationId = accepted?.conversationId ?? ''
      const first = (await conversations.claim('worker', 50, 60_000)).find(
        (one) => one.conversationId === conversationId,
      )
      if (first === undefined) throw new Error('nothing was ready')
      const number = await conversations.nextTicketNumber()
      const openTicket = buildTicketDraft(number)
      await conversations.commit(
        [buildOutcome(first, { mode: 'bot', outbound: [buildDraft('请稍等')], openTicket })],
        new Date(),
      )
      await says(contactKey, `${contactKey} 2`)
      const claim = (await conversations.claim('worker', 50, 60_000)).find(
        (one) => one.conversationId === conversationId,
      )
      if (claim === undefined) throw new Error('nothing was ready')
      const [sending] = await outbox.claim('sender', 50, 60_000, new Date())
      await erasures.plan(claim.contactId, '用户要求删除')
      const { id } = await erasures.confirm(claim.contactId, undefined)
      return { claim, sending, conversationId, id, conversations, outbox, contactId: claim.contactId }
    }
    const written = async (conversationId: string) =>
      database.query(
        'select id from messages where conversation_id = $1 union select id from outbox where conversation_id = $1',
        [conversationId],
      )

    it('whoever was thinking or sending cannot write any more', async () => {
      const { claim, sending, conversationId, id, conversations, outbox } = await erasedAtWork('late-worker')
      await erase(id)
      expect(
        await conversations.commit([buildOutcome(claim, { outbound: [buildDraft('迟到')] })], new Date()),
      ).toEqual(['fenced'])
      if (sending === undefined) throw new Error('nothing was to be sent')
      await outbox.settle([{ claim: sending, result: { status: 'sent', providerId: 'x' } }], new Date())
      expect(await written(conversationId)).toEqual([])
    })

    it('nothing is written into their conversations and tickets, by whatever way', async () => {
      const { conversationId, id, contactId } = await erasedAtWork('late-writer')
      await erase(id)
      const [ticket] = await createTicketStore(database, initialDialogue)
        .list({ view: 'all', agentId: '', limit: 500 })
        .then((all) => all.filter((one) => one.conversationId === conversationId))
      await database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
         values (gen_random_uuid(), $1, 99, 'x', 'note', 'agent', '[]', now(), now())`,
        [conversationId],
      )
      await database.query("update tickets set subject = 'late' where conversation_id = $1", [conversationId])
      await database.query(
        "insert into ticket_timeline (ticket_id, at, actor, change, detail) values ($1, now(), 'agent', 'noted', '{}')",
        [ticket?.id],
      )
      expect(await written(conversationId)).toEqual([])
      expect(await database.query('select subject from tickets where id = $1', [ticket?.id])).toEqual([
        { subject: null },
      ])
      const lines = await database.query(
        "select id from ticket_timeline where ticket_id = $1 and change = 'noted'",
        [ticket?.id],
      )
      expect(lines).toEqual([])
      await expect(createContactStore(database).get(contactId)).rejects.toMatchObject({ code: 'not_found' })
      await expect(createContactStore(database).setTier(contactId, 'vip')).rejects.toMatchObject({
        code: 'not_found',
      })
    })

    it('a provider that sends an old message once more brings nobody back', async () => {
      const { id } = await erasedAtWork('retried')
      await erase(id)
      const [known] = await says('retried', 'retried 1')
      expect(known?.outcome).toBe('duplicate')
      expect(await database.query("select 1 from contact_identities where contact_key = 'retried'")).toEqual(
        [],
      )
      expect(await database.query("select 1 from messages where dedup_key = 'retried 1'")).toEqual([])
    })

    it('who writes again is somebody new, whichever node hears it', async () => {
      const node = createConversationStore(database)
      const hears = (dedupKey: string) =>
        node.accept([buildItem(buildInbound({ contactKey: 'returned', dedupKey }))], new Date())
      await hears('returned 0')
      const { id, contactId, conversationId } = await erasedAtWork('returned')
      await erase(id)
      const [accepted] = await hears('returned 3')
      expect(accepted).toMatchObject({ outcome: 'accepted', seq: 1 })
      const [row] = await database.query<{ contact_id: string }>(
        'select contact_id from conversations where id = $1',
        [accepted?.conversationId],
      )
      expect([row?.contact_id === contactId, accepted?.conversationId === conversationId]).toEqual([
        false,
        false,
      ])
      expect((await hears('returned 1'))[0]?.outcome).toBe('duplicate')
      expect(await database.query("select 1 from messages where dedup_key = 'returned 1'")).toEqual([])
    })
  })

  describe('holding', () => {
    it('is set once, listed, and lifted once', async () => {
      const person = await somebody()
      const hold = await holds.set({ kind: 'complaint', id: person.case }, '监管要求')
      expect(hold).toMatchObject({
        objectKind: 'complaint',
        objectId: person.case,
        reason: '监管要求',
        version: 1,
      })
      await expect(holds.set({ kind: 'complaint', id: person.case }, '再次')).rejects.toMatchObject({
        code: 'conflict',
      })
      expect((await holds.list({ lifted: false, limit: 50 })).map(({ id }) => id)).toContain(hold.id)
      await expect(holds.lift(hold.id, '已结', 4)).rejects.toMatchObject({ facts: { current: 1, yours: 4 } })
      expect(await holds.lift(hold.id, '已结', 1)).toMatchObject({ liftReason: '已结', version: 2 })
      await expect(holds.lift(hold.id, '已结', undefined)).rejects.toMatchObject({ code: 'conflict' })
      expect((await holds.list({ lifted: false, limit: 50 })).map(({ id }) => id)).not.toContain(hold.id)
      expect(await audited(person.case)).toEqual(['hold.set', 'hold.lifted'])
    })

    it('is refused for what is not there', async () => {
      for (const kind of ['contact', 'ticket', 'complaint'] as const)
        await expect(
          holds.set({ kind, id: '00000000-0000-4000-8000-000000000000' }, '无'),
        ).rejects.toMatchObject({
          code: 'not_found',
        })
    })
  })

  describe('copying', () => {
    const unzipped = async (contactId: string, id: string) => {
      const bytes = Buffer.from(await new Response(await exports.take(contactId, id)).arrayBuffer())
      const files = unzipSync(new Uint8Array(bytes))
      return new Map(
        Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('utf8')]),
      )
    }

    it('holds everything about the person, readable, with files and an index, and nothing of others', async () => {
      const [person, bystander] = [await somebody(), await somebody()]
      await database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, agent_id, parts, sent_at, created_at)
         values (gen_random_uuid(), $1, 2, 'x', 'note', 'agent', 'lin', '[{"kind":"text","text":"内部备注"}]', now(), now())`,
        [person.conversation],
      )
      await database.query("update case_evidence set side = 'reported' where case_id = $1", [bystander.case])
      const { id } = await exports.request(person.contact, '用户要求复制')
      await expect(exports.take(person.contact, id)).rejects.toMatchObject({
        code: 'conflict',
        facts: { state: 'waiting' },
      })
      await make(id)
      expect(await exports.get(person.contact, id)).toMatchObject({ state: 'ready' })
      const files = await unzipped(person.contact, id)
      for (const [table, { exported }] of Object.entries(personalTables))
        expect([table, files.has(`data/${table}.json`)]).toEqual([table, exported !== undefined])
      expect(JSON.parse(files.get('data/messages.json') ?? '')).toHaveLength(1)
      expect(files.get('data/messages.json')).toContain(person.canary)
      const names = [person.file, person.evidence, person.avatar].map((file) => `files/${file}.bin`)
      for (const name of names) expect([...files.keys()]).toContain(name)
      const all = [...files.values()].join('\n')
      expect(all).not.toMatch(/内部备注/)
      for (const foreign of [bystander.canary, bystander.contact, bystander.ticket])
        expect(all).not.toContain(foreign)
      expect(files.get('index.md')).toMatch(
        /\| data\/messages\.json \| 消息 \| 1 \|[^]*\| data\/messages\.json \| Messages \| 1 \|/,
      )
      const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
        files: { name: string; sha256: string }[]
      }
      expect(manifest.files.map(({ name }) => name)).toContain('data/messages.json')
      expect(await audited(person.contact)).toEqual(['contact.exported', 'export.taken'])
      await make(id)
      const other = await exports.request(bystander.contact, '用户要求复制')
      await make(other.id)
      expect([...(await unzipped(bystander.contact, other.id)).keys()]).not.toContain(
        `files/${bystander.evidence}.bin`,
      )
    })

    it('is nobody else’s, and over after its time', async () => {
      const [person, other] = [await somebody(), await somebody()]
      const { id } = await exports.request(person.contact, '用户要求复制')
      await make(id)
      await expect(exports.get(other.contact, id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(exports.take(other.contact, id)).rejects.toMatchObject({ code: 'not_found' })
      await database.query(
        "update contact_exports set expires_at = now() - interval '1 second' where id = $1",
        [id],
      )
      await expect(exports.take(person.contact, id)).rejects.toMatchObject({ facts: { state: 'expired' } })
      await clearArchives()
      expect(await blobs.get(`${id}-0`)).toBeUndefined()
      expect((await exports.get(person.contact, id)).state).toBe('expired')
    })

    it('leaves nothing when the contact is erased while it is made', async () => {
      const person = await somebody()
      const { id } = await exports.request(person.contact, '用户要求复制')
      const made = make(id, {
        put: async (key, bytes) => {
          await blobs.put(key, bytes)
          await erase(await confirmed(person))
          // What the job put after the archives were cleared.
          await blobs.put(key, bytes)
        },
      })
      await made.catch(() => undefined)
      expect(await blobs.get(`${id}-0`)).toBeUndefined()
      expect(await findIn(database, person.canary)).toEqual([])
    })

    it('is refused of somebody unknown', async () => {
      await expect(exports.request('00000000-0000-4000-8000-000000000000', '无')).rejects.toMatchObject({
        code: 'not_found',
      })
    })
  })
}

/** The job that makes copies; `instead` takes the place of the blob store's own. */
const createMakeExportOf =
  (ground: () => { readonly database: Database; readonly blobs: BlobStore }) =>
  (id: string, instead: Partial<BlobStore> = {}): Promise<void> => {
    const { database, blobs } = ground()
    // Files of tests have no hash worth checking.
    const find = async (mediaId: string) => {
      const bytes = await blobs.get(mediaId)
      return bytes === undefined
        ? undefined
        : { media: { mediaId, contentType: 'application/octet-stream', bytes: bytes.byteLength }, bytes }
    }
    return createMakeExport({
      work: createExportWork(database),
      ended: createEndedExports(database),
      reading: createPersonalReading(database),
      blobs: { ...blobs, ...instead },
      media: { find },
      now: () => new Date('2026-11-27T04:00:00Z'),
      keepMs: 3_600_000,
    })(id, never)
  }
