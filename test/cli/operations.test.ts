import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createPlaces, storeFile } from '../support/backup-world.ts'
import { startProduct } from '../support/product.ts'

const Checks = z.array(z.looseObject({ title: z.string(), passed: z.boolean(), fix: z.string().optional() }))

// Each call starts a process, and most of them a database.
describe('commands of operators', { timeout: 300_000 }, () => {
  const places = createPlaces(undefined)
  afterAll(() => places.dispose())

  it('replay lists what did not go, counts it, and sends it again beside the running product', async () => {
    const place = await places.empty()
    const product = await startProduct({ dataDir: place.folder })
    try {
      const contact = product.contact()
      await contact.says('大会员怎么退款')
      await contact.hears(/退/)
      await product.restart(async () => {
        const database = await place.open()
        await database.query(
          `update outbox set status = 'failed', error = '{"code":"needs_operator","message":"allow-list"}'`,
        )
        await database.close()
      })
      const heard = contact.heard().length

      const listed = await place.run('replay', '--since', '1h', '--json')
      expect(listed.status, listed.stderr).toBe(0)
      const { letters } = z
        .object({ letters: z.array(z.looseObject({ id: z.string(), reason: z.string() })) })
        .parse(JSON.parse(listed.stdout))
      expect(letters.map(({ reason }) => reason)).toContain('needs_operator')
      const dry = await place.run('replay', '--all', '--channel', 'wechat', '--dry-run')
      expect(dry.stdout).toContain(`nothing is sent: ${String(letters.length)}`)
      expect(contact.heard()).toHaveLength(heard)
      const sent = await place.run('replay', '--all', '--channel', 'wechat', '--reason', 'needs_operator')
      expect(sent.stdout).toContain(`queued again: ${String(letters.length)}`)
      await expect.poll(() => contact.heard().length).toBeGreaterThan(heard)

      const none = await place.run('replay', letters[0]?.id ?? '')
      expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('there is no such message')])
      const both = await place.run('replay', letters[0]?.id ?? '', '--all')
      expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('one of them')])
    } finally {
      await product.dispose()
    }
  })

  it('doctor --deep names lost files, a wrong key and what waits, and what to do', async () => {
    const place = await places.empty()
    const product = await startProduct({ dataDir: place.folder })
    const contact = product.contact()
    await contact.says('大会员怎么退款')
    await contact.hears(/退/)
    const look = async () => {
      const { stdout } = await place.run('doctor', '--deep', '--all-files', '--json')
      return Checks.parse(JSON.parse(stdout))
    }
    const titled = (checks: z.infer<typeof Checks>, part: string) =>
      checks.find(({ title }) => title.includes(part))
    const well = await look()
    for (const part of ['migrations complete', 'references whole', 'encrypted values open', 'looked at'])
      expect([part, titled(well, part)?.passed]).toEqual([part, true])
    expect(readdirSync(place.folder)).not.toContain('backup-work')
    await product.app.stop()

    const fileId = await storeFile(place, 10_000)
    writeFileSync(join(place.folder, 'media', fileId), 'other')
    writeFileSync(join(place.folder, 'master.key'), 'ab'.repeat(32))
    const database = await place.open()
    await database.query(
      `update outbox set status = 'queued', next_attempt_at = now() - interval '1 hour', created_at = now() - interval '1 hour'`,
    )
    await database.close()
    const ill = await look()
    expect(titled(ill, 'looked at')).toMatchObject({ passed: false, fix: expect.stringContaining(fileId) })
    expect(titled(ill, 'encrypted values')).toMatchObject({
      passed: false,
      fix: expect.stringContaining('secrets media-links'),
    })
    expect(titled(ill, 'could go has waited')).toMatchObject({
      passed: false,
      fix: expect.stringContaining('does not run'),
    })
    expect(titled(ill, 'references whole')?.passed).toBe(true)
    await product.dispose().catch(() => undefined)
  })
})
