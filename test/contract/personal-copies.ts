import { randomBytes } from 'node:crypto'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPersonalReading } from '../../src/store/index.ts'
import { personalTables } from '../../src/store/personal-register.ts'
import type { TestDatabase } from '../support/databases.ts'
import { findIn } from '../support/personal-ground.ts'
import { openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'

/** What every database must do for copies and holds. */
export const itCopiesContacts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stage: PersonalStage
  beforeAll(async () => {
    test = await open()
    stage = openPersonalStage(test)
  })
  afterAll(() => test.dispose())

  describe('holding', () => {
    it('is set once, listed, and lifted once', async () => {
      const person = await stage.somebody()
      const hold = await stage.holds.set({ kind: 'complaint', id: person.case }, '监管要求')
      expect(hold).toMatchObject({
        objectKind: 'complaint',
        objectId: person.case,
        reason: '监管要求',
        version: 1,
      })
      await expect(stage.holds.set({ kind: 'complaint', id: person.case }, '再次')).rejects.toMatchObject({
        code: 'conflict',
      })
      expect((await stage.holds.list({ lifted: false, limit: 50 })).map(({ id }) => id)).toContain(hold.id)
      await expect(stage.holds.lift(hold.id, '已结', 4)).rejects.toMatchObject({
        facts: { current: 1, yours: 4 },
      })
      expect(await stage.holds.lift(hold.id, '已结', 1)).toMatchObject({ liftReason: '已结', version: 2 })
      await expect(stage.holds.lift(hold.id, '已结', undefined)).rejects.toMatchObject({ code: 'conflict' })
      expect((await stage.holds.list({ lifted: false, limit: 50 })).map(({ id }) => id)).not.toContain(
        hold.id,
      )
      expect(await stage.audited(person.case)).toEqual(['hold.set', 'hold.lifted'])
    })

    it('is refused for what is not there', async () => {
      for (const kind of ['contact', 'ticket', 'complaint'] as const)
        await expect(
          stage.holds.set({ kind, id: '00000000-0000-4000-8000-000000000000' }, '无'),
        ).rejects.toMatchObject({
          code: 'not_found',
        })
    })
  })

  describe('copying', () => {
    const unzipped = async (contactId: string, id: string) => {
      const bytes = Buffer.from(await new Response(await stage.exports.take(contactId, id)).arrayBuffer())
      const files = unzipSync(new Uint8Array(bytes))
      return new Map(
        Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('utf8')]),
      )
    }

    it('holds everything about the person, readable, with files and an index, and nothing of others', async () => {
      const [person, bystander] = [await stage.somebody(), await stage.somebody()]
      await stage.database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, agent_id, parts, sent_at, created_at)
         values (gen_random_uuid(), $1, 2, 'x', 'note', 'agent', 'lin', '[{"kind":"text","text":"只给同事看"}]', now(), now())`,
        [person.conversation],
      )
      await stage.database.query("update case_evidence set side = 'reported' where case_id = $1", [
        bystander.case,
      ])
      const { id } = await stage.exports.request(person.contact, '用户要求复制')
      await expect(stage.exports.take(person.contact, id)).rejects.toMatchObject({
        code: 'conflict',
        facts: { state: 'waiting' },
      })
      await stage.make(id)
      expect(await stage.exports.get(person.contact, id)).toMatchObject({ state: 'ready' })
      const files = await unzipped(person.contact, id)
      for (const [table, { exported }] of Object.entries(personalTables))
        expect([table, files.has(`data/${table}.json`)]).toEqual([table, exported !== undefined])
      expect(JSON.parse(files.get('data/messages.json') ?? '')).toHaveLength(1)
      expect(files.get('data/messages.json')).toContain(person.canary)
      const names = [person.file, person.evidence, person.avatar].map((file) => `files/${file}.bin`)
      for (const name of names) expect([...files.keys()]).toContain(name)
      const all = [...files.values()].join('\n')
      expect(all).not.toMatch(/只给同事看/)
      for (const foreign of [bystander.canary, bystander.contact, bystander.ticket])
        expect(all).not.toContain(foreign)
      expect(files.get('index.md')).toMatch(
        /\| data\/messages\.json \| 消息 \| 1 \|[^]*\| data\/messages\.json \| Messages \| 1 \|/,
      )
      const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
        files: { name: string; sha256: string }[]
      }
      expect(manifest.files.map(({ name }) => name)).toContain('data/messages.json')
      expect(await stage.audited(person.contact)).toEqual(['contact.exported', 'export.taken'])
      await stage.make(id)
      const other = await stage.exports.request(bystander.contact, '用户要求复制')
      await stage.make(other.id)
      expect([...(await unzipped(bystander.contact, other.id)).keys()]).not.toContain(
        `files/${bystander.evidence}.bin`,
      )
    })

    it('is nobody else’s, and over after its time', async () => {
      const [person, other] = [await stage.somebody(), await stage.somebody()]
      const { id } = await stage.exports.request(person.contact, '用户要求复制')
      await stage.make(id)
      await expect(stage.exports.get(other.contact, id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(stage.exports.take(other.contact, id)).rejects.toMatchObject({ code: 'not_found' })
      await stage.database.query(
        "update contact_exports set expires_at = now() - interval '1 second' where id = $1",
        [id],
      )
      await expect(stage.exports.take(person.contact, id)).rejects.toMatchObject({
        facts: { state: 'expired' },
      })
      await stage.clearArchives()
      expect(await stage.blobs.get(`${id}-0`)).toBeUndefined()
      expect((await stage.exports.get(person.contact, id)).state).toBe('expired')
    })

    it('leaves nothing when the contact is erased while it is made', async () => {
      const person = await stage.somebody()
      const { id } = await stage.exports.request(person.contact, '用户要求复制')
      const made = stage.make(id, {
        put: async (key, bytes) => {
          await stage.blobs.put(key, bytes)
          await stage.erase(await stage.confirmed(person))
          // What the job put after the archives were cleared.
          await stage.blobs.put(key, bytes)
        },
      })
      await made.catch(() => undefined)
      expect(await stage.blobs.get(`${id}-0`)).toBeUndefined()
      expect(await findIn(stage.database, person.canary)).toEqual([])
    })

    it('leaves nothing of a large one either, whichever piece was being written', async () => {
      const person = await stage.somebody()
      // More than one piece, and not to be compressed.
      await stage.blobs.put(person.file, randomBytes(5_000_000))
      const { id } = await stage.exports.request(person.contact, '用户要求复制')
      await stage.make(id, {
        put: async (key, bytes) => {
          if (key.endsWith('-1')) await stage.erase(await stage.confirmed(person))
          await stage.blobs.put(key, bytes)
        },
      })
      for (const piece of ['0', '1']) expect(await stage.blobs.get(`${id}-${piece}`)).toBeUndefined()
    })

    it('leaves nothing out when something goes while it is made', async () => {
      const person = await stage.somebody()
      await stage.database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
         select gen_random_uuid(), $1, n, 'x', 'in', 'contact', '[]', now(), now() from generate_series(2, 1200) n`,
        [person.conversation],
      )
      const reading = createPersonalReading(stage.database)
      const messages = reading.rows([person.contact]).find(({ table }) => table === 'messages')
      const read: unknown[] = []
      for await (const page of messages?.pages ?? []) {
        read.push(...page.map((row) => (row as { readonly id: string }).id))
        // What was read already is retired meanwhile.
        await stage.database.query('delete from messages where id = any($1::uuid[]) and seq > 1', [
          read.slice(-500),
        ])
      }
      expect(new Set(read).size).toBe(1_200)
    })

    it('is refused of somebody unknown', async () => {
      await expect(stage.exports.request('00000000-0000-4000-8000-000000000000', '无')).rejects.toMatchObject(
        {
          code: 'not_found',
        },
      )
    })
  })
}
