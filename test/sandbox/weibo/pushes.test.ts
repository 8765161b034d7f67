import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WeiboDeed } from '../../../sandbox/index.ts'
import { account, fan, setStage } from './stage.ts'
import type { SeenPush, Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const answer = (text: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    result: true,
    sender_id: account.uid,
    receiver_id: fan.key,
    type: 'text',
    data: encodeURIComponent(JSON.stringify({ text })),
    ...more,
  })

const isSigned = ({ query }: SeenPush): boolean => {
  const joined = [account.appSecret, query.get('timestamp') ?? '', query.get('nonce') ?? ''].sort().join('')
  return query.get('signature') === createHash('sha1').update(joined).digest('hex')
}

describe('pushes', () => {
  it('are signed in milliseconds and carry ids as numbers, whatever their size', async () => {
    await stage.simulator.push(fan.key, { kind: 'text', text: '我的快递呢' })
    const [push] = stage.seen
    expect(push?.query.get('timestamp')).toBe('1342433360500')
    expect(push !== undefined && isSigned(push)).toBe(true)
    expect(push?.body).toBe(
      `{"type":"text","receiver_id":1902538057,"sender_id":9007199254740993,"created_at":"Mon Jul 16 18:09:20 +0800 2012","text":"我的快递呢","data":{}}`,
    )
  })

  it.each<[string, WeiboDeed, object]>([
    ['position', { kind: 'position', latitude: 39.98, longitude: 116.3 }, { longitude: '116.300000' }],
    ['event', { kind: 'follow' }, { subtype: 'follow' }],
    ['event', { kind: 'unfollow' }, { subtype: 'unfollow' }],
    ['event', { kind: 'subscribe', keyword: 'dy' }, { subtype: 'subscribe' }],
    ['event', { kind: 'unsubscribe' }, { subtype: 'unsubscribe' }],
    ['event', { kind: 'scan', scene: '123' }, { subtype: 'scan', key: 'QR_SCENE_123' }],
    ['event', { kind: 'scan_follow', scene: '1' }, { subtype: 'scan_follow', ticket: 'TICKET_1' }],
    ['event', { kind: 'click', key: 'get_groupon' }, { subtype: 'click', key: 'get_groupon' }],
    ['event', { kind: 'view', url: 'https://a.example' }, { subtype: 'view', key: 'https://a.example' }],
    ['event', { kind: 'event', subtype: 'poke', data: { count: 2 } }, { subtype: 'poke', count: 2 }],
    ['mention', { kind: 'mention', text: '怎么退款' }, { subtype: 'status', key: '3456789012345678' }],
    ['hologram', { kind: 'other', type: 'hologram', data: { beam: 'x' } }, { beam: 'x' }],
  ])('of type %s say what was done: %o', async (type, deed, data) => {
    expect(await stage.simulator.push(fan.key, deed)).toMatchObject({ state: 'acknowledged' })
    expect(JSON.parse(stage.seen[0]?.body ?? '')).toMatchObject({ type, data })
  })

  it('of files carry two handles, of which the receiver’s opens the file', async () => {
    const fid = stage.simulator.upload(Buffer.from('#!AMR\n'))
    await stage.simulator.push(fan.key, { kind: 'voice', fid })
    expect(stage.seen[0]?.body).toContain(`"tovfid":${fid}}`)
    const query = { access_token: account.accessToken }
    expect((await stage.call('/2/mss/msget', { ...query, fid })).headers.get('content-type')).toBe(
      'audio/amr',
    )
    const vfid = String(BigInt(fid) - 10n)
    expect((await stage.call('/2/mss/msget', { ...query, fid: vfid })).status).toBe(400)
  })

  it('are made three times when the callback fails, each signed anew', async () => {
    stage.answerWith(() => ({ status: 503 }))
    const outcome = await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
    expect(outcome.state).toBe('failed')
    expect(stage.seen).toHaveLength(3)
    expect(new Set(stage.seen.map(({ body }) => body)).size).toBe(1)
    expect(new Set(stage.seen.map(({ query }) => query.get('nonce'))).size).toBe(3)
    expect(stage.screen()).toEqual(['user 在吗 failed'])
  })

  it('are given up after the time of an attempt', async () => {
    await stage.close()
    stage = await setStage({ timing: { attemptTimeoutMs: 1_000 } })
    stage.answerWith(() => 'silence')
    const outcome = await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
    expect(outcome).toMatchObject({
      state: 'failed',
      problems: expect.arrayContaining(['no answer within 1000 ms']),
    })
    expect(stage.seen).toHaveLength(3)
  })

  it('check the callback with an echo', async () => {
    stage.answerWith(({ query }) => ({ body: query.get('echostr') ?? '' }))
    expect(await stage.simulator.checkCallback()).toBe(true)
    stage.answerWith(() => ({ body: 'something else' }))
    expect(await stage.simulator.checkCallback()).toBe(false)
  })
})

describe('answers', () => {
  const answered = async (body: string) => {
    stage.answerWith(() => ({ body }))
    return stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
  }

  it('stand on the screen', async () => {
    expect(await answered(answer('在 + 100%'))).toMatchObject({ state: 'answered', problems: [] })
    expect(stage.screen()).toEqual(['user 在吗 delivered', 'account 在 + 100%'])
  })

  it('may be encoded as PHP does, and come without a result', async () => {
    const php = answer('', { data: '%7B%22text%22%3A%22a+b%2Bc%22%7D', result: undefined })
    expect(await answered(php)).toMatchObject({ answer: 'a b+c', problems: ['result is missing'] })
  })

  it.each([
    ['ids are not swapped', answer('在', { sender_id: fan.key, receiver_id: account.uid }), 'sender_id'],
    ['they are for somebody else', answer('在', { receiver_id: '1' }), 'receiver_id'],
    ['data is not encoded', answer('在', { data: '{"text":"在"}' }), 'not URL-encoded'],
    [
      'data is encoded twice',
      answer('在', { data: encodeURIComponent(encodeURIComponent('{"text":"a"}')) }),
      'refused',
    ],
    ['data is an object', answer('在', { data: { text: '在' } }), 'strings'],
    ['the text has 300 characters', answer('字'.repeat(300)), '20012'],
    ['the type is unknown', answer('在', { type: 'image' }), '10008'],
    [
      'there are nine cards',
      answer('在', { type: 'articles', data: encodeURIComponent(JSON.stringify({ articles: [] })) }),
      '10017',
    ],
    ['they are no JSON', 'success', 'JSON'],
  ])('are refused when %s', async (_, body, problem) => {
    const outcome = await answered(body)
    expect(outcome.problems.join()).toContain(problem)
    expect(stage.screen()).not.toContainEqual(expect.stringContaining('account'))
  })

  it('of 299 faces are taken', async () => {
    expect(await answered(answer('😀'.repeat(299)))).toMatchObject({ state: 'answered', problems: [] })
  })

  it('that differ between retries are complained about', async () => {
    stage.answerWith(() => ({ body: answer(`第${stage.seen.length}次`) }))
    const outcome = await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' }, { loseAnswers: 1 })
    expect(outcome.problems).toContain('a retry got another answer')
  })
})
