import { keepLocal, readLocal } from './local.ts'

const storageKey = 'tongda.push'

/** Whose notices this browser asked to be pushed; undefined: nobody's. */
export const pushWish = (): string | undefined => readLocal(storageKey)

/** Remembers it: a session ends, and the next one of the same agent asks again. */
export const rememberPushWish = (agentId: string | undefined): void => {
  keepLocal(storageKey, agentId)
}

/** Whoever had notices pushed to this browser has them again; of what is needed for it nothing is loaded before. */
export const renewPush = (agentId: string): void => {
  if (pushWish() !== agentId) return
  void import('../push/device.ts').then(({ renewHere }) => renewHere())
}
