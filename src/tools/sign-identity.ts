import { createHmac, randomUUID } from 'node:crypto'
import type { ToolIdentity } from '../core/tool.ts'

/** Seconds for which a token says who asks. */
const lifeSeconds = 60

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs for the tool `audience` who asks: a JWT (HS256) that holds for 60 seconds from `now`. */
export const signIdentity = (
  secret: string,
  { subject, channel }: ToolIdentity,
  audience: string,
  now: Date,
): string => {
  const iat = Math.floor(now.getTime() / 1_000)
  const claims = {
    iss: 'tongda',
    sub: subject,
    channel,
    aud: audience,
    iat,
    exp: iat + lifeSeconds,
    jti: randomUUID(),
  }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
