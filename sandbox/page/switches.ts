import type { PushOptions, WechatSimulator } from '../wechat/index.ts'

/** Faults that stay on until they are switched off. */
export const switchNames = [
  'bad-signature',
  'stale-timestamp',
  'wrong-key',
  'duplicate',
  'out-of-order',
  'lost-answer',
  'window-closed',
  'quota-used-up',
  'api-500',
] as const
export type SwitchName = (typeof switchNames)[number]

/** The fault switches of the page. */
export interface Switches {
  list(): readonly { readonly name: SwitchName; readonly on: boolean }[]
  set(name: SwitchName, on: boolean): void
  isOn(name: SwitchName): boolean
  /** How pushes go while the switches stand as they do. */
  pushOptions(): PushOptions
}

/** All off. Switches that concern the API are orders at the simulator, the others become push options. */
export const createSwitches = (simulator: WechatSimulator): Switches => {
  const on = new Map<SwitchName, () => void>()
  const order: Readonly<Partial<Record<SwitchName, () => () => void>>> = {
    'window-closed': () => simulator.fault({ api: 'custom_send', errcode: 45015, times: Infinity }),
    'quota-used-up': () => simulator.fault({ api: 'custom_send', errcode: 45047, times: Infinity }),
    'api-500': () => simulator.fault({ http: 500, times: Infinity }),
  }
  return {
    list: () => switchNames.map((name) => ({ name, on: on.has(name) })),
    isOn: (name) => on.has(name),
    set: (name, wanted) => {
      if (wanted === on.has(name)) return
      if (wanted) {
        on.set(name, order[name]?.() ?? (() => undefined))
        return
      }
      on.get(name)?.()
      on.delete(name)
    },
    pushOptions: () => ({
      ...(on.has('bad-signature') ? { badSignature: true } : {}),
      ...(on.has('stale-timestamp') ? { staleBySeconds: 3_600 } : {}),
      ...(on.has('wrong-key') ? { wrongKey: true } : {}),
      ...(on.has('duplicate') ? { copies: 3 } : {}),
      ...(on.has('lost-answer') ? { loseAnswers: 1 } : {}),
    }),
  }
}
