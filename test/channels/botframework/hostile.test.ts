import { describe, expect, it } from 'vitest'
import { decode } from '../../../channels/botframework/decode.ts'
import { decodeUtf8, readJson, Refusal } from '../../../channels/kit/index.ts'
import { createRandom, type Random } from '../../support/random.ts'

const address = {
  id: '1',
  timestamp: '2026-01-01T00:00:00Z',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/',
  from: { id: 'u', name: '小白' },
  conversation: { id: 'c', isGroup: true },
  recipient: { id: 'b', name: 'Bot' },
}
const seeds = [
  {
    type: 'message',
    text: '<at>Bot</at> hi',
    entities: [{ type: 'mention', text: '<at>Bot</at>', mentioned: { id: 'b' } }],
  },
  { type: 'message', value: { tongdaChoice: 'x' }, text: 'x' },
  {
    type: 'message',
    attachments: [
      { contentType: 'image/png', contentUrl: 'https://a/b', name: 'n' },
      { contentType: 'text/html' },
    ],
  },
  { type: 'conversationUpdate', membersAdded: [{ id: 'b' }, { id: 'u' }] },
  { type: 'invoke', name: 'x' },
  { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
  { type: 'typing' },
].map((fields) => JSON.stringify({ ...address, ...fields }))
const pieces = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '"\\ud800"',
  'true',
  '"\\u0000"',
  '[[{"a":1}]]',
  '"invoke"',
]

const mutate = (text: string, random: Random): string => {
  const at = random(text.length)
  const values = [...text.matchAll(/:("[^"]*"|\{[^{}]*\}|\[[^\]]*\]|true)/g)]
  const found = values[random(Math.max(1, values.length))]
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(8))
    case 1:
      return text.slice(0, at) + String.fromCharCode(random(65_536)) + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(random(text.length))
    default:
      return found === undefined
        ? text
        : `${text.slice(0, found.index + 1)}${pieces[random(pieces.length)] ?? ''}${text.slice(found.index + found[0].length)}`
  }
}

describe('10 000 mutated activities', () => {
  it('are each a value or a refusal, never a crash', () => {
    const random = createRandom(20_261_127)
    const kinds = new Set<string>()
    for (let count = 0; count < 10_000; count += 1) {
      let text = seeds[random(seeds.length)] ?? ''
      for (let times = random(4); times >= 0; times -= 1) text = mutate(text, random)
      try {
        const fields = readJson(decodeUtf8(Buffer.from(text)), { depth: 32, fields: 512 })
        const decoded = decode(fields, { inboxId: 'inbox-1', appId: 'app', receivedAt: new Date() })
        kinds.add(decoded.kind)
        if (decoded.kind === 'message') expect(Number.isNaN(decoded.message.sentAt.getTime())).toBe(false)
      } catch (error) {
        kinds.add('refused')
        expect(error, text).toBeInstanceOf(Refusal)
      }
    }
    expect([...kinds].sort()).toEqual(['ignored', 'invoke', 'message', 'refused'])
  })
})
