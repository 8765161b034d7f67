import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { z } from 'zod'
import { startCalendars, tellingHolidays } from '../../src/app/calendars.ts'
import { createSystemHealth } from '../../src/app/health.ts'
import { openContent, type Content } from '../../src/app/content.ts'
import { createUnderstandingDesk } from '../../src/app/understanding-desk.ts'
import { openSettings } from '../../src/app/settings.ts'
import { createCalendarDesk } from '../../src/calendar/index.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import type { Bus } from '../../src/core/bus.ts'
import type { Clock } from '../../src/core/clock.ts'
import { defineJob } from '../../src/core/jobs.ts'
import type { InboxStatus } from '../../src/core/inbox.ts'
import { silentLog } from '../../src/core/log.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { openJobs } from '../../src/jobs/index.ts'
import {
  createHealthReading,
  createHolidayStore,
  createRetention,
  createTimerStore,
  type Database,
} from '../../src/store/index.ts'

/** The one kind of job of a test's world. */
export const testJob = defineJob({ name: 'tidy-up', data: z.strictObject({}), tries: 1 })

/** Background jobs of a test's database; their tables are made when somebody asks. */
export const openTestJobs = (database: Database, bus: Bus, clock: Clock) =>
  openJobs({
    ...{ database, bus, clock, log: silentLog },
    timers: createTimerStore(database),
    kinds: [testJob],
  })

export interface SystemWorldOptions {
  readonly bus: Bus
  readonly clock: Clock
  /** The data folder. */
  readonly folder: string
  readonly inboxes?: () => Promise<readonly InboxStatus[]>
}

type SystemServices = Pick<
  ApiServices,
  'system' | 'calendars' | 'promises' | 'retention' | 'surveysInForce' | 'understanding'
>

/** The configuration that is in force. */
const settings = (folder: string) => {
  const parsed = parseConfig({
    dataDir: folder,
    promises: {
      policies: [
        {
          ...{ name: 'vip-complaint', when: { kinds: ['complaint'], tiers: ['vip'] } },
          ...{ firstReplyHours: 1, nextReplyHours: 1, resolutionHours: 8 },
        },
      ],
      otherwise: { firstReplyHours: 4, nextReplyHours: 8, resolutionHours: 24, calendar: 'office' },
    },
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

/** The content that ships with the product, by words alone; opened when somebody asks for it. */
const openUnderstanding = (config: Config, clock: Clock): ApiServices['understanding'] => {
  const open = async () => {
    cpSync(inject('modelCache'), join(config.dataDir, 'cache'), { recursive: true })
    const content: Content = await openContent(config, silentLog, { watch: false })
    return createUnderstandingDesk({ config, clock, content })
  }
  let opened: ReturnType<typeof open> | undefined
  const desk = () => (opened ??= open())
  return {
    intents: async () => (await desk()).intents(),
    intent: async (name) => (await desk()).intent(name),
    confusions: async () => (await desk()).confusions(),
    dictionary: async (search) => (await desk()).dictionary(search),
    persona: async () => (await desk()).persona(),
    tones: async (text, channel) => (await desk()).tones(text, channel),
    search: async (text, limit) => (await desk()).search(text, limit),
    ask: async (text, channel) => (await desk()).ask(text, channel),
    embed: async (texts) => (await desk()).embed(texts),
    suggest: async (text, channel, limit) => (await desk()).suggest(text, channel, limit),
  }
}

/** How the product fares on one database, its calendars and rules. */
export const openSystemServices = async (
  database: Database,
  { bus, clock, folder, inboxes = () => Promise.resolve([]) }: SystemWorldOptions,
): Promise<SystemServices> => {
  let opened: ReturnType<typeof openTestJobs> | undefined
  const jobs = () => (opened ??= openTestJobs(database, bus, clock))
  const holidays = tellingHolidays(createHolidayStore(database), bus)
  const config = settings(folder)
  const calendars = await startCalendars({
    ...{ config: config.calendars, bus, clock, store: holidays, log: silentLog },
  })
  return {
    system: {
      health: createSystemHealth({
        ...{ clock, database, inboxes, reading: createHealthReading(database), nodes: undefined },
        jobs: {
          depth: async () => (await jobs()).depth(),
          dead: async (limit) => (await jobs()).dead(limit),
        },
        timers: createTimerStore(database),
        aheadMs: () => 0,
        model: () => ({
          encoder: { model: 'tiny', problem: '模型文件不在 the model is not there; run tongda models pull' },
          ...{ trainedAt: new Date('2026-11-27T04:00:00Z'), byMeaning: false },
          content: { version: 'a1b2c3', published: 0, articles: 64 },
          thresholds: { answer: 0.62, clarify: 0.35 },
        }),
        languageModel: () =>
          Promise.resolve({
            models: [
              {
                ...{
                  model: 'deepseek/chat',
                  breaker: 'open',
                  leftAloneUntil: new Date('2126-11-27T04:00:00Z'),
                },
                lastFault: { at: new Date('2026-11-27T03:59:00Z'), outcome: 'timeout' },
              },
              { model: 'qwen/plus', breaker: 'closed' },
            ],
            today: { tokens: 48_210, tokensLimit: 2_000_000, cost: 0.31 },
          }),
        dataDir: folder,
      }),
      replayJob: async (id) => (await jobs()).replay(id),
    },
    calendars: createCalendarDesk({
      ...{ clock, holidays },
      calendars,
      uses: [{ key: 'promises.peopleCalendar', calendar: 'hotline' }],
    }),
    understanding: openUnderstanding(config, clock),
    ...openSettings({ config, calendars, stores: { retention: createRetention(database) } }),
  }
}
