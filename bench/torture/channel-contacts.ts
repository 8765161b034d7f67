import { setTimeout as delay } from 'node:timers/promises'
import type { ClientAct, ShownLine as ClientLine, SimulatedClient } from '../../sandbox/simulator.ts'
import type { ChannelName } from '../../src/core/message.ts'
import { questionOf } from './articles.ts'
import { keyOf, type Cluster } from './cluster.ts'
import type { ShownLine } from './ledger.ts'
import type { WebVisitor } from './web-visitor.ts'

/** A contact as every channel has them. */
export interface ChannelContact {
  readonly channel: ChannelName
  /** The contact's address, as the product's marks have it; absent: nobody can know it. */
  readonly key?: string
  /** So many messages the contact may have unanswered: words that wait in one conversation are taken as one turn. */
  readonly mostOpen: number
  /** Asks the nth thing; true once it is told to be taken, false when the provider has given up. */
  ask(n: number): Promise<boolean>
  /** What the account has said, in the order of its coming. */
  lines(): readonly ShownLine[]
}

const waitMs = 30

/** Contacts who press keys of a menu, each of which is a turn of its own: they need not wait for answers. */
export const wechatContacts = ({ simulator, contacts }: Cluster): readonly ChannelContact[] => {
  const shown = new Map(contacts.map((openid) => [openid, new Map<number, ShownLine>()]))
  simulator.onEvent((event) => {
    if (event.kind !== 'transcript') return
    const { openid, id, source, content, at } = event.entry
    if ((source === 'passive' || source === 'api') && content.kind === 'text')
      shown.get(openid)?.set(id, { text: content.text, atMs: at.getTime() })
  })
  return contacts.map((openid) => ({
    channel: 'wechat',
    key: openid,
    mostOpen: 5,
    ask: async (n) => {
      const { state } = await simulator.push(openid, { kind: 'click', key: keyOf(n), label: keyOf(n) })
      return state !== 'failed'
    },
    lines: () => [...(shown.get(openid)?.values() ?? [])],
  }))
}

/** What opens a conversation by mail: a subject that says nothing, so that the words stand alone. */
const firstMail = { subject: '无主题' } as const

const isSaid = ({ from }: ClientLine): boolean => from === 'account'

/** Contacts of a simulated provider who ask in words, and wait for the answer. */
export const simulatedContacts = (
  channel: 'email' | 'telegram',
  client: SimulatedClient,
): readonly ChannelContact[] => {
  // Looked at anew only when something has changed: every look goes through all that anybody said.
  let changes = 0
  client.onChange(() => {
    changes += 1
  })
  const contactOf = (key: string): ChannelContact => {
    let seen: { readonly at: number; readonly lines: readonly ClientLine[] } | undefined
    const all = (): readonly ClientLine[] => {
      if (seen?.at !== changes) seen = { at: changes, lines: client.lines(key) }
      return seen.lines
    }
    const mine = (): ClientLine | undefined => all().findLast(({ from }) => from === 'user')
    const actOf = (n: number): ClientAct => ({
      kind: 'text',
      text: questionOf(n),
      ...(channel === 'email' && !all().some(isSaid) ? firstMail : {}),
    })
    return {
      channel,
      key,
      mostOpen: 1,
      ask: async (n) => {
        const last = mine()
        client.act(key, actOf(n))
        for (;;) {
          // A mail is written before its line stands there.
          const line = mine()
          const state = line?.id === last?.id ? undefined : line?.state
          if (state === 'delivered' || state === 'failed') return state === 'delivered'
          await delay(waitMs)
        }
      },
      lines: () =>
        all()
          .filter(isSaid)
          .map(({ text = '', at }) => ({ text, atMs: at.getTime() })),
    }
  }
  return client.users().map(({ key }) => contactOf(key))
}

/** Visitors of a web chat who ask in words, and wait for the answer. */
export const webContacts = (visitors: readonly WebVisitor[]): readonly ChannelContact[] =>
  visitors.map((visitor) => ({
    channel: 'web',
    mostOpen: 1,
    ask: (n) => visitor.say(questionOf(n)).then(() => true),
    lines: () => visitor.lines(),
  }))
