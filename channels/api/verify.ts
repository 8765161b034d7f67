/** Proof of a request: three headers of Standard Webhooks over the raw body. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { decodeUtf8, readBody, Refusal } from '../kit/index.ts'
import type { ApiConfig } from './manifest.ts'
import type { Secrets } from './signing.ts'
import { isSigned } from './signing.ts'

const headersHint = 'sign with Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature'
const secretHint = 'compare secret with the one your side signs with; during a change set previousSecret too'

/** The secrets of an inbox. */
export const secretsOf = ({ secret, previousSecret }: ApiConfig): Secrets =>
  previousSecret === undefined ? [secret] : [secret, previousSecret]

const header = (request: Request, name: string, form: RegExp): string => {
  const value = request.headers.get(name) ?? ''
  if (!form.test(value)) throw new Refusal('unauthorized', 'not_signed', headersHint)
  return value
}

/** Verifies a request and returns its body as text. Throws `Refusal`; every fault of proof looks the same outside. */
export const verify = async (
  { config, host }: { readonly config: ApiConfig; readonly host: Pick<ChannelHost, 'clock'> },
  request: Request,
): Promise<string> => {
  // A doubled header arrives as one with a comma in it.
  const id = header(request, 'webhook-id', /^[\x21-\x2b\x2d-\x7e]{1,256}$/)
  const seconds = Number(header(request, 'webhook-timestamp', /^\d{1,11}$/))
  const signatures = header(request, 'webhook-signature', /^(?:v\w{1,8},[\w+/=]{1,256} ?){1,10}$/)
  const toleranceMs = config.timestampToleranceSeconds * 1_000
  const body = Buffer.from(await readBody(request, config.maxBodyBytes))
  if (!isSigned(secretsOf(config), { id, seconds, body }, signatures))
    throw new Refusal('unauthorized', 'bad_signature', secretHint)
  if (Math.abs(host.clock.now().getTime() - seconds * 1_000) > toleranceMs)
    throw new Refusal('stale', 'timestamp', 'check both machines’ clocks')
  return decodeUtf8(body)
}
