/** Proof that a webhook call is Telegram's. Source: core.telegram.org/bots/api#setwebhook, `secret_token`. */
import type { Fields } from '../kit/index.ts'
import { decodeUtf8, readBody, readJson, Refusal, sameSecret } from '../kit/index.ts'

/** Longest update we read. */
export const maxBodyBytes = 1_048_576

const limits = { depth: 24, fields: 512 } as const

/** The one header of proof; Telegram signs nothing. */
const header = 'x-telegram-bot-api-secret-token'

/** An update's JSON; ids stay the digits that were sent. Throws `Refusal` `malformed`. */
export const readUpdate = (json: string): Fields => readJson(json, limits)

/** Checks the secret before anything of the body is read, then reads it. Throws `Refusal`. */
export const verifyUpdate = async (request: Request, secret: string): Promise<Fields> => {
  const given = request.headers.get(header) ?? ''
  if (!sameSecret(given, secret))
    throw new Refusal(
      'unauthorized',
      given === '' ? 'no_secret' : 'wrong_secret',
      'only Telegram should call this address; after a change of webhookSecret restart all nodes',
    )
  return readUpdate(decodeUtf8(await readBody(request, maxBodyBytes)))
}
