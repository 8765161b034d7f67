import { afterAll, beforeAll, describe, it } from 'vitest'
import type { ChannelName } from '../../src/core/message.ts'
import * as receiving from './receiving.ts'
import * as sending from './sending.ts'
import { openStage, type SetUp, type Stage } from './stage.ts'
import { caseTitles, conformanceTable, type CaseName } from './table.ts'

type Run = (stage: Stage) => Promise<void>

/** `restart` has a file of its own, where one product is killed under all channels. `api-hang` is begun early. */
const runs: Readonly<Record<Exclude<CaseName, 'restart' | 'api-hang'>, Run>> = {
  question: receiving.question,
  'bad-signature': receiving.badSignature,
  replay: receiving.replay,
  duplicate: receiving.duplicate,
  'out-of-order': receiving.outOfOrder,
  acts: receiving.acts,
  'unknown-type': receiving.unknownType,
  oversize: receiving.oversize,
  'api-500': sending.api500,
  'api-429': sending.api429,
  'api-half-answer': sending.halfAnswer,
  'token-expiry': sending.tokenExpiry,
  quota: sending.quota,
  echo: receiving.echo,
  'lost-answer': sending.lostAnswer,
  'lost-connection': sending.lostConnection,
  unfollow: sending.unfollow,
  window: sending.window,
}

const isRun = (name: string): name is keyof typeof runs => Object.hasOwn(runs, name)

/** Holds a channel to every case that the table names for it, against its own simulator and with the whole product. */
export const itConforms = (channel: ChannelName, setUp: SetUp): void => {
  const applies = conformanceTable[channel]
  describe(`${channel} against its simulator`, () => {
    const opened: { stage?: Stage } = {}
    let hang: Promise<() => Promise<void>> | undefined
    const stage = (): Stage => {
      if (opened.stage === undefined) throw new Error('the stage did not open')
      return opened.stage
    }
    beforeAll(async () => {
      opened.stage = await openStage(channel, setUp)
    })
    afterAll(async () => {
      await opened.stage?.close()
    })
    if (applies['api-hang'] === 'yes')
      it('hears nothing from its provider for a while', async () => {
        hang = sending.beginHang(stage())
        await hang
      })
    for (const name of Object.keys(runs).filter(isRun))
      if (applies[name] === 'yes') it(caseTitles[name], () => runs[name](stage()), 90_000)
    if (applies['api-hang'] === 'yes')
      it(caseTitles['api-hang'], async () => (await hang)?.(), 120_000)
  })
}
