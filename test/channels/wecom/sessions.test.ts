import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { closeStages, failureOf, heard, paths, send, setStage, text, threadKey, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const news = ({ host }: Stage) => host.newsHeard.map(({ kind }) => kind).filter((kind) => kind !== 'said')
const byPerson = { ledByPerson: true }

describe('the session', () => {
  it('is taken by the assistant before the first words, and asked for again only after a while', async () => {
    const stage = await setStage()
    await send(stage, text('一'), { id: 'a' })
    expect(stage.simulator.session(userKey)).toBe(1)
    await send(stage, text('二'), { id: 'b' })
    expect(stage.simulator.calls(paths.state)).toHaveLength(1)
    stage.host.clock.advance(31_000)
    await send(stage, text('三'), { id: 'c' })
    expect(stage.simulator.calls(paths.state)).toHaveLength(2)
  })

  it('that a person in WeCom takes silences the bot, which says nothing and is told to be silent', async () => {
    const stage = await setStage()
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    expect(news(stage)).toEqual(['taken-over'])
    expect(await failureOf(send(stage, text('在吗')))).toMatchObject({
      code: 'permanent',
      facts: { providerCode: 'state 3', hint: expect.stringContaining('企业微信') as string },
    })
    expect(heard(stage)).toEqual([])
    expect(stage.simulator.calls(paths.send)).toEqual([])
  })

  it('that changed unnoticed is seen when WeCom refuses', async () => {
    const stage = await setStage()
    await send(stage, text('一'), { id: 'a' })
    stage.simulator.client.setFault('lost-connection', true)
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    expect(await failureOf(send(stage, text('二'), { id: 'b' }))).toMatchObject({ code: 'permanent' })
    expect(stage.simulator.calls(paths.send)).toHaveLength(2)
    expect(news(stage)).toContain('taken-over')
  })

  it('keeps what the person said, and gives the conversation back at its end', async () => {
    const stage = await setStage()
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    await stage.simulator.servicer.says(userKey, '我来处理')
    await stage.simulator.servicer.ends(userKey)
    const change = (name: string) => ({
      kind: 'said',
      message: { threadKey, parts: [{ kind: 'event', data: { change: name } }] },
    })
    expect(stage.host.newsHeard).toMatchObject([
      change('moved'),
      { kind: 'taken-over', threadKey },
      { kind: 'said', message: { threadKey, parts: [text('我来处理')] } },
      change('ended'),
      // Under handoff: desk a ticket of ours outlives the session.
      { kind: 'given-back', threadKey, despiteTicket: false },
    ])
    // Nothing of it is the contact's, so nobody has to think about it.
    expect(stage.host.accepted).toEqual([])
  })

  it('that ended without a word from WeCom is noticed when the contact writes', async () => {
    const stage = await setStage()
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    expect(news(stage)).toEqual(['taken-over'])
    stage.host.clock.advance(61_000)
    await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    expect(news(stage)).toEqual(['taken-over'])
    // Two days of silence end a session by themselves.
    stage.host.clock.advance(49 * 3_600_000)
    await stage.simulator.says(userKey, { kind: 'text', text: '还在吗' })
    expect(news(stage)).toEqual(['taken-over', 'given-back'])
  })

  it('that has ended waits for the contact, who begins it anew', async () => {
    const stage = await setStage()
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    await stage.simulator.servicer.ends(userKey)
    expect(await failureOf(send(stage, text('在吗')))).toMatchObject({ code: 'window_closed' })
    await stage.simulator.says(userKey, { kind: 'text', text: '还在吗' })
    await send(stage, text('在的'))
    expect(heard(stage).map((line) => line.text)).toEqual(['在的'])
  })

  it('answers its events with the configured words, once, while the code works', async () => {
    const stage = await setStage({
      section: { handoff: 'pool', queuedText: '排队中', servedText: '接通了', endedText: '再见' },
    })
    await send(stage, text('为您转人工'), byPerson)
    await expect.poll(() => heard(stage).map((line) => line.text)).toEqual(['为您转人工', '排队中'])
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    await stage.simulator.servicer.ends(userKey)
    await expect
      .poll(() => heard(stage).map((line) => line.text))
      .toEqual(['为您转人工', '排队中', '接通了', '再见'])
  })
})

describe('our own handoff', () => {
  it('leaves the session with us when our desk serves', async () => {
    const stage = await setStage()
    await send(stage, text('为您转人工'), byPerson)
    await stage.stopNode()
    expect(stage.simulator.session(userKey)).toBe(1)
  })

  it('moves it to the pool after the bot’s last words, and gives back whatever our tickets say', async () => {
    const stage = await setStage({ section: { handoff: 'pool', handoffDelayMs: 300 } })
    // The delay is over when we say so, not while a busy machine sends the last words.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await send(stage, text('为您转人工'), { ...byPerson, id: 'a' })
    await send(stage, text('请稍候'), { ...byPerson, id: 'b' })
    expect(heard(stage)).toHaveLength(2)
    vi.advanceTimersByTime(300)
    await expect.poll(() => stage.simulator.session(userKey)).toBe(2)
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    await stage.simulator.servicer.ends(userKey)
    expect(stage.host.newsHeard.at(-1)).toEqual({ kind: 'given-back', threadKey, despiteTicket: true })
  })

  it('is not forgotten by a node that stops at that moment', async () => {
    const stage = await setStage({ section: { handoff: 'pool', handoffDelayMs: 60_000 } })
    await send(stage, text('为您转人工'), byPerson)
    await stage.stopNode()
    expect(stage.simulator.session(userKey)).toBe(2)
  })

  it('moves it to the named agent, or to the pool when that one does not serve', async () => {
    const serving = await setStage({ section: { handoff: 'agent', handoffAgent: 'zhangsan' } })
    await send(serving, text('为您转人工'), byPerson)
    await expect.poll(() => serving.simulator.session(userKey)).toBe(3)
    const away = await setStage({ section: { handoff: 'agent', handoffAgent: 'lisi' } })
    await send(away, text('为您转人工'), byPerson)
    await expect.poll(() => away.simulator.session(userKey)).toBe(2)
  })

  it('is not made by what an agent of ours says', async () => {
    const stage = await setStage({ section: { handoff: 'pool' } })
    await send(stage, text('我是客服小王'), { ...byPerson, author: 'agent' })
    await stage.stopNode()
    expect(stage.simulator.session(userKey)).toBe(1)
  })
})

describe('a delivery that fails afterwards', () => {
  it('is told with its reason', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('bounce', true)
    const outboundId = '018f3a5e-0000-7000-8000-000000000001'
    stage.host.addSent({ outboundId, threadKey, contactKey: userKey })
    await send(stage, text('在吗'))
    await stage.simulator.settled()
    expect(stage.host.bounces.get(outboundId)).toMatchObject({
      code: 'unreachable',
      providerCode: 'fail_type 10',
    })
  })
})
