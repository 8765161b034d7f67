import { z } from 'zod'

const words = (zh: string, en: string, what: string) =>
  z
    .strictObject({
      zh: z.string().min(1).max(500).includes('{news}').default(zh).describe(`In Chinese. Default: ${zh}`),
      en: z.string().min(1).max(500).includes('{news}').default(en).describe(`In English. Default: ${en}`),
    })
    .prefault({})
    .describe(
      `What contacts read ${what}; {suggestion} is the beginning of what they suggested, {news} the public wording.`,
    )

/** Suggestions: what is collected, and how those who asked are told. */
export const feedbackConfig = z
  .strictObject({
    collect: z
      .boolean()
      .default(true)
      .describe(
        'false: messages are not searched for suggestions. Default true; forms and the API add them either way.',
      ),
    refineMost: z.coerce
      .number()
      .int()
      .min(100)
      .max(200_000)
      .default(50_000)
      .describe(
        'Most suggestions that the nightly refinement looks at, the newest. Default 50000: up to three minutes of one core and 500 MB in a process of its own; older ones stay where they are.',
      ),
    shipped: words(
      '你之前提的建议“{suggestion}”有消息了：{news}\n不想再收到这类消息，回复“退订建议通知”即可。',
      'News of your suggestion "{suggestion}": {news}\nTo hear no more of these, reply "stop suggestion news".',
      'when a theme ships',
    ),
    declined: words(
      '你之前提的建议“{suggestion}”，我们认真看过了：{news}\n不想再收到这类消息，回复“退订建议通知”即可。',
      'We looked into your suggestion "{suggestion}": {news}\nTo hear no more of these, reply "stop suggestion news".',
      'when a theme is declined',
    ),
  })
  .prefault({})
