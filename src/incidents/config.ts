import { z } from 'zod'

const words = (zh: string, en: string, what: string, needs?: string) => {
  const text = z.string().min(1).max(600)
  const checked = needs === undefined ? text : text.includes(needs)
  return z
    .strictObject({
      zh: checked.default(zh).describe(`In Chinese. Default: ${zh}`),
      en: checked.default(en).describe(`In English. Default: ${en}`),
    })
    .prefault({})
    .describe(what)
}

/** The `incidents` section of the configuration: spikes that are noticed, and what contacts hear of incidents. */
export const incidentsConfig = z
  .strictObject({
    watch: z
      .boolean()
      .default(true)
      .describe('false: spikes are not looked for; incidents are declared by hand. Default true.'),
    leastCount: z.coerce
      .number()
      .int()
      .min(3)
      .max(10_000)
      .default(10)
      .describe(
        'Messages in the window at least, before a spike is proposed. Default 10; less finds more that is none.',
      ),
    leastFactor: z.coerce
      .number()
      .min(1.5)
      .max(100)
      .default(2)
      .describe('Times as many messages as usual at least, before a spike is proposed. Default 2.'),
    title: words(
      '服务异常',
      'Service disturbance',
      'What an incident is called that is declared without a title.',
    ),
    notice: words(
      '我们注意到这里目前可能不太正常，同事正在处理。给你带来不便，很抱歉。',
      'Something here may not be working right now; colleagues are on it. Sorry for the trouble.',
      'What contacts read above the answer while an incident is open that was declared without a notice.',
    ),
    update: words(
      '关于“{title}”的进展：{news}\n不想再收到进展，回复“退订进展通知”即可。',
      'News of "{title}": {news}\nTo hear no more of this, reply "stop updates".',
      'How those who follow an incident read an update; {title} and {news} are filled in.',
      '{news}',
    ),
    closed: words(
      '“{title}”：{news}',
      '"{title}": {news}',
      'How those who follow an incident read that it is over; {title} and {news} are filled in.',
      '{news}',
    ),
    closing: words(
      '已经恢复，感谢你的耐心等待。如果还有问题，直接告诉我。',
      'It works again; thank you for waiting. If anything is still wrong, just tell me.',
      'What stands for {news} when an incident is closed without words of its own.',
    ),
  })
  .prefault({})

export type IncidentsConfig = z.output<typeof incidentsConfig>
