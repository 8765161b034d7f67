import { describe, expect, it } from 'vitest'
import { claimOf, classified, decide, dialogueWith, said, text } from './builders.ts'
import { nothing, renew } from './meanings.ts'

const turn = (words: string, awaitsCode: boolean, meaning = nothing) =>
  decide(dialogueWith(), claimOf([[text(words)]], awaitsCode ? { awaitsCode } : {}), (heard) =>
    classified({ ...meaning, text: heard }),
  )

describe('a one-time code', () => {
  it.each(['123456', '验证码是 123 456', '没收到验证码', 'resend'])(
    'is answered by whoever checks it: the bot is silent on %s',
    (words) => {
      const decision = turn(words, true)
      expect(decision.record).toMatchObject({ kind: 'silent', rule: 'identity-code' })
      expect(decision.dialogue.failedTurns).toBe(0)
      expect(decision.say).toEqual([])
    },
  )

  it('is a number like any other where none is awaited', () => {
    expect(turn('123456', false).record.kind).not.toBe('silent')
  })

  it('keeps nobody from an answer to something else', () => {
    expect(said(turn('怎么关自动续费', true, renew))).not.toBe('')
  })
})
