import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { ChannelName } from '../../src/core/message.ts'
import * as receiving from './receiving.ts'
import * as sending from './sending.ts'
import { openStage, type SetUp, type Stage } from './stage.ts'
import { caseTitles, conformanceTable, type CaseName } from './table.ts'

/** Cases that wait for the product's patience: begun first, looked at later, so that the waiting costs little. */
const begun = {
  'api-500': sending.api500,
  'lost-answer': sending.lostAnswer,
  'api-hang': sending.apiHang,
} as const satisfies Partial<Record<CaseName, (stage: Stage) => Promise<sending.Finish>>>

/**
 * What is received, while the product tries again to send what was begun: nothing of it keeps the provider from taking that,
 * and no clock moves between the signing of a message and the look at its signature.
 */
const meanwhile = {
  question: receiving.question,
  'bad-signature': receiving.badSignature,
  duplicate: receiving.duplicate,
  'out-of-order': receiving.outOfOrder,
  acts: receiving.acts,
  'unknown-type': receiving.unknownType,
  oversize: receiving.oversize,
  echo: receiving.echo,
} as const satisfies Partial<Record<CaseName, (stage: Stage) => Promise<void>>>

/** Here the provider does not take what is sent. `restart` has a file of its own: one product is killed there under all channels. */
const after: Readonly<
  Record<
    Exclude<CaseName, 'restart' | keyof typeof begun | keyof typeof meanwhile | keyof typeof last>,
    (stage: Stage) => Promise<void>
  >
> = {
  replay: receiving.replay,
  'api-429': sending.api429,
  'api-half-answer': sending.halfAnswer,
  'token-expiry': sending.tokenExpiry,
  quota: sending.quota,
  'lost-connection': sending.lostConnection,
  unfollow: sending.unfollow,
}

/** Days pass: what was begun must have ended before. */
const last = { window: sending.window } as const

const isBegun = (name: string): name is keyof typeof begun => Object.hasOwn(begun, name)
const isMeanwhile = (name: string): name is keyof typeof meanwhile => Object.hasOwn(meanwhile, name)
const isAfter = (name: string): name is keyof typeof after => Object.hasOwn(after, name)
const isLast = (name: string): name is keyof typeof last => Object.hasOwn(last, name)

const longMs = 120_000

/** Another way in of a channel, held to the cases that go another way there. */
export interface OtherWay {
  readonly name: string
  readonly cases: readonly CaseName[]
}

/** Holds a channel to every case that the table names for it, against its own simulator and with the whole product. */
export const itConforms = (channel: ChannelName, setUp: SetUp, otherWay?: OtherWay): void => {
  const cases = Object.entries(conformanceTable[channel]).flatMap(([name, applies]) =>
    applies === 'yes' && otherWay?.cases.some((own) => own === name) !== false ? name : [],
  )
  describe(`${[channel, otherWay?.name].filter(Boolean).join(' by ')} against its simulator`, () => {
    const opened: { stage?: Stage } = {}
    const finishes = new Map<string, sending.Finish>()
    const stage = (): Stage => {
      if (opened.stage === undefined) throw new Error('the stage did not open')
      return opened.stage
    }
    beforeAll(async () => {
      opened.stage = await openStage(channel, setUp)
    }, longMs)
    // A case that failed leaves nothing to the next.
    afterEach(() => {
      const { client, wire } = stage()
      for (const { name, on } of client.faults()) if (on) client.setFault(name, false)
      Object.assign(wire, { copies: 1, cuts: 0, loseAnswers: 0 })
    })
    afterAll(async () => {
      await opened.stage?.close()
    })
    for (const name of cases.filter(isBegun))
      it(
        `${caseTitles[name]} (begun)`,
        async () => {
          finishes.set(name, await begun[name](stage()))
        },
        longMs,
      )
    for (const name of cases.filter(isMeanwhile)) it(caseTitles[name], () => meanwhile[name](stage()), longMs)
    for (const name of cases.filter(isBegun))
      it(
        caseTitles[name],
        async () => {
          const finish = finishes.get(name)
          if (finish === undefined) throw new Error('it could not be begun')
          await finish()
        },
        longMs,
      )
    for (const name of cases.filter(isAfter)) it(caseTitles[name], () => after[name](stage()), longMs)
    for (const name of cases.filter(isLast)) it(caseTitles[name], () => last[name](stage()), longMs)
  })
}
