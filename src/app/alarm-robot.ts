import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { defineJob, onJob, type JobHandler } from '../core/jobs.ts'
import type { Post } from '../core/post.ts'
import { promiseNames } from '../core/promise.ts'
import { tellRobot, type Robot } from '../robots/index.ts'

/** A group robot says that a promise is in danger or was not kept. */
export const alarmRobot = defineJob({
  name: 'alarm-robot',
  data: z.strictObject({
    robot: z.string(),
    number: z.number(),
    topic: z.string(),
    priority: z.enum(['normal', 'high', 'urgent']),
    promise: z.enum(promiseNames),
    dueAt: z.iso.datetime(),
    broken: z.boolean(),
  }),
})

/** What telling robots stands on. */
export interface AlarmRobotOptions {
  /** By name, as configured. */
  readonly robots: Readonly<Record<string, Robot>>
  readonly post: Post
  readonly clock: Clock
  /** Zone of the times that are told. */
  readonly timeZone: string
  readonly deskUrl: string
}

const promiseWords = { 'first-reply': '首次回复', 'next-reply': '回复', resolution: '解决' } as const
const priorityWords = { normal: '普通', high: '较高', urgent: '紧急' } as const

/** What a group hears. A group has readers of all kinds: it names the ticket, and nothing that its contact said. */
const wordsOf = (
  data: z.output<typeof alarmRobot.data>,
  { timeZone, deskUrl }: Pick<AlarmRobotOptions, 'timeZone' | 'deskUrl'>,
): string => {
  const written = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const state = data.broken ? '已超时' : '即将超时'
  return [
    `工单 T-${String(data.number)} ${promiseWords[data.promise]}${state}`,
    `承诺时间：${written.format(new Date(data.dueAt))}`,
    `优先级：${priorityWords[data.priority]}，主题：${data.topic}`,
    deskUrl,
  ].join('\n')
}

/** Tells a robot; one that was taken out of the configuration since has nobody to tell any more. */
export const alarmRobotHandler = ({ robots, post, clock, ...facts }: AlarmRobotOptions): JobHandler =>
  onJob(alarmRobot, async (data) => {
    const robot = robots[data.robot]
    if (robot !== undefined) await tellRobot(post, robot, wordsOf(data, facts), clock.now())
  })
