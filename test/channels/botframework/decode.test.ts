import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { InboundMessage } from '../../../src/core/message.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
let teams: Stage
beforeAll(async () => {
  stage = await setStage()
  teams = await setStage({ channelId: 'msteams' })
})
afterAll(() => Promise.all([stage.close(), teams.close()]))
let seen = 0
beforeEach(() => {
  seen = stage.host.accepted.length
})
const received = async (): Promise<readonly InboundMessage[]> => {
  await stage.settle()
  return stage.host.accepted.slice(seen)
}
const push = async (fields: Record<string, unknown>) => {
  await stage.simulator.people.push(userKey, fields)
  return received()
}

describe('an activity', () => {
  it.each([
    ['conversationUpdate', { membersAdded: [{ id: userKey }] }, [{ kind: 'event', name: 'opened' }], true],
    ['installationUpdate', { action: 'add' }, [{ kind: 'event', name: 'subscribed' }], true],
    ['installationUpdate', { action: 'remove-upgrade' }, [{ kind: 'event', name: 'unsubscribed' }], false],
    [
      'messageReaction',
      { reactionsAdded: [{ type: 'like' }] },
      [{ name: 'other', value: 'reaction like' }],
      false,
    ],
    [
      'messageReaction',
      { reactionsRemoved: [{ type: 'like' }] },
      [{ name: 'other', value: 'reaction removed' }],
      false,
    ],
    ['messageUpdate', { text: '改了' }, [{ name: 'edited' }, { kind: 'text', text: '改了' }], false],
    ['messageDelete', {}, [{ name: 'other', value: 'messageDelete' }], false],
    ['endOfConversation', {}, [{ name: 'closed' }], false],
    ['event', { name: 'webchat/join' }, [{ name: 'opened' }], true],
    ['event', { name: 'tokens/response' }, [{ name: 'other', value: 'tokens/response' }], false],
    ['hologram', { beam: 1 }, [{ kind: 'unsupported', type: 'hologram' }], false],
    ['message', { value: { order: 5 } }, [{ kind: 'unsupported', type: 'value' }], true],
  ])('%s %o', async (type, fields, parts, wantsReply) => {
    const [got, ...more] = await push({ type, ...fields })
    expect(more).toEqual([])
    expect(got).toMatchObject({ parts, wantsReply, contactKey: userKey })
  })

  it.each([
    ['typing', { type: 'typing' }],
    ['trace', { type: 'trace' }],
    ['the bot’s own arrival', { type: 'conversationUpdate', membersAdded: [{ id: 'BOT' }] }],
    ['the bot’s own words', { type: 'message', text: 'x', from: { id: 'BOT' } }],
    ['another bot’s words', { type: 'message', text: 'x', from: { id: 'b', role: 'bot' } }],
    ['an empty message', { type: 'message', text: '  ' }],
  ])('is dropped: %s', async (_name, fields) => {
    const own = JSON.stringify(fields).replaceAll('BOT', `28:${stage.account.appId}`)
    expect(await push(z.record(z.string(), z.unknown()).parse(JSON.parse(own)))).toEqual([])
  })

  it('invoke is answered in the response', async () => {
    const invoke = { ...stage.simulator.address(userKey, 'personal'), type: 'invoke' }
    expect(await stage.simulator.post({ ...invoke, name: 'message/submitAction' })).toEqual({
      status: 200,
      body: '{}',
    })
    expect((await stage.simulator.post({ ...invoke, name: 'composeExtension/query' })).status).toBe(501)
    expect(await received()).toEqual([])
  })

  it('brings its files, fetched with our token from the channel, without from a file host', async () => {
    stage.simulator.client.act(userKey, { kind: 'image', bytes: new Uint8Array([1, 2, 3]) })
    stage.simulator.client.act(userKey, { kind: 'file', name: '报告.pdf', bytes: new Uint8Array([4]) })
    const got = await received()
    expect(got.map(({ parts }) => parts[0])).toMatchObject([
      { kind: 'image', media: { mediaId: expect.any(String), bytes: 3 } },
      { kind: 'file', name: '报告.pdf', media: { mediaId: expect.any(String), bytes: 1 } },
    ])
  })

  it.each(['https://169.254.169.254/latest', 'https://evil.example/x', 'http://127.0.0.2/x'])(
    'never makes us call %s',
    async (contentUrl) => {
      const attachments = [{ contentType: 'image/png', contentUrl }]
      const [got] = await push({ type: 'message', attachments })
      expect(got?.parts).toMatchObject([{ kind: 'image', media: { failure: 'failed' } }])
      expect(stage.host.logged.some(({ facts }) => facts.includes('evil.example'))).toBe(false)
    },
  )

  it('keeps cards and the data addresses of files as what they are', async () => {
    const attachments = [
      { contentType: 'text/html', content: '<p>copy</p>' },
      { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } },
      { contentType: 'image/png', contentUrl: 'data:image/png;base64,AAAA' },
    ]
    const [got] = await push({ type: 'message', text: '看', attachments })
    expect(got?.parts).toMatchObject([
      { kind: 'unsupported', type: 'application/vnd.microsoft.card.adaptive' },
      { kind: 'image', media: { failure: 'not_downloadable' } },
      { kind: 'text', text: '看' },
    ])
  })

  it('is known again by channel, conversation and id, ten times at once', async () => {
    const activity = { ...stage.simulator.address(userKey, 'personal'), type: 'message', text: '在吗' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => stage.simulator.post(activity)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    await stage.simulator.post({ ...activity, conversation: { id: 'another' } })
    expect(await received()).toHaveLength(2)
  })

  it('that is lost, late, doubled or out of order is stored once', async () => {
    for (const fault of ['lost-answer', 'duplicate', 'out-of-order']) {
      stage.simulator.client.setFault(fault, true)
      stage.simulator.client.act(userKey, { kind: 'text', text: `${fault} 1` })
      stage.simulator.client.act(userKey, { kind: 'text', text: `${fault} 2` })
      await stage.settle()
      stage.simulator.client.setFault(fault, false)
    }
    expect(await received()).toHaveLength(6)
    stage.simulator.client.setFault('stale-timestamp', true)
    stage.simulator.client.act(userKey, { kind: 'text', text: '旧' })
    await stage.settle()
    expect(stage.host.accepted.slice(seen)).toHaveLength(6)
    stage.simulator.client.setFault('stale-timestamp', false)
  })
})

describe('in Teams', () => {
  it('the bot’s name is taken out of the text, and each member has a conversation', async () => {
    teams.simulator.client.act(userKey, { kind: 'mention', text: '怎么退款' })
    teams.simulator.client.act('29:contact-0002', { kind: 'mention', text: '怎么开票' })
    await teams.settle()
    const got = teams.host.accepted
    expect(got.map(({ parts }) => parts).flat()).toMatchObject([{ text: '怎么退款' }, { text: '怎么开票' }])
    expect(new Set(got.map(({ threadKey }) => threadKey)).size).toBe(2)
    expect(got[0]?.threadKey).toContain(';messageid=')
    // What is for one of them alone is told in a private chat only.
    const [alone] = stage.host.accepted
    expect(
      [...got, ...(alone === undefined ? [] : [alone])].map((one) => teams.channel.isShared?.(one)),
    ).toEqual([true, true, false])
  })

  it('a file is fetched from where Teams keeps it', async () => {
    const seenThere = teams.host.accepted.length
    const contentType = 'application/vnd.microsoft.teams.file.download.info'
    const attachments = [
      { contentType, name: 'a.docx', content: { downloadUrl: 'https://x.sharepoint.com.evil/y' } },
    ]
    await teams.simulator.people.push(userKey, { type: 'message', attachments })
    expect(teams.host.accepted[seenThere]?.parts).toMatchObject([
      { kind: 'file', name: 'a.docx', media: { failure: 'failed' } },
    ])
  })
})
