import { z } from 'zod'

/** The `webhooks` section of the configuration: telling systems outside what happens. */
export const webhooksConfig = z
  .strictObject({
    allowPrivate: z
      .array(z.string().min(1).max(253))
      .max(100)
      .default([])
      .meta({ examples: [['10.1.0.0/16']] })
      .describe(
        'Host names, addresses and CIDR ranges outside the public internet that webhooks may go to, over https. Default none: public addresses only.',
      ),
    loopbackHttp: z
      .boolean()
      .default(false)
      .describe(
        'true: webhooks may go to this machine itself over http, to try them out. Default false; leave it so in production.',
      ),
    disableAfterDays: z.coerce
      .number()
      .int()
      .min(1)
      .max(60)
      .default(5)
      .describe(
        'Days without one delivery that arrives, after which a webhook is disabled. Default 5; the log and GET /api/v1/webhooks tell of it.',
      ),
  })
  .prefault({})
