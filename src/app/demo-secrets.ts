import { randomBytes } from 'node:crypto'

/** A secret for a simulated account, made anew at each start: both sides only have to agree within this process. */
export const secretOf = (bytes: number): string => randomBytes(bytes).toString('hex')

/** An EncodingAESKey as WeChat's and WeCom's consoles make them: 43 letters and digits. */
export const createAesKey = (): string =>
  randomBytes(33)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'a')
    .slice(0, 43)
