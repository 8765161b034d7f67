import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../channels/kit/index.ts'
import { decode, dropReason } from '../../../channels/wechaty/decode.ts'
import { wechaty } from '../../../channels/wechaty/index.ts'
import { createLineReader } from '../../../channels/wechaty/lines.ts'
import { readEvent } from '../../../channels/wechaty/verify.ts'
import { TongdaError } from '../../../src/core/errors.ts'
import { createContractHost } from '../../contract/channel.ts'

const key = 'k'.repeat(48)
const now = new Date('2026-01-01T00:00:00Z')
const message = {
  id: 'm1',
  type: 'text',
  text: '在吗',
  contactId: 'c1',
  contactName: '阿白',
  contactType: 'individual',
  self: false,
  mentionsSelf: false,
  sentAt: now.getTime(),
}
const lineOf = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ t: 'message', key, message: { ...message, ...more } })
const read = (line: string) => {
  const event = readEvent(line, key)
  if (event.t !== 'message') throw new Error('not a message')
  return event.message
}

describe('a line of the bridge', () => {
  it.each([
    ['without the key', JSON.stringify({ t: 'logout' }), 'unauthorized'],
    ['with another key', JSON.stringify({ t: 'logout', key: 'x' }), 'unauthorized'],
    ['that is no JSON', 'hello', 'malformed'],
    ['of an unknown kind', JSON.stringify({ t: 'dance', key }), 'malformed'],
    ['with a field too many', lineOf({ role: 'agent' }), 'malformed'],
    ['with a number for an id', lineOf({ id: 7 }), 'malformed'],
    ['with a name that means something', `{"t":"logout","key":"${key}","__proto__":{}}`, 'malformed'],
  ])('%s is refused', (_, line, code) => {
    const refusal = (): unknown => {
      try {
        return readEvent(line, key)
      } catch (error) {
        return error instanceof Refusal ? error.code : error
      }
    }
    expect(refusal()).toBe(code)
  })

  it('mutated 10 000 times is an event or a refusal', () => {
    const line = lineOf({ location: { latitude: 1, longitude: 2, label: 'x' } })
    const edit = fc.tuple(
      fc.nat(line.length),
      fc.nat(3),
      fc.oneof(fc.string(), fc.constantFrom('{', '}', '"', 'null', '1e999', '\\')),
    )
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let mutated = line
        for (const [at, cut, text] of edits) mutated = mutated.slice(0, at) + text + mutated.slice(at + cut)
        try {
          const event = readEvent(mutated, key)
          if (event.t === 'message') expect(decode(event.message, 'inbox-1', {}).parts).toHaveLength(1)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 10_000, seed: 5 },
    )
  })
})

describe('a message', () => {
  it('becomes text, with HTML undone once', () => {
    const given = read(lineOf({ text: ' 1 &lt; 2<br/>&amp;lt; [微笑] ' }))
    expect(decode(given, 'inbox-1', {})).toMatchObject({
      dedupKey: 'm1',
      contactKey: 'c1',
      threadKey: 'c1',
      displayName: '阿白',
      parts: [{ kind: 'text', text: '1 < 2\n&lt; [微笑]' }],
    })
  })

  it('keeps a link that is none of the web as unsupported', () => {
    const given = read(
      lineOf({ type: 'url', text: '', link: { url: 'javascript:x', title: '', description: '' } }),
    )
    expect(decode(given, 'inbox-1', {}).parts[0]?.kind).toBe('unsupported')
  })

  it.each([
    [{ self: true }, 'own'],
    [{ contactType: 'official' }, 'system'],
    [{ contactId: 'filehelper' }, 'system'],
    [{ roomId: 'r' }, 'room'],
    [{ roomId: 'r', mentionsSelf: true }, undefined],
    [{ sentAt: now.getTime() - 121_000 }, 'old'],
    [{ sentAt: now.getTime() - 119_000 }, undefined],
    [{ type: 'group-note', roomId: 'r', mentionsSelf: true }, 'notice'],
  ])('%j is dropped as %s', (more, reason) => {
    expect(dropReason(read(lineOf(more)), { rooms: 'mentioned', maxAgeSeconds: 120 }, now)).toBe(reason)
  })
})

describe('lines', () => {
  it('come whole, however they are cut, and one that is too long is dropped alone', () => {
    const text = `one\ntwo\n${'x'.repeat(50)}\n\nthree\n`
    for (const size of [1, 2, 3, 7, 100]) {
      const [lines, long]: [string[], number[]] = [[], []]
      const reader = createLineReader({
        maxLength: 10,
        onLine: (line) => lines.push(line),
        onTooLong: () => long.push(1),
      })
      for (let at = 0; at < text.length; at += size) reader(text.slice(at, at + size))
      expect([lines, long.length]).toEqual([['one', 'two', 'three'], 1])
    }
  })
})

describe('an inbox without the bridge', () => {
  it('says what to run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-no-bridge-'))
    const config = wechaty.config.parse({
      puppet: 'wechaty-puppet-service',
      bridgeDir: folder,
      stateDir: folder,
    })
    const channel = wechaty.create(config, createContractHost())
    await expect(channel.start()).rejects.toThrow(TongdaError)
    await expect(channel.start()).rejects.toThrow(`npm ci --prefix ${folder} --ignore-scripts`)
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['puppet', 'evil'],
    ['puppet', '../wechaty-puppet-x'],
    ['rooms', 'all'],
    ['unknown', 1],
  ])('refuses %s: %j', (name, value) => {
    expect(wechaty.config.safeParse({ puppet: 'wechaty-puppet-service', [name]: value }).success).toBe(false)
  })
})
