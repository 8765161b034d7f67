/** `POST /channels/<inbox>/messages`: verify, decode, take the files, accept, acknowledge. */
import type { ChannelHost, ChannelRoute } from '../../src/core/channel.ts'
import { answerRefusal, plainText, Refusal } from '../kit/index.ts'
import { BodyRefused, decode, filesOf, readMessage } from './decode.ts'
import type { Files } from './files.ts'
import type { ApiConfig } from './manifest.ts'
import { verify } from './verify.ts'

export interface ReceiveDeps {
  readonly config: ApiConfig
  readonly host: ChannelHost
  readonly files: Files
}

const json = (status: number, body: Readonly<Record<string, unknown>>): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })

/** The sender has proven who it is, so it may know what is wrong; the log holds no more than that. */
const answerFaults = ({ faults }: BodyRefused, { log }: ChannelHost): Response => {
  log.warn({ code: 'malformed', reason: 'not_a_message', faults: faults.length }, 'webhook refused')
  return json(400, { error: 'malformed', faults })
}

const receive = async (deps: ReceiveDeps, request: Request): Promise<Response> => {
  const { host, files } = deps
  const body = readMessage(await verify(deps, request))
  const { refOf, attachLater } = await files.take(filesOf(body))
  const { inboxId } = host
  const { messageId, conversationId } = await host.accept(
    decode(body, { inboxId, now: host.clock.now(), refOf }),
  )
  attachLater(messageId)
  // A repetition gets the same answer: which of the two was first is of no use to the sender.
  return json(200, { messageId, conversationId })
}

/** The route by which messages come in. */
export const createReceiver = (deps: ReceiveDeps): ChannelRoute => ({
  method: 'POST',
  path: '/messages',
  maxBodyBytes: deps.config.maxBodyBytes,
  handle: async (request) => {
    const { host } = deps
    try {
      return await receive(deps, request)
    } catch (error) {
      if (error instanceof Refusal) return answerRefusal(error, host.log)
      if (error instanceof BodyRefused) return answerFaults(error, host)
      // Not stored, so not acknowledged: the sender comes again.
      const name = error instanceof Error ? error.name : 'unknown'
      host.log.error({ code: 'not_accepted', error: name }, 'message not stored')
      const answer = plainText(503, 'try again')
      answer.headers.set('retry-after', '5')
      return answer
    }
  },
})
