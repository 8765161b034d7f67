import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadBotBuilder } from '../../../channels/botframework/client.ts'
import type { ChoicesPart, Part } from '../../../src/core/message.ts'
import { createStillHost } from '../../support/still-host.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage, StageOptions } from './stage.ts'

let stage: Stage
const open = async (options: StageOptions = {}): Promise<void> => {
  stage = await setStage(options)
  stage.simulator.client.act(userKey, { kind: 'text', text: '在吗' })
  await stage.settle()
}
beforeEach(() => open())
afterEach(() => stage.close())
const reopen = async (options: StageOptions): Promise<void> => {
  await stage.close()
  await open(options)
}

const text = (words: string): Part => ({ kind: 'text', text: words })
const sends = () => stage.simulator.exchanges().filter(({ kind }) => kind === 'api')

const choices: ChoicesPart = {
  kind: 'choices',
  prompt: '您想问哪个？',
  choices: [
    { id: 'vip-refund-how', label: '大会员退款' },
    { id: 'person', label: '转人工' },
  ],
  footer: '也可以直接输入',
}

describe('a message', () => {
  it('goes into the conversation that wrote, by its service URL, without answering anything that never was', async () => {
    expect(await stage.send(text('您好 <b>&'))).toEqual({
      providerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(stage.shown()).toMatchObject([
      {
        type: 'message',
        text: '您好 <b>&',
        textFormat: 'plain',
        from: { id: `28:${stage.account.appId}` },
        recipient: { id: userKey },
        conversation: { id: `a:conversation-${userKey}` },
      },
    ])
    expect(stage.shown()[0]).not.toHaveProperty('replyToId')
    expect(sends()[0]?.title).toMatch(/\/activities$/)
  })

  it('follows the service URL that the last message named', async () => {
    const moved = stage.apiUrl.replace('127.0.0.1', 'localhost')
    await stage.close()
    await open({ section: { serviceHosts: ['127.0.0.1', 'localhost'] } })
    const serviceUrl = `${stage.apiUrl.replace('127.0.0.1', 'localhost')}/`
    const activity = {
      ...stage.simulator.address(userKey, 'personal'),
      type: 'message',
      text: '搬了',
      serviceUrl,
    }
    expect((await stage.simulator.post(activity, { claims: { serviceurl: serviceUrl } })).status).toBe(200)
    expect(stage.host.accepted.at(-1)?.accountKey).toContain('localhost')
    await stage.send(text('找到了'))
    expect(stage.shown()).toHaveLength(1)
    expect(moved).toContain('localhost')
  })

  it('never goes to an address that is not allowed any more', async () => {
    const accountKey = (stage.host.accepted[0]?.accountKey ?? '').replace(
      stage.apiUrl,
      'https://evil.example',
    )
    await expect(stage.send(text('在'), { accountKey })).rejects.toMatchObject({
      code: 'permanent',
      facts: { hint: expect.stringContaining('serviceHosts') },
    })
    await expect(stage.send(text('在'), { accountKey: 'nonsense' })).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(sends()).toEqual([])
  })

  it('shows choices as suggested actions, and what is pressed comes back as our choice', async () => {
    await stage.send(choices)
    const line = stage.simulator.client.lines(userKey).at(-1)
    expect(line).toMatchObject({
      text: '您想问哪个？\n也可以直接输入',
      choices: [{ label: '大会员退款' }, { label: '转人工' }],
    })
    stage.simulator.client.act(userKey, { kind: 'choice', lineId: line?.id ?? '', choiceId: '0' })
    await stage.settle()
    expect(stage.host.accepted.at(-1)).toMatchObject({
      parts: [
        { kind: 'event', name: 'choice', value: 'vip-refund-how' },
        { kind: 'text', text: '大会员退款' },
      ],
      mayContinue: false,
    })
  })

  it('shows choices in Teams as a hero card', async () => {
    await reopen({ channelId: 'msteams' })
    await stage.send(choices)
    expect(stage.shown()).toMatchObject([
      {
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.hero',
            content: { buttons: [{ type: 'messageBack' }, {}] },
          },
        ],
      },
    ])
    expect(stage.shown()[0]).not.toHaveProperty('suggestedActions')
  })

  it('shows typing where the contact wrote last, at most once in its time', async () => {
    await reopen({ host: createStillHost() })
    const { threadKey } = stage.host.accepted[0] ?? { threadKey: '' }
    await stage.channel.showTyping(threadKey, true)
    await stage.channel.showTyping(threadKey, true)
    await stage.channel.showTyping('somebody else', true)
    expect(stage.simulator.typed()).toEqual([userKey])
  })
})

describe('our token', () => {
  it('is fetched once for many senders, and once more when it is refused', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, count) => stage.send(text(`第${count}条`))))
    expect(stage.simulator.tokens.issued()).toBe(1)
    stage.simulator.tokens.expireAll()
    await stage.send(text('又一条'))
    expect(stage.simulator.tokens.issued()).toBe(2)
    expect(stage.shown()).toHaveLength(11)
  })

  it('that is refused although fresh is the operator’s matter', async () => {
    stage.simulator.client.setFault('token-expired', true)
    await expect(stage.send(text('在'))).rejects.toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('appId') },
    })
  })

  it.each([
    ['appPassword', { appPassword: 'wrong' }, 'AADSTS7000215', /Value \(值\)/],
    ['tenantId', { tenantId: '00000000-0000-0000-0000-000000000000' }, 'AADSTS90002', /tenant/],
    ['appId', { appId: '00000000-0000-0000-0000-000000000000' }, 'AADSTS700016', /Azure Bot/],
  ])('says which credential is wrong: %s', async (_name, section, providerCode, hint) => {
    const accountKey = stage.host.accepted[0]?.accountKey ?? ''
    const { apiUrl } = stage
    await stage.close()
    stage = await setStage({ section })
    const here = accountKey.replace(apiUrl, stage.apiUrl)
    const error: unknown = await stage
      .send(text('在'), { accountKey: here })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'needs_operator',
      facts: { providerCode, hint: expect.stringMatching(hint) },
    })
    expect(JSON.stringify(error)).not.toContain(stage.account.appPassword)
  })
})

describe('a refusal', () => {
  it.each([
    [412, 'PreconditionFailed', 'temporary'],
    [500, 'ServiceError', 'temporary'],
    [502, 'BadGateway', 'temporary'],
    [504, 'GatewayTimeout', 'temporary'],
    [403, 'ConversationBlockedByUser', 'unreachable'],
    [403, 'BotNotInConversationRoster', 'unreachable'],
    [403, 'Forbidden', 'no_permission'],
    [404, 'ConversationNotFound', 'unreachable'],
    [413, 'MessageSizeTooBig', 'too_long'],
    [400, 'BadArgument', 'permanent'],
  ] as const)('%i %s means %s, at the first try', async (status, word, code) => {
    stage.simulator.faults.order({ status, code: word })
    await expect(stage.send(text('在'))).rejects.toMatchObject({ code })
    expect(sends()).toHaveLength(1)
    await stage.send(text('在'))
  })

  it('for speed names the wait', async () => {
    stage.simulator.client.setFault('api-429', true)
    await expect(stage.send(text('在'))).rejects.toMatchObject({
      code: 'rate_limited',
      facts: { retryAfterMs: 3_000 },
    })
  })

  it.each(['cut', 'hang'] as const)('that is none (%s) is tried again later', async (fault) => {
    stage.simulator.faults.order(fault)
    await expect(stage.send(text('在'))).rejects.toMatchObject({ code: 'temporary' })
  })

  it('never holds a token, an address or the words', async () => {
    const errors: unknown[] = []
    for (const fault of ['cut', { status: 400, code: 'BadArgument' }, { status: 500, code: 'x' }] as const) {
      stage.simulator.faults.order(fault)
      errors.push(await stage.send(text('hunter2')).catch((error: unknown) => error))
    }
    const dump = errors.map((error) =>
      error instanceof Error ? `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}` : '',
    )
    const everything = dump.join('\n') + JSON.stringify(stage.host.logged)
    expect(everything).not.toMatch(/hunter2|Bearer|29:contact/)
    expect(everything).not.toContain(stage.account.appPassword)
  })
})

it('says what to install when botbuilder is missing', async () => {
  const missing = loadBotBuilder(() => Promise.reject(new Error('Cannot find package')))
  await expect(missing).rejects.toMatchObject({
    code: 'bad_config',
    message: expect.stringContaining('npm install --save-exact botbuilder@4.23.3'),
  })
})
