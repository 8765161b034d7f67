import { z } from 'zod'

const otlp = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ examples: ['http://127.0.0.1:4318/v1/traces'] })
      .describe(
        'Where traces go, by OTLP over HTTP as JSON. Default none: no trace is made and nothing is sent anywhere.',
      ),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .meta({ writeOnly: true })
      .describe('Headers the collector wants, e.g. authorization. Default none.'),
    ratio: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'Share of messages that are traced, 0 to 1. Default 1. All nodes choose the same messages when it is the same on all.',
      ),
    serviceName: z.string().min(1).default('tongda').describe('service.name of the traces. Default tongda.'),
    attributes: z
      .record(z.string(), z.string())
      .default({})
      .meta({ examples: [{ 'deployment.environment.name': 'production' }] })
      .describe('Further resource attributes. Default none.'),
    timeoutMs: z.coerce
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(10_000)
      .describe(
        'Milliseconds the collector may take to answer. Default 10000; what it did not take is lost.',
      ),
  })
  .prefault({})

/** The `telemetry` section of the configuration: what is told to those who watch the product. */
export const telemetryConfig = z
  .strictObject({
    metricsToken: z
      .string()
      .min(16)
      .optional()
      .meta({ writeOnly: true })
      .describe(
        'Who sends it as Authorization: Bearer may read /metrics from another machine. Default none: this machine alone.',
      ),
    otlp: otlp.describe('Traces of messages, for OpenTelemetry.'),
  })
  .prefault({})

export type OtlpConfig = z.infer<typeof otlp>
