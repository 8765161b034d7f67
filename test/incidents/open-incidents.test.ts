import { expect, it, onTestFinished } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import type { Incident } from '../../src/core/incident.ts'
import { incidentsConfig } from '../../src/incidents/config.ts'
import { startOpenIncidents } from '../../src/incidents/index.ts'

const at = new Date('2026-11-27T12:00:00Z')
const incident: Incident = {
  ...{ id: 'i1', number: 7, title: { zh: '登录异常' }, notice: { zh: '登录可能失败' }, noticeVersion: 1 },
  ...{ topics: [], channels: [], channelNotices: { email: { zh: '登录可能失败（邮件）' } } },
  ...{ state: 'open', sinceAt: at, declaredAt: at, updatedAt: at, declaredBy: { kind: 'system' } },
  ...{ tickets: 0, openTickets: 0, followers: 0, heard: 0, version: 1 },
}

const noticeOf = async (over: Partial<Incident>, channel: 'wechat' | 'email') => {
  const words = incidentsConfig.parse({ notice: { en: 'Usual words' } })
  const open = startOpenIncidents({
    reading: { list: () => Promise.resolve([{ ...incident, ...over }]) },
    hearing: { of: () => Promise.resolve({ heard: new Map(), follows: new Set() }) },
    ...{ words, log: silentLog },
  })
  onTestFinished(() => open.stop())
  await open.look()
  return (await open.of('c1', channel))[0]?.notice
}

it('has a notice in English for every channel: its own, the general, or the usual one', async () => {
  expect(await noticeOf({}, 'wechat')).toEqual({ zh: '登录可能失败', en: 'Usual words' })
  const notice = { zh: '登录可能失败', en: 'Sign-in may fail' }
  expect(await noticeOf({ notice }, 'email')).toEqual({ zh: '登录可能失败（邮件）', en: 'Sign-in may fail' })
  const channelNotices = { email: { zh: '邮件', en: 'By mail' } }
  expect(await noticeOf({ notice, channelNotices }, 'email')).toEqual({ zh: '邮件', en: 'By mail' })
})

it('tells everybody of the incidents of a channel, in both languages', async () => {
  const words = incidentsConfig.parse({ notice: { en: 'Usual words' } })
  const open = startOpenIncidents({
    reading: {
      list: () =>
        Promise.resolve([
          { ...incident, id: 'i2', number: 8, channels: ['email'], title: { zh: '邮件', en: 'Mail' } },
          incident,
        ]),
    },
    hearing: { of: () => Promise.reject(new Error('nobody was asked')) },
    ...{ words, log: silentLog },
  })
  onTestFinished(() => open.stop())
  await open.look()
  expect(open.shownOn('web')).toEqual([
    {
      ...{ number: 7, topics: [], sinceAt: at, updatedAt: at },
      title: { zh: '登录异常', en: 'Service disturbance' },
      notice: { zh: '登录可能失败', en: 'Usual words' },
    },
  ])
  expect(open.shownOn('email').map(({ number }) => number)).toEqual([7, 8])
})
