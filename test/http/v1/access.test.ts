import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permissions, roles } from '../../../src/core/agent.ts'
import { scopePermissions, scopes } from '../../../src/core/api-key.ts'
import { openStaff, type Staff } from '../staff.ts'
import { openWorld, type World } from '../world.ts'
import { learningTable, type AccessRow } from './access-table.ts'
import { callApi, createProgram } from './program.ts'

let staff: Staff
let world: World
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
})
afterAll(() => world.stop())

const somewhere = randomUUID()
const another = randomUUID()
const elsewhere = randomUUID()

/** Every route, what it needs, and a request that gets past the door and no further. */
const table: readonly AccessRow[] = [
  ['GET', '/me', 'anything'],
  ['GET', '/tickets?limit=0', 'ticket.read'],
  ['GET', `/tickets/${somewhere}`, 'ticket.read'],
  ['GET', `/tickets/${somewhere}/timeline`, 'ticket.read'],
  ['PATCH', `/tickets/${somewhere}`, 'ticket.change', {}],
  ['POST', `/tickets/${somewhere}/hold`, 'ticket.change', { reason: 'x' }],
  ['POST', `/tickets/${somewhere}/resume`, 'ticket.change', {}],
  ['POST', `/tickets/${somewhere}/reopen`, 'ticket.change', { reason: 'x' }],
  ['POST', `/tickets/${somewhere}/close`, 'ticket.change', { reason: 'x' }],
  ['GET', '/messages?q=x', 'ticket.read'],
  ['GET', '/reports/tickets?month=2099-01', 'report.read'],
  ['GET', '/reports/overview', 'report.read'],
  ['GET', '/reports/intents', 'report.read'],
  ['GET', '/reports/channels', 'report.read'],
  ['GET', '/reports/agents', 'quality.read'],
  ['GET', '/reports/complaints', 'report.read'],
  ['GET', '/reports/suggestions', 'report.read'],
  ['GET', '/reports/entries', 'report.read'],
  ['GET', '/reports/export', 'report.read'],
  ['GET', '/reports/wall?zone=nowhere', 'report.read'],
  ['GET', `/tickets/${somewhere}/related`, 'ticket.read'],
  ['GET', `/tickets/${somewhere}/suggested-articles`, 'ticket.read'],
  ['GET', `/tickets/${somewhere}/similar`, 'ticket.read'],
  ['POST', `/tickets/${somewhere}/link`, 'ticket.change', { to: somewhere }],
  ['POST', `/tickets/${somewhere}/unlink`, 'ticket.change', { to: somewhere }],
  ['POST', `/tickets/${somewhere}/merge`, 'ticket.change', { into: somewhere }],
  ['POST', `/tickets/${somewhere}/split`, 'ticket.change', {}],
  ['POST', `/tickets/${somewhere}/transfer`, 'ticket.take', { agentId: 'nobody', note: '' }],
  ['POST', `/tickets/${somewhere}/assign`, 'ticket.take-over', { agentId: 'nobody' }],
  ['POST', `/tickets/${somewhere}/unassign`, 'ticket.take', {}],
  ['GET', '/teams', 'team.read'],
  ['POST', '/teams', 'team.manage', { name: '' }],
  ['GET', `/teams/${somewhere}`, 'team.read'],
  ['PATCH', `/teams/${somewhere}`, 'team.manage', {}],
  ['DELETE', `/teams/${somewhere}`, 'team.manage'],
  ['GET', `/teams/${somewhere}/queue`, 'team.read'],
  ['GET', `/teams/${somewhere}/members`, 'team.read'],
  ['POST', `/teams/${somewhere}/members`, 'team.manage', { agentId: '' }],
  ['DELETE', `/teams/${somewhere}/members/nobody`, 'team.manage'],
  ['GET', '/macros', 'macro.read'],
  ['POST', '/macros', 'macro.manage', {}],
  ['GET', `/macros/${somewhere}`, 'macro.read'],
  ['PATCH', `/macros/${somewhere}`, 'macro.manage', {}],
  ['DELETE', `/macros/${somewhere}`, 'macro.manage'],
  ['GET', `/tickets/${somewhere}/macros/${another}`, 'macro.read'],
  ['POST', `/tickets/${somewhere}/macros/${another}`, 'ticket.change', {}],
  ['GET', '/canned-replies', 'canned.read'],
  ['POST', '/canned-replies', 'canned.write', {}],
  ['GET', `/canned-replies/${somewhere}`, 'canned.read'],
  ['PATCH', `/canned-replies/${somewhere}`, 'canned.write', {}],
  ['DELETE', `/canned-replies/${somewhere}`, 'canned.write'],
  ['GET', '/rules', 'rule.read'],
  ['POST', '/rules', 'rule.manage', {}],
  ['GET', `/rules/${somewhere}`, 'rule.read'],
  ['PATCH', `/rules/${somewhere}`, 'rule.manage', {}],
  ['DELETE', `/rules/${somewhere}`, 'rule.manage'],
  ['POST', '/rules/dry-run', 'rule.manage', {}],
  ['GET', '/presence', 'team.read'],
  ['PATCH', '/presence/me', 'ticket.take', {}],
  ['PATCH', `/presence/nobody`, 'team.manage', {}],
  ['GET', `/conversations/${somewhere}/messages`, 'ticket.read'],
  ['GET', `/contacts/${somewhere}`, 'contact.read'],
  ['PATCH', `/contacts/${somewhere}`, 'contact.change', {}],
  ['GET', '/alerts', 'ticket.read'],
  ['POST', '/alerts/seen', 'ticket.read', { ids: [] }],
  ['GET', '/feedback/items?limit=0', 'feedback.read'],
  ['POST', '/feedback/items', 'feedback.manage', { sentence: '' }],
  ['GET', `/feedback/items/${somewhere}`, 'feedback.read'],
  ['PATCH', `/feedback/items/${somewhere}`, 'feedback.manage', { themeId: somewhere }],
  ['DELETE', `/feedback/items/${somewhere}`, 'feedback.manage'],
  ['GET', '/feedback/themes?limit=0', 'feedback.read'],
  ['GET', `/feedback/themes/${somewhere}`, 'feedback.read'],
  ['PATCH', `/feedback/themes/${somewhere}`, 'feedback.manage', { name: 'x' }],
  ['GET', `/feedback/themes/${somewhere}/history`, 'feedback.read'],
  ['POST', `/feedback/themes/${somewhere}/pin`, 'feedback.manage', {}],
  ['POST', `/feedback/themes/${somewhere}/merge`, 'feedback.manage', { from: somewhere }],
  ['POST', `/feedback/themes/${somewhere}/split`, 'feedback.manage', {}],
  ['POST', `/feedback/themes/${somewhere}/status`, 'feedback.manage', { status: 'planned' }],
  ['GET', `/feedback/themes/${somewhere}/telling`, 'feedback.manage'],
  ['POST', `/feedback/themes/${somewhere}/telling`, 'feedback.manage', {}],
  ['GET', `/feedback/themes/${somewhere}/notices`, 'feedback.read'],
  ['GET', '/feedback/report?month=x', 'feedback.read'],
  ['GET', '/surveys/results?month=x', 'survey.read'],
  ['GET', '/surveys/results/me?month=x', 'ticket.read'],
  ['GET', '/surveys/invitations?limit=0', 'survey.read'],
  ['GET', '/quality/forms', 'ticket.read'],
  ['POST', '/quality/forms', 'quality.manage', {}],
  ['GET', `/quality/forms/${somewhere}`, 'ticket.read'],
  ['PATCH', `/quality/forms/${somewhere}`, 'quality.manage', {}],
  ['POST', `/quality/forms/${somewhere}/state`, 'quality.manage', {}],
  ['GET', '/quality/sampling', 'quality.manage'],
  ['POST', '/quality/sampling', 'quality.manage', {}],
  ['GET', `/quality/sampling/${somewhere}`, 'quality.manage'],
  ['PATCH', `/quality/sampling/${somewhere}`, 'quality.manage', {}],
  ['DELETE', `/quality/sampling/${somewhere}`, 'quality.manage'],
  ['GET', `/quality/sampling/${somewhere}/draws`, 'quality.manage'],
  ['GET', '/quality/queue?limit=0', 'quality.review'],
  ['GET', '/quality/disputes?limit=0', 'quality.review'],
  ['GET', '/quality/reviews?limit=0', 'quality.read'],
  ['POST', '/quality/reviews', 'quality.review', {}],
  ['GET', `/quality/reviews/${somewhere}`, 'ticket.read'],
  ['PATCH', `/quality/reviews/${somewhere}`, 'quality.review', {}],
  ['GET', `/quality/reviews/${somewhere}/work`, 'ticket.read'],
  ['GET', `/quality/reviews/${somewhere}/history`, 'ticket.read'],
  ['POST', `/quality/reviews/${somewhere}/claim`, 'quality.review', {}],
  ['POST', `/quality/reviews/${somewhere}/release`, 'quality.review', {}],
  ['POST', `/quality/reviews/${somewhere}/complete`, 'quality.review', {}],
  ['POST', `/quality/reviews/${somewhere}/cancel`, 'quality.manage', { reason: 'x' }],
  ['POST', `/quality/reviews/${somewhere}/acknowledge`, 'ticket.read', {}],
  ['POST', `/quality/reviews/${somewhere}/dispute`, 'ticket.read', {}],
  ['POST', `/quality/reviews/${somewhere}/decide`, 'quality.review', {}],
  ['GET', '/quality/numbers', 'quality.read'],
  ['GET', '/quality/calibration', 'quality.read'],
  ['GET', '/quality/me', 'ticket.read'],
  ['GET', '/quality/coaching?limit=0', 'ticket.read'],
  ['POST', '/quality/coaching', 'quality.review', {}],
  ['GET', `/quality/coaching/${somewhere}`, 'ticket.read'],
  ['PATCH', `/quality/coaching/${somewhere}`, 'quality.review', {}],
  ['POST', `/quality/coaching/${somewhere}/acknowledge`, 'ticket.read', {}],
  ['GET', '/surveys/campaigns?limit=0', 'survey.read'],
  ['POST', '/surveys/campaigns', 'survey.manage', { title: '' }],
  ['GET', `/surveys/campaigns/${somewhere}`, 'survey.read'],
  ['PATCH', `/surveys/campaigns/${somewhere}`, 'survey.manage', {}],
  ['POST', `/surveys/campaigns/${somewhere}/start`, 'survey.manage', {}],
  ['POST', `/surveys/campaigns/${somewhere}/pause`, 'survey.manage', {}],
  ['POST', `/surveys/campaigns/${somewhere}/end`, 'survey.manage', {}],
  ['GET', `/surveys/campaigns/${somewhere}/history`, 'survey.read'],
  ['GET', `/surveys/campaigns/${somewhere}/preview`, 'survey.read'],
  ['GET', `/surveys/campaigns/${somewhere}/results`, 'survey.read'],
  ['GET', `/surveys/campaigns/${somewhere}/invitations`, 'survey.read'],
  ['GET', `/contacts/${somewhere}/survey-consents`, 'survey.read'],
  ['POST', `/contacts/${somewhere}/survey-consents`, 'survey.manage', {}],
  ['POST', `/contacts/${somewhere}/survey-consents/withdraw`, 'survey.manage', {}],
  ['GET', '/incidents?limit=0', 'incident.read'],
  ['POST', '/incidents', 'incident.manage', { topics: '' }],
  ['GET', `/incidents/${somewhere}`, 'incident.read'],
  ['PATCH', `/incidents/${somewhere}`, 'incident.manage', {}],
  ['POST', `/incidents/${somewhere}/updates`, 'incident.manage', {}],
  ['POST', `/incidents/${somewhere}/tickets`, 'incident.manage', {}],
  ['DELETE', `/incidents/${somewhere}/tickets/${another}`, 'incident.manage'],
  ['POST', `/incidents/${somewhere}/close`, 'incident.manage', {}],
  ['GET', `/incidents/${somewhere}/history`, 'incident.read'],
  ['GET', `/incidents/${somewhere}/telling`, 'incident.manage'],
  ['GET', `/incidents/${somewhere}/notices`, 'incident.read'],
  ['GET', `/incidents/${somewhere}/report`, 'incident.read'],
  ['GET', '/spikes?limit=0', 'incident.read'],
  ['POST', `/spikes/${somewhere}/dismiss`, 'incident.manage', {}],
  ['GET', '/complaints?limit=0', 'complaint.read'],
  ['POST', '/complaints', 'complaint.work', {}],
  ['GET', `/complaints/${somewhere}`, 'complaint.read'],
  ['PATCH', `/complaints/${somewhere}`, 'complaint.work', {}],
  ['GET', `/complaints/${somewhere}/similar`, 'complaint.read'],
  ['GET', `/complaints/${somewhere}/archive`, 'complaint.work'],
  ['GET', '/complaint-policy', 'complaint.read'],
  ['POST', `/complaints/${somewhere}/examine`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/evidence`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/decisions`, 'complaint.decide', {}],
  ['POST', `/complaints/${somewhere}/decisions/preview`, 'complaint.decide', {}],
  ['POST', `/complaints/${somewhere}/approve`, 'complaint.approve', {}],
  ['POST', `/complaints/${somewhere}/reject`, 'complaint.approve', {}],
  ['POST', `/complaints/${somewhere}/appeal`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/identity`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/identity/confirm`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/identity/waive`, 'complaint.decide', {}],
  ['POST', `/complaints/${somewhere}/withdraw`, 'complaint.work', {}],
  ['POST', `/complaints/${somewhere}/actions/${elsewhere}/confirm`, 'complaint.act', {}],
  ['POST', `/complaints/${somewhere}/actions/${elsewhere}/repeat`, 'complaint.work', {}],
  ['GET', '/knowledge/articles?limit=0', 'knowledge.read'],
  ['GET', '/knowledge/articles/nothing', 'knowledge.read'],
  ['POST', '/knowledge/preview', 'knowledge.read', {}],
  ['GET', '/knowledge/votes?limit=0', 'knowledge.read'],
  ['GET', '/knowledge/drafts?limit=0', 'knowledge.read'],
  ['POST', '/knowledge/drafts', 'knowledge.edit', {}],
  ['GET', `/knowledge/drafts/${somewhere}`, 'knowledge.read'],
  ['PATCH', `/knowledge/drafts/${somewhere}`, 'knowledge.edit', { reason: '' }],
  ['DELETE', `/knowledge/drafts/${somewhere}`, 'knowledge.edit'],
  ['GET', `/knowledge/drafts/${somewhere}/diff`, 'knowledge.read'],
  ['POST', `/knowledge/drafts/${somewhere}/submit`, 'knowledge.edit', {}],
  ['POST', `/knowledge/drafts/${somewhere}/approve`, 'knowledge.edit', {}],
  ['POST', `/knowledge/drafts/${somewhere}/return`, 'knowledge.edit', {}],
  ['POST', '/knowledge/check', 'knowledge.read', {}],
  ['POST', '/knowledge/evaluations', 'knowledge.edit', {}],
  ['GET', `/knowledge/evaluations/${somewhere}`, 'knowledge.read'],
  ['GET', '/knowledge/versions?limit=0', 'knowledge.read'],
  ['POST', '/knowledge/versions', 'knowledge.publish', {}],
  ['GET', '/knowledge/schedules', 'knowledge.read'],
  ['POST', '/knowledge/schedules', 'knowledge.publish', {}],
  ['DELETE', `/knowledge/schedules/${somewhere}`, 'knowledge.publish'],
  ['GET', '/knowledge/diff?from=x', 'knowledge.read'],
  ['GET', '/knowledge/versions/7', 'knowledge.read'],
  ['POST', '/knowledge/versions/7/rollback', 'knowledge.publish', {}],
  ['POST', '/knowledge/imports', 'knowledge.edit', {}],
  ['GET', `/knowledge/imports/${somewhere}`, 'knowledge.read'],
  ['POST', `/knowledge/imports/${somewhere}/apply`, 'knowledge.edit', {}],
  ['POST', `/knowledge/imports/${somewhere}/undo`, 'knowledge.edit', {}],
  ['GET', '/knowledge/export?format=x', 'knowledge.read'],
  ...learningTable(somewhere),
  ['POST', `/messages/${somewhere}/verdict`, 'ticket.change', {}],
  ['DELETE', `/messages/${somewhere}/verdict`, 'ticket.change'],
  ['GET', '/knowledge/verdicts?limit=0', 'knowledge.read'],
  ['GET', '/events?limit=0', 'event.read'],
  ['GET', '/events/stream?unknown=1', 'event.read'],
  ['GET', '/webhooks', 'webhook.manage'],
  ['POST', '/webhooks', 'webhook.manage', { url: '' }],
  ['GET', `/webhooks/${somewhere}`, 'webhook.manage'],
  ['PATCH', `/webhooks/${somewhere}`, 'webhook.manage', {}],
  ['DELETE', `/webhooks/${somewhere}`, 'webhook.manage'],
  ['POST', `/webhooks/${somewhere}/rotate-secret`, 'webhook.manage', {}],
  ['GET', `/webhooks/${somewhere}/deliveries`, 'webhook.manage'],
  ['POST', `/webhooks/${somewhere}/test`, 'webhook.manage', {}],
  ['POST', `/webhooks/${somewhere}/replay`, 'webhook.manage', {}],
  ['GET', '/keys', 'key.manage'],
  ['POST', '/keys', 'key.manage', { name: '' }],
  ['DELETE', `/keys/${somewhere}`, 'key.manage'],
  ['GET', '/agents?deactivated=x', 'agent.read'],
  ['GET', '/agents/nobody', 'agent.read'],
  ['PATCH', '/agents/nobody', 'agent.manage', {}],
  ['POST', '/agents/nobody/deactivate', 'agent.manage', {}],
  ['POST', '/agents/nobody/reactivate', 'agent.manage', {}],
  ['GET', '/agents/nobody/sessions', 'agent.manage'],
  ['DELETE', '/agents/nobody/sessions', 'agent.manage'],
  ['DELETE', `/agents/nobody/sessions/${another}`, 'agent.manage'],
  ['POST', '/agents/nobody/second-step/reset', 'agent.manage', {}],
  ['GET', '/invitations?limit=0', 'agent.manage'],
  ['POST', '/invitations', 'agent.manage', { email: '' }],
  ['GET', `/invitations/${somewhere}`, 'agent.manage'],
  ['POST', `/invitations/${somewhere}/resend`, 'agent.manage', {}],
  ['DELETE', `/invitations/${somewhere}`, 'agent.manage'],
  ['GET', '/audit?limit=0', 'audit.read'],
  ['POST', `/messages/${somewhere}/reveal`, 'personal.reveal', { reason: '' }],
  ['POST', `/tickets/${somewhere}/reveal`, 'personal.reveal', { reason: '' }],
  ['POST', `/contacts/${somewhere}/reveal`, 'personal.reveal', { reason: '' }],
  ['POST', `/complaints/${somewhere}/reveal`, 'personal.reveal', { reason: '' }],
  ['POST', `/contacts/${somewhere}/export`, 'privacy.manage', { reason: '' }],
  ['GET', `/contacts/${somewhere}/exports/${another}`, 'privacy.read'],
  ['GET', `/contacts/${somewhere}/exports/${another}/archive`, 'privacy.manage'],
  ['POST', `/contacts/${somewhere}/erasure`, 'privacy.manage', { reason: '' }],
  ['GET', `/contacts/${somewhere}/erasure`, 'privacy.read'],
  ['POST', `/contacts/${somewhere}/erasure/confirm`, 'privacy.manage', {}],
  ['POST', `/contacts/${somewhere}/erasure/cancel`, 'privacy.manage', {}],
  ['GET', '/holds?limit=0', 'privacy.read'],
  ['POST', '/holds', 'privacy.manage', {}],
  ['POST', `/holds/${somewhere}/lift`, 'privacy.manage', { reason: '' }],
  ['GET', '/system/health', 'system.read'],
  ['POST', `/system/jobs/${somewhere}/replay`, 'system.manage', {}],
  ['GET', '/calendars', 'system.read'],
  ['GET', '/calendars/none/days?month=x', 'system.read'],
  ['GET', '/calendars/none/moment?at=x', 'system.read'],
  ['GET', '/promises', 'system.read'],
  ['GET', '/promises/try?kind=x', 'system.read'],
  ['GET', '/surveys/settings', 'survey.read'],
  ['GET', '/retention', 'privacy.read'],
  ['GET', '/knowledge/intents', 'knowledge.read'],
  ['GET', '/knowledge/intents/none', 'knowledge.read'],
  ['GET', '/knowledge/confusions', 'knowledge.read'],
  ['GET', '/knowledge/dictionary?limit=0', 'knowledge.read'],
  ['GET', '/knowledge/search?limit=0', 'knowledge.search'],
  ['GET', '/knowledge/ask', 'knowledge.search'],
  ['POST', '/embeddings', 'knowledge.search', { texts: [] }],
  ['GET', '/knowledge/persona', 'knowledge.read'],
  ['GET', '/knowledge/tones', 'knowledge.read'],
  ['POST', '/holidays/preview', 'system.manage', {}],
  ['POST', '/holidays/imports', 'system.manage', {}],
]

const opened = [200, 400, 404]

describe('who may do what', () => {
  it.each(table)('%s %s lets the scopes in that give %s', async (method, path, needs, body) => {
    for (const scope of scopes) {
      const program = await createProgram(world, [scope])
      const { status } = await program.call(method, path, { body })
      const allowed = needs === 'anything' || scopePermissions[scope].includes(needs)
      if (allowed) expect(opened, scope).toContain(status)
      else expect(status, scope).toBe(403)
    }
  })

  it.each(table)('%s %s lets the roles in that have %s', async (method, path, needs, body) => {
    for (const role of roles) {
      const browser = staff.as(role)
      const { status } = await callApi(world.origin, undefined)(method, path, {
        body,
        headers: {
          cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          origin: world.origin,
          'x-csrf-token': browser.cookies.get('tongda_csrf') ?? '',
        },
      })
      const allowed = needs === 'anything' || permissions[role].includes(needs)
      if (allowed) expect(opened, role).toContain(status)
      else expect(status, role).toBe(403)
    }
  })

  it.each(table)('%s %s refuses who is not known', async (method, path, _needs, body) => {
    const wrong = [
      'Bearer tk_' + 'A'.repeat(43),
      'Bearer tk_short',
      'Basic dXNlcjpwYXNz',
      'Bearer',
      undefined,
    ]
    for (const authorization of wrong) {
      const answer = await callApi(world.origin, authorization)(method, path, { body })
      expect([answer.status, answer.headers.get('www-authenticate')], authorization).toEqual([401, 'Bearer'])
    }
  })

  it('leaves no route of the API out of this table', async () => {
    const { json } = await callApi(world.origin, undefined)('GET', '/openapi.json')
    const routes = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const known = table.map(
      ([method, path]) =>
        `${method} ${path
          .replace(somewhere, '{id}')
          .replace(elsewhere, '{actionId}')
          .replace(`/exports/${another}`, '/exports/{exportId}')
          .replace(`/macros/${another}`, '/macros/{macroId}')
          .replace('/agents/nobody', '/agents/{id}')
          .replace(`/sessions/${another}`, '/sessions/{sessionId}')
          .replace(another, '{ticketId}')
          .replace('nobody', '{agentId}')
          .replace('/nothing', '/{articleId}')
          .replace('/calendars/none', '/calendars/{name}')
          .replace('/intents/none', '/intents/{intent}')
          .replace('versions/7', 'versions/{number}')
          .replace(/\?.*/, '')}`,
    )
    expect(new Set(known)).toEqual(new Set(routes))
  })
})

describe('signed-in agents', () => {
  const send = (headers: Record<string, string>) =>
    callApi(world.origin, undefined)('POST', '/keys', {
      body: { name: 'x', scopes: ['tickets:read'] },
      headers,
    })
  const cookie = () => [...staff.as('admin').cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  it('write from our own page only', async () => {
    const own = {
      cookie: cookie(),
      origin: world.origin,
      'x-csrf-token': staff.as('admin').cookies.get('tongda_csrf') ?? '',
    }
    expect((await send(own)).status).toBe(201)
    expect((await send({ ...own, origin: 'https://evil.example' })).status).toBe(403)
    expect((await send({ ...own, 'x-csrf-token': 'wrong' })).status).toBe(403)
    expect((await send({ ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await send({ ...own, 'content-type': 'text/plain' })).status).toBe(415)
  })
})

describe('rates', () => {
  it('are counted by key and told in headers', async () => {
    const tight = await openWorld({}, [], { requestsPerMinute: 3 })
    try {
      const [one, other] = [
        await createProgram(tight, ['tickets:read']),
        await createProgram(tight, ['tickets:read']),
      ]
      const left = []
      for (let n = 0; n < 3; n += 1) left.push((await one.get('/me')).headers.get('ratelimit-remaining'))
      expect(left).toEqual(['2', '1', '0'])
      const refused = await one.get('/me')
      expect([refused.status, refused.json.code]).toEqual([429, 'too_many'])
      const wait = Number(refused.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(60)
      expect(refused.headers.get('ratelimit-limit')).toBe('3')
      expect((await other.get('/me')).status).toBe(200)
    } finally {
      await tight.stop()
    }
  })
})
