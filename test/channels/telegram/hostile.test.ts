import { describe, expect, it } from 'vitest'
import { decode, needsName } from '../../../channels/telegram/decode.ts'
import { readUpdate } from '../../../channels/telegram/verify.ts'
import { Refusal } from '../../../channels/kit/index.ts'
import { message, update } from './stage.ts'
import { createRandom, type Random } from '../../support/random.ts'

const context = {
  inboxId: 'inbox-1',
  bot: { id: '42', username: 'a_bot' },
  groups: 'mentions',
  maxDownloadBytes: 20_971_520,
  receivedAt: new Date(),
} as const

const file = { file_id: 'f', file_unique_id: 'u', file_size: 10, mime_type: 'a/b', file_name: 'n' }
const seeds = [
  update(
    'message',
    message({ text: '@a_bot /start x', entities: [{ type: 'mention', offset: 0, length: 6 }] }),
  ),
  update('message', message({ photo: [file, file], caption: 'x', chat: { id: -5, type: 'supergroup' } })),
  update(
    'message',
    message({ venue: { location: { latitude: 1, longitude: 2 }, title: 't', address: 'a' } }),
  ),
  update('message', message({ migrate_to_chat_id: -100 })),
  update('edited_message', message({ text: 'x', edit_date: 1_767_225_601 })),
  update('callback_query', { id: '1', from: { id: 5, is_bot: false }, message: message({}), data: 'x' }),
  update('my_chat_member', { ...message({}), new_chat_member: { status: 'kicked' } }),
]
const pieces = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '"\\ud800"',
  '9007199254740993',
  'true',
  '"\\u0000"',
  '{"a":[{}]}',
]

const mutate = (text: string, random: Random): string => {
  const at = random(text.length)
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(8))
    case 1:
      return text.slice(0, at) + String.fromCharCode(random(65_536)) + text.slice(at)
    case 2:
      return text.replace(/"id":-?\d+/, `"id":${pieces[random(pieces.length)] ?? ''}`)
    case 3: {
      const values = [...text.matchAll(/:("[^"]*"|-?\d+|\{\}|\[[^\]]*\])/g)]
      const found = values[random(values.length)]
      if (found === undefined) return text
      return `${text.slice(0, found.index + 1)}${pieces[random(pieces.length)] ?? ''}${text.slice(found.index + found[0].length)}`
    }
    default:
      return text.slice(0, at) + text.slice(random(text.length))
  }
}

describe('10 000 mutated updates', () => {
  it('are each a value or a refusal, never a crash', () => {
    const random = createRandom(20_261_126)
    const kinds = new Set<string>()
    for (let count = 0; count < 10_000; count += 1) {
      let text = seeds[random(seeds.length)] ?? ''
      for (let times = random(4); times >= 0; times -= 1) text = mutate(text, random)
      try {
        const fields = readUpdate(text)
        needsName(fields)
        const decoded = decode(fields, context)
        kinds.add(decoded.kind)
        if (decoded.kind === 'message') expect(Number.isNaN(decoded.message.sentAt.getTime())).toBe(false)
      } catch (error) {
        kinds.add('refused')
        expect(error, text).toBeInstanceOf(Refusal)
      }
    }
    expect([...kinds].sort()).toEqual(['ignored', 'message', 'migrated', 'press', 'refused'])
  })
})
