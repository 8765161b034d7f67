import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCursors } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every store of cursors must do. */
export const itIsACursorStore = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())

  const cursorOf = (inboxId: string) => createCursors(test.database)(inboxId)

  it('knows nothing of what was never written', async () => {
    expect(await cursorOf('fresh').read('sync')).toBeUndefined()
  })

  it('gives back what was written last, also to another reader', async () => {
    await cursorOf('mail').write('sync', '41')
    await cursorOf('mail').write('sync', '42')
    expect(await cursorOf('mail').read('sync')).toBe('42')
  })

  it('keeps names and inboxes apart', async () => {
    await cursorOf('one').write('a', '1')
    await cursorOf('one').write('b', '2')
    await cursorOf('two').write('a', '3')
    expect(await cursorOf('one').read('a')).toBe('1')
    expect(await cursorOf('one').read('b')).toBe('2')
    expect(await cursorOf('two').read('a')).toBe('3')
  })

  it('settles on one of several values written at once', async () => {
    const values = Array.from({ length: 20 }, (_, place) => String(place))
    await Promise.all(values.map((value) => cursorOf('busy').write('sync', value)))
    expect(values).toContain(await cursorOf('busy').read('sync'))
  })

  it('keeps long values and any characters as they are', async () => {
    const value = `${'游标'.repeat(2_000)}'";\n`
    await cursorOf('long').write('sync', value)
    expect(await cursorOf('long').read('sync')).toBe(value)
  })
}
