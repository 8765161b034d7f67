import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/core/conversation.ts'
import { toSteps } from '../../../sandbox/page/steps.ts'
import type { TranscriptEntry } from '../../../sandbox/wechat/index.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 23, 4, 0, second))

const message = (seq: number, changes: Partial<Message>): Message => ({
  id: `m${seq}`,
  conversationId: 'c1',
  seq,
  direction: 'in',
  author: 'contact',
  parts: [{ kind: 'text', text: `说 ${seq}` }],
  createdAt: at(seq),
  ...changes,
})
const out = (seq: number, text: string): Message =>
  message(seq, { direction: 'out', author: 'bot', parts: [{ kind: 'text', text }] })
const line = (id: number, text: string, second: number): TranscriptEntry => ({
  id,
  openid: 'o1',
  at: at(second),
  source: 'user',
  content: { kind: 'text', text },
})

describe('steps of the panel', () => {
  it('groups replies under what they answer, latest first, whatever order they come in', () => {
    const steps = toSteps([out(4, '答二'), message(3, {}), out(2, '答一'), message(1, {})], [])
    expect(steps.map((step) => [step.said, step.replies.map((reply) => reply.said)])).toEqual([
      ['说 3', ['答二']],
      ['说 1', ['答一']],
    ])
  })

  it('finds the ticket in what followed, from replies and from the conversation’s activity', () => {
    const activity = message(2, {
      direction: 'activity',
      author: 'system',
      parts: [{ kind: 'text', text: '工单 T-7' }],
    })
    const steps = toSteps([message(1, {}), activity, out(3, '已转人工，工单 T-7，另见 T-12')], [])
    expect(steps[0]?.tickets).toEqual(['T-7', 'T-12'])
    expect(steps[0]?.replies.length).toBe(1)
  })

  it('leaves out what came before the first message, and notes', () => {
    const note = message(3, { direction: 'note', author: 'agent' })
    const [step] = toSteps([out(1, '问候'), message(2, {}), note], [])
    expect(step?.replies).toEqual([])
  })

  it('ties a message to the phone line of the same words and moment, each line once', () => {
    const said = (seq: number): Message => message(seq, { parts: [{ kind: 'text', text: '在吗' }] })
    const lines = [line(10, '在吗', 1), line(11, '在吗', 5), line(12, '别的', 5)]
    expect(toSteps([said(1), said(5)], lines).map((step) => step.entryId)).toEqual([11, 10])
    expect(toSteps([said(1)], [line(10, '在吗', 50)])[0]?.entryId).toBeUndefined()
    expect(toSteps([said(1)], [line(10, '不在', 1)])[0]?.entryId).toBeUndefined()
  })

  it('ties a menu choice and a voice message to their lines', () => {
    const choice = message(1, { parts: [{ kind: 'event', name: 'choice', value: '1' }] })
    const voice = message(2, { parts: [{ kind: 'audio', media: {} }] })
    const spoken: TranscriptEntry = { ...line(11, '', 2), content: { kind: 'voice', mediaId: 'v' } }
    const steps = toSteps([choice, voice], [line(10, '满意', 1), spoken])
    expect(steps.map((step) => [step.entryId, step.said])).toEqual([
      [11, ''],
      [10, '1'],
    ])
  })
})
