import { createWechatSimulator, type TranscriptEntry, type WechatSimulator } from '../../../sandbox/index.ts'
import { createActs, type ActInput } from '../../../sandbox/page/acts.ts'
import { createSwitches } from '../../../sandbox/page/switches.ts'
import type { ClientAct, ShownLine, SimulatedClient, WireExchange } from '../../../sandbox/simulator.ts'
import type { SetUp } from '../stage.ts'
import { resendOver } from './simulated.ts'

const account = {
  name: '次元站',
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'secretOfTheTestAccount0000000001',
  originalId: 'gh_0123456789ab',
  token: 'tokenOfTheTest01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  mode: 'safe',
  kind: 'service',
} as const

const states = {
  held: 'held',
  sending: 'sending',
  answered: 'delivered',
  acknowledged: 'delivered',
  failed: 'failed',
} as const

const shownOf = ({ content }: TranscriptEntry): Partial<ShownLine> => {
  switch (content.kind) {
    case 'text':
    case 'notice':
      return { text: content.text }
    case 'menu':
      return { text: `${content.head}\n${content.tail}`, choices: content.entries }
    default:
      return { text: content.kind }
  }
}

const lineOf = (entry: TranscriptEntry): ShownLine => ({
  id: String(entry.id),
  at: entry.at,
  from: entry.source === 'user' ? 'user' : entry.source === 'platform' ? 'platform' : 'account',
  ...(entry.state === undefined ? {} : { state: states[entry.state] }),
  ...shownOf(entry),
})

/** An act of the port as WeChat's own client makes it. */
const inputOf = (act: ClientAct, lines: readonly ShownLine[]): ActInput => {
  switch (act.kind) {
    case 'text':
      return { kind: 'text', text: act.text }
    case 'image':
      return { kind: 'image', data: Buffer.from(act.bytes).toString('base64') }
    case 'voice':
      return { kind: 'voice', durationMs: act.durationMs, recognition: act.recognition }
    case 'file':
      return { kind: 'file', name: act.name, bytes: act.bytes.length }
    case 'location':
      return act
    case 'choice': {
      const choices = lines.find(({ id }) => id === act.lineId)?.choices ?? []
      const label = choices.find(({ id }) => id === act.choiceId)?.label ?? ''
      return { kind: 'menu-choice', id: act.choiceId, label }
    }
    case 'follow':
      return { kind: 'subscribe' }
    case 'unfollow':
      return { kind: 'unsubscribe' }
    case 'edit':
    case 'mention':
      throw new Error(`WeChat has no ${act.kind}`)
    default:
      return act satisfies never
  }
}

/** Faults of the API that the page has no switch for. */
const orders = {
  'api-429': (simulator: WechatSimulator) =>
    simulator.fault({ api: 'custom_send', errcode: 45011, times: Infinity }),
  'api-hang': (simulator: WechatSimulator) =>
    simulator.fault({ api: 'custom_send', http: 'hang', times: Infinity }),
  'api-half-answer': (simulator: WechatSimulator) =>
    simulator.fault({ api: 'custom_send', http: 'half', times: Infinity }),
} as const
const isOrder = (name: string): name is keyof typeof orders => Object.hasOwn(orders, name)

/** WeChat's simulator, which is older than the port, as a client of the port. */
const createClient = (simulator: WechatSimulator): SimulatedClient => {
  const switches = createSwitches(simulator)
  const acts = createActs(simulator, switches)
  const ordered = new Map<string, () => void>()
  const lines = (userKey: string): readonly ShownLine[] => simulator.transcript(userKey).map(lineOf)
  const exchangeOf = (each: ReturnType<WechatSimulator['trace']>[number]): WireExchange => ({
    id: String(each.id),
    at: each.at,
    kind: each.kind,
    title: each.kind === 'api' ? each.api : each.msgType,
    status: String(each.status),
    request: each.kind === 'api' ? each.requestBody : each.plainBody,
    response: each.responseBody ?? '',
    problems: [],
  })
  return {
    acts: ['text', 'image', 'voice', 'file', 'location', 'choice', 'follow', 'unfollow'],
    users: () => simulator.users().map(({ openid, name }) => ({ key: openid, name })),
    lines,
    act: (userKey, act) => {
      const refusal = acts.act(userKey, inputOf(act, lines(userKey)))
      if (refusal !== undefined) throw new Error(refusal)
    },
    faults: () => [
      ...switches.list(),
      ...Object.keys(orders).map((name) => ({ name, on: ordered.has(name) })),
    ],
    setFault: (name, on) => {
      if (isOrder(name)) {
        ordered.get(name)?.()
        ordered.delete(name)
        if (on) ordered.set(name, orders[name](simulator))
        return
      }
      const known = switches.list().find((each) => each.name === name)
      if (known !== undefined) switches.set(known.name, on)
    },
    exchanges: (userKey) =>
      simulator
        .trace()
        .map(exchangeOf)
        .filter(({ request }) => request.includes(userKey))
        .reverse(),
    allowance: () => undefined,
    onChange: (listener) => simulator.onEvent(listener),
  }
}

export const wechat: SetUp = ({ base, apiOf, clock, names, retryDelayMs = 1_000, wire }) => {
  const inboxId = 'wechat-conformance'
  const simulator = createWechatSimulator({
    account,
    callbackUrl: () => `${base}/channels/${inboxId}/callback`,
    apiUrl: () => apiOf('wechat'),
    clock,
    users: names.map((name, place) => ({ openid: `oContact${String(place).padStart(4, '0')}`, name })),
    timing: { retryDelayMs },
  })
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
  const credentials = { appId, appSecret, originalId, token, encodingAesKey, mode }
  return {
    client: createClient(simulator),
    api: simulator.api,
    inbox: { inboxId, channel: 'wechat', section: { ...credentials, apiBase: apiOf('wechat'), menus: true } },
    hooks: {
      resend: resendOver(wire),
      unknownType: async (userKey) => {
        await simulator.push(userKey, { kind: 'message', type: 'hologram' })
      },
      token: {
        expire: () => simulator.expireTokens(),
        issued: () =>
          simulator.trace().filter((each) => each.kind === 'api' && each.api === 'stable_token').length,
      },
      pushCarriesMessage: true,
      window: 'clock',
      quota: 5,
      losesAnswersOf: 'push',
      repeatsAreUnseen: false,
    },
    close: () => simulator.close(),
  }
}
