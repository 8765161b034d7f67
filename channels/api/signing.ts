/** Signatures of Standard Webhooks. Source: standardwebhooks.com, spec/standard-webhooks.md, "Signature scheme". */
import { Webhook } from 'standardwebhooks'
import { sameSecret } from '../kit/index.ts'

/** The secrets in force, the newest first. */
export type Secrets = readonly [current: string, ...previous: string[]]

/** What a signature covers. */
export interface Signed {
  readonly id: string
  /** Seconds since 1970. */
  readonly seconds: number
  readonly body: string | Buffer
}

/** Whether a text is a secret of the strength the specification asks for. */
export const isSigningSecret = (text: string): boolean => {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1]
  const bytes = Buffer.from(base64 ?? '', 'base64').length
  return bytes >= 24 && bytes <= 64
}

const signWith = (secret: string, { id, seconds, body }: Signed): string =>
  new Webhook(secret).sign(id, new Date(seconds * 1_000), body)

/** The value of `webhook-signature`: one signature a secret. */
export const sign = (secrets: Secrets, signed: Signed): string =>
  secrets.map((secret) => signWith(secret, signed)).join(' ')

/** Most signatures of one request that are looked at. */
const maxSignatures = 5

/** Whether one of the given signatures was made with one of the secrets. */
export const isSigned = (secrets: Secrets, signed: Signed, given: string): boolean => {
  const offered = given.split(' ').slice(0, maxSignatures)
  // All are compared, whichever matches: the time taken tells nothing.
  return secrets
    .map((secret) => signWith(secret, signed))
    .flatMap((expected) => offered.map((each) => sameSecret(each, expected)))
    .includes(true)
}
