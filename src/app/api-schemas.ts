import { z } from 'zod'
import { inboundBody, outboundBody } from '../../channels/api/index.ts'

/** The JSON Schemas of the signed HTTP channel, by their file in docs/channels. */
export const apiSchemas = (): Readonly<Record<string, unknown>> => ({
  'api-message.schema.json': z.toJSONSchema(inboundBody, { io: 'input' }),
  'api-webhook.schema.json': z.toJSONSchema(outboundBody, { io: 'output' }),
})
