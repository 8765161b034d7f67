import { z } from 'zod'
import { contrastOf } from './contrast.ts'

/** What accents stand on: `browser/help.css` has the same grounds. */
const grounds = { light: '#f3f5f8', dark: '#19202a' } as const
const leastContrast = 4.5

const slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be a topic: a-z, 0-9 and hyphens')

const both = (zh: string, en: string, what: string) =>
  z
    .strictObject({
      zh: z.string().min(1).max(40).default(zh).describe(`In Chinese. Default ${zh}.`),
      en: z.string().min(1).max(60).default(en).describe(`In English. Default ${en}.`),
    })
    .prefault({})
    .describe(what)

const accent = (ground: keyof typeof grounds, fallback: string) =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour like #0b6bcb', abort: true })
    .refine(
      (colour) => contrastOf(colour, grounds[ground]) >= leastContrast,
      `must differ more from the ground ${grounds[ground]}: a contrast of 4.5 at least, or links cannot be read`,
    )
    .default(fallback)
    .describe(`Colour of links and buttons on ${ground} ground. Default ${fallback}.`)

const isWebAddress = (value: string): boolean =>
  URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol)

const isOrigin = (value: string): boolean => isWebAddress(value) && new URL(value).origin === value

const link = z.strictObject({
  zh: z.string().min(1).max(40).describe('What it is called in Chinese.'),
  en: z.string().min(1).max(60).describe('What it is called in English.'),
  url: z
    .string()
    .max(500)
    .refine(isWebAddress, 'must be an http(s) address')
    .describe('Where it leads, https://…'),
})

/** The `help` section of the configuration: the public help centre. */
export const helpConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('false: no help centre; /help answers 404. Default true: articles are public.'),
    title: both('帮助中心', 'Help centre', 'What it is called, behind the name of the brand.'),
    publicUrl: z
      .string()
      .refine(isOrigin, 'must be scheme://host[:port] without a path, e.g. https://help.example.com')
      .optional()
      .meta({ examples: ['https://help.example.com'] })
      .describe(
        'Address that search engines are told, where it is another than server.publicUrl. Default: that one.',
      ),
    topics: z
      .array(slug)
      .default([])
      .describe('Topics whose articles are shown. Default none named: all topics.'),
    hiddenTopics: z
      .array(slug)
      .default([])
      .describe('Topics whose articles are never shown, wherever they are named. Default none.'),
    chatInbox: z
      .string()
      .max(40)
      .optional()
      .describe('Web inbox whose page opens for who asks a person. Default: the first one that has a page.'),
    chatUrl: z
      .string()
      .max(500)
      .refine(isWebAddress, 'must be an http(s) address')
      .optional()
      .meta({ examples: ['https://www.example.com/support'] })
      .describe('Page of your own that holds the chat, instead of the one of chatInbox. Default none.'),
    phone: z
      .string()
      .regex(/^\+?[0-9][0-9 -]{2,30}$/, 'must be a telephone number: digits, spaces, hyphens')
      .optional()
      .meta({ examples: ['400-178-2233'] })
      .describe('Hotline, shown with the hours of the calendar hotline. Default none.'),
    mail: z
      .email()
      .max(200)
      .optional()
      .meta({ examples: ['help@example.com'] })
      .describe('Mail address for who asks a person. Default none.'),
    links: z
      .array(link)
      .max(8)
      .default([])
      .describe('Further links at the foot of every page. Default none.'),
    accent: z
      .strictObject({ light: accent('light', '#0b6bcb'), dark: accent('dark', '#74b4f5') })
      .prefault({})
      .describe('Colours of the brand.'),
  })
  .prefault({})

export type HelpConfig = z.output<typeof helpConfig>
